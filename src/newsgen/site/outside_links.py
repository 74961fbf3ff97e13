"""Addresses in front matter and site.yaml, resolved and checked like links.

An address of a page of this site becomes the current address of that page. While the page is not public, the redirect
or link is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.config.model import Config
from newsgen.core.model import Diagnostic, changed
from newsgen.core.urls import absolute
from newsgen.site.conflicts import AddressedArticle
from newsgen.site.links import Destinations, Resolved, address_of, resolve_address
from newsgen.site.model import ConfiguredLinks
from newsgen.site.own_links import OwnPages

LONGEST = 20
"""Redirects in a row at most."""


def has_redirects_inside(own: OwnPages) -> bool:
    """Whether a public article has a redirect to a page of this site."""
    return any(item.matter.redirect and own.at(item.matter.redirect) for item in own.shown)


def redirected(known: Destinations, diagnostics: list[Diagnostic]) -> OwnPages:
    """The pages with each `redirect:` to one of them resolved, and without the articles whose redirect leads nowhere."""
    shown = []
    for item in known.own.shown:
        answer = _end_of(item.matter.redirect, known) if item.matter.redirect else None
        if answer and answer.diagnostic:
            diagnostics.append(_left_out(answer.diagnostic, item))
        target = answer and address_of(answer.target)
        if answer is None or target:
            shown.append(changed(item, matter=changed(item.matter, redirect=target)) if target else item)
    return changed(known.own, shown=tuple(shown))


def _end_of(typed: str, known: Destinations) -> Resolved:
    """The last target of a redirect, over articles that have redirects themselves."""
    for _ in range(LONGEST):
        answer = resolve_address(typed, known)
        target, own = address_of(answer.target), known.own.at(typed)
        if own is None or target is None or (target == typed and own.path is None):
            return answer
        if target == typed or not known.own.at(target):
            break
        typed = target
    if target != typed:
        return answer
    hint = "改成文章真正所在的网址；文章就在本站，删去外链这一行"
    return Resolved(None, Diagnostic("link.circle", "error", f"外链又指回到自己：{typed}", hint))


def _left_out(diagnostic: Diagnostic, item: AddressedArticle) -> Diagnostic:
    """The diagnostic on a redirect, with its place."""
    hint = f"这一条先不在网站上显示；{diagnostic.hint}" if diagnostic.severity == "warning" else diagnostic.hint
    return changed(diagnostic, hint=hint, path=item.source.path, line=item.matter.line("redirect"))


def configured_links(config: Config, known: Destinations, diagnostics: list[Diagnostic]) -> ConfiguredLinks:
    """The targets of the links in site.yaml."""

    def checked(typed: str, line: int, column: int = 1) -> str | None:
        answer = resolve_address(typed, known)
        target = address_of(answer.target)
        if answer.diagnostic:
            diagnostics.append(changed(answer.diagnostic, path="site.yaml", line=line, column=column))
        return target and (typed if target == typed else absolute(config.url, target))

    def links() -> Iterator[tuple[str, str]]:
        for link in config.links:
            target = checked(link.url.text, link.url.line, link.url.column)
            if target:
                yield link.name, target

    institution = config.footer.institution
    return ConfiguredLinks(
        checked(config.home, config.home_line) or config.url,
        institution and checked(institution, config.institution_line),
        tuple(links()),
    )
