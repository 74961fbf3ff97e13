"""All kinds of page, in the order in which their outputs are planned."""

from __future__ import annotations

from collections.abc import Mapping

from newsgen.core.model import Body, Output
from newsgen.pages.articles import ARTICLE, STANDING_PAGE
from newsgen.pages.feeds import FEED, SITEMAP
from newsgen.pages.files import ASSET, DOWNLOAD, PICTURE
from newsgen.pages.home import HOME
from newsgen.pages.lists import LIST, SECTION
from newsgen.pages.page_kind import PageKind
from newsgen.pages.texts import ALIAS, NOT_FOUND, TEXT

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
)
_BY_NAME: Mapping[str, PageKind] = {kind.name: kind for kind in PAGE_KINDS}
TEMPLATES = tuple(name for kind in PAGE_KINDS for name in kind.templates)
"""The templates that outputs are rendered with; base.html and the partials are reached from these."""


def kind_of(output: Output) -> PageKind:
    """The kind of an output."""
    return _BY_NAME[output.kind]


def view_of(output: Output, body: Body | None) -> dict[str, object]:
    """The names that the template of `output` sees; `body` is the text of its article or section, if it has one."""
    values = output.values()
    if body is not None:
        values["body"] = body
    view = kind_of(output).view
    assert view is not None, "only pages that a template renders have a view"
    return view(output.path, values)
