"""The build pipeline: from a site's folder to its output folder, stage by stage, as in the diagram of CONTRIBUTING.md."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.plan import CachedPlan
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.cache.up_to_date import LastBuild, outputs_digest
from newsgen.build.inputs import Inputs, RawInputs
from newsgen.build.loader import ContentLoader
from newsgen.build.locations import cloud_diagnostics, located, open_store
from newsgen.build.output.staging import Staging, Written, is_writable, open_output
from newsgen.build.reasons import Reason, reason_for, summed_up
from newsgen.build.request import Request, Result
from newsgen.build.workers import Workers
from newsgen.config import withdrawals
from newsgen.config.model import Config
from newsgen.config.site_yaml import read as read_settings
from newsgen.content import media
from newsgen.content.load import Parse, Source
from newsgen.content.scan import ScanResult, SourceRef, scan
from newsgen.core.errors import ContentError, raise_on_errors
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
        build_state = BuildState(request.root, store)
        delivered = build_state.delivered(request.root, settings)
        withdrawn = withdrawals.read(request.root)
        raw_inputs = RawInputs(settings, withdrawn, delivered, scan(request.root), theme.load(request.root))
        last = _last_build(request, raw_inputs, build_state)
        if last is None:
            last, rendered, done = _built(request, raw_inputs, store, build_state, progress, hold)
        else:
            rendered, done = 0, Written(0, 0)
        due = last.validity.until
        return Result(
            articles=last.articles,
            outputs=last.count,
            rendered=rendered,
            written=done.written,
            deleted=done.deleted,
            unchanged=last.count - done.written,
            seconds=round(time.perf_counter() - started, 3),
            next_due=due.astimezone(SHANGHAI) if due else None,
            diagnostics=(*store.diagnostics, *last.diagnostics),
        )


def _last_build(request: Request, raw_inputs: RawInputs, build_state: BuildState) -> LastBuild | None:
    """The last build, where nothing at all has changed since. Then this one has rendered nothing, and why says so."""
    last = None if request.full or request.verify else build_state.last_build(request.output_dir)
    if last is None or not last.holds(raw_inputs.digest(request.options_key), request.now):
        return None
    if last.outputs != outputs_digest(request.output_dir):
        return None
    nothing = summed_up({}, last.count)
    if build_state.reasons(request.output_dir) != nothing:
        build_state.save_reasons(request.output_dir, nothing)
    return last


def _built(
    request: Request,
    raw_inputs: RawInputs,
    store: Store,
    build_state: BuildState,
    progress: Progress,
    hold: Callable[[object], None],
) -> tuple[LastBuild, int, Written]:
    """What is built, the number of outputs that were rendered for it, and what that did to the output folder."""
    config = build_state.config(raw_inputs.settings, raw_inputs.withdrawn, raw_inputs.delivered)
    looks = build_state.with_known(raw_inputs.looks)
    with (
        open_output(
            request.output_dir, request.output_label, partial(build_state.outputs, request.output_dir)
        ) as staging,
        # Inside, so that its workers have ended before what they staged is cleared away.
        Workers(request.root, config.markdown, store, request.jobs, looks, staging.folder) as workers,
    ):
        loader = ContentLoader(request.root, config.markdown, _told(progress, workers.parse), store.documents)
        seen = _read_inputs(config, raw_inputs.scan_result, looks, build_state, loader)
        cached = None if request.verify else _cached_plan(request, seen, build_state, staging)
        planned = cached or _plan(request, seen, build_state, staging)
        done, reasons = _produce(request, seen, planned, workers, build_state, staging, progress)
        last = _last_of(request, raw_inputs, planned)
        with suppress(OSError, UnicodeError):  # the site is in its place: what is not remembered costs time alone
            build_state.save_reasons(request.output_dir, summed_up(reasons, last.count))
            if planned.plan_context:
                build_state.save_templates(looks)
                build_state.save_cached_plan(planned.cached_plan, planned.plan_context)
            _save_outcome(request, raw_inputs.scan_result, last, planned.outputs, build_state, staging)
            build_state.forget_others(seen.parsed_files.texts)
        hold((seen, planned, workers, staging))
    return last, len(planned.stale), done


def _read_inputs(
    config: Config, scan_result: ScanResult, looks: Theme, build_state: BuildState, loader: ContentLoader
) -> Inputs:
    """Parse what is new of what was seen."""
    texts, files = build_state.texts(config.markdown), build_state.media()
    before = texts or build_state.texts_before(config.markdown)
    parsed_files = loader.parse_changed(scan_result, texts)
    build_state.save_texts(parsed_files.texts, texts, config.markdown)
    return Inputs(config, looks, scan_result, parsed_files, before, files, loader)


def _last_of(request: Request, raw_inputs: RawInputs, planned: _Planned) -> LastBuild:
    """What the next build may find unchanged. What stands in the output folder is not known yet."""
    plan, sources = planned.cached_plan, raw_inputs.digest(request.options_key)
    return LastBuild(sources, "", plan.validity, plan.articles, len(plan.outputs), planned.diagnostics)


def _save_outcome(
    request: Request,
    scan_result: ScanResult,
    last: LastBuild,
    outputs: Sequence[Output],
    build_state: BuildState,
    staging: Staging,
) -> None:
    """Remember what stands in the output folder, and, where all stamps can be trusted, that there is nothing to do."""
    is_trustworthy = staging.refresh_stamps()
    settled = staging.folder_snapshot.settled(output.path for output in outputs)
    if settled != staging.folder_snapshot.known or staging.manifest_digest != staging.previous_digest:
        build_state.save_outputs(request.output_dir, staging.manifest_digest, settled)
    found = outputs_digest(request.output_dir, staging.folder_snapshot)
    are_settled = len(settled) == len(outputs) and build_state.is_trustworthy(item.stamp for item in scan_result.found)
    if found and is_trustworthy and are_settled:
        build_state.save_last_build(request.output_dir, changed(last, outputs=found))


class _Planned(Record, frozen=True):
    """The outputs of a site, those that must be rendered with all their parts, and what is to be said.

    `plan_context` is None and `sources` are empty where no plan was made: the outputs are those of a cached plan, and hollow.
    """

    cached_plan: CachedPlan
    outputs: tuple[Output, ...]
    stale: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    plan_context: PlanContext | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)


def _cached_plan(request: Request, seen: Inputs, build_state: BuildState, staging: Staging) -> _Planned | None:
    """The last plan, if it is how the site would be planned now and can give all that is stale."""
    files = {item.path: item for item in seen.scan_result.found}
    key = seen.key(request.view.shown, media.digests(request.root, files, seen.media_before))
    texts = seen.parsed_files.texts
    cached_plan = build_state.cached_plan(key)
    if cached_plan is None or not cached_plan.matches(key, texts, request.now):
        return None
    diagnostics = raise_on_errors((*seen.diagnostics, *cached_plan.diagnostics), request.strict, request.forgiven)
    outputs = tuple(output.without_parts(texts) for output in cached_plan.outputs)
    stale = [output for output in outputs if request.full or is_stale(output, staging)]
    sound = all(is_writable(output.path) for output in stale)  # else the store is not what we wrote
    full = build_state.with_parts(stale, cached_plan, seen.parsed_files) if stale and sound else []
    return None if full is None or not sound else _Planned(cached_plan, outputs, tuple(full), diagnostics)


def _plan(request: Request, seen: Inputs, build_state: BuildState, staging: Staging) -> _Planned:
    """Take everything together and plan the outputs. Raises ContentError with every fault found."""
    from newsgen.build.planning import plan_site

    loaded = seen.load()
    build_state.save_media(loaded.media, loaded.content.files, seen.media_before)
    plan = plan_site(seen, loaded, request.view, strict=request.strict, forgiven=request.forgiven)
    build_state.sweep_pictures(request.root, loaded.media, seen.config.photos)
    stale = tuple(output for output in plan.outputs if request.full or is_stale(output, staging))
    cached_plan = plan.to_cache(seen, request.view)
    diagnostics = raise_on_errors((*seen.diagnostics, *plan.diagnostics), request.strict, request.forgiven)
    return _Planned(cached_plan, plan.outputs, stale, diagnostics, plan.plan_context, loaded.content.sources)


def is_stale(output: Output, staging: Staging) -> bool:
    """Whether the output must be rendered: made of other parts than last time, or altered or deleted by hand."""
    entry = staging.previous.get(output.path)
    if entry is None or entry.fingerprint != output.fingerprint:
        return True
    return output.path not in staging.folder_snapshot.untouched and staging.digest_on_disk(output.path) is None


def _produce(
    request: Request,
    seen: Inputs,
    planned: _Planned,
    workers: Workers,
    build_state: BuildState,
    staging: Staging,
    progress: Progress,
) -> tuple[Written, dict[str, Reason]]:
    """Render what is stale, and why, and write it; what is fresh stays."""
    reasons = _reasons(request, seen, planned, build_state, staging)
    with progress("生成", len(planned.stale)) as step:
        try:
            saving = build_state.save_dependencies(planned.outputs) if planned.plan_context else iter(())
            workers.render(planned.stale, staging, step, beside=saving)
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
        *differing_texts(root, settings, planned.sources, seen.parsed_files.texts, share),
        *differing_outputs(root, settings, kept, templates, staging, share),
    ]
    if faults:
        raise ContentError((*planned.diagnostics, *faults))


def _reasons(
    request: Request, seen: Inputs, planned: _Planned, build_state: BuildState, staging: Staging
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
            found[output.path] = Reason("asked" if staging.digest_on_disk(output.path) else "altered")
    last_plan = build_state.last_plan() if changed_ones and planned.plan_context else planned.cached_plan
    known = build_state.dependencies(last_plan, {output.path for output, _ in changed_ones}) if last_plan else {}
    for output, fingerprint in changed_ones:
        dependencies = known.get(output.path)
        text = seen.texts_before.get(dependencies.source) if dependencies and dependencies.source else None
        found[output.path] = reason_for(output, fingerprint, dependencies, text.digest if text else "")
    return found


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
