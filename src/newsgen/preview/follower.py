"""The files of a site, looked at again and again: what a build finds out and forgets, a follower still knows.

The stages are those of build.py: the same functions on the same store, up to the planned outputs. A plan stands as long as
nothing but texts has changed (blueprint.py says when); then only the outputs that show these texts are made anew.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsgen import content, looks, media
from newsgen.blueprint import Blueprint, draw
from newsgen.config import load as load_config
from newsgen.content import Known, Text
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
from newsgen.stamp import NEVER, read_stamp
from newsgen.store import Store
from newsgen.survey import Found, survey
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


Glance = tuple[Seen, _Plan, Mapping[str, Output]]


class Follower:
    """What is known of the site at `root`. It belongs to one thread."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root, self.store = root, store
        self._resolved = root.resolve()
        self.documents: dict[str, Document] = {}
        self.library = Library(root, Markdown(), store)
        self._memory: Memory | None = None
        self._texts: Known | None = None
        self._media: KnownMedia = {}
        self._saved: tuple[Known, KnownMedia] = {}, {}
        self._looks: Looks | None = None
        self._plan: _Plan | None = None
        self._last: Followed | None = None

    def follow(self, now: datetime, files: frozenset[str] | None = None) -> Followed:
        """Look at everything; at `files` alone, where they are said to be all that changed and that is enough.

        Who says so may be wrong: look at everything a little later. Raises NewsgenError with every fault found.
        """
        glanced = self._glance(now, files) if files else None
        if glanced is not None:
            return self._followed(*glanced)
        self._last = None
        seen = self._observe()
        view = Viewpoint(now, everything=True)
        known = {item.path: item for item in seen.survey.found}
        key = seen.key(view.shown, media.digests(self.root, known, self._media))
        plan, outputs = self._plan, self._recalled(key, seen, now)
        if plan is None or outputs is None:
            plan = self._plan = self._planned(seen, view)
            outputs = plan.outputs
        return self._followed(seen, plan, outputs)

    def _followed(self, seen: Seen, plan: _Plan, outputs: Mapping[str, Output]) -> Followed:
        said = (*content.remarks_of(seen.identified.texts), *plan.blueprint.remarks)
        self._last = Followed(seen, outputs, checked(said, strict=False), plan.blueprint.steady.remarks_until)
        return self._last

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

    def _glance(self, now: datetime, files: frozenset[str]) -> Glance | None:
        """The site with the texts of `files` as they are now; None where more than running text may have changed."""
        last, plan = self._last, self._plan
        if last is None or plan is None or not plan.blueprint.steady.holds(now):
            return None
        known = {item.real: item for item in last.seen.survey.found}
        texts, outputs = dict(last.seen.identified.texts), dict(last.outputs)
        lasting, read_anew = dict(plan.blueprint.details), dict[str, Text]()
        for file in files:
            item = known.get(os.path.relpath(file, self._resolved).replace(os.sep, "/"))
            if item is None:
                if os.path.lexists(file):
                    return None
                continue
            text = self._edited(item, texts.get(item.path))
            if text is None or lasting.get(item.path, text.details) != text.details:
                return None
            texts[item.path] = text
            if not self._retell(outputs, plan, text):
                return None
            read_anew[item.path] = changed(text, stamp=NEVER)
        self._texts = {**(self._texts or {}), **read_anew}
        return replace(last.seen, identified=last.seen.identified._replace(texts=texts)), plan, outputs

    def _edited(self, item: Found, before: Text | None) -> Text | None:
        """The text as it is in its file now; None where that is no file, or says more than running text."""
        stamp = read_stamp(self.root / item.real)
        if before is None or stamp is None or not stat.S_ISREG(os.lstat(self.root / item.real).st_mode):
            return None
        found = self.library.read(before.task)
        if isinstance(found, Diagnostic) or found.facts != before.facts:
            return None
        self.documents[found.digest] = found
        return Text(item.path, item.real, stamp, found.digest, found.facts, found.details, found.diagnostics)

    # ------------------------------------------------------------ planning

    def _recalled(self, key: str, seen: Seen, now: datetime) -> Mapping[str, Output] | None:
        """The outputs of the last plan with the texts as they are now; None where it takes another plan."""
        plan, texts = self._plan, seen.identified.texts
        if plan is None or not plan.blueprint.fits(key, texts, now):
            return None
        outputs = dict(plan.outputs)
        edited = (text for path, text in texts.items() if text.digest != plan.digests[path])
        return outputs if all(self._retell(outputs, plan, text) for text in edited) else None

    def _retell(self, outputs: dict[str, Output], plan: _Plan, text: Text) -> bool:
        """Put the text in its place among the outputs of a plan; False where that takes another plan."""
        document = self.documents.get(text.digest) or self.store.document(text.digest)
        for name in plan.showing.get(text.path, ()):
            if document is None or outputs[name].kind not in ("article", "page"):
                return False
            outputs[name] = _retold(outputs[name], document, text.task)
        return True

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
