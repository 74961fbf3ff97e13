"""Planning: content -> site -> outputs. Nothing is rendered here."""

from __future__ import annotations

from typing import NamedTuple

from newsgen.config.model import Config
from newsgen.content.load import Content
from newsgen.content.media import Media
from newsgen.core.digest import environment
from newsgen.core.errors import ContentError, raise_on_errors
from newsgen.core.model import Diagnostic, Output
from newsgen.pages.outputs import PlanContext, plan
from newsgen.render.theme import Theme
from newsgen.site.assemble import assemble
from newsgen.site.model import Site, Viewpoint


class ParsingDiagnostics(NamedTuple):
    """What was said so far; `strict` makes errors of warnings, errors whose codes are `forgiven` are warnings."""

    diagnostics: tuple[Diagnostic, ...]
    strict: bool
    forgiven: frozenset[str] = frozenset()


class SitePlan(NamedTuple):
    """A site with its outputs; `diagnostics` is what there is to say beside what parsing said."""

    site: Site
    plan_context: PlanContext
    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan_site(
    found: Content, parsing: ParsingDiagnostics, files: Media, config: Config, view: Viewpoint, looks: Theme
) -> SitePlan:
    """The outputs of the site as seen from `view`.

    `parsing` is what parsing said, and whether warnings are errors. Raises ContentError or ConfigError with every fault found.
    """
    site = assemble(found, files, config, view)
    diagnostics = (*found.diagnostics, *site.diagnostics, *looks.diagnostics(config.emblem))
    everything = raise_on_errors((*parsing.diagnostics, *diagnostics), parsing.strict, parsing.forgiven)
    grey = any(period.since <= view.now < period.until for period in config.greyscale)
    plan_context = PlanContext(site, config, looks.theme, looks.referenced_assets, looks.parts, environment(), grey)
    try:
        return SitePlan(site, plan_context, plan(plan_context), diagnostics)
    except ContentError as error:
        raise ContentError((*everything, *error.diagnostics)) from error
