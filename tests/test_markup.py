"""markup: Markdown -> Body. The cases are texts in tests/markup/*.txt; a new one needs no Python.

A case is a title, the Markdown, and what comes out, each followed by a line with a dot alone. In the result a reference stands
as `[src photo.jpg 3:9]` where its attribute goes; below the HTML come `@ signature` and `! line:column code | hint`.
A title may end in (standard) for Markdown's paragraphs, or in (notice) for a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsgen import markup
from newsgen.model import Body, Markdown, Reference

CASES = Path(__file__).parent / "markup"
CASE = re.compile(r"(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<expected>.*?)\n?\.\n", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    file: str
    title: str
    source: str
    expected: str


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.txt")):
        for match in CASE.finditer(path.read_text("utf-8")):
            yield Case(path.stem, match["title"].strip(), match["source"], match["expected"])


def shown(case: Case) -> str:
    """The result of a case in the form of the files."""
    settings = Markdown("standard" if "(standard)" in case.title else "chinese")
    body, remarks = markup.convert(case.source, settings, "notice" if "(notice)" in case.title else "news")
    lines = [html_of(body)]
    lines += [f"@ {body.signature}"] if body.signature else []
    lines += [f"! {item.line}:{item.column} {item.code} | {item.hint}" for item in remarks]
    return "\n".join(lines)


def html_of(body: Body) -> str:
    return "".join(
        chunk if isinstance(chunk, str) else f" [{place_of(body.references[chunk])}]" for chunk in body.chunks
    )


def place_of(reference: Reference) -> str:
    fragment = f"#{reference.fragment}" if reference.fragment else ""
    return f"{reference.attribute} {reference.target}{fragment} {reference.line}:{reference.column}"


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.file}: {case.title}")
def test_markdown_becomes_the_html_that_is_written_down(case: Case) -> None:
    assert shown(case) == case.expected
