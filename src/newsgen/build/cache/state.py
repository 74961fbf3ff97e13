"""The state that one build leaves for the next: stamps of files, and what each output was made of.

All of it is only ever a shortcut to what the files themselves would say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.plan import DEPENDENCIES, CachedOutput, CachedPlan, Dependencies, Shared, with_parts
from newsgen.build.cache.store import FOLDER, Store
from newsgen.build.cache.up_to_date import LastBuild
from newsgen.build.output.snapshot import Stamps
from newsgen.build.reasons import Reasons
from newsgen.config import view_counts, withdrawals
from newsgen.config.model import Config, PhotoWidths
from newsgen.config.site_yaml import parse_config
from newsgen.content.load import FileRecord, FileRecords, ParsedFiles
from newsgen.content.media import KnownMedia as KnownMedia
from newsgen.content.media import Media
from newsgen.content.scan import ScannedFile
from newsgen.core.digest import digest_bytes
from newsgen.core.model import Diagnostic, Download, Markdown, Output, Picture, changed
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
    """The memory of the site at `root`. Its clock is read when it is made: before any file is looked at."""

    def __init__(self, root: Path, store: Store) -> None:
        self._store = store
        self._clock = _time_at(root, store.path.parent if store.is_usable else root / FOLDER)

    # ------------------------------------------------------------ settings

    def config(self, settings: bytes, withdrawn: bytes | None, delivered: bytes | str | None = None) -> Config:
        """The settings that the bytes of site.yaml, withdrawn.yaml and the file of view counts stand for.

        Raises ConfigError.
        """
        found = self._from_site_yaml(settings)
        counts = view_counts.parse(delivered, found.views, found.url)
        return changed(found, ledger=withdrawals.parse(withdrawn), counts=counts)

    def delivered(self, root: Path, settings: bytes) -> bytes | str | None:
        """The view counts that site.yaml asks for, as view_counts.read gives them; None where it asks for none."""
        file = self._from_site_yaml(settings).views if b"views" in settings else None
        return view_counts.read(root, file.text) if file else None

    def _from_site_yaml(self, settings: bytes) -> Config:
        name = digest_bytes(settings)
        found: tuple[str, Config] | None = self._store.addresses("config", tuple[str, Config])
        if found is None or found[0] != name:
            found = name, parse_config(settings)
            self._store.write_records({"config": found})
        return found[1]

    # ------------------------------------------------------------ files

    def texts(self, settings: Markdown) -> FileRecords:
        """The Markdown files of the last build by path; none where it parsed them for a site at another address."""
        url, texts = self._last_texts(settings)
        return texts if url == settings.url else {}

    def texts_before(self, settings: Markdown) -> FileRecords:
        """The Markdown files of the last build by path, as it knew them."""
        return self._last_texts(settings)[1]

    def _last_texts(self, settings: Markdown) -> tuple[str, dict[str, FileRecord]]:
        form = tuple[str, list[FileRecord]]
        found: tuple[str, list[FileRecord]] = self._store.record(_texts(settings), form) or ("", [])
        return found[0], {text.path: text for text in found[1]}

    def media(self) -> KnownMedia:
        """Photos and other files that reports named in the last build, by path."""
        return self._store.record("media", dict[str, tuple[Stamp, Picture | Download]]) or {}

    def save_texts(self, texts: Mapping[str, FileRecord], known: FileRecords, settings: Markdown) -> None:
        """Remember the Markdown files."""
        found = self.with_trusted_stamps(texts)
        if list(found.values()) != list(known.values()):
            self._store.write_records({_texts(settings): (settings.url, list(found.values()))})

    def forget_others(self, texts: Mapping[str, FileRecord]) -> None:
        """Let the store drop what was parsed of files that are no more, or hold something else by now."""
        self._store.sweep({text.digest for text in texts.values()})

    def with_trusted_stamps(self, texts: Mapping[str, FileRecord]) -> dict[str, FileRecord]:
        """The Markdown files. A stamp that cannot be trusted is forgotten: the bytes will be asked."""
        return {
            path: text if self._is_settled(text.stamp) else changed(text, stamp=UNTRUSTED)
            for path, text in texts.items()
        }

    def save_media(self, media: Media, files: Mapping[str, ScannedFile], known: KnownMedia) -> None:
        """Remember the files that reports name."""
        found = self.trusted_media(media, files)
        if found != known:
            self._store.write_records({"media": found})

    def trusted_media(
        self, media: Media, files: Mapping[str, ScannedFile]
    ) -> dict[str, tuple[Stamp, Picture | Download]]:
        """The files that reports name, as keep_media() remembers them."""
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

    # ------------------------------------------------------------ templates

    def with_known(self, looks: Theme) -> Theme:
        """The looks with the facts of their templates, where these are remembered."""
        found: tuple[str, TemplateFacts] | None = self._store.record("templates", tuple[str, TemplateFacts])
        return replace(looks, known=found[1]) if found and found[0] == looks.templates_digest else looks

    def save_templates(self, looks: Theme) -> None:
        """Remember the facts of sound templates."""
        if looks.known is None:
            self._store.write_records({"templates": (looks.templates_digest, looks.templates.facts)})

    # ------------------------------------------------------------ plans

    def cached_plan(self, key: str) -> CachedPlan | None:
        """The last plan, if that is the one that `key` names: another one is not even read."""
        return self.last_plan() if self._store.record("plan", str) == key else None

    def last_plan(self) -> CachedPlan | None:
        """The last plan, whatever it was made of."""
        found: CachedPlan | None = self._store.record("cached_plan", CachedPlan)
        return found

    def save_dependencies(self, outputs: Sequence[Output]) -> Iterator[None]:
        """Put the dependencies of planned outputs into the store, some a step: those that are not there already.

        They are named by what they say, so that the plan before keeps its own until save_cached_plan().
        """
        named = {CachedOutput.of(output).made_of: output for output in outputs}
        missing = sorted(named.keys() - self._store.names(DEPENDENCIES))  # in the order in which they will lie there
        for start in range(0, len(missing), LOT):
            self._store.write_records({name: Dependencies.of(named[name]) for name in missing[start : start + LOT]})
            yield

    def save_cached_plan(self, cached_plan: CachedPlan, plan_context: PlanContext) -> None:
        """Remember a plan whose dependencies are kept, and forget those that only other plans had."""
        columns = {path: part.value for path, part in plan_context.section_parts.items()}
        shared = (cached_plan.key, plan_context.frame.value, columns)
        self._store.write_records({"plan": cached_plan.key, "cached_plan": cached_plan, "shared": shared})
        self._store.forget_records(self._store.names(DEPENDENCIES) - {item.made_of for item in cached_plan.outputs})

    def dependencies(self, plan: CachedPlan, paths: Collection[str]) -> dict[str, Dependencies]:
        """What the outputs at `paths` are made of in a cached plan; those that are not known are left out."""
        names = {output.made_of: output.path for output in plan.outputs if output.path in paths}
        found: dict[str, Dependencies] = self._store.records(names, Dependencies)
        return {names[name]: dependencies for name, dependencies in found.items()}

    def with_parts(self, hollow: Sequence[Output], cached_plan: CachedPlan, texts: ParsedFiles) -> list[Output] | None:
        """Outputs of a cached plan with their parts; None where it takes a plan to give them to all."""
        shared = self._store.addresses("shared", Shared)
        wanted = {output.path for output in hollow}
        sources = {output.path: output.source for output in cached_plan.outputs if output.path in wanted}
        if shared is None or shared.key != cached_plan.key:
            return None
        known = self.dependencies(cached_plan, wanted)
        found = []
        for output in hollow:
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
        """The last build into an output folder that ended well; None where none is remembered."""
        found: LastBuild | None = self._store.record(_name("rest", out), LastBuild)
        return found

    def save_last_build(self, out: Path, last: LastBuild) -> None:
        """Remember a build that ended well."""
        self._store.write_records({_name("rest", out): last})

    def is_trustworthy(self, stamps: Iterable[Stamp]) -> bool:
        """Whether all stamps answer for the bytes of their files."""
        return all(map(self._is_settled, stamps))

    # ------------------------------------------------------------ the output folder

    def outputs(self, out: Path, manifest: str) -> Stamps:
        """Stamps of the files of an output folder that were right when last seen, by path.

        They were right for one manifest, named by its digest: where another one is there now, nothing is known.
        """
        found: tuple[str, dict[str, Stamp]] | None = self._store.record(
            _name("outputs", out), tuple[str, dict[str, Stamp]]
        )
        return found[1] if found and found[0] == manifest else {}

    def save_outputs(self, out: Path, manifest: str, settled: Stamps) -> None:
        """Remember stamps of files of an output folder that are as the manifest says."""
        self._store.write_records({_name("outputs", out): (manifest, settled)})

    def reasons(self, out: Path) -> Reasons | None:
        """Why the last build of an output folder rendered what it rendered; None where none is remembered."""
        found: Reasons | None = self._store.record(_name("why", out), Reasons)
        return found

    def save_reasons(self, out: Path, reasons: Reasons) -> None:
        """Remember why outputs were rendered."""
        self._store.write_records({_name("why", out): reasons})


def _texts(settings: Markdown) -> str:
    return f"texts:{settings.paragraphs}"


def _name(what: str, out: Path) -> str:
    return f"{what}:{out.resolve()}"


def _time_at(root: Path, cache: Path) -> Stamp | None:
    """What time it is on the file system of the site: asked in the cache, if that lies on the same one. None where no file
    can be touched: then nothing is ever settled.
    """
    for folder in dict.fromkeys((cache, root / FOLDER)):
        if is_link(folder):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            time = clock_of(folder / CLOCK)
            if folder.parent == root or time[-1] == stamp_of(root.stat())[-1]:
                return time
        except OSError:  # a site that may only be read
            continue
    return None
