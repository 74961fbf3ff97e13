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
    """A site with its outputs; `diagnostics` are all but those of parsing."""

    loaded: Loaded
    site: Site
    plan_context: PlanContext
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]

    def to_cache(self, inputs: Inputs, view: Viewpoint) -> CachedPlan:
        """The cached form of the plan, which was made of `inputs` as seen from `view`."""
        key = inputs.key(view.shown, media.published(self.loaded.media))
        return CachedPlan.of(key, self.site, self.outputs, self.diagnostics, inputs.parsed_files.texts)


def plan_site(
    inputs: Inputs, loaded: Loaded, view: Viewpoint, *, strict: bool = False, forgiven: Collection[str] = ()
) -> SitePlan:
    """The outputs of the site as seen from `view`. Raises ContentError or ConfigError with every error found.

    `strict` and `forgiven` as in raise_on_errors().
    """
    config, theme = inputs.config, inputs.theme
    site = assemble(loaded.content, loaded.media, config, view)
    diagnostics = (*loaded.content.diagnostics, *site.diagnostics, *theme.diagnostics(config.emblem))
    all_diagnostics = raise_on_errors((*inputs.diagnostics, *diagnostics), strict, forgiven)
    grey = any(period.since <= view.now < period.until for period in config.greyscale)
    plan_context = PlanContext(site, config, theme.assets, theme.referenced_assets, theme.parts, environment(), grey)
    try:
        return SitePlan(loaded, site, plan_context, plan(plan_context), diagnostics)
    except ContentError as error:
        raise ContentError((*all_diagnostics, *error.diagnostics)) from error
