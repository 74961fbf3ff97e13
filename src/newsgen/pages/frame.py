"""The frame that all pages share: names, menu, footer, breadcrumb trails."""

from __future__ import annotations

from collections.abc import Mapping

from newsgen.config.model import Config
from newsgen.core.model import changed
from newsgen.pages.cards import destination
from newsgen.pages.views import Frame, MenuItem, NamedLink
from newsgen.site.model import Section, Site
from newsgen.site.theme.assets import Asset

CREDITS = ("author", "photographer", "editor", "review")
"""Who is named at an article's end, in this order."""


def frame_of(site: Site, config: Config, assets: Mapping[str, Asset], named: Mapping[str, Asset]) -> Frame:
    """The Frame of a site; `named` are the theme files whose addresses templates ask for."""
    emblem = assets.get(config.emblem.text) if config.emblem else None
    return Frame(
        title=config.title,
        organization=config.organization,
        home=site.configured_links.home,
        url=config.url,
        source=config.source,
        description=config.description,
        keywords=config.keywords,
        emblem=emblem.address if emblem else None,
        menu=_menu(site, ""),
        pages=standing_pages(site, ""),
        links=tuple(NamedLink(name, url) for name, url in site.configured_links.links),
        footer=changed(config.footer, institution=site.configured_links.institution),
        assets=tuple((name, asset.address) for name, asset in sorted(named.items())),
        site_id_code=config.site_id_code,
        feed="feed.xml",
        qr=config.qr,
        labels=tuple((name, getattr(config.credits, name)) for name in CREDITS),
    )


def _menu(site: Site, above: str) -> tuple[MenuItem, ...]:
    """The sections directly below `above` (a path), each with those below it."""
    below = site.sections_below[above]
    return tuple(MenuItem(s.title, s.index, s.path, s.matter.menu, _menu(site, s.path)) for s in below)


def standing_pages(site: Site, section: str) -> tuple[NamedLink, ...]:
    """Links to the standing pages of a section."""
    return tuple(NamedLink(page.matter.title, destination(page)) for page in site.pages if page.section == section)


def trail_to(site: Site, section: Section) -> tuple[NamedLink, ...]:
    """The sections from the outermost to this one; empty for the site itself."""
    paths = [*section.trail, section.path] if section.path else []
    return tuple(NamedLink(site.sections[path].title, site.sections[path].index) for path in paths)
