"""The check of the site as a whole, which is assembled as in a build."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from newsgen.build.all_articles import assembled_site
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.check.finding import Finding
from newsgen.check.rules.site import site_findings
from newsgen.check.site_sources import SiteSources
from newsgen.check.vanished import vanished_addresses
from newsgen.core.model import Diagnostic
from newsgen.signoff.standing import Standing
from newsgen.site.model import Validity


class SiteFindings(NamedTuple):
    """The findings in a site, and their validity; the fields are those of CachedSiteCheck."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    public: frozenset[str]
    validity: Validity
    standings: dict[str, Standing]


def check_assembled_site(
    sources: SiteSources, now: datetime, state: BuildState, store: Store, jobs: int | None
) -> SiteFindings:
    """Assemble the site and check it. Raises ConfigError, and ContentError for a file edited meanwhile."""
    config = state.config(sources.site_yaml, sources.withdrawn)
    site, diagnostics, standings = assembled_site(sources.root, now, config, store, state, sources.scan_result, jobs)
    public = {item.path for item in (*site.articles, *site.pages, *site.media)}
    public |= {section.ref.path for section in site.sections.values() if section.ref}
    found = (*site_findings(site, sources.settings, now), *vanished_addresses(sources, config, site, now))
    return SiteFindings(found, diagnostics, frozenset(public), site.validity, dict(standings))
