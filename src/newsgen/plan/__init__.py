"""Site -> Outputs. Every output is made of named parts; what is not among its parts, it cannot show.

Parts hold frozen values with their digests. A fingerprint is the digest of kind, parts and environment, so an output
is stale exactly when something that it shows, or the code and templates that show it, have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from newsgen.errors import ContentError
from newsgen.model import Diagnostic, Output
from newsgen.plan.articles import articles, home, standing_pages
from newsgen.plan.ground import Ground
from newsgen.plan.lists import archives, sections, terms
from newsgen.plan.machines import feeds, files, sitemaps, texts
from newsgen.site import Article

__all__ = ["Ground", "plan"]

STAGES: tuple[Callable[[Ground], Iterator[Output]], ...] = (
    home,
    sections,
    articles,
    standing_pages,
    terms,
    archives,
    feeds,
    sitemaps,
    texts,
    files,
)


def plan(ground: Ground) -> tuple[Output, ...]:
    """All outputs of the site, by path. Raises ContentError where two would take one path."""
    outputs = [output for stage in STAGES for output in stage(ground)]
    faults = list(_clashes(outputs))
    if faults:
        raise ContentError(faults)
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


def _clash(output: Output, other: Output) -> Diagnostic:
    sources = {_source_of(output), _source_of(other)} - {""}
    message = f"两样东西要用同一个网址 {output.path}：{output.kind} 和 {other.kind}"
    return Diagnostic(
        "address.clash", "error", message, "给文章换一个 slug、旧地址，或给文件夹改名", min(sources, default="content")
    )


def _source_of(output: Output) -> str:
    article = output.values().get("article") or output.values().get("section")
    return article.path if isinstance(article, Article) else ""
