"""A cache for the check of the site as a whole: the findings, with the digest of all that they depend on.

If no file, setting or release has changed, and the time makes no difference, the site is not assembled again.
"""

from __future__ import annotations

from datetime import datetime

from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.output.released import released_bytes
from newsgen.check.finding import Finding
from newsgen.check.site_sources import SiteSources
from newsgen.core.digest import digest
from newsgen.core.model import SHANGHAI, Diagnostic, Record
from newsgen.signoff.standing import Standing
from newsgen.site.model import Validity

RECORD = "site-findings"


class CachedSiteCheck(Record, frozen=True):
    """The findings of the rules over a site, and the `diagnostics` of a build. `public` are the paths of files that
    readers may see; `standings` are by path, for articles that need approval.

    `sources` is the digest of all that the result depends on. It is valid on one `day` in China, and within `validity`.
    """

    sources: str
    day: str
    validity: Validity
    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    public: frozenset[str]
    standings: dict[str, Standing]

    def holds(self, sources: str, now: datetime) -> bool:
        """Whether the result is still valid: a check would find the same now."""
        return self.sources == sources and self.day == day_of(now) and self.validity.holds(now)


def cached_site_check(
    sources: SiteSources, now: datetime, state: BuildState, store: Store, jobs: int | None
) -> CachedSiteCheck:
    """The result in the store, or a new one if it is not valid. `state` must have been made before the scan.

    Raises ConfigError, and ContentError for a file edited meanwhile.
    """
    key = _digest_of(sources, state)
    kept: CachedSiteCheck | None = store.record(RECORD, CachedSiteCheck) if key else None
    if kept and kept.holds(key, now):
        return kept
    from newsgen.check.site_check import check_assembled_site  # loads a lot: only after a change

    site = check_assembled_site(sources, now, state, store, jobs)
    found = CachedSiteCheck(
        key, day_of(now), site.validity, site.findings, site.diagnostics, site.public, site.standings
    )
    if key:
        store.write_records({RECORD: found})
    return found


def _digest_of(sources: SiteSources, state: BuildState) -> str:
    """The digest of all sources; "" if the stamp of one cannot be trusted."""
    found, diagnostics = sources.scan_result.found, sources.scan_result.diagnostics
    if not state.is_trustworthy(item.stamp for item in found):
        return ""
    before = sources.manifest, released_bytes(sources.root)
    return digest(sources.site_yaml, sources.withdrawn, found, diagnostics, before)


def day_of(now: datetime) -> str:
    """The day in China."""
    return now.astimezone(SHANGHAI).date().isoformat()
