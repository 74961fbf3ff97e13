"""A tracker of a site's files: it keeps the values of a build in memory, and updates them after each change.

The stages are those of build/pipeline.py: the same functions on the same store, up to the planned outputs. A plan stays
valid while only texts change (see build/cache/plan.py); then only the outputs that show these texts are updated.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from newsgen.build.cache.plan import CachedPlan
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.inputs import Inputs
from newsgen.build.loader import ContentLoader
from newsgen.build.planning import SitePlan, plan_site
from newsgen.build.workers import ENOUGH, Workers
from newsgen.config import withdrawals
from newsgen.config.site_yaml import read as read_settings
from newsgen.content import media
from newsgen.content.load import FileRecord, FileRecords, record_of
from newsgen.content.media import KnownMedia
from newsgen.content.scan import ScannedFile, SourceRef, scan
from newsgen.core.digest import fingerprint_with_body
from newsgen.core.errors import raise_on_errors
from newsgen.core.model import BODY_PART, Diagnostic, Document, Markdown, Output, changed
from newsgen.core.stamps import UNTRUSTED, read_stamp
from newsgen.pages.context import text_part
from newsgen.pages.kinds import kind_of
from newsgen.render.theme import Theme
from newsgen.render.theme import load as load_theme
from newsgen.site.conflicts import same_bodies
from newsgen.site.model import Article, Viewpoint

BODIES = 200
"""Most bodies kept in memory, for the case that the store cannot be written."""
SPARE = 1000
"""Number of documents without a file above which they are dropped."""


@dataclass(frozen=True, slots=True)
class SiteSnapshot:
    """A site at one moment: its outputs with all their parts, its diagnostics, and the time `until` which they hold
    (None: without end).

    `is_complete`: False where only the pages of edited texts are up to date, but not yet the pages that show their leads.
    """

    inputs: Inputs
    outputs: Mapping[str, Output]
    diagnostics: tuple[Diagnostic, ...]
    until: datetime | None
    is_complete: bool = True


@dataclass(frozen=True)
class _TrackedPlan:
    """A plan for inputs as seen from a viewpoint. Its properties are computed on first use, so that the first page need
    not wait for all of them.
    """

    inputs: Inputs
    view: Viewpoint
    plan: SitePlan

    @cached_property
    def outputs(self) -> Mapping[str, Output]:
        """The outputs by path."""
        return {output.path: output for output in self.plan.outputs}

    @cached_property
    def showing(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of the outputs that show a text, by the path of its file."""
        found: dict[str, tuple[str, ...]] = {}
        for output in self.plan.outputs:
            if source := output.source:
                found[source] = (*found.get(source, ()), output.path)
        return found

    @cached_property
    def cached_plan(self) -> CachedPlan:
        """The cached form of the plan, which tells whether it still holds."""
        return self.plan.to_cache(self.inputs, self.view)


class QuickUpdate(NamedTuple):
    """Inputs with the outputs of a plan, of which some have new texts; `is_complete` as in SiteSnapshot."""

    inputs: Inputs
    plan: _TrackedPlan
    outputs: Mapping[str, Output]
    is_complete: bool = True


class SiteTracker:
    """The tracker of the site at `root`. It belongs to one thread."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root, self.store = root, store
        self._resolved = root.resolve()
        self.documents: dict[str, Document] = {}
        self.document_cache = DocumentCache(root, Markdown(), store)
        self._build_state: BuildState | None = None
        self._texts: FileRecords | None = None
        self._media: KnownMedia = {}
        self._saved: tuple[FileRecords, KnownMedia] = {}, {}
        self._theme: Theme | None = None
        self._plan: _TrackedPlan | None = None
        self._last: SiteSnapshot | None = None
        self._refused: tuple[Diagnostic, ...] = ()

    @property
    def refusals(self) -> tuple[Diagnostic, ...]:
        """The diagnostics about the store; until this store was saved once, those about the store before it."""
        return tuple(self.store.diagnostics) or self._refused

    @property
    def texts(self) -> tuple[tuple[FileRecord, Document | None], ...]:
        """The records of all Markdown files as they were last read, each with its document."""
        known = self._known_documents()
        return tuple((record, known.get(record.digest)) for record in (self._texts or {}).values())

    def update(self, now: datetime, files: frozenset[str] | None = None) -> SiteSnapshot:
        """Read all files that changed, and update the site. Read only `files` where they are given and only their running
        text changed.

        Call it without `files` a little later, since a notice may have been lost. Raises NewsgenError with all errors.
        """
        updated = self._quick_update(now, files) if files else None
        if updated is None:
            self._last = None
            inputs = self._read_inputs()
            view = Viewpoint(now, include_hidden=True)
            plan, outputs = self._plan, self._updated_outputs(view, inputs)
            if plan is None or outputs is None:
                plan = self._plan = self._planned(inputs, view)
                outputs = plan.outputs
            updated = QuickUpdate(inputs, plan, outputs)
        parsing = (*updated.inputs.diagnostics, *updated.plan.plan.diagnostics)
        until = updated.plan.plan.site.validity.diagnostics_until
        self._last = SiteSnapshot(
            updated.inputs, updated.outputs, raise_on_errors(parsing, strict=False), until, updated.is_complete
        )
        return self._last

    def use(self, store: Store) -> None:
        """Close the store and use another one."""
        self._refused = self.refusals
        self.store.close()
        self.store = store
        self.document_cache = DocumentCache(self.root, self.document_cache.settings, store)
        self._saved = {}, {}

    def save(self) -> None:
        """Save the state in the store, for the next build or preview."""
        build_state, texts = self._build_state, self._texts
        if build_state is not None and texts is not None:
            build_state.save_texts(texts, self._saved[0], self.document_cache.settings)
            build_state.forget_others(texts)
            if self._media != self._saved[1]:
                self.store.write_records({"media": self._media})
            self._saved = texts, self._media
            self._refused = ()

    # ------------------------------------------------------------ reading

    def _read_inputs(self) -> Inputs:
        settings = read_settings(self.root)  # first: raises where the site is gone, before anything is written
        build_state = BuildState(self.root, self.store)
        config = build_state.config(settings, withdrawals.read(self.root), build_state.delivered(self.root, settings))
        if config.markdown != self.document_cache.settings or self._texts is None:
            self.document_cache = DocumentCache(self.root, config.markdown, self.store)
            self._texts = None
        self._build_state = build_state
        if self._texts is None:
            self._texts, self._media = build_state.texts(config.markdown), build_state.media()
            self._saved = self._texts, self._media
        before, scan_result = self._texts, scan(self.root)
        loader = ContentLoader(self.root, config, self._parse, self._known_documents)
        parsed_files = loader.parse_changed(scan_result, before)
        self.documents |= parsed_files.parsed
        self.document_cache.save()
        self.document_cache.trim(BODIES)
        self._texts = build_state.with_trusted_stamps(parsed_files.texts)
        if len(self.documents) > len(parsed_files.texts) + SPARE:
            needed = {text.digest for text in parsed_files.texts.values()}
            self.documents = {digest: item for digest, item in self.documents.items() if digest in needed}
        found = build_state.with_known(load_theme(self.root))
        self._theme = found.reusing(self._theme) if self._theme else found
        return Inputs(config, self._theme, scan_result, parsed_files, before, self._media, loader)

    def _parse(self, refs: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        if len(refs) < ENOUGH:
            yield from map(self.document_cache.read, refs)
            return
        with Workers(self.root, self.document_cache.settings, self.store) as workers:
            yield from workers.parse(refs)

    def _quick_update(self, now: datetime, files: frozenset[str]) -> QuickUpdate | None:
        """The site with the texts of `files` as they are now; None where more than running text may have changed."""
        last, plan = self._last, self._plan
        if last is None or plan is None or not plan.plan.site.validity.holds(now):
            return None
        known = {item.real: item for item in last.inputs.scan_result.found}
        texts, outputs = dict(last.inputs.parsed_files.texts), dict(last.outputs)
        lasting, read_anew, is_complete = dict(plan.cached_plan.lead_digests), dict[str, FileRecord](), last.is_complete
        for file in files:
            item = known.get(os.path.relpath(file, self._resolved).replace(os.sep, "/"))
            if item is None:
                if os.path.lexists(file):
                    return None
                continue
            text = self._edited(item, texts.get(item.path))
            if text is None:
                return None
            is_complete = is_complete and lasting.get(item.path, text.lead_digest) == text.lead_digest
            texts[item.path] = text
            if not self._replace_body(outputs, plan, text):
                return None
            read_anew[item.path] = changed(text, stamp=UNTRUSTED)
        ledger = last.inputs.config.ledger
        if same_bodies(texts, ledger) != same_bodies(last.inputs.parsed_files.texts, ledger):
            return None
        self._texts = {**(self._texts or {}), **read_anew}
        inputs = changed(last.inputs, parsed_files=last.inputs.parsed_files._replace(texts=texts))
        return QuickUpdate(inputs, plan, outputs, is_complete)

    def _edited(self, item: ScannedFile, before: FileRecord | None) -> FileRecord | None:
        """The record of the text as it is now; None where it is no regular file, or more than running text changed."""
        stamp = read_stamp(self.root / item.real)
        if before is None or stamp is None or not stat.S_ISREG(os.lstat(self.root / item.real).st_mode):
            return None
        found = self.document_cache.read(before.ref)
        if isinstance(found, Diagnostic) or found.metadata_digest != before.metadata_digest:
            return None
        self.documents[found.digest] = found
        return record_of(item._replace(stamp=stamp), found)

    # ------------------------------------------------------------ planning

    def _updated_outputs(self, view: Viewpoint, inputs: Inputs) -> Mapping[str, Output] | None:
        """The outputs of the last plan with the texts as they are now; None where a new plan is needed."""
        plan, texts = self._plan, inputs.parsed_files.texts
        if plan is None:
            return None
        known = {item.path: item for item in inputs.scan_result.found}
        key = inputs.key(view.shown, media.digests(self.root, known, self._media))
        if not plan.cached_plan.matches(key, texts, view.now):
            return None
        outputs = dict(plan.outputs)
        edited = (text for path, text in texts.items() if text.digest != plan.inputs.parsed_files.texts[path].digest)
        return outputs if all(self._replace_body(outputs, plan, text) for text in edited) else None

    def _replace_body(self, outputs: dict[str, Output], plan: _TrackedPlan, text: FileRecord) -> bool:
        """Replace a text in the outputs of a plan; False where a new plan is needed."""
        document = self.documents.get(text.digest) or self.store.document(text.digest)
        for name in plan.showing.get(text.path, ()):
            if document is None or not kind_of(outputs[name]).shows_article:
                return False
            outputs[name] = _with_body(outputs[name], document, text.ref)
        return True

    def _planned(self, inputs: Inputs, view: Viewpoint) -> _TrackedPlan:
        loaded = inputs.load()
        self.documents = {source.document.digest: source.document for source in loaded.content.sources.values()}
        assert self._build_state is not None, "made when the files were looked at"
        self._media = self._build_state.trusted_media(loaded.media, loaded.content.files)
        return _TrackedPlan(inputs, view, plan_site(inputs, loaded, view))

    def _known_documents(self) -> Mapping[str, Document]:
        is_complete = len(self.documents) >= len(self._texts or ())
        return self.documents if is_complete else {**self.store.documents(), **self.documents}


def _with_body(output: Output, document: Document, ref: SourceRef) -> Output:
    """The output of an article with a new text and nothing else changed."""
    now = {"digest": document.digest, "body_summary": document.body_summary}
    parts = [
        changed(part, value=changed(part.value, **now)) if isinstance(part.value, Article) else part
        for part in output.parts
        if part.name != BODY_PART
    ]
    fingerprint = fingerprint_with_body(output.fingerprint_without_body, document.digest)
    return changed(output, parts=(*parts, text_part(document.digest, ref)), fingerprint=fingerprint)
