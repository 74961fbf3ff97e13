"""Site -> Outputs. Every output is made of named parts; what is not among its parts, it cannot show.

Parts hold frozen values with their digests. A fingerprint is the digest of kind, parts and environment, so an output
is stale exactly when something that it shows, or the code and templates that show it, have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Output, changed
from newsgen.core.urls import outputs_of_alias
from newsgen.pages.context import PlanContext
from newsgen.pages.kinds import PAGE_KINDS
from newsgen.site.model import Article

__all__ = ["PlanContext", "plan"]

NOWHERE = "content"
"""The path of a clash that no report is known to cause."""


def plan(plan_context: PlanContext) -> tuple[Output, ...]:
    """All outputs of the site, by path. Raises ContentError where two would take one path."""
    outputs = [output for kind in PAGE_KINDS for output in kind.outputs(plan_context)]
    diagnostics = [
        *(_at_alias(diagnostic, plan_context) for diagnostic in _clashes(outputs)),
        *_hidden(plan_context, outputs),
    ]
    if diagnostics:
        raise ContentError(diagnostics)
    return tuple(sorted(outputs, key=lambda output: output.path))


def _clashes(outputs: Iterable[Output]) -> Iterator[Diagnostic]:
    """Outputs at one path, or at a path that another needs as a folder."""
    owners: dict[str, Output] = {}
    for output in outputs:
        other = owners.setdefault(output.path.lower(), output)
        if other is not output:
            yield _clash(output, other)
    users = {path.rpartition("/")[0]: output for path, output in owners.items()}  # some output in each folder
    for path, output in users.items():
        folders = [path, *(path[:index] for index, letter in enumerate(path) if letter == "/")]
        yield from (_clash(owners[folder], output) for folder in folders if folder in owners)


def _at_alias(diagnostic: Diagnostic, plan_context: PlanContext) -> Diagnostic:
    """The clash at the line of the old address that it is about, if it is about one."""
    for article in (*plan_context.site.articles, *plan_context.site.pages):
        for alias in article.matter.aliases:
            if diagnostic.path == NOWHERE and any(
                f" {place}：" in diagnostic.message.lower() for place in outputs_of_alias(alias.text, "/")
            ):
                line = article.matter.line("aliases")
                return changed(diagnostic, hint=f"删去旧地址 {alias.text}", path=article.path, line=line)
    return diagnostic


def _hidden(plan_context: PlanContext, outputs: Iterable[Output]) -> Iterator[Diagnostic]:
    """Outputs that the server would not answer with, since a rule for an old address comes first."""
    moved = [article for article in (*plan_context.site.articles, *plan_context.site.pages) if article.matter.aliases]
    named = [(article, alias.text) for article in moved for alias in article.matter.aliases if alias.text[0] == "/"]
    if not named:
        return
    paths = {output.path.lower() for output in outputs}
    site_path = urlsplit(plan_context.config.url).path
    for article, alias in named:
        place = next((place for place in outputs_of_alias(alias, site_path) if place in paths), None)
        if place:
            message = f"旧地址 {alias} 会挡住 {place}"
            line = article.matter.line("aliases")
            yield Diagnostic("address.clash", "error", message, "删去这个旧地址", article.path, line)


def _clash(output: Output, other: Output) -> Diagnostic:
    sources = {_source_of(output), _source_of(other)} - {""}
    message = f"两样东西要用同一个网址 {output.path}：{output.kind} 和 {other.kind}"
    return Diagnostic(
        "address.clash", "error", message, "给文章换一个 slug、旧地址，或给文件夹改名", min(sources, default=NOWHERE)
    )


def _source_of(output: Output) -> str:
    article = output.values().get("article") or output.values().get("section")
    return article.path if isinstance(article, Article) else ""
