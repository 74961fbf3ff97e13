"""The composer: from a site's folder to its output folder, stage by stage, as the diagram in design.md."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.plan import CachedPlan, draw, hollow
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.cache.up_to_date import LastBuild, RawInputs, outputs_digest
from newsgen.build.inputs import Inputs
from newsgen.build.locations import cloud_diagnostics, located, open_store
from newsgen.build.output.staging import Staging, Written, is_writable, opened
from newsgen.build.reasons import Reason, reason_for, summed_up
from newsgen.build.request import Request, Result
from newsgen.build.workers.pool import Workers
from newsgen.config import withdrawals
from newsgen.config.model import Config
from newsgen.config.site_yaml import read as read_settings
from newsgen.content import load, media
from newsgen.content.load import Parse, Source
from newsgen.content.scan import SourceRef, scan
from newsgen.core.errors import ContentError, checked
from newsgen.core.model import SHANGHAI, Diagnostic, Document, Output, Progress, Record, changed, field
from newsgen.render import theme
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from newsgen.pages.outputs import PlanContext


def let_go(_: object) -> None:
    """Keep nothing."""


def build(request: Request, progress: Progress, hold: Callable[[object], None] = let_go) -> Result:
    """Build the site.

    `hold` is given all that the build had in memory: who is about to end the process keeps it, since it takes 0.1 s to take
    ten thousand reports apart. Raises NewsgenError with every fault found; then the output folder is as it was.
    """
    started = time.perf_counter()
    request.check()
    settings = read_settings(request.root)
    request = located(request, settings)
    with closing(open_store(request.root, settings)) as store, without_collections():
        store.diagnostics += cloud_diagnostics(request, store)
        if request.full:
            store.empty()
        memory = BuildState(request.root, store)
        delivered = memory.delivered(request.root, settings)
        withdrawn = withdrawals.read(request.root)
        sight = RawInputs(settings, withdrawn, delivered, scan(request.root), theme.load(request.root))
        rest = _rest(request, sight, memory)
        if rest:
            return _unchanged(rest, store, started)
        planned, done = _built(request, sight, store, memory, progress, hold)
        return _result(planned, done, store, started)


def _rest(request: Request, sight: RawInputs, memory: BuildState) -> LastBuild | None:
    """What the last build left, where nothing at all has changed since. Then this one has rendered nothing, and why says so."""
    rest = None if request.full or request.verify else memory.rest(request.folder)
    if rest is None or not rest.holds(sight.digest(request.way), request.now):
        return None
    if rest.outputs != outputs_digest(request.folder):
        return None
    if rest.has_reasons:
        memory.keep_reasons(request.folder, summed_up({}, rest.count))
        memory.keep_rest(request.folder, changed(rest, has_reasons=False))
    return rest


def _built(
    request: Request,
    sight: RawInputs,
    store: Store,
    memory: BuildState,
    progress: Progress,
    hold: Callable[[object], None],
) -> tuple[_Planned, Written]:
    config = memory.config(sight.settings, sight.withdrawn, sight.delivered)
    memory = memory.under(config.markdown)
    with (
        opened(request.folder, request.shown, partial(memory.outputs, request.folder)) as staging,
        # Inside, so that its workers have ended before what they staged is cleared away.
        Workers(request.root, config.markdown, store, request.jobs) as workshop,
    ):
        seen = _observe(request, config, sight, memory, _told(progress, workshop.parse))
        workshop.save()  # first, so that it is done even where faults soon end the build
        workshop.warm(seen.looks)
        recalled = None if request.verify else _recall(request, seen, memory, staging)
        planned = recalled or _plan(request, seen, store, memory, staging)
        done, reasons = _produce(request, seen, planned, workshop, memory, staging, progress)
        with suppress(OSError, UnicodeError):  # the site is in its place: what is not remembered costs time alone
            _keep_plan(request, seen.looks, planned, reasons, memory)
            _keep_outcome(request, sight, planned, memory, staging)
            memory.forget_others(seen.identified.texts)
        hold((seen, planned, workshop, staging))
    return planned, done


def _observe(request: Request, config: Config, sight: RawInputs, memory: BuildState, parse: Parse) -> Inputs:
    """Parse what is new of what was seen."""
    texts, files = memory.texts(), memory.media()
    before = texts or memory.texts_before()
    identified = load.parse_changed(request.root, sight.survey, texts, config.markdown, parse)
    memory.keep_texts(identified.texts, texts)
    return Inputs(config, memory.with_known(sight.looks), sight.survey, identified, before, files, parse)


def _keep_plan(
    request: Request, looks: Theme, planned: _Planned, reasons: Mapping[str, Reason], memory: BuildState
) -> None:
    """Remember what was made, and of what."""
    memory.keep_reasons(request.folder, summed_up(reasons, len(planned.outputs)))
    if planned.ground:
        memory.keep_templates(looks)
        memory.keep_blueprint(planned.blueprint, planned.ground)


def _keep_outcome(request: Request, sight: RawInputs, planned: _Planned, memory: BuildState, staging: Staging) -> None:
    """Remember what stands in the output folder, and, where all stamps can be trusted, that there is nothing to do."""
    is_settled = staging.settle()
    settled = staging.census.settled(output.path for output in planned.outputs)
    if settled != staging.census.known or staging.manifest_digest != staging.previous_digest:
        memory.keep_outputs(request.folder, staging.manifest_digest, settled)
    found = outputs_digest(request.folder, staging.census)
    are_settled = len(settled) == len(planned.outputs) and memory.is_settled(item.stamp for item in sight.survey.found)
    if found and is_settled and are_settled:
        blueprint, count = planned.blueprint, len(planned.outputs)
        name = sight.digest(request.way)
        rest = LastBuild(
            name, found, blueprint.steady, blueprint.articles, count, planned.diagnostics, bool(planned.stale)
        )
        memory.keep_rest(request.folder, rest)


class _Planned(Record, frozen=True):
    """The outputs of a site, those that must be rendered with all their parts, and what is to be said.

    `ground` is None and `sources` are empty where no plan was made: the outputs are those of a blueprint, and hollow.
    """

    blueprint: CachedPlan
    outputs: tuple[Output, ...]
    stale: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    ground: PlanContext | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)


def _recall(request: Request, seen: Inputs, memory: BuildState, staging: Staging) -> _Planned | None:
    """The last plan, if it is how the site would be planned now and can give all that is stale."""
    files = {item.path: item for item in seen.survey.found}
    key = seen.key(request.view.shown, media.digests(request.root, files, seen.media_before))
    texts = seen.identified.texts
    blueprint = memory.blueprint(key)
    if blueprint is None or not blueprint.fits(key, texts, request.now):
        return None
    diagnostics = checked((*load.diagnostics_of(texts), *blueprint.diagnostics), request.strict, request.forgiven)
    outputs = hollow(blueprint, texts)
    stale = [output for output in outputs if request.full or is_stale(output, staging)]
    sound = all(is_writable(output.path) for output in stale)  # else the store is not what we wrote
    full = memory.filled(stale, blueprint, seen.identified) if stale and sound else []
    return None if full is None or not sound else _Planned(blueprint, outputs, tuple(full), diagnostics)


def _plan(request: Request, seen: Inputs, store: Store, memory: BuildState, staging: Staging) -> _Planned:
    """Take everything together and plan the outputs. Raises ContentError with every fault found."""
    from newsgen.build.planning import Said, plan_site

    found = load.load(seen.survey, seen.identified, store.documents, seen.parse)
    files = media.collect_media(request.root, found, seen.media_before)
    memory.keep_media(files, found.files, seen.media_before)
    said = tuple(load.diagnostics_of(seen.identified.texts))
    plan = plan_site(found, Said(said, request.strict, request.forgiven), files, seen.config, request.view, seen.looks)
    outputs = plan.outputs
    stale = tuple(output for output in outputs if request.full or is_stale(output, staging))
    key = seen.key(request.view.shown, media.published(files))
    blueprint = draw(key, plan.site, outputs, plan.diagnostics, seen.identified.texts)
    diagnostics = checked((*said, *plan.diagnostics), request.strict, request.forgiven)
    return _Planned(blueprint, outputs, stale, diagnostics, plan.ground, found.sources)


def is_stale(output: Output, staging: Staging) -> bool:
    """Whether the output must be rendered: made of other parts than last time, or altered or deleted by hand."""
    entry = staging.previous.get(output.path)
    if entry is None or entry.fingerprint != output.fingerprint:
        return True
    return output.path not in staging.census.untouched and staging.standing(output.path) is None


def _produce(
    request: Request,
    seen: Inputs,
    planned: _Planned,
    workshop: Workers,
    memory: BuildState,
    staging: Staging,
    progress: Progress,
) -> tuple[Written, dict[str, Reason]]:
    """Render what is stale, and why, and write it; what is fresh stays."""
    reasons = _reasons(request, seen, planned, memory, staging)
    with progress("生成", len(planned.stale)) as step:
        try:
            recipes = memory.keep_recipes(planned.blueprint, planned.outputs) if planned.ground else iter(())
            workshop.render(planned.stale, seen.looks, staging, step, recipes)
        except ContentError as error:
            raise ContentError((*planned.diagnostics, *error.diagnostics)) from error
    names = {output.path for output in planned.stale}
    kept = [output for output in planned.outputs if output.path not in names]
    if request.verify:
        _verify(request.verify, request.root, seen, planned, kept, staging)
    done = staging.commit(kept)
    return done, reasons


def _verify(
    share: float, root: Path, seen: Inputs, planned: _Planned, kept: Sequence[Output], staging: Staging
) -> None:
    """Raises ContentError where a sample of what was kept comes out otherwise when it is made again."""
    from newsgen.build.verify import differing_outputs, differing_texts

    settings, templates = seen.config.markdown, seen.looks.templates
    faults = [
        *differing_texts(root, settings, planned.sources, seen.identified.texts, share),
        *differing_outputs(root, settings, kept, templates, staging, share),
    ]
    if faults:
        raise ContentError((*planned.diagnostics, *faults))


def _reasons(
    request: Request, seen: Inputs, planned: _Planned, memory: BuildState, staging: Staging
) -> dict[str, Reason]:
    """Why each stale output is rendered."""
    found: dict[str, Reason] = {}
    changed_ones = []
    for output in planned.stale:
        entry = staging.previous.get(output.path)
        if entry is None:
            found[output.path] = Reason("new")
        elif entry.fingerprint != output.fingerprint:
            if request.full:  # which believes nothing of what was kept: it cannot tell what has changed
                found[output.path] = Reason("asked")
            else:
                changed_ones.append((output, entry.fingerprint))
        else:
            found[output.path] = Reason("asked" if staging.standing(output.path) else "altered")
    recipes = memory.recipes(output.path for output, _ in changed_ones)
    for output, fingerprint in changed_ones:
        recipe = recipes.get(output.path)
        text = seen.texts_before.get(recipe.source) if recipe and recipe.source else None
        found[output.path] = reason_for(output, fingerprint, recipe, text.digest if text else "")
    return found


def _unchanged(rest: LastBuild, store: Store, started: float) -> Result:
    due = rest.steady.until
    return Result(
        articles=rest.articles,
        outputs=rest.count,
        unchanged=rest.count,
        seconds=round(time.perf_counter() - started, 3),
        next_due=due.astimezone(SHANGHAI) if due else None,
        diagnostics=(*store.diagnostics, *rest.diagnostics),
    )


def _result(planned: _Planned, done: Written, store: Store, started: float) -> Result:
    count, due = len(planned.outputs), planned.blueprint.steady.until
    return Result(
        planned.blueprint.articles,
        count,
        len(planned.stale),
        done.written,
        done.deleted,
        count - done.written,
        round(time.perf_counter() - started, 3),
        due.astimezone(SHANGHAI) if due else None,
        (*store.diagnostics, *planned.diagnostics),
    )


@contextmanager
def without_collections() -> Iterator[None]:
    """Values make no rings, so that the garbage collector would look through ten thousand articles for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _told(progress: Progress, parse: Parse) -> Parse:
    """`parse`, with its progress told."""

    def told(tasks: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        with progress("读取", len(tasks)) as step:
            for found in parse(tasks):
                yield found
                step()

    return told
