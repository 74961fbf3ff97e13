"""The state that one build leaves for the next: records of files, and the dependencies of each output.

It saves time and changes no result: a build without it makes the same site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.plan import DEPENDENCIES, CachedOutput, CachedPlan, Dependencies, SharedParts, with_parts
from newsgen.build.cache.store import FOLDER, Store
from newsgen.build.cache.up_to_date import LastBuild
from newsgen.build.output.snapshot import Stamps
from newsgen.build.reasons import Reasons
from newsgen.config import view_counts, withdrawals
from newsgen.config.model import Config, PhotoWidths
from newsgen.config.site_yaml import parse_config
from newsgen.content.approval import ApprovalFacts
from newsgen.content.load import FileRecord, FileRecords, ParsedFiles
from newsgen.content.media import KnownMedia, Media
from newsgen.content.scan import ScannedFile
from newsgen.core.digest import digest_bytes
from newsgen.core.model import Diagnostic, Document, Download, Markdown, Output, Picture, changed
from newsgen.core.platform import is_link
from newsgen.core.stamps import UNTRUSTED, Stamp, clock_of, is_trustworthy, stamp_of
from newsgen.render.theme import Theme
from newsgen.site.theme.templates import TemplateFacts

if TYPE_CHECKING:
    from newsgen.pages.outputs import PlanContext

LOT = 200
"""Outputs whose dependencies are written in one transaction, about 5 ms."""
CLOCK = "clock"
"""A file in `.newsgen/` that is touched to read the time of the file system."""


class BuildState:
    """The build state of the site at `root`. It reads the clock, so it must be made before any file is looked at."""

    def __init__(self, root: Path, store: Store) -> None:
        self._store = store
        self._clock = _time_at(root, store.path.parent if store.is_usable else root / FOLDER)

    # ------------------------------------------------------------ settings

    def config(self, settings: bytes, withdrawn: bytes | None, delivered: bytes | str | None = None) -> Config:
        """The settings in the bytes of site.yaml, withdrawn.yaml and the file of view counts. Raises ConfigError."""
        found = self._from_site_yaml(settings)
        counts = view_counts.parse(delivered, found.views, found.url)
        return changed(found, ledger=withdrawals.parse(withdrawn), counts=counts)

    def delivered(self, root: Path, settings: bytes) -> bytes | str | None:
        """The file of view counts that site.yaml names, as view_counts.read() gives it; None where it names none."""
        file = self._from_site_yaml(settings).views if b"views" in settings else None
        return view_counts.read(root, file.text) if file else None

    def _from_site_yaml(self, settings: bytes) -> Config:
        name = digest_bytes(settings)
        found: tuple[str, Config] | None = self._store.safe_record("config", tuple[str, Config])
        if found is None or found[0] != name:
            found = name, parse_config(settings)
            self._store.write_records({"config": found})
        return found[1]

    # ------------------------------------------------------------ files

    def texts(self, settings: Markdown) -> FileRecords:
        """The Markdown files of the last build by path; empty where the site had another address then."""
        url, texts = self._last_texts(settings)
        return texts if url == settings.url else {}

    def texts_before(self, settings: Markdown) -> FileRecords:
        """The Markdown files of the last build by path, whatever its address was."""
        return self._last_texts(settings)[1]

    def _last_texts(self, settings: Markdown) -> tuple[str, dict[str, FileRecord]]:
        form = tuple[str, list[FileRecord]]
        found: tuple[str, list[FileRecord]] = self._store.record(_texts(settings), form) or ("", [])
        return found[0], {text.path: text for text in found[1]}

    def media(self) -> KnownMedia:
        """The photos and other files that reports named in the last build, by path."""
        return self._store.record("media", dict[str, tuple[Stamp, Picture | Download]]) or {}

    def save_texts(self, texts: Mapping[str, FileRecord], known: FileRecords, settings: Markdown) -> None:
        """Save the records of the Markdown files."""
        found = self.with_trusted_stamps(texts)
        if list(found.values()) != list(known.values()):
            self._store.write_records({_texts(settings): (settings.url, list(found.values()))})

    def forget_others(self, *texts: Mapping[str, FileRecord]) -> None:
        """Let the store drop parsed files that are none of `texts`."""
        self._store.sweep({text.digest for group in texts for text in group.values()})

    def with_trusted_stamps(self, texts: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
        """The records of the Markdown files, with UNTRUSTED for each stamp that cannot be trusted."""
        return {
            path: text if self._is_settled(text.stamp) else changed(text, stamp=UNTRUSTED)
            for path, text in texts.items()
        }

    def save_media(self, media: Media, files: Mapping[str, ScannedFile], known: KnownMedia) -> None:
        """Save the photos and other files that reports name."""
        found = self.trusted_media(media, files)
        if found != known:
            self._store.write_records({"media": found})

    def trusted_media(
        self, media: Media, files: Mapping[str, ScannedFile]
    ) -> dict[str, tuple[Stamp, Picture | Download]]:
        """The photos and other files that reports name, as save_media() saves them."""
        shown = {path: file for path, file in media.items() if not isinstance(file, Diagnostic)}
        stamps = {path: files[path].stamp for path in shown}
        return {
            path: (stamps[path] if self._is_settled(stamps[path]) else UNTRUSTED, file) for path, file in shown.items()
        }

    def sweep_pictures(self, root: Path, media: Media, widths: PhotoWidths) -> None:
        """Drop kept files of pictures that nothing names any more, or of widths that no place has."""
        pictures = [file for file in media.values() if isinstance(file, Picture)]
        every = {*widths.article, *widths.slides, *widths.cards, *widths.thumbnails}
        PictureCache(root, self._store.folder).sweep(pictures, every)

    def _is_settled(self, stamp: Stamp) -> bool:
        return self._clock is not None and is_trustworthy(stamp, self._clock)

    # ------------------------------------------------------------ approvals

    def approval_facts(self) -> dict[str, ApprovalFacts]:
        """The facts of articles by the digests of their documents."""
        found: list[ApprovalFacts] = self._store.record("approval-facts", list[ApprovalFacts]) or []
        return {facts.document: facts for facts in found}

    def save_approval_facts(self, facts: Mapping[str, ApprovalFacts], known: Mapping[str, ApprovalFacts]) -> None:
        """Save the facts of articles."""
        if facts != known:
            self._store.write_records({"approval-facts": list(facts.values())})

    def file_digests(self) -> dict[str, tuple[Stamp, str]]:
        """The digests of files that articles name or kept versions hold, by path."""
        return self._store.record("approval-files", dict[str, tuple[Stamp, str]]) or {}

    def save_file_digests(self, found: Mapping[str, tuple[Stamp, str]], known: Mapping[str, tuple[Stamp, str]]) -> None:
        """Save the digests of files whose stamps can be trusted."""
        trusted = {path: item for path, item in found.items() if item[1] and self._is_settled(item[0])}
        if trusted != known:
            self._store.write_records({"approval-files": trusted})

    def document(self, digest: str) -> Document | None:
        """A parsed file; None where the store has none."""
        return self._store.document(digest)

    def kept_texts(self) -> dict[str, FileRecord]:
        """The records of kept versions by path."""
        found: list[FileRecord] = self._store.record("approval-texts", list[FileRecord]) or []
        return {text.path: text for text in found}

    def save_kept_texts(self, texts: Mapping[str, FileRecord], known: FileRecords) -> None:
        """Save the records of the kept versions that are shown."""
        found = self.with_trusted_stamps(texts)
        if list(found.values()) != list(known.values()):
            self._store.write_records({"approval-texts": list(found.values())})

    def shown_texts(self) -> dict[str, str]:
        """The digests of the documents that the last build showed in place of files, by path."""
        return self._store.record("approval-shown", dict[str, str]) or {}

    def save_shown_texts(self, digests: dict[str, str]) -> None:
        """Save them."""
        if digests != self.shown_texts():
            self._store.write_records({"approval-shown": digests})

    # ------------------------------------------------------------ templates

    def with_known(self, theme: Theme) -> Theme:
        """The theme with the facts of its templates, where the store has them."""
        found: tuple[str, TemplateFacts] | None = self._store.record("templates", tuple[str, TemplateFacts])
        return replace(theme, known=found[1]) if found and found[0] == theme.templates_digest else theme

    def save_templates(self, theme: Theme) -> None:
        """Save the facts of the theme's templates."""
        if theme.known is None:
            self._store.write_records({"templates": (theme.templates_digest, theme.templates.facts)})

    # ------------------------------------------------------------ plans

    def cached_plan(self, key: str) -> CachedPlan | None:
        """The last plan, if its key is `key`; another one is not even read."""
        return self.last_plan() if self._store.record("plan", str) == key else None

    def last_plan(self) -> CachedPlan | None:
        """The last plan, whatever its key is."""
        found: CachedPlan | None = self._store.record("cached_plan", CachedPlan)
        return found

    def save_dependencies(self, outputs: Sequence[Output]) -> Iterator[None]:
        """Save the dependencies of planned outputs, LOT a step: those that the store does not have.

        They are named by their content, so that the plan before keeps its own until save_cached_plan().
        """
        named = {CachedOutput.of(output).made_of: output for output in outputs}
        missing = sorted(named.keys() - self._store.names(DEPENDENCIES))  # in the order in which they will lie there
        for start in range(0, len(missing), LOT):
            self._store.write_records({name: Dependencies.of(named[name]) for name in missing[start : start + LOT]})
            yield

    def save_cached_plan(self, cached_plan: CachedPlan, plan_context: PlanContext) -> None:
        """Save a plan whose dependencies are saved, and delete those that only other plans had."""
        shared = SharedParts.of(cached_plan.key, plan_context)
        self._store.write_records({"plan": cached_plan.key, "cached_plan": cached_plan, "shared": shared})
        self._store.forget_records(self._store.names(DEPENDENCIES) - {item.made_of for item in cached_plan.outputs})

    def dependencies(self, plan: CachedPlan, paths: Collection[str]) -> dict[str, Dependencies]:
        """The dependencies of the outputs at `paths` in a cached plan, as far as the store has them."""
        shared = self._shared(plan)
        if shared is None:
            return {}
        names = {output.made_of: output.path for output in plan.outputs if output.path in paths}
        found: dict[str, Dependencies] = self._store.safe_records(names, Dependencies)
        with suppress(KeyError):  # somebody else has written the store
            return {names[name]: item.with_inputs(shared.inputs) for name, item in found.items()}
        return {}

    def _shared(self, plan: CachedPlan) -> SharedParts | None:
        found: SharedParts | None = self._store.safe_record("shared", SharedParts)
        return found if found and found.key == plan.key else None

    def with_parts(self, outputs: Sequence[Output], cached_plan: CachedPlan, texts: ParsedFiles) -> list[Output] | None:
        """Outputs of a cached plan with their parts; None where only a plan can give them."""
        shared = self._shared(cached_plan)
        wanted = {output.path for output in outputs}
        sources = {output.path: output.source for output in cached_plan.outputs if output.path in wanted}
        if shared is None:
            return None
        known = self.dependencies(cached_plan, wanted)
        found = []
        for output in outputs:
            source, dependencies = sources[output.path], known.get(output.path)
            if source is None or dependencies is None:
                return None
            text = texts.texts[source]
            document = texts.parsed.get(text.digest) or self._store.document(text.digest)
            body_summary = document.body_summary if document else None
            full = with_parts(output, dependencies, shared, text, body_summary) if body_summary else None
            if full is None:
                return None
            found.append(full)
        return found

    # ------------------------------------------------------------ a build that ended well

    def last_build(self, out: Path) -> LastBuild | None:
        """The record of the last build into an output folder that ended well; None where there is none."""
        found: LastBuild | None = self._store.record(_name("rest", out), LastBuild)
        return found

    def save_last_build(self, out: Path, last: LastBuild) -> None:
        """Save the record of a build that ended well."""
        self._store.write_records({_name("rest", out): last})

    def is_trustworthy(self, stamps: Iterable[Stamp]) -> bool:
        """Whether all stamps can be trusted."""
        return all(map(self._is_settled, stamps))

    # ------------------------------------------------------------ the output folder

    def outputs(self, out: Path, manifest: str) -> Stamps:
        """The saved stamps of an output folder, by path; empty unless they belong to the manifest with this digest."""
        found: tuple[str, dict[str, Stamp]] | None = self._store.record(
            _name("outputs", out), tuple[str, dict[str, Stamp]]
        )
        return found[1] if found and found[0] == manifest else {}

    def save_outputs(self, out: Path, manifest: str, settled: Stamps) -> None:
        """Save stamps of files of an output folder that are as the manifest with this digest says."""
        self._store.write_records({_name("outputs", out): (manifest, settled)})

    def reasons(self, out: Path) -> Reasons | None:
        """The reasons of the last build into an output folder; None where the store has none."""
        found: Reasons | None = self._store.record(_name("why", out), Reasons)
        return found

    def save_reasons(self, out: Path, reasons: Reasons) -> None:
        """Save the reasons why outputs were rendered."""
        self._store.write_records({_name("why", out): reasons})


def _texts(settings: Markdown) -> str:
    return f"texts:{settings.paragraphs}"


def _name(what: str, out: Path) -> str:
    return f"{what}:{out.resolve()}"


def _time_at(root: Path, cache: Path) -> Stamp | None:
    """The time of the site's file system, by a file in the cache if that is on the same one. None where no file can be
    touched: then no stamp is trusted.
    """
    for folder in dict.fromkeys((cache, root / FOLDER)):
        if is_link(folder):
            continue
        try:
            folder.mkdir(parents=folder.parent != root, exist_ok=True)  # a site that is gone is not made anew
            time = clock_of(folder / CLOCK)
            if folder.parent == root or time[-1] == stamp_of(root.stat())[-1]:
                return time
        except OSError:  # a site that may only be read
            continue
    return None
