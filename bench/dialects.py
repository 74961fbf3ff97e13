"""The same report as each tool's authors would type it.

Every tool makes the same page of it: the same paragraphs and headings, the same addresses. What differs is what the
tools' manuals ask for: the keys of the front matter, blank lines between paragraphs, and how a photo is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from bench.corpus import Block, Report

Dialect = Callable[[Report], str]


def newsgen(report: Report) -> str:
    """As in Word: Chinese keys, one Enter is one paragraph, indents typed, a line 一、… is a heading."""
    keys = {
        "标题": report.title,
        "时间": f"{report.date:%Y-%m-%d %H:%M}",
        "作者": report.author,
        "来源": report.source,
        "标签": "、".join(report.tags),
        "支部": "、".join(report.branches),
    }
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
    return f"---\n{lines}---\n\n{''.join(_typed(report.body))}"


def _typed(body: Iterable[Block]) -> Iterable[str]:
    for block in body:
        if block.kind in ("text", "footnote"):
            yield f"　　{block.text}\n"
        elif block.kind in ("heading", "signature"):
            yield f"{block.text}\n"
        else:
            yield f"\n{_marked(block, '../photos/')}\n\n"


def hugo(report: Report) -> str:
    """YAML. `units` are the branches, as a section is called so already; `years` is the taxonomy behind the archive."""
    keys = {
        "title": report.title,
        "date": report.date.isoformat() + "+08:00",
        "slug": report.slug,
        "author": report.author,
        "source": report.source,
        "tags": report.tags,
        "units": report.branches,
        "years": [f"{report.date:%Y}"],
        **_cover(report),
    }
    return f"---\n{_yaml(keys)}---\n\n{_separate(report, _photos(report))}"


def eleventy(report: Report) -> str:
    """YAML; the section is a key, and its collections are made from that. Photos are copied from /media."""
    keys = {
        "title": report.title,
        "date": report.date.isoformat() + "+08:00",
        "slug": report.slug,
        "section": report.section,
        "author": report.author,
        "source": report.source,
        "topics": report.tags,
        "branches": report.branches,
        **_cover(report),
    }
    return f"---\n{_yaml(keys)}---\n\n{_separate(report, '/dqgz/' + _photos(report))}"


def pelican(report: Report) -> str:
    """Lines of Python-Markdown's metadata. Pelican has no terms but tags: the branches are among them."""
    keys = {
        "title": report.title,
        "date": f"{report.date:%Y-%m-%d %H:%M}",
        "slug": report.slug,
        "category": report.section,
        "writer": report.author,
        "source": report.source,
        "tags": ", ".join((*report.tags, *report.branches)),
        **_cover(report),
    }
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\n{lines}---\n\n{_separate(report, '{static}/' + _photos(report))}"


def _photos(report: Report) -> str:
    return f"media/{report.section}/"


def _cover(report: Report) -> Mapping[str, str]:
    return {"cover": f"{_photos(report)}{report.photo}"} if report.photo else {}


def _yaml(keys: Mapping[str, object]) -> str:
    """JSON values, which YAML reads too."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())


def _separate(report: Report, photos: str) -> str:
    """Blank lines between the parts, ## before headings."""
    texts = [f"## {block.text}" if block.kind == "heading" else _marked(block, photos) for block in report.body]
    return "\n\n".join(texts) + "\n"


def _marked(block: Block, photos: str) -> str:
    if block.kind == "figure":
        caption, file = block.text.split("|")
        return f"![{caption}]({photos}{file})"
    if block.kind == "note":
        name, text = block.text.split("|")
        return f"[^{name}]: {text}"
    return block.text
