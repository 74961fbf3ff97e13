"""A cached plan: the site's outputs without article bodies. It lets an edit of one body skip planning.

assemble and plan are pure: the same facts of every file, settings, templates, theme and span of time give the same outputs,
but for the texts of articles, which only their own pages show. So their result is kept under a digest of all that went
in. When nothing but texts has changed since, neither is run: the outputs are those of the cached plan, each with the digest
of its text as it is now.

A cached plan says of every output what it stands on (`CachedOutput`); the parts themselves lie in shards, of which only those
are read that hold something stale.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from newsgen.content.load import FileRecord
from newsgen.core.digest import digest_texts, fingerprint_with_body
from newsgen.core.model import BODY_PART, BodySummary, Diagnostic, Output, Part, PartInputs, Record, changed
from newsgen.pages.context import text_part
from newsgen.pages.views import Card, Frame, NamedLink
from newsgen.site.model import Article, Section, Site, Validity

SHARDS = 256

Column = tuple[tuple[NamedLink, ...], Section]


class CachedOutput(Record, frozen=True):
    """An output without its parts. `fingerprint_without_body` is the digest of all but its text, which is that of the file `source`."""

    path: str
    kind: str
    fingerprint_without_body: str
    source: str | None


class CachedPlan(Record, frozen=True):
    """All outputs of a site, as long as `key` holds and time stays in `validity`; `shards` are digests of the dependencies.

    `lead_digest` are those of the texts that others show the beginning of, or of which something is to be said: they must
    be the same too. `diagnostics` leave out what parsing said.
    """

    key: str
    lead_digest: tuple[tuple[str, str], ...]
    validity: Validity
    articles: int
    diagnostics: tuple[Diagnostic, ...]
    cached_outputs: tuple[CachedOutput, ...]
    shards: tuple[str, ...]

    def matches(self, key: str, texts: Mapping[str, FileRecord], now: datetime) -> bool:
        """Whether a plan for these texts, made now, would be this one."""
        if self.key != key or not self.validity.holds(now):
            return False
        return all(texts[path].lead_digest == lead_digest for path, lead_digest in self.lead_digest)


class CachedPage(Record, frozen=True):
    """The own parts of an article's page, from which it can be rendered without a plan."""

    article: Article
    column: str
    older: Card | None
    newer: Card | None
    views: int | None = None


class Dependencies(Record, frozen=True):
    """What an output was made of: of each part name, digest and inputs. `page` is None where it takes a plan to render it."""

    fingerprint_without_body: str
    parts: tuple[tuple[str, str, PartInputs], ...]
    page: CachedPage | None

    @property
    def source(self) -> str | None:
        """As Output.source."""
        last = self.parts[-1] if self.parts else None
        return last[2][0][0] if last and last[0] == BODY_PART else None


class Shared(Record, frozen=True):
    """The parts that all pages share, of the cached plan with this key.

    It is a record of its own, so that it is read only where a page is rendered; another build may have put its own in place
    meanwhile, or a damaged store may hold records of different builds.
    """

    key: str
    frame: Frame
    columns: dict[str, Column]


Shard = dict[str, Dependencies]
Cards = tuple[Card, ...]


def cached_plan_of(
    key: str,
    site: Site,
    outputs: Sequence[Output],
    diagnostics: tuple[Diagnostic, ...],
    texts: Mapping[str, FileRecord],
) -> CachedPlan:
    """The plan of these outputs, without their texts."""
    cached_outputs = tuple(
        CachedOutput(output.path, output.kind, output.fingerprint_without_body, output.source) for output in outputs
    )
    lots: list[list[str]] = [[] for _ in range(SHARDS)]
    for item in cached_outputs:  # a text may move and keep its page
        lots[shard_of(item.path)].append(f"{item.fingerprint_without_body} {item.source}")
    shards = tuple(digest_texts(sorted(lot)) for lot in lots)
    shown = {name for output in outputs for part in output.parts if _summarises(part) for name, _ in part.inputs}
    shown |= {diagnostic.path for diagnostic in diagnostics}
    lead_digest = tuple((path, texts[path].lead_digest) for path in sorted(shown) if path in texts)
    return CachedPlan(key, lead_digest, site.validity, len(site.articles), diagnostics, cached_outputs, shards)


def _summarises(part: Part) -> bool:
    """Whether the part shows how texts begin."""
    if part.name in ("home", "feed"):
        return True
    return part.name in ("cards", "pinned") and any(card.summary is not None for card in cast(Cards, part.value))


def shard_of(path: str) -> int:
    """The number of the shard that holds the dependencies of the output at `path`."""
    return zlib.crc32(path.encode()) % SHARDS


def dependencies_of(outputs: Iterable[Output], wanted: frozenset[int]) -> Iterator[tuple[int, Shard]]:
    """The wanted shards of planned outputs, one by one."""
    lots: dict[int, list[Output]] = {number: [] for number in wanted}
    for output in outputs:
        number = shard_of(output.path)
        if number in wanted:
            lots[number].append(output)
    for number, lot in lots.items():
        yield number, {output.path: _dependencies(output) for output in lot}


def _dependencies(output: Output) -> Dependencies:
    from newsgen.pages.kinds import kind_of

    parts = tuple((part.name, part.digest, part.inputs) for part in output.parts)
    if not kind_of(output).shows_article:
        return Dependencies(output.fingerprint_without_body, parts, None)
    values: dict[str, Any] = output.values()
    return Dependencies(output.fingerprint_without_body, parts, _page(values))


def _page(values: Mapping[str, Any]) -> CachedPage:
    column = values["column"][1].path
    return CachedPage(values["article"], column, values.get("older"), values.get("newer"), values.get("views"))


def outputs_without_parts(cached_plan: CachedPlan, texts: Mapping[str, FileRecord]) -> tuple[Output, ...]:
    """The outputs with fingerprints for the texts as they are now, and without parts."""
    return tuple(
        Output(
            cached_output.path,
            cached_output.kind,
            (),
            cached_output.fingerprint_without_body,
            _fingerprint(cached_output, texts),
        )
        for cached_output in cached_plan.cached_outputs
    )


def _fingerprint(cached_output: CachedOutput, texts: Mapping[str, FileRecord]) -> str:
    return (
        fingerprint_with_body(cached_output.fingerprint_without_body, texts[cached_output.source].digest)
        if cached_output.source
        else cached_output.fingerprint_without_body
    )


def with_parts(
    output: Output, dependencies: Dependencies, shared: Shared, text: FileRecord, body_summary: BodySummary
) -> Output | None:
    """An output with its parts, for a text that now has this summary; None where only a plan can give them."""
    page = dependencies.page
    if (
        page is None
        or dependencies.fingerprint_without_body != output.fingerprint_without_body
        or page.column not in shared.columns
    ):
        return None
    from newsgen.pages.kinds import kind_of

    values = {
        "template": kind_of(output).templates[0],
        "frame": shared.frame,
        "article": changed(page.article, digest=text.digest, body_summary=body_summary),
        "column": shared.columns[page.column],
        "older": page.older,
        "newer": page.newer,
        "views": page.views,
    }
    parts = [
        Part(name, digest, values[name], inputs) for name, digest, inputs in dependencies.parts if name != BODY_PART
    ]
    return changed(output, parts=(*parts, text_part(text.digest, text.task)))
