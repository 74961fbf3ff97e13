"""A cached plan: the site's outputs without article bodies. It lets an edit of one body skip planning.

assemble() and plan() are pure: the same front matter, settings, templates, theme and span of time give the same
outputs, but for the bodies of articles, which only their own pages show. So their result is stored under a digest of
all inputs. When nothing but bodies has changed since, neither is run: the outputs are those of the cached plan, each
with the digest of its body as it is now.

A cached plan holds the outputs without their parts (`CachedOutput`). The parts are records of their own
(`Dependencies`), which are read for stale outputs alone; what many outputs have in common is kept once (`SharedParts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from newsgen.content.load import FileRecord
from newsgen.core.digest import fingerprint_with_body
from newsgen.core.model import BODY_PART, BodySummary, Diagnostic, Output, Part, PartInputs, Record, changed
from newsgen.pages.context import PlanContext, text_part
from newsgen.pages.views import Card, Frame, NamedLink
from newsgen.site.model import Article, Section, Site, Validity

Column = tuple[tuple[NamedLink, ...], Section]
Cards = tuple[Card, ...]


class CachedOutput(Record, frozen=True):
    """An output without its parts, as in Output; `source` is the path of the file whose text it shows."""

    path: str
    kind: str
    fingerprint_without_body: str
    source: str | None

    @classmethod
    def of(cls, output: Output) -> CachedOutput:
        """The output without its parts."""
        return cls(output.path, output.kind, output.fingerprint_without_body, output.source)

    @property
    def made_of(self) -> str:
        """The name of the record of its dependencies. It holds `source`, since a text may move and keep its page."""
        return f"{DEPENDENCIES}{self.fingerprint_without_body} {self.source}"

    def without_parts(self, texts: Mapping[str, FileRecord]) -> Output:
        """The output with the fingerprint for its text as it is now, and without parts."""
        fingerprint = (
            fingerprint_with_body(self.fingerprint_without_body, texts[self.source].digest)
            if self.source
            else self.fingerprint_without_body
        )
        return Output(self.path, self.kind, (), self.fingerprint_without_body, fingerprint)


DEPENDENCIES = "made of:"
SHARED_PARTS = frozenset({"frame", "column", "template"})
"""Parts that many outputs have in common."""
_NO_SUMMARY = BodySummary()


class CachedPlan(Record, frozen=True):
    """All outputs of a site, valid for the inputs with the digest `key` and within the time span `validity`.

    `lead_digests` are those of texts whose beginning other pages show, or that have diagnostics: they must be the same,
    too. `diagnostics` are all but those of parsing.
    """

    key: str
    lead_digests: tuple[tuple[str, str], ...]
    validity: Validity
    articles: int
    diagnostics: tuple[Diagnostic, ...]
    outputs: tuple[CachedOutput, ...]

    @classmethod
    def of(
        cls,
        key: str,
        site: Site,
        outputs: Sequence[Output],
        diagnostics: tuple[Diagnostic, ...],
        texts: Mapping[str, FileRecord],
    ) -> CachedPlan:
        """The cached form of a plan with these outputs."""
        shown = {name for output in outputs for part in output.parts if _summarises(part) for name, _ in part.inputs}
        shown |= {diagnostic.path for diagnostic in diagnostics}
        lead_digests = tuple((path, texts[path].lead_digest) for path in sorted(shown) if path in texts)
        return cls(
            key, lead_digests, site.validity, len(site.articles), diagnostics, tuple(map(CachedOutput.of, outputs))
        )

    def matches(self, key: str, texts: Mapping[str, FileRecord], now: datetime) -> bool:
        """Whether planning with these texts now would give the same outputs."""
        if self.key != key or not self.validity.holds(now):
            return False
        return all(texts[path].lead_digest == lead_digest for path, lead_digest in self.lead_digests)


def _summarises(part: Part) -> bool:
    """Whether the part shows the beginning of texts."""
    if part.name in ("home", "feed"):
        return True
    return part.name in ("cards", "pinned") and any(card.summary is not None for card in cast(Cards, part.value))


class Dependencies(Record, frozen=True):
    """The dependencies of an output: name, digest and inputs of each part; the inputs of SHARED_PARTS are in `SharedParts`.

    For the page of an article they hold the values of its own parts, too, so that it can be rendered without a plan:
    `article` without the summary of its body, which an edit changes; `column` is the path of its section.
    """

    fingerprint_without_body: str
    parts: tuple[tuple[str, str, PartInputs], ...]
    article: Article | None = None
    column: str = ""
    older: Card | None = None
    newer: Card | None = None
    views: int | None = None

    @classmethod
    def of(cls, output: Output) -> Dependencies:
        """The dependencies of a planned output."""
        from newsgen.pages.kinds import kind_of

        parts = tuple(
            (part.name, part.digest, () if part.name in SHARED_PARTS else part.inputs) for part in output.parts
        )
        if not kind_of(output).shows_article:
            return cls(output.fingerprint_without_body, parts)
        values: dict[str, Any] = output.values()
        own = {name: values.get(name) for name in ("older", "newer", "views")}
        article = changed(values["article"], body_summary=_NO_SUMMARY)
        return cls(output.fingerprint_without_body, parts, article, values["column"][1].path, **own)

    def with_inputs(self, shared: Mapping[str, PartInputs]) -> Dependencies:
        """The dependencies with the inputs of all parts; `shared` are those of SHARED_PARTS, by digest."""
        parts = (
            (name, digest, shared[digest] if name in SHARED_PARTS else inputs) for name, digest, inputs in self.parts
        )
        return changed(self, parts=tuple(parts))

    @property
    def source(self) -> str | None:
        """The path of the file whose text the output shows, as in Output.source."""
        last = self.parts[-1] if self.parts else None
        return last[2][0][0] if last and last[0] == BODY_PART else None


class SharedParts(Record, frozen=True):
    """The common parts of the outputs of the cached plan with this key: frame, columns by path of the section, and the
    inputs of SHARED_PARTS by digest.

    It is a record of its own, so that it is read only where a page is rendered. The key is compared, since another
    build may have replaced the record.
    """

    key: str
    frame: Frame
    columns: dict[str, Column]
    inputs: dict[str, PartInputs]

    @classmethod
    def of(cls, key: str, plan_context: PlanContext) -> SharedParts:
        """The common parts of the outputs of a plan with this key."""
        columns = {path: cast(Column, part.value) for path, part in plan_context.section_parts.items()}
        parts = (plan_context.frame, *plan_context.section_parts.values(), *plan_context.templates.values())
        inputs = {part.digest: part.inputs for part in parts}
        return cls(key, cast(Frame, plan_context.frame.value), columns, inputs)


def with_parts(
    output: Output, known: Dependencies, shared: SharedParts, text: FileRecord, body_summary: BodySummary
) -> Output | None:
    """The output with its parts, for a text that now has this summary; None where only a plan can give them."""
    if (
        known.article is None
        or known.fingerprint_without_body != output.fingerprint_without_body
        or known.column not in shared.columns
    ):
        return None
    from newsgen.pages.kinds import kind_of

    values = {
        "template": kind_of(output).templates[0],
        "frame": shared.frame,
        "article": changed(known.article, digest=text.digest, body_summary=body_summary),
        "column": shared.columns[known.column],
        "older": known.older,
        "newer": known.newer,
        "views": known.views,
    }
    parts = [Part(name, digest, values[name], inputs) for name, digest, inputs in known.parts if name != BODY_PART]
    return Output(
        output.path,
        output.kind,
        (*parts, text_part(text.digest, text.ref)),
        output.fingerprint_without_body,
        output.fingerprint,
    )
