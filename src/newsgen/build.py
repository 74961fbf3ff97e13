"""The composer: from a site's folder to its output folder, stage by stage, as the diagram in design.md."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from newsgen import assets, content, media, render
from newsgen.assemble import assemble
from newsgen.config import load as load_config
from newsgen.content import Content, Parse
from newsgen.defaults import defaults
from newsgen.errors import ConfigError, ContentError, UsageProblem
from newsgen.fingerprint import environment
from newsgen.library import Task
from newsgen.media import Media
from newsgen.memory import Memory
from newsgen.model import Diagnostic, Document, Output, Part, Progress, changed
from newsgen.plan import Ground, plan
from newsgen.settings import Config
from newsgen.site import Site, Viewpoint
from newsgen.store import Store
from newsgen.survey import survey
from newsgen.text import did_you_mean
from newsgen.workshop import Workshop
from newsgen.write import Staging, opened

DEFAULT_OUTPUT = "public"


@dataclass(frozen=True, slots=True)
class Request:
    """What to build. `out` as the user typed it, None for public/; `now` decides what is public.

    `jobs` is the number of processes that may work at it; None: one for each processor.
    """

    root: Path
    now: datetime
    out: str | None = None
    drafts: bool = False
    full: bool = False
    strict: bool = False
    jobs: int | None = None

    @property
    def shown(self) -> str:
        """The output folder as the user knows it."""
        return self.out or DEFAULT_OUTPUT

    @property
    def folder(self) -> Path:
        """The output folder. A relative `-o` counts from where the command was typed."""
        return Path(self.out).absolute() if self.out else self.root / DEFAULT_OUTPUT


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did; the numbers are those of `build --json` (design 5.5)."""

    articles: int = 0
    outputs: int = 0
    rendered: int = 0
    written: int = 0
    deleted: int = 0
    unchanged: int = 0
    seconds: float = 0.0
    next_due: datetime | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def build(request: Request, progress: Progress) -> Result:
    """Build the site.

    Raises NewsgenError with every fault found; then the output folder is as it was.
    """
    started = time.perf_counter()
    _check_folder(request)
    config = load_config(request.root)
    store = Store(request.root, environment())
    memory = Memory(request.root, store, config.markdown)
    with Workshop(request.root, config.markdown, store, request.jobs) as workshop:
        found, files = _gathered(request.root, config, store, memory, _told(progress, workshop.parse))
        workshop.save()
        seen = assemble(found, files, config, Viewpoint(request.now, request.drafts))
        looks, faults = _looks(request.root)
        remarks = checked((*found.diagnostics, *seen.diagnostics, *faults, *_emblem(config, looks)), request.strict)
        try:
            outputs = plan(_ground(request, config, seen, looks))
            result = _produce(request, outputs, looks.templates, workshop, memory, progress)
        except ContentError as error:
            raise ContentError((*remarks, *error.diagnostics)) from error
    return replace(
        result,
        articles=len(seen.articles),
        outputs=len(outputs),
        unchanged=len(outputs) - result.written,
        seconds=round(time.perf_counter() - started, 3),
        next_due=seen.steady.until,
        diagnostics=(*store.remarks, *remarks),
    )


def _told(progress: Progress, parse: Parse) -> Parse:
    """`parse`, with its progress told."""

    def told(tasks: Sequence[Task]) -> Iterator[Document | Diagnostic]:
        with progress("读取", len(tasks)) as step:
            for found in parse(tasks):
                yield found
                step()

    return told


def _gathered(root: Path, config: Config, store: Store, memory: Memory, parse: Parse) -> tuple[Content, Media]:
    """All that content/ holds: parsed, measured, and remembered."""
    known, known_media = memory.files(), memory.media()
    found = content.load(root, survey(root), known, store.documents(), config.markdown, parse)
    files = media.gather(root, found, known_media)
    memory.keep_inputs(found, files, known, known_media)
    return found, files


def checked(remarks: Iterable[Diagnostic], strict: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics by path and line; `strict` makes errors of warnings.

    Raises ContentError (ConfigError, where site.yaml is at fault) when there is an error among them.
    """
    ordered = sorted(dict.fromkeys(remarks), key=lambda item: (item.path, item.line, item.column, item.code))
    if strict:
        ordered = [changed(item, severity="error") if item.severity == "warning" else item for item in ordered]
    errors = [item for item in ordered if item.severity == "error"]
    if any(item.path == "site.yaml" for item in errors):
        raise ConfigError(ordered)
    if errors:
        raise ContentError(ordered)
    return tuple(ordered)


def _check_folder(request: Request) -> None:
    """Refuse an output folder that holds the site's sources, or lies among them."""
    if request.out == "":
        raise UsageProblem("-o 后面的文件夹名是空的", "例如：-o public", "output.empty")
    out, root = request.folder.resolve(), request.root.resolve()
    sources = [root / name for name in ("content", "templates", "theme")]
    if root.is_relative_to(out) or any(out.is_relative_to(folder) for folder in sources):
        raise UsageProblem(
            f"输出文件夹不能是 {request.shown}：网站的原稿在那里", "用 -o 换一个空文件夹", "output.sources"
        )


@dataclass(frozen=True, slots=True)
class _Looks:
    """Theme and templates, with the parts that outputs are made of."""

    theme: Mapping[str, assets.Asset]
    templates: render.Templates
    parts: Mapping[str, Part]


def _looks(root: Path) -> tuple[_Looks, tuple[Diagnostic, ...]]:
    """Theme and templates; with faults among them, empty ones."""
    theme: Mapping[str, assets.Asset] = {}
    templates, parts = render.Templates({}), dict[str, Part]()
    faults: list[Diagnostic] = []
    try:
        theme = assets.load(defaults("theme"), root / "theme")
    except ContentError as error:
        faults += error.diagnostics
    try:
        templates = render.load_templates(defaults("templates"), root / "templates")
        parts = templates.parts()
    except ContentError as error:
        faults += error.diagnostics
    return _Looks(theme, templates, parts), tuple(faults)


def _emblem(config: Config, looks: _Looks) -> Iterator[Diagnostic]:
    """site.yaml names an emblem that the theme does not hold."""
    emblem = config.emblem
    if emblem and looks.theme and emblem.text not in looks.theme:
        guess = did_you_mean(emblem.text, looks.theme)
        hint = f"是不是想写 {guess} ？" if guess else "把图片放进 theme 文件夹"
        message = f"theme 里没有这个文件：{emblem.text}"
        yield Diagnostic("config.emblem", "error", message, hint, "site.yaml", emblem.line, emblem.column)


def _ground(request: Request, config: Config, seen: Site, looks: _Looks) -> Ground:
    """What the plan stands on. Pages know the addresses of those theme files alone that templates name."""
    grey = any(period.since <= request.now < period.until for period in config.greyscale)
    named = looks.templates.assets()
    known = {name: asset for name, asset in looks.theme.items() if named is None or name in named}
    return Ground(seen, config, looks.theme, known, looks.parts, environment(), grey)


def _produce(
    request: Request,
    outputs: tuple[Output, ...],
    templates: render.Templates,
    workshop: Workshop,
    memory: Memory,
    progress: Progress,
) -> Result:
    """Render what is stale and write it; what is fresh stays."""
    with opened(request.folder, request.shown, memory.outputs(request.folder)) as staging:
        stale = [output for output in outputs if request.full or is_stale(output, staging)]
        names = {output.path for output in stale}
        with progress("生成", len(stale)) as step:
            workshop.render(stale, templates, staging, step)
        done = staging.commit(output for output in outputs if output.path not in names)
        memory.keep_outputs(request.folder, staging.census, (output.path for output in outputs), staging.clock)
    return Result(rendered=len(stale), written=done.written, deleted=done.deleted)


def is_stale(output: Output, staging: Staging) -> bool:
    """Whether the output must be rendered: made of other parts than last time, or altered or deleted by hand."""
    entry = staging.previous.get(output.path)
    return entry is None or entry.fingerprint != output.fingerprint or staging.standing(output.path) is None
