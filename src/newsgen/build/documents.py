"""A cache of parsed files: in this process, in the store, and else read from the files themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newsgen.build.cache.store import LOT, Store
from newsgen.content.scan import MOST_READ, SourceRef, changed_during_build, unreadable
from newsgen.core.errors import ContentError
from newsgen.core.files import FileTooLarge, read_file
from newsgen.core.model import Body, Diagnostic, Document, Markdown, changed
from newsgen.core.text import too_large

ROOM = 20_000
"""Bodies that a process keeps at hand beside the store: about 300 MB."""


@dataclass(slots=True)
class DocumentCache:
    """What one process has parsed, over the store that all share."""

    root: Path
    settings: Markdown
    store: Store
    room: int = field(default_factory=lambda: ROOM)
    _documents: list[Document] = field(default_factory=list)  # not yet in the store
    _bodies: dict[str, Body] = field(default_factory=dict)

    def read(self, task: SourceRef) -> Document | Diagnostic:
        """Parse the file as it is now; a Diagnostic (`file.unreadable`) where the system refuses."""
        from newsgen.content.document import parse

        try:
            data = read_file(f"{self.root}/{task.real}", MOST_READ)
        except FileTooLarge as error:
            return changed(too_large(error.size), path=task.path)
        except OSError as error:
            return unreadable(task.path, error)
        parsed = parse(data, self.settings, task.is_section)
        self._documents.append(parsed.document)
        if parsed.body is not None:
            self._bodies[parsed.document.digest] = parsed.body
        if len(self._documents) == LOT:
            self.save()
        return parsed.document

    def save(self) -> None:
        """Put what was parsed since the last time into the store, where bodies are found for which there is no room here."""
        if self._documents:
            self.store.write_parsed(self._documents, self._bodies)
            self._documents = []
            if self.store.is_usable:
                self.trim(self.room)

    def trim(self, most: int) -> None:
        """Keep the bodies of so many texts at most, those that were parsed last: for a process that lives long."""
        for digest in list(self._bodies)[: max(0, len(self._bodies) - most)]:
            del self._bodies[digest]

    def holds(self, digest: str) -> bool:
        """Whether the body of the document `digest` is at hand."""
        return digest in self._bodies

    def body(self, digest: str, task: SourceRef) -> Body:
        """The body of the document `digest`, which the file of `task` held.

        Raises ContentError where the file was changed or taken away meanwhile.
        """
        body = self._bodies.get(digest) or self._stored(digest)
        if body is None:
            found = self.read(task)
            body = self._bodies.get(digest)
            if body is None:
                raise ContentError([found if isinstance(found, Diagnostic) else changed_during_build(task.path)])
        return body

    def _stored(self, digest: str) -> Body | None:
        """The body that an earlier build, or this one, has put into the store, as far as parsing could have given it."""
        from newsgen.content.markdown.stored_body import is_sound

        body = self.store.body(digest)
        return body if body is not None and is_sound(body) else None
