"""The files of a site, looked at again and again: what a build finds out and forgets, a follower still knows.

The stages are those of build.py: the same functions on the same store, up to the planned outputs. A plan stands as long as
nothing but texts has changed (blueprint.py says when); then only the outputs that show these texts are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsgen import content, looks, media
from newsgen.blueprint import Blueprint, draw
from newsgen.config import load as load_config
from newsgen.content import Known
from newsgen.errors import checked
from newsgen.fingerprint import with_text
from newsgen.library import Library, Task, text_part
from newsgen.looks import Looks
from newsgen.media import Known as KnownMedia
from newsgen.memory import Memory
from newsgen.model import TEXT, Diagnostic, Document, Markdown, Output, Part, changed
from newsgen.planning import Said, planned
from newsgen.seen import Seen
from newsgen.site import Viewpoint
from newsgen.store import Store
from newsgen.survey import survey
from newsgen.workshop import ENOUGH, Workshop

BODIES = 200
"""Texts parsed here whose bodies are kept, in case the store cannot be written."""
SPARE = 1000
"""Documents of texts that are no more, before they are dropped."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A site as it was found: its outputs with all their parts, what is to be said, and when time will change it."""

    seen: Seen
    outputs: Mapping[str, Output]
    remarks: tuple[Diagnostic, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan for texts that had these digests; `showing` are the outputs that show a text, by its path."""

    blueprint: Blueprint
    outputs: Mapping[str, Output]
    digests: Mapping[str, str]
    showing: Mapping[str, tuple[str, ...]]


class Follower:
    """What is known of the site at `root`. It belongs to one thread."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root, self.store = root, store
        self.documents: dict[str, Document] = {}
        self.library = Library(root, Markdown(), store)
        self._memory: Memory | None = None
        self._texts: Known | None = None
        self._media: KnownMedia = {}
        self._saved: tuple[Known, KnownMedia] = {}, {}
        self._looks: Looks | None = None
        self._plan: _Plan | None = None

    def follow(self, now: datetime) -> Followed:
        """Look at everything. Raises NewsgenError with every fault found."""
        seen = self._observe()
        view = Viewpoint(now, everything=True)
        files = {item.path: item for item in seen.survey.found}
        key = seen.key(view.shown, media.digests(self.root, files, self._media))
        plan, outputs = self._plan, self._recalled(key, seen, now)
        if plan is None or outputs is None:
            plan = self._plan = self._planned(seen, view)
            outputs = plan.outputs
        blueprint = plan.blueprint
        remarks = checked((*content.remarks_of(seen.identified.texts), *blueprint.remarks), strict=False)
        return Followed(seen, outputs, remarks, blueprint.steady.remarks_until)

    def use(self, store: Store) -> None:
        """Go on with another store."""
        self.store.close()
        self.store = store
        self.library = Library(self.root, self.library.settings, store)
        self._saved = {}, {}

    def save(self) -> None:
        """Put what was found out into the store, for the next build or preview."""
        memory, texts = self._memory, self._texts
        if memory is not None and texts is not None:
            memory.keep_texts(texts, self._saved[0])
            if self._media != self._saved[1]:
                self.store.write_records({"media": self._media})
            self._saved = texts, self._media

    # ------------------------------------------------------------ looking

    def _observe(self) -> Seen:
        config = load_config(self.root)
        if config.markdown != self.library.settings or self._texts is None:
            self.library = Library(self.root, config.markdown, self.store)
            self._texts = None
        memory = self._memory = Memory(self.root, self.store, config.markdown)
        if self._texts is None:
            self._texts, self._media = memory.texts(), memory.media()
            self._saved = self._texts, self._media
        before, surveyed = self._texts, survey(self.root)
        identified = content.identify(self.root, surveyed, before, config.markdown, self._parse)
        self.documents |= identified.parsed
        self.library.save()
        self.library.trim(BODIES)
        self._texts = memory.trusted_texts(identified.texts)
        found = memory.with_known(looks.load(self.root))
        self._looks = found.over(self._looks) if self._looks else found
        return Seen(config, self._looks, surveyed, identified, before, self._media, self._parse)

    def _parse(self, tasks: Sequence[Task]) -> Iterator[Document | Diagnostic]:
        if len(tasks) < ENOUGH:
            yield from map(self.library.read, tasks)
            return
        with Workshop(self.root, self.library.settings, self.store) as workshop:
            yield from workshop.parse(tasks)
            workshop.save()

    # ------------------------------------------------------------ planning

    def _recalled(self, key: str, seen: Seen, now: datetime) -> Mapping[str, Output] | None:
        """The outputs of the last plan with the texts as they are now; None where it takes another plan."""
        plan, texts = self._plan, seen.identified.texts
        if plan is None or not plan.blueprint.fits(key, texts, now):
            return None
        outputs = dict(plan.outputs)
        for path, text in texts.items():
            if text.digest != plan.digests[path]:
                document = self.documents.get(text.digest) or self.store.document(text.digest)
                for name in plan.showing.get(path, ()):
                    if document is None or outputs[name].kind not in ("article", "page"):
                        return None
                    outputs[name] = _retold(outputs[name], document, text.task)
        return outputs

    def _planned(self, seen: Seen, view: Viewpoint) -> _Plan:
        texts = seen.identified.texts
        found = content.load(seen.survey, seen.identified, self._known_documents, self._parse)
        self.documents = {source.document.digest: source.document for source in found.sources.values()}
        files = media.gather(self.root, found, self._media)
        assert self._memory is not None, "made when the files were looked at"
        self._media = self._memory.trusted_media(files, found.files)
        said = Said(tuple(content.remarks_of(texts)), strict=False)
        plan = planned(found, said, files, seen.config, view, seen.looks)
        key = seen.key(view.shown, media.published(files))
        blueprint = draw(key, plan.site, plan.outputs, plan.remarks, texts)
        showing: dict[str, tuple[str, ...]] = {}
        for output in plan.outputs:
            if output.source:
                showing[output.source] = (*showing.get(output.source, ()), output.path)
        outputs = {output.path: output for output in plan.outputs}
        return _Plan(blueprint, outputs, {path: text.digest for path, text in texts.items()}, showing)

    def _known_documents(self) -> Mapping[str, Document]:
        return (
            {**self.store.documents(), **self.documents}
            if len(self.documents) < len(self._texts or ())
            else self.documents
        )


def _retold(output: Output, document: Document, task: Task) -> Output:
    """The output of an article whose text has changed, and nothing else."""
    outline = document.outline
    parts = [
        Part(part.name, part.digest, changed(part.value, digest=document.digest, outline=outline), part.inputs)  # type: ignore[type-var]  # an Article
        if part.name == "article"
        else part
        for part in output.parts
        if part.name != TEXT
    ]
    fingerprint = with_text(output.base, document.digest)
    return Output(output.path, output.kind, (*parts, text_part(document.digest, task)), output.base, fingerprint)
