"""A session: look() follows the files to a new version, page() renders what is asked for.

While something is wrong the last good version stays, and what is wrong is told with it. Nothing is ever written to the
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

from newsgen.build.cache.store import FOLDER
from newsgen.build.inputs import Inputs
from newsgen.build.locations import open_store
from newsgen.build.pipeline import without_collections
from newsgen.config.model import Config
from newsgen.content.load import FileRecord
from newsgen.content.scan import SECTION_FILE, real_path
from newsgen.core.errors import ContentError, NewsgenError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Download, FrontMatter, Output
from newsgen.core.stamps import read_stamp
from newsgen.core.text import MAX_BYTES, decode
from newsgen.pages.kinds import kind_of
from newsgen.preview import settling
from newsgen.preview.diff import differences, is_same, only_styles
from newsgen.preview.lru import LruCache
from newsgen.preview.page_info import PageInfo, ShownDiagnostic, count_characters, ribbons
from newsgen.preview.site_tracker import SiteSnapshot, SiteTracker
from newsgen.preview.trial import Trial
from newsgen.render.renderer import render
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from newsgen.preview.page_findings import PageFindings

Clock = Callable[[], datetime]
ROOM = 64 * 2**20
"""Bytes of rendered files that are kept."""
TYPED = (".md", ".yaml", ".html", ".xml", ".txt", ".css", ".js", ".svg")
"""How the names end of files that people type: those that have lines to show."""
FEW = 10
"""Texts that one person may save at once; more come from a `git pull` or a copy, and take nobody to another page."""
TRIES = 3
"""Theme that a file takes which is edited again and again while it is asked for."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """The site as it is shown: the last one without faults, and what is wrong since.

    `number` counts from 1; 0: nothing was looked at yet. `changed` are outputs that are not what they were one version
    ago; None: nobody knows. `styles` are the style sheets of the theme that changed, where nothing else did. `edited` is
    the output of the text that was edited last, where few were. `until` is when time alone will change something.
    `is_complete`: no look is due to bring the rest of what was edited. `unattached` are the diagnostics on files that no page shows.
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
        """What keeps the site from being what the files say."""
        return tuple(item for item in self.shown_diagnostics if item.severity == "error")


@dataclass(frozen=True, slots=True)
class RenderedOutput:
    """The bytes of an output; `diagnostics` where they are those of an earlier version, or empty."""

    data: bytes
    diagnostics: tuple[Diagnostic, ...] = ()


class Session:
    """The site at `root`. `instance` tells this session from every other one."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root
        self.instance = secrets.token_hex(4)
        self.version = ShownVersion()
        self.is_in_doubt = False
        self._clock = clock
        self._tracker = SiteTracker(root, open_store(root))
        self._shown: Inputs | None = None
        self._ready: Theme | None = None
        self._trial = Trial()
        self._page_findings: PageFindings | None = None
        self._pages: LruCache[str, tuple[str, bytes]] = LruCache(ROOM, lambda page: len(page[1]))  # by path

    @property
    def links(self) -> tuple[str, ...]:
        """The places outside of content/ that its symbolic links lead to."""
        return self._shown.scan_result.links if self._shown else ()

    @property
    def config(self) -> Config | None:
        """The settings of the site as it is shown; None before there is one."""
        return self._shown.config if self._shown else None

    def save(self) -> None:
        """Put what was found out into the store, and make ready what the next edit takes: templates are compiled, and what
        parses texts is loaded. For a moment in which nobody waits.
        """
        self._tracker.save()
        if self._shown is not None and self._ready is not self._shown.looks:
            self._ready = self._shown.looks
            kinds = {output.kind: path for path, output in self.version.outputs.items() if kind_of(output).view}
            for path in kinds.values():
                self.rendered(path)
            for text in islice(self._shown.parsed_files.texts.values(), 1):
                self._tracker.document_cache.read(text.task)

    def close(self) -> None:
        """Put what was found out into the store, and let go of it."""
        self._tracker.save()
        self._tracker.store.close()

    # ------------------------------------------------------------ looking

    def look(self, files: frozenset[str] | None = None, is_sure: bool = True) -> ShownVersion:
        """Look at all files, and follow them; at these alone first, where they are known to be all that changed.

        What is wrong is told in the version; the last good site stays. Not `is_sure`: bad news that may be over in a
        moment is not told yet (settling.py); `is_in_doubt` says so, and that the files are to be looked at again.
        """
        self.is_in_doubt = False
        if files is None and not self._tracker.store.is_usable:  # the disk was full, perhaps: it may have room again
            self._tracker.use(open_store(self.root))
        try:
            self._follow(files, is_sure)
        except Exception:  # noqa: BLE001 (a fault of newsgen's own is told, too, and ends nobody's work)
            self._report([_crash(traceback.format_exc())], is_sure)
        return self.version

    def _follow(self, files: frozenset[str] | None, is_sure: bool) -> None:
        """Show what is found, or tell what is wrong."""
        try:
            with without_collections():
                found = self._tracker.follow(self._clock(), files)
        except NewsgenError as error:
            self._report(error.diagnostics, is_sure)
            return
        self.is_in_doubt = not is_sure and self._shown is not None and settling.is_less(found.seen, self._shown)
        if not self.is_in_doubt:
            self._show(found)

    def _report(self, diagnostics: Iterable[Diagnostic], is_sure: bool) -> None:
        """Show what is wrong over what was shown last."""
        shown = tuple(self._diagnostic(item) for item in diagnostics)
        self.is_in_doubt = not is_sure and settling.are_new(shown, self.version.shown_diagnostics)
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
        styles = only_styles(self._shown, found.seen)
        if styles and changed:
            changed = frozenset(path for path in changed if not path.endswith(".html"))
        diagnostics = (*self._tracker.refusals, *found.diagnostics)
        unattached = _unattached(diagnostics, found.outputs)
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
        self._shown = found.seen
        if (
            changed
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
        """Render some of the pages that nobody has asked for, and tell what is wrong in their templates: whether there is
        more to try. Nothing is tried while something else is wrong: what is shown is not what the files say.
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
        """The output that shows the text which was edited last, of those edited since the last version."""
        if self._shown is None:
            return None
        before, now = self._shown.parsed_files.texts, found.seen.parsed_files.texts
        edited = [text for path, text in now.items() if not is_same(before.get(path), text)]
        newest = max(edited, key=lambda text: text.stamp[1], default=None)
        if newest is None or len(edited) > FEW:
            return None
        return next((path for path, output in found.outputs.items() if output.source == newest.path), None)

    def _diagnostic(self, found: Diagnostic) -> ShownDiagnostic:
        """The diagnostic with the line that it is about; of a file that no report names, no line is shown."""
        is_shown = found.path.endswith(TYPED) and found.code != "content.unused"
        lines = self._lines(found.path) if is_shown else ()
        return ShownDiagnostic.of(found, lines[found.line - 1] if found.line <= len(lines) else "")

    def _lines(self, path: str) -> Sequence[str]:
        """The lines of a file of the site; none where it cannot be read, or is a link to something that is not the site's."""
        try:
            file = real_path(self.root, path).resolve(strict=True)
            text, _ = decode(read_file(file, MAX_BYTES)) if file.is_relative_to(self.root.resolve()) else (None, ())
        except (OSError, RuntimeError):  # Python before 3.13 says RuntimeError of a link that leads to itself
            return ()
        return (text or "").split("\n")

    # ------------------------------------------------------------ showing

    def rendered(self, path: str) -> RenderedOutput:
        """The output at `path`, which there must be; what it was before, where it cannot be rendered."""
        for _ in range(TRIES):
            output = self.version.outputs[path]
            kept = self._pages.get(path)
            if kept and kept[0] == output.fingerprint:
                return RenderedOutput(kept[1])
            try:
                data = self._render(output)
            except ContentError as error:
                diagnostics = error.diagnostics
                if any(item.code == "file.changed" for item in diagnostics) and self._has_moved_on(path):
                    continue
                return RenderedOutput(kept[1] if kept else b"", diagnostics)
            self._pages.put(path, (output.fingerprint, data))
            return RenderedOutput(data)
        return RenderedOutput(kept[1] if kept else b"", diagnostics)

    def _has_moved_on(self, path: str) -> bool:
        """Look again: whether the output is another one by now."""
        before = self.version.number
        return self.look().number != before and path in self.version.outputs

    def _render(self, output: Output) -> bytes:
        assert self._shown is not None, "there are outputs"
        return render(output, self._shown.looks.templates, self.root, self._tracker.document_cache.body)

    def file(self, path: str) -> Path | None:
        """The file that is published as it is at this address; None where it has other bytes by now, or takes rendering."""
        file = self.version.outputs[path].values().get("file")
        if not isinstance(file, Download) or self._shown is None:
            return None
        found = next((item for item in self._shown.scan_result.found if item.path == file.path), None)
        is_same = found is not None and read_stamp(self.root / found.real) == found.stamp
        return self.root / found.real if found and is_same else None

    def facts(self, path: str, more: tuple[Diagnostic, ...] = ()) -> PageInfo:
        """What a page is told about itself, and what is wrong with it."""
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
        return replace(facts, characters=self._characters(text), photos=photos, ribbons=shown)

    def _findings(self, source: str | None) -> tuple[Diagnostic, ...]:
        """What a check says of the text that a page shows."""
        if source is None or not source.endswith(".md"):
            return ()
        if self._page_findings is None:
            from newsgen.preview.page_findings import PageFindings  # only where a page is looked at

            self._page_findings = PageFindings(self.root)
        try:
            return self._page_findings.of(source, read_file(real_path(self.root, source), MAX_BYTES))
        except OSError:  # deleted a moment ago: the next look tells
            return ()

    def _unattached_at(self, source: str | None) -> Iterator[Diagnostic]:
        """The diagnostics that belong to no page, where people look for them: in lists; everywhere, where the store fails."""
        is_list = source is None or source.endswith(f"/{SECTION_FILE}")
        return (item for item in self.version.unattached if is_list or item.path.startswith(f"{FOLDER}/"))

    def crashed(self, path: str) -> PageInfo:
        """What a page is told in whose place newsgen itself failed. To be asked for while that is being handled."""
        diagnostic = ShownDiagnostic.of(_crash(traceback.format_exc()))
        return PageInfo(self.instance, self.version.number, path, diagnostics=(diagnostic,))

    def _characters(self, text: FileRecord) -> int | None:
        """How long the text is; None where it was edited a moment ago and nobody has kept what it was."""
        try:
            return count_characters(self._tracker.document_cache.body(text.digest, text.task).text)
        except ContentError:
            return None


def _crash(trace: str) -> Diagnostic:
    hint = f"请把下面这几行发给维护 newsgen 的人；改一改刚才保存的文件，多半就能继续\n{trace}"
    return Diagnostic("preview.crash", "error", "newsgen 自己出错了，网页停在上一次的样子", hint)


def _unattached(diagnostics: Sequence[Diagnostic], outputs: Mapping[str, Output]) -> tuple[Diagnostic, ...]:
    shown = {output.source for output in outputs.values()} if diagnostics else set()
    return tuple(item for item in diagnostics if item.path not in shown)
