"""All kinds of page, in the order in which their outputs are planned."""

from __future__ import annotations

from collections.abc import Mapping

from newsgen.core.model import Output
from newsgen.pages.articles import ARTICLE, STANDING_PAGE
from newsgen.pages.feeds import FEED, SITEMAP
from newsgen.pages.files import ASSET, DOWNLOAD, POSTER
from newsgen.pages.home import HOME
from newsgen.pages.lists import LIST, SECTION
from newsgen.pages.page_kind import PageKind
from newsgen.pages.pictures import PICTURE
from newsgen.pages.server_files import ALIAS, NOT_FOUND, TEXT

PAGE_KINDS = (
    HOME,
    SECTION,
    ARTICLE,
    STANDING_PAGE,
    LIST,
    FEED,
    SITEMAP,
    TEXT,
    NOT_FOUND,
    ALIAS,
    ASSET,
    PICTURE,
    DOWNLOAD,
    POSTER,
)
_BY_NAME: Mapping[str, PageKind] = {kind.name: kind for kind in PAGE_KINDS}
TEMPLATES = tuple(name for kind in PAGE_KINDS for name in kind.templates)
"""The templates that outputs are rendered with; base.html and the partials are reached from these."""


def kind_of(output: Output) -> PageKind:
    """The kind of an output."""
    return _BY_NAME[output.kind]
