"""The build pipeline: from a site's folder to its output folder, stage by stage, as in the diagram of CONTRIBUTING.md."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.approvals import AuthoredFiles, visible_files
from newsgen.build.cache.plan import CachedPlan
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.cache.up_to_date import LastBuild, outputs_digest
from newsgen.build.inputs import Inputs, RawInputs
from newsgen.build.loader import ContentLoader
from newsgen.build.locations import cloud_diagnostics, located, open_store
from newsgen.build.output.staging import Staging, WriteCounts, is_writable, open_output
from newsgen.build.reasons import Reason, reason_for, summed_up
from newsgen.build.request import Request, Result
from newsgen.build.workers import Workers
from newsgen.config import withdrawals
from newsgen.config.model import Config
from newsgen.config.site_yaml import read as read_settings
from newsgen.content import media
from newsgen.content.load import Parse, Source
from newsgen.content.scan import ScannedFile, ScanResult, SourceRef, scan
from newsgen.core.errors import ContentError, raise_on_errors
from newsgen.core.model import SHANGHAI, Diagnostic, Document, Output, Progress, Record, changed, field
from newsgen.render.theme import Theme
from newsgen.render.theme import load as load_theme
from newsgen.signoff.kept_versions import scan_kept
from newsgen.signoff.visible_versions import NO_APPROVALS, Approvals

if TYPE_CHECKING:
    from newsgen.pages.outputs import PlanContext


def build(request: Request, progress: Progress, keep_alive: Callable[[object], None] = lambda _: None) -> Result:
    """Build the site.

    `keep_alive` is given all values of the build. A process that is about to end keeps them, since it takes 0.1 s to
    free ten thousand reports. Raises NewsgenError with every error found; then the output folder is as it was.
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
        found, theme = scan(request.root), load_theme(request.root)
        raw_inputs = RawInputs(settings, withdrawn, delivered, found, theme, scan_kept(request.root))
        last = _up_to_date(request, raw_inputs, build_state)
        if last is None:
            last, rendered, done = _rebuild(request, raw_inputs, store, build_state, progress, keep_alive)
        else:
            rendered, done = 0, WriteCounts(0, 0)
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
            reviews=last.reviews,
        )


def _up_to_date(request: Request, raw_inputs: RawInputs, build_state: BuildState) -> LastBuild | None:
    """The last build, where nothing at all has changed since; else None. `why` then says that nothing was rendered."""
    last = None if request.full or request.verify else build_state.last_build(request.output_dir)
    if last is None or not last.holds(raw_inputs.digest(request.options_key), request.now):
        return None
    if last.outputs != outputs_digest(request.output_dir):
        return None
    nothing = summed_up({}, last.count)
    if build_state.reasons(request.output_dir) != nothing:
        build_state.save_reasons(request.output_dir, nothing)
    return last


def _rebuild(
    request: Request,
    raw_inputs: RawInputs,
    store: Store,
    build_state: BuildState,
    progress: Progress,
    keep_alive: Callable[[object], None],
) -> tuple[LastBuild, int, WriteCounts]:
    """Parse, plan, render and write what has changed; gives also the numbers of outputs rendered and written."""
    config = build_state.config(raw_inputs.settings, raw_inputs.withdrawn, raw_inputs.delivered)
    theme = build_state.with_known(raw_inputs.theme)
    with (
        open_output(
            request.output_dir, request.output_label, partial(build_state.outputs, request.output_dir)
        ) as staging,
        # Inside, so that the workers have ended before their staged files are deleted.
        Workers(request.root, config.markdown, store, request.jobs, theme, staging.folder) as workers,
    ):
        parse = _with_progress(progress, workers.parse)
        loader = ContentLoader(request.root, config, parse, store.documents)
        authored = _read_inputs(config, raw_inputs.scan_result, theme, build_state, loader)
        inputs = _as_readers_may_see(request, authored, raw_inputs.kept, build_state)
        cached = None if request.verify else _cached_plan(request, inputs, build_state, staging)
        planned = cached or _plan(request, inputs, build_state, staging)
        done, reasons = _produce(request, inputs, planned, workers, build_state, staging, progress)
        last = _last_build(request, raw_inputs, planned, inputs.approvals)
        with suppress(OSError, UnicodeError):  # the site is in its place: state that is not saved costs only time
            build_state.save_reasons(request.output_dir, summed_up(reasons, last.count))
            if planned.plan_context:
                build_state.save_templates(theme)
                build_state.save_cached_plan(planned.cached_plan, planned.plan_context)
            _save_outcome(request, raw_inputs, last, planned.outputs, build_state, staging)
            build_state.forget_others(inputs.parsed_files.texts, authored.parsed_files.texts)
        keep_alive((inputs, planned, workers, staging))
    return last, len(planned.stale), done


def _read_inputs(
    config: Config, scan_result: ScanResult, theme: Theme, build_state: BuildState, loader: ContentLoader
) -> Inputs:
    """Parse the files that have changed."""
    texts, files = build_state.texts(config.markdown), build_state.media()
    before = texts or build_state.texts_before(config.markdown)
    parsed_files = loader.parse_changed(scan_result, texts)
    build_state.save_texts(parsed_files.texts, texts, config.markdown)
    return Inputs(config, theme, scan_result, parsed_files, before, files, loader)


def _as_readers_may_see(
    request: Request, inputs: Inputs, kept: Sequence[ScannedFile], build_state: BuildState
) -> Inputs:
    """The inputs without what is not approved; all of them where nothing has to be, and where drafts show as well."""
    policy = None if request.view.shown else inputs.config.reviews
    before = build_state.shown_texts()
    if policy is not None:
        authored = AuthoredFiles(inputs.scan_result, inputs.parsed_files, inputs.loader)
        shown = visible_files(request.root, policy, authored, kept, build_state)
        inputs = changed(inputs, **shown._asdict())
    texts = inputs.parsed_files.texts
    build_state.save_shown_texts({path: texts[path].digest for path in inputs.approvals.kept})
    known = {path: text for path, text in inputs.texts_before.items() if path in before}
    shown_before = {path: changed(text, digest=before[path]) for path, text in known.items()}
    return changed(inputs, texts_before={**inputs.texts_before, **shown_before})


def _last_build(request: Request, raw_inputs: RawInputs, planned: _Planned, approvals: Approvals) -> LastBuild:
    """The record of this build for the next one. The digest of the output folder is not known yet."""
    plan, sources = planned.cached_plan, raw_inputs.digest(request.options_key)
    counts = approvals.counts if approvals is not NO_APPROVALS else None
    return LastBuild(sources, "", plan.validity, plan.articles, len(plan.outputs), planned.diagnostics, counts)


def _save_outcome(
    request: Request,
    raw_inputs: RawInputs,
    last: LastBuild,
    outputs: Sequence[Output],
    build_state: BuildState,
    staging: Staging,
) -> None:
    """Save the stamps of the output folder, and, where all can be trusted, the record of this build."""
    is_trustworthy = staging.refresh_stamps()
    settled = staging.folder_snapshot.settled(output.path for output in outputs)
    if settled != staging.folder_snapshot.known or staging.manifest_digest != staging.previous_digest:
        build_state.save_outputs(request.output_dir, staging.manifest_digest, settled)
    found = outputs_digest(request.output_dir, staging.folder_snapshot)
    seen = (*raw_inputs.scan_result.found, *raw_inputs.kept)
    are_settled = len(settled) == len(outputs) and build_state.is_trustworthy(item.stamp for item in seen)
    if found and is_trustworthy and are_settled:
        build_state.save_last_build(request.output_dir, changed(last, outputs=found))


class _Planned(Record, frozen=True):
    """The outputs of a site, the stale ones with all their parts, and the diagnostics.

    `plan_context` is None and `sources` are empty where the outputs are those of a cached plan, without parts.
    """

    cached_plan: CachedPlan
    outputs: tuple[Output, ...]
    stale: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]
    plan_context: PlanContext | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)


def _cached_plan(request: Request, inputs: Inputs, build_state: BuildState, staging: Staging) -> _Planned | None:
    """The cached plan, if it still holds and gives the parts of all stale outputs."""
    files = {item.path: item for item in inputs.scan_result.found}
    key = inputs.key(request.view.shown, media.digests(request.root, files, inputs.media_before))
    texts = inputs.parsed_files.texts
    cached_plan = build_state.cached_plan(key)
    if cached_plan is None or not cached_plan.matches(key, texts, request.now):
        return None
    diagnostics = raise_on_errors((*inputs.diagnostics, *cached_plan.diagnostics), request.strict, request.forgiven)
    outputs = tuple(output.without_parts(texts) for output in cached_plan.outputs)
    stale = [output for output in outputs if request.full or is_stale(output, staging)]
    sound = all(is_writable(output.path) for output in stale)  # else somebody has altered the store
    full = build_state.with_parts(stale, cached_plan, inputs.parsed_files) if stale and sound else []
    return None if full is None or not sound else _Planned(cached_plan, outputs, tuple(full), diagnostics)


def _plan(request: Request, inputs: Inputs, build_state: BuildState, staging: Staging) -> _Planned:
    """Load documents and media, and plan the outputs. Raises ContentError with every error found."""
    from newsgen.build.planning import plan_site

    loaded = inputs.load()
    build_state.save_media(loaded.media, loaded.content.files, inputs.media_before)
    plan = plan_site(inputs, loaded, request.view, strict=request.strict, forgiven=request.forgiven)
    build_state.sweep_pictures(request.root, loaded.media, inputs.config.photos)
    stale = tuple(output for output in plan.outputs if request.full or is_stale(output, staging))
    cached_plan = plan.to_cache(inputs, request.view)
    diagnostics = raise_on_errors((*inputs.diagnostics, *plan.diagnostics), request.strict, request.forgiven)
    return _Planned(cached_plan, plan.outputs, stale, diagnostics, plan.plan_context, loaded.content.sources)


def is_stale(output: Output, staging: Staging) -> bool:
    """Whether the output must be rendered: its parts have changed, or the file was altered or deleted by hand."""
    entry = staging.previous.get(output.path)
    if entry is None or entry.fingerprint != output.fingerprint:
        return True
    return output.path not in staging.folder_snapshot.untouched and staging.digest_on_disk(output.path) is None


def _produce(
    request: Request,
    inputs: Inputs,
    planned: _Planned,
    workers: Workers,
    build_state: BuildState,
    staging: Staging,
    progress: Progress,
) -> tuple[WriteCounts, dict[str, Reason]]:
    """Render and write the stale outputs; gives also the reasons."""
    reasons = _reasons(request, inputs, planned, build_state, staging)
    with progress("生成", len(planned.stale)) as step:
        try:
            saving = build_state.save_dependencies(planned.outputs) if planned.plan_context else iter(())
            workers.render(planned.stale, staging, step, beside=saving)
        except ContentError as error:
            raise ContentError((*planned.diagnostics, *error.diagnostics)) from error
    names = {output.path for output in planned.stale}
    kept = [output for output in planned.outputs if output.path not in names]
    if request.verify:
        _verify(request.verify, request.root, inputs, planned, kept, staging)
    done = staging.commit(kept)
    return done, reasons


def _verify(
    share: float, root: Path, inputs: Inputs, planned: _Planned, kept: Sequence[Output], staging: Staging
) -> None:
    """Raises ContentError where a sample of the kept outputs has other bytes when it is rendered again."""
    from newsgen.build.verify import differing_outputs, differing_texts

    settings, templates = inputs.config.markdown, inputs.theme.templates
    texts = {path: text for path, text in inputs.parsed_files.texts.items() if path not in inputs.approvals.shown}
    diagnostics = [
        *differing_texts(root, settings, planned.sources, texts, share),
        *differing_outputs(root, settings, kept, templates, staging, share),
    ]
    if diagnostics:
        raise ContentError((*planned.diagnostics, *diagnostics))


def _reasons(
    request: Request, inputs: Inputs, planned: _Planned, build_state: BuildState, staging: Staging
) -> dict[str, Reason]:
    """The reason why each stale output is rendered, by path."""
    found: dict[str, Reason] = {}
    changed_ones = []
    for output in planned.stale:
        entry = staging.previous.get(output.path)
        if entry is None:
            found[output.path] = Reason("new")
        elif entry.fingerprint != output.fingerprint:
            if request.full:  # uses no stored dependencies, so that it is unknown what has changed
                found[output.path] = Reason("asked")
            else:
                changed_ones.append((output, entry.fingerprint))
        else:
            found[output.path] = Reason("asked" if staging.digest_on_disk(output.path) else "altered")
    last_plan = build_state.last_plan() if changed_ones and planned.plan_context else planned.cached_plan
    known = build_state.dependencies(last_plan, {output.path for output, _ in changed_ones}) if last_plan else {}
    for output, fingerprint in changed_ones:
        dependencies = known.get(output.path)
        text = inputs.texts_before.get(dependencies.source) if dependencies and dependencies.source else None
        found[output.path] = reason_for(output, fingerprint, dependencies, text.digest if text else "")
    return found


@contextmanager
def without_collections() -> Iterator[None]:
    """Switch off the garbage collector: records form no cycles, and it would look at ten thousand articles in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _with_progress(progress: Progress, parse: Parse) -> Parse:
    """`parse` with a progress display."""

    def parse_with_progress(refs: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        with progress("读取", len(refs)) as step:
            for ref, found in zip(refs, parse(refs), strict=True):
                yield found
                step(ref.path)

    return parse_with_progress
