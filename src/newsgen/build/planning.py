"""Planning: content -> site -> outputs. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from newsgen.build.cache.plan import CachedPlan
from newsgen.build.inputs import Inputs
from newsgen.build.loader import Loaded
from newsgen.content import media
from newsgen.core.digest import environment
from newsgen.core.errors import ContentError, raise_on_errors
from newsgen.core.model import Diagnostic, Output
from newsgen.pages.outputs import PlanContext, plan
from newsgen.site.assemble import assemble
from newsgen.site.model import Site, Viewpoint


class SitePlan(NamedTuple):
    """A site with its outputs; `diagnostics` is what there is to say beside what parsing said."""

    loaded: Loaded
    site: Site
    plan_context: PlanContext
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]

    def to_cache(self, seen: Inputs, view: Viewpoint) -> CachedPlan:
        """What is kept of the plan, which was made of what was `seen` from `view`."""
        key = seen.key(view.shown, media.published(self.loaded.media))
        return CachedPlan.of(key, self.site, self.outputs, self.diagnostics, seen.parsed_files.texts)


def plan_site(
    seen: Inputs, loaded: Loaded, view: Viewpoint, *, strict: bool = False, forgiven: Collection[str] = ()
) -> SitePlan:
    """The outputs of the site as seen from `view`. Raises ContentError or ConfigError with every fault found.

    `strict` makes errors of warnings, errors whose codes are `forgiven` are warnings.
    """
    found, config, looks = loaded.content, seen.config, seen.looks
    site = assemble(found, loaded.media, config, view)
    diagnostics = (*found.diagnostics, *site.diagnostics, *looks.diagnostics(config.emblem))
    everything = raise_on_errors((*seen.diagnostics, *diagnostics), strict, forgiven)
    grey = any(period.since <= view.now < period.until for period in config.greyscale)
    plan_context = PlanContext(site, config, looks.theme, looks.referenced_assets, looks.parts, environment(), grey)
    try:
        return SitePlan(loaded, site, plan_context, plan(plan_context), diagnostics)
    except ContentError as error:
        raise ContentError((*everything, *error.diagnostics)) from error
