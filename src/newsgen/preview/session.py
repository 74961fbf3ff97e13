"""A session of the preview: look() reads the files and makes a new version, rendered() renders an output of it.

While there are errors, the last version without errors is shown together with them. Nothing is ever written to the
output folder. A session belongs to one thread.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.store import FOLDER
from newsgen.build.inputs import Inputs
from newsgen.build.locations import open_store
from newsgen.build.pipeline import without_collections
from newsgen.config.model import Config
from newsgen.content.load import FileRecord
from newsgen.content.scan import SECTION_FILE, ScannedFile, real_path
from newsgen.core.errors import ContentError, NewsgenError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Document, Download, FrontMatter, Output
from newsgen.core.stamps import read_stamp
from newsgen.core.text import MAX_BYTES, decode
from newsgen.pages.kinds import kind_of
from newsgen.preview import save_debounce
from newsgen.preview.diff import differences, edited_texts, only_styles
from newsgen.preview.lru import LruCache
from newsgen.preview.page_info import PageInfo, Ribbon, ShownDiagnostic, approval_ribbon, count_characters, ribbons
from newsgen.preview.site_tracker import SiteSnapshot, SiteTracker
from newsgen.preview.trial_rendering import Trial
from newsgen.render.renderer import render
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from newsgen.preview.page_findings import PageFindings

Clock = Callable[[], datetime]
ROOM = 64 * 2**20
"""Most bytes of rendered outputs in the cache."""
TYPED = (".md", ".yaml", ".html", ".xml", ".txt", ".css", ".js", ".svg")
"""Suffixes of files that people type, whose lines can be shown."""
FEW = 10
"""Most texts that one person saves at once. More come from a `git pull` or a copy; browsers then stay at their page."""
TRIES = 3
"""Attempts to render a page whose file is edited at the same time."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """The site as it is shown: the last version without errors, and the errors since.

    `number` counts from 1; 0: no file was read yet. `changed` are the paths of the outputs that changed since the version
    before; None: unknown. `styles` are the style sheets of the theme that changed, empty where anything else did.
    `edited` is the path of the output with the text edited last; None where none or more than FEW were edited. `until` is
    the time at which the outputs or the diagnostics change without an edit; None: never. `is_complete`: False where only
    the pages of edited texts are up to date. `unattached` are the diagnostics on files that no page shows.
    """

    number: int = 0
    outputs: Mapping[str, Output] = field(default_factory=dict)
    changed: frozenset[str] | None = None
    styles: tuple[str, ...] = ()
    edited: str | None = None
    shown_diagnostics: tuple[ShownDiagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    until: datetime | None = None
    is_complete: bool = True
    unattached: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[ShownDiagnostic, ...]:
        """The errors that keep a newer version from being shown."""
        return tuple(item for item in self.shown_diagnostics if item.severity == "error")


@dataclass(frozen=True, slots=True)
class RenderedOutput:
    """The bytes of an output. With `diagnostics` they are those of an earlier version, or empty."""

    data: bytes
    diagnostics: tuple[Diagnostic, ...] = ()


class Session:
    """A session of the preview of the site at `root`. `instance` identifies it to browsers."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root
        self.instance = secrets.token_hex(4)
        self.version = ShownVersion()
        self.is_in_doubt = False
        self._clock = clock
        self._tracker = SiteTracker(root, open_store(root))
        self._pictures = PictureCache(root, self._tracker.store.folder, one_by_one=True)
        self._shown: Inputs | None = None
        self._ready: Theme | None = None
        self._trial = Trial()
        self._page_findings: PageFindings | None = None
        self._pages: LruCache[str, tuple[str, bytes]] = LruCache(ROOM, lambda page: len(page[1]))  # by path

    @property
    def links(self) -> tuple[str, ...]:
        """The paths outside of content/ that its symbolic links lead to."""
        return self._shown.scan_result.links if self._shown else ()

    @property
    def config(self) -> Config | None:
        """The settings of the site as it is shown; None before there is one."""
        return self._shown.config if self._shown else None

    @property
    def texts(self) -> tuple[tuple[FileRecord, Document | None], ...]:
        """The records of the Markdown files as last read, faulty ones too, each with its document (None: it has none)."""
        return self._tracker.texts

    @property
    def files(self) -> tuple[ScannedFile, ...]:
        """All files of content/ as they were last found."""
        return self._shown.scan_result.found if self._shown else ()

    def save(self) -> None:
        """Save the state in the store, and prepare for the next edit: compile the templates and import the Markdown parser.
        To be called while no request waits.
        """
        self._tracker.save()
        if self._shown is not None and self._ready is not self._shown.theme:
            self._ready = self._shown.theme
            kinds = {output.kind: path for path, output in self.version.outputs.items() if kind_of(output).view}
            for path in kinds.values():
                self.rendered(path)
            for text in islice(self._shown.parsed_files.texts.values(), 1):
                self._tracker.document_cache.read(text.ref)

    def close(self) -> None:
        """Save the state in the store, and close it."""
        self._pictures.close()
        self._tracker.save()
        self._tracker.store.close()

    # ------------------------------------------------------------ looking

    def look(self, files: frozenset[str] | None = None, is_sure: bool = True) -> ShownVersion:
        """Look at all files, or only at `files` where nothing else is said to have changed, and update the version.

        With errors the last version stays, and the errors are added. Unless `is_sure`, errors that may come from an
        unfinished save are not shown yet (save_debounce.py): `is_in_doubt` is set, and the files must be looked at again.
        """
        self.is_in_doubt = False
        if files is None and not self._tracker.store.is_usable:  # a full disk may have room again
            self._tracker.use(open_store(self.root))
        try:
            self._update(files, is_sure)
        except Exception:  # noqa: BLE001 (an error of newsgen itself is shown, too, and the preview goes on)
            self._report([_crash(traceback.format_exc())], is_sure)
        return self.version

    def _update(self, files: frozenset[str] | None, is_sure: bool) -> None:
        """Show the site as it is now, or its errors."""
        try:
            with without_collections():
                found = self._tracker.update(self._clock(), files)
        except NewsgenError as error:
            self._report(error.diagnostics, is_sure)
            return
        self.is_in_doubt = not is_sure and self._shown is not None and save_debounce.is_less(found.inputs, self._shown)
        if not self.is_in_doubt:
            self._show(found)

    def _report(self, diagnostics: Iterable[Diagnostic], is_sure: bool) -> None:
        """Show errors with the last version."""
        shown = tuple(self._diagnostic(item) for item in diagnostics)
        self.is_in_doubt = not is_sure and save_debounce.are_new(shown, self.version.shown_diagnostics)
        if self.is_in_doubt:
            return
        version = replace(
            self.version, changed=frozenset(), styles=(), edited=None, shown_diagnostics=shown, is_complete=True
        )
        if shown != self.version.shown_diagnostics:
            self._next(version)
        else:
            self.version = version

    def _show(self, found: SiteSnapshot) -> None:
        before, number = self.version, self.version.number
        changed = frozenset(differences(before.outputs, found.outputs)) if number else None
        self._trial.renew(found.outputs, changed)
        shown = self._trial_diagnostics()
        styles = only_styles(self._shown, found.inputs)
        if styles and changed:
            changed = frozenset(path for path in changed if not path.endswith(".html"))
        diagnostics = (*self._tracker.refusals, *found.diagnostics)
        is_as_before = diagnostics == before.diagnostics and _show_the_same(before.outputs, found.outputs, changed)
        unattached = before.unattached if is_as_before else _unattached(diagnostics, found.outputs)
        version = ShownVersion(
            number=number,
            outputs=found.outputs,
            changed=changed,
            styles=styles,
            edited=self._edited(found),
            shown_diagnostics=shown,
            diagnostics=diagnostics,
            until=found.until,
            is_complete=found.is_complete,
            unattached=unattached,
        )
        self._shown = found.inputs
        if (
            (self._page_findings is not None and self._page_findings.renew())
            or changed
            or changed is None
            or styles
            or before.shown_diagnostics != shown
            or diagnostics != before.diagnostics
        ):
            self._next(version)
        else:
            self.version = replace(
                before, outputs=found.outputs, until=found.until, is_complete=found.is_complete, unattached=unattached
            )

    def try_pages(self) -> bool:
        """Render some of the pages that nobody has opened, and show errors in their templates; return whether more are
        left. Nothing is rendered while there are other errors.
        """
        if self.version.shown_diagnostics != self._trial_diagnostics():
            return False
        self._trial.step(self.version.outputs, self._render)
        shown = self._trial_diagnostics()
        if shown != self.version.shown_diagnostics:
            self._next(replace(self.version, changed=frozenset(), styles=(), edited=None, shown_diagnostics=shown))
        return self._trial.is_due

    def _trial_diagnostics(self) -> tuple[ShownDiagnostic, ...]:
        return tuple(self._diagnostic(item) for item in self._trial.diagnostics)

    def _next(self, version: ShownVersion) -> None:
        self.version = replace(version, number=version.number + 1)

    def _edited(self, found: SiteSnapshot) -> str | None:
        """The output with the text edited last since the last version; None where none or more than FEW were edited."""
        if self._shown is None:
            return None
        edited = edited_texts(self._shown.parsed_files.texts, found.inputs.parsed_files.texts)
        newest = max(edited, key=lambda text: text.stamp[1], default=None)
        if newest is None or len(edited) > FEW:
            return None
        return next((path for path, output in found.outputs.items() if output.source == newest.path), None)

    def _diagnostic(self, found: Diagnostic) -> ShownDiagnostic:
        """The diagnostic with its line; without the line for files that nobody types or that no report uses."""
        is_shown = found.path.endswith(TYPED) and found.code != "content.unused"
        lines = self._lines(found.path) if is_shown else ()
        return ShownDiagnostic.of(found, lines[found.line - 1] if found.line <= len(lines) else "")

    def _lines(self, path: str) -> Sequence[str]:
        """The lines of a file of the site; none where it cannot be read, or is a link out of the site."""
        try:
            file = real_path(self.root, path).resolve(strict=True)
            text, _ = decode(read_file(file, MAX_BYTES)) if file.is_relative_to(self.root.resolve()) else (None, ())
        except (OSError, RuntimeError):  # Python before 3.13 raises RuntimeError for a link that leads to itself
            return ()
        return (text or "").split("\n")

    # ------------------------------------------------------------ showing

    def rendered(self, path: str) -> RenderedOutput:
        """The output at `path`, which must exist. Where it cannot be rendered, its last bytes with the diagnostics."""
        for _ in range(TRIES):
            output = self.version.outputs[path]
            cached = self._pages.get(path)
            if cached and cached[0] == output.fingerprint:
                return RenderedOutput(cached[1])
            try:
                data = self._render(output)
            except ContentError as error:
                diagnostics = error.diagnostics
                if any(item.code == "file.changed" for item in diagnostics) and self._has_new_version(path):
                    continue
                return RenderedOutput(cached[1] if cached else b"", diagnostics)
            self._pages.put(path, (output.fingerprint, data))
            return RenderedOutput(data)
        return RenderedOutput(cached[1] if cached else b"", diagnostics)

    def _has_new_version(self, path: str) -> bool:
        """Look at the files again; return whether there is a new version that still has the output."""
        before = self.version.number
        return self.look().number != before and path in self.version.outputs

    def _render(self, output: Output) -> bytes:
        assert self._shown is not None, "a version with outputs has inputs"
        templates = self._shown.theme.templates
        return render(output, templates, self.root, self._tracker.document_cache.body, self._pictures)

    def file(self, path: str) -> Path | None:
        """The file of which the output at `path` is a plain copy; None where it is none, or the file has changed."""
        file = self.version.outputs[path].values().get("file")
        if not isinstance(file, Download) or file.cleaned or self._shown is None:
            return None
        found = next((item for item in self._shown.scan_result.found if item.path == file.path), None)
        is_same = found is not None and read_stamp(self.root / found.real) == found.stamp
        return self.root / found.real if found and is_same else None

    def facts(self, path: str, more: tuple[Diagnostic, ...] = ()) -> PageInfo:
        """The information for a page, with its diagnostics and `more`."""
        output = self.version.outputs.get(path)
        source = output.source if output else None
        found = (
            *more,
            *(item for item in self.version.diagnostics if item.path == source),
            *self._unattached_at(source),
        )
        diagnostics = tuple(self._diagnostic(item) for item in (*found, *self._findings(source)))
        shown_now = self.version.shown_diagnostics
        diagnostics += tuple(item for item in shown_now if item.path == source or not self.version.outputs)
        facts = PageInfo(self.instance, self.version.number, path, source, diagnostics=diagnostics)
        text = self._shown.parsed_files.texts.get(source) if self._shown and source else None
        document = self._tracker.documents.get(text.digest) if text else None
        if text is None or document is None or document.body_summary is None:
            return facts
        photos = sum(reference.tag == "img" for reference in document.body_summary.references)
        shown = ribbons(document.matter, self._clock()) if isinstance(document.matter, FrontMatter) else ()
        shown = (*shown, *self._approval_ribbons(text.path))
        return replace(facts, characters=self._characters(text), photos=photos, ribbons=shown)

    def _approval_ribbons(self, path: str) -> Iterator[Ribbon]:
        """The ribbon of the article at `path` that waits for approval, if it does."""
        if self._shown is None or self._shown.config.reviews is None:
            return
        from newsgen.signoff.article import reviewed  # only where something has to be approved

        found = self._shown.scan_result.found
        item = next((item for item in found if item.path == path and not item.is_section), None)
        try:
            article = reviewed(self.root, item, self._shown.config, found) if item else None
        except NewsgenError:  # errors of the text are shown already; the next look finds that a file is gone
            return
        ribbon = approval_ribbon(article.standing) if article else None
        if ribbon:
            yield ribbon

    @property
    def page_findings(self) -> PageFindings:
        """The check of single files."""
        if self._page_findings is None:
            from newsgen.preview.page_findings import PageFindings  # only where a page is looked at

            self._page_findings = PageFindings(self.root)
        return self._page_findings

    def _findings(self, source: str | None) -> tuple[Diagnostic, ...]:
        """The findings of the check in the text that a page shows."""
        if source is None or not source.endswith(".md"):
            return ()
        try:
            return self.page_findings.of(source, read_file(real_path(self.root, source), MAX_BYTES))
        except OSError:  # just deleted, as the next look will find
            return ()

    def _unattached_at(self, source: str | None) -> Iterator[Diagnostic]:
        """The diagnostics without a page that this page shows: a list shows all, other pages only those about the store."""
        is_list = source is None or source.endswith(f"/{SECTION_FILE}")
        return (item for item in self.version.unattached if is_list or item.path.startswith(f"{FOLDER}/"))

    def crashed(self, path: str) -> PageInfo:
        """The information for a page on which newsgen itself failed. To be called while the exception is handled."""
        diagnostic = ShownDiagnostic.of(_crash(traceback.format_exc()))
        return PageInfo(self.instance, self.version.number, path, diagnostics=(diagnostic,))

    def _characters(self, text: FileRecord) -> int | None:
        """The number of characters of the text; None where its file was edited and the old text is not cached."""
        try:
            return count_characters(self._tracker.document_cache.text(text.digest, text.ref))
        except ContentError:
            return None


def _crash(trace: str) -> Diagnostic:
    hint = f"请把下面这几行发给维护 newsgen 的人；改一改刚才保存的文件，多半就能继续\n{trace}"
    return Diagnostic("preview.crash", "error", "newsgen 自己出错了，网页停在上一次的样子", hint)


def _show_the_same(before: Mapping[str, Output], now: Mapping[str, Output], changed: frozenset[str] | None) -> bool:
    """Whether the outputs that have `changed` (None: unknown) show the same files as before."""
    pairs = ((before.get(path), now.get(path)) for path in changed or ())
    return changed is not None and all((old and old.source) == (new and new.source) for old, new in pairs)


def _unattached(diagnostics: Sequence[Diagnostic], outputs: Mapping[str, Output]) -> tuple[Diagnostic, ...]:
    shown = {output.source for output in outputs.values()} if diagnostics else set()
    return tuple(item for item in diagnostics if item.path not in shown)
