"""A cache of parsed files: in this process first, then in the store; what is in neither is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newsgen.build.cache.store import LOT, Store
from newsgen.content.scan import MOST_READ, SourceRef, changed_during_build, unreadable
from newsgen.core.digest import digest_document
from newsgen.core.errors import ContentError
from newsgen.core.files import FileTooLarge, read_file
from newsgen.core.model import Body, Diagnostic, Document, Markdown, changed
from newsgen.core.text import too_large

ROOM = 20_000
"""Bodies in the memory of one process at most: about 300 MB."""


@dataclass(slots=True)
class DocumentCache:
    """The parsed files of one process, over the store that all share."""

    root: Path
    settings: Markdown
    store: Store
    room: int = field(default_factory=lambda: ROOM)
    _documents: list[Document] = field(default_factory=list)  # not yet in the store
    _bodies: dict[str, Body] = field(default_factory=dict)

    def read(self, ref: SourceRef) -> Document | Diagnostic:
        """Parse the file as it is now; gives a Diagnostic (`file.unreadable`) where it cannot be read."""
        from newsgen.content.document import parse

        try:
            data = read_file(f"{self.root}/{ref.real}", MOST_READ)
        except FileTooLarge as error:
            return changed(too_large(error.size), path=ref.path)
        except OSError as error:
            return unreadable(ref.path, error)
        parsed = parse(data, self.settings, ref.is_section)
        self._documents.append(parsed.document)
        if parsed.body is not None:
            self._bodies[parsed.document.digest] = parsed.body
        if len(self._documents) == LOT:
            self.save()
        return parsed.document

    def document(self, ref: SourceRef) -> Document | Diagnostic:
        """The document of the file as it is now: the store's, where it has one for these bytes, or parsed as in read()."""
        try:
            digest = digest_document(read_file(f"{self.root}/{ref.real}", MOST_READ), self.settings, ref.is_section)
        except OSError:  # which read() reports
            return self.read(ref)
        return self.store.document(digest) or self.read(ref)

    def save(self) -> None:
        """Put newly parsed files into the store, and drop bodies from memory for which there is no room."""
        if self._documents:
            self.store.write_parsed(self._documents, self._bodies)
            self._documents = []
            if self.store.is_usable:
                self.trim(self.room)

    def trim(self, most: int) -> None:
        """Drop all bodies from memory but the last `most` that were parsed."""
        for digest in list(self._bodies)[: max(0, len(self._bodies) - most)]:
            del self._bodies[digest]

    def holds(self, digest: str) -> bool:
        """Whether the body of the document `digest` is in memory."""
        return digest in self._bodies

    def body(self, digest: str, ref: SourceRef) -> Body:
        """The body of the document `digest`, parsed from the file of `ref`, as far as its page shows it.

        Raises ContentError where the file was changed or deleted meanwhile.
        """
        return self._bodies.get(digest) or self._stored(digest) or self._parsed(digest, ref)

    def text(self, digest: str, ref: SourceRef) -> str:
        """The plain text of the body of the document `digest`. Raises as body()."""
        return (self._bodies.get(digest) or self._parsed(digest, ref)).text

    def _parsed(self, digest: str, ref: SourceRef) -> Body:
        found = self.read(ref)
        body = self._bodies.get(digest)
        if body is None:
            raise ContentError([found if isinstance(found, Diagnostic) else changed_during_build(ref.path)])
        return body

    def _stored(self, digest: str) -> Body | None:
        """The body in the store; None where there is none, or where it is not one that parsing gives."""
        from newsgen.content.markdown.stored_body import is_sound

        body = self.store.body(digest)
        return body if body is not None and is_sound(body) else None
