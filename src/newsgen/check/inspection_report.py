"""The self-inspection report: a page to read, print and sign, and the same as JSON; a second run marks mended faults.

Findings are grouped as inspection notices of education authorities group them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from newsgen.check.finding import Finding
from newsgen.check.formats import as_json
from newsgen.check.rules.registry import BY_CODE
from newsgen.core.defaults import defaults
from newsgen.core.errors import HostError
from newsgen.core.files import read_file, write_whole
from newsgen.core.model import SEVERITIES, Record
from newsgen.core.platform import reason

PAGE, DATA = "report.html", "report.json"
LIMIT = 100_000_000
MOST_ROWS = 2_000
"""The maximum number of rows in one table of the page; the JSON has all."""
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("错别字和表述", ("words.", "phrases.", "people.", "punctuation.", "numbering.", "titles.", "repeats.")),
    ("个人信息", ("personal.", "files.name")),
    ("事实和日期", ("facts.", "front-matter.date", "front-matter.expires")),
    ("链接", ("link.", "links.", "inspect.link")),
    ("栏目和更新", ("site.", "section.")),
    ("照片和附件", ("pictures.", "files.", "file.", "media.", "image.", "figure.", "attachment.", "content.")),
    ("其他", ("",)),
)
"""Headings of the report, and prefixes of the codes under each; the first that matches counts."""

_STYLE = """
body{margin:0 auto;max-width:60em;padding:2em;color:var(--text);background:var(--paper);font:16px/1.7 var(--sans)}
h1{color:var(--red);font:700 26px/1.4 var(--serif);border-bottom:3px solid var(--red);padding-bottom:.4em}
h2{color:var(--red-deep);font-size:19px;margin:2em 0 .5em}
p.note{color:var(--soft)}
table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:14px}
th,td{border:1px solid var(--line);padding:.4em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--gold-wash);white-space:nowrap}
th:first-child{width:3.2em}th:nth-child(2){width:28%}a{color:inherit}.line{white-space:nowrap}
.measures th:nth-child(2){width:15%}.measures th:nth-child(3){width:26%}.measures th:nth-child(5){width:11%}.measures th:nth-child(6){width:12%}
tr.error td:first-child{border-left:4px solid var(--red)}
tr.mended td{color:var(--soft);text-decoration:line-through}
ul.counts{display:flex;flex-wrap:wrap;gap:1em;list-style:none;padding:0}
ul.counts li{background:var(--red-wash);padding:.4em 1em;border-radius:3px}
.signature{margin-top:3em;display:flex;justify-content:space-between;gap:2em}
@page{size:A4;margin:18mm 15mm}
@media print{body{padding:0;max-width:none;font-size:12px}a{color:inherit;text-decoration:none}thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}.measures{break-before:page}}
"""


class ReportHead(Record, frozen=True):
    """The head of the report: the site's name, the time of the check, and the number of articles checked."""

    organization: str
    title: str
    now: datetime
    files: int


def write_report(folder: Path, root: Path, head: ReportHead, findings: Sequence[Finding]) -> tuple[Path, int]:
    """Write both files into `folder`; return the path of the page and the number of mended findings of the last report.

    Raises HostError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _earlier(folder / DATA)
        mended = [item for item in before if _identity(item) not in set(map(_identity, as_json(findings)))]
        page = render(head, root, folder, findings, mended)
        write_whole(folder / PAGE, page.encode())
        document = {
            "inspected": head.now.isoformat(),
            "files": head.files,
            "findings": as_json(findings),
            "mended": mended,
        }
        write_whole(folder / DATA, json.dumps(document, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise HostError(f"写不了报告：{reason(error)}", "换一个能写的文件夹", path=str(folder)) from None
    return folder / PAGE, len(mended)


def _earlier(path: Path) -> list[dict[str, object]]:
    """The findings of the earlier report; none if there is no report or it cannot be read."""
    try:
        document = json.loads(read_file(path, LIMIT))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        return []
    found = document.get("findings") if isinstance(document, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _identity(item: dict[str, object]) -> tuple[str, ...]:
    """The identity of a finding, which stays the same when its line number changes."""
    return tuple(str(item.get(key, "")) for key in ("path", "code", "found", "message"))


def group_of(code: str) -> str:
    """The heading under which the findings of a rule stand."""
    return next(name for name, codes in GROUPS if code.startswith(codes))


def render(
    head: ReportHead, root: Path, folder: Path, findings: Sequence[Finding], mended: Sequence[dict[str, object]]
) -> str:
    """The page: counts, findings by group with links to the files, and the table to fill in and sign."""
    colours = (defaults("theme") / "colors.css").read_text("utf-8")
    fonts = (defaults("theme") / "style.css").read_text("utf-8")
    variables = "".join(line for line in fonts.splitlines() if line.strip().startswith(("--sans:", "--serif:")))
    title = f"{head.organization}{head.title}网站自查报告"
    return "\n".join(
        [
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{colours}\n:root{{{variables}}}{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="note">自查时间：{head.now:%Y-%m-%d %H:%M}　检查文章：{head.files} 篇</p>',
            *_counts(findings, mended),
            *_groups(findings, root, folder),
            *_mended(mended),
            *_measures(findings),
            "</body>\n</html>\n",
        ]
    )


def _counts(findings: Sequence[Finding], mended: Sequence[object]) -> Iterator[str]:
    yield '<ul class="counts">'
    for severity, name in SEVERITIES.items():
        yield f"<li>{name} {sum(item.severity == severity for item in findings)} 处</li>"
    if mended:
        yield f"<li>上次以来已整改 {len(mended)} 处</li>"
    yield "</ul>"


def _groups(findings: Sequence[Finding], root: Path, folder: Path) -> Iterator[str]:
    if not findings:
        yield "<p>没有发现问题。</p>"
    for name, _ in GROUPS:
        inside = [item for item in findings if group_of(item.code) == name]
        if not inside:
            continue
        yield f"<h2>{name}（{len(inside)} 处）</h2>"
        yield "<table><thead><tr><th>级别<th>位置<th>问题<th>建议</tr></thead><tbody>"
        for item in inside[:MOST_ROWS]:
            yield (
                f'<tr class="{item.severity}"><td>{SEVERITIES[item.severity]}<td class="place">{_place(item, root, folder)}'
                f"<td>{escape(item.message)}<td>{_lines(item.hint)}</tr>"
            )
        yield "</tbody></table>"
        if len(inside) > MOST_ROWS:
            yield f'<p class="note">还有 {len(inside) - MOST_ROWS} 处，见 {DATA}。</p>'


def _place(item: Finding, root: Path, folder: Path) -> str:
    """The path and line, as a link relative to the folder of the report."""
    if not item.path:
        return "全站"
    address = quote(os.path.relpath((root / item.path).resolve(), folder.resolve()).replace(os.sep, "/"))
    return f'<a href="{escape(address)}">{escape(item.path)}</a> <span class="line">第 {item.line} 行</span>'


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.splitlines()))


def _mended(mended: Sequence[dict[str, object]]) -> Iterator[str]:
    if mended:
        yield f"<h2>上次以来已整改（{len(mended)} 处）</h2>"
        yield "<table><thead><tr><th>位置<th>问题</tr></thead><tbody>"
        for item in mended[:MOST_ROWS]:
            yield f'<tr class="mended"><td>{escape(str(item.get("path", "")))}<td>{escape(str(item.get("message", "")))}</tr>'
        yield "</tbody></table>"


def _measures(findings: Iterable[Finding]) -> Iterator[str]:
    """The table 自查整改情况表: a row for each code of error or warning; the other columns are filled in by hand."""
    kinds: dict[tuple[str, str], int] = {}
    names = {code: rule.name for code, rule in BY_CODE.items()}
    for item in findings:
        if item.severity != "info":
            key = group_of(item.code), item.code
            kinds[key] = kinds.get(key, 0) + 1
            names.setdefault(item.code, item.message)  # diagnostics of a build have no rule, and so no name
    yield '<section class="measures"><h2>自查整改情况表</h2>'
    yield "<table><thead><tr><th>序号<th>类别<th>问题<th>整改措施<th>责任人<th>完成时间</tr></thead><tbody>"
    for number, ((group, code), count) in enumerate(kinds.items(), 1):
        problem = f"{names[code]}（{count} 处）"
        yield f'<tr><td>{number}<td>{group}<td>{escape(problem)}<td class="blank"><td class="blank"><td class="blank"></tr>'
    if not kinds:
        yield '<tr><td>1<td>—<td>没有需要整改的问题<td class="blank"><td class="blank"><td class="blank"></tr>'
    yield "</tbody></table>"
    yield '<p class="signature"><span>填表人：</span><span>负责人（签字）：</span><span>日期：　　　年　　月　　日</span></p></section>'
