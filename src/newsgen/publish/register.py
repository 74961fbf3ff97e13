"""`newsgen ledger`: the register of approvals: who signed which version of an article, and since when it is online."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from newsgen.build.all_articles import AllArticles, load_all_articles
from newsgen.config import withdrawals
from newsgen.config.model import Ledger
from newsgen.config.site_yaml import load
from newsgen.core.errors import UsageError
from newsgen.core.git import git
from newsgen.core.model import Decision, Record, changed
from newsgen.core.office_files import spreadsheet
from newsgen.publish.release import Release
from newsgen.publish.status import releases

STATES = {"approved": "审完", "void": "改动待审", "waiting": "待审"}


class RegisterEntry(Record, frozen=True):
    """An article in the register. `version` is the one that readers see, else the current text; `decisions` sign it.

    `commit` is the last git commit of the file. `release` is the oldest release at the target with the version, `since`
    the time of that release; both are "" if no target was asked. `withdrawn` is the day of the withdrawal.
    """

    path: str
    address: str
    title: str
    author: str
    date: str
    state: str
    decisions: tuple[Decision, ...]
    version: str
    commit: str
    release: str = ""
    since: str = ""
    withdrawn: str = ""


class RegisterRequest(Record, frozen=True):
    """A request for the register: articles dated from `first` to `last` (days, "": no limit), and the `target` whose
    releases are read ("": none).
    """

    root: Path
    now: datetime
    first: str = ""
    last: str = ""
    target: str = ""


def register(request: RegisterRequest) -> tuple[RegisterEntry, ...]:
    """The entries by date. Raises UsageError if the site requires no approval, ConfigError, ContentError,
    TransportError.
    """
    config = changed(load(request.root), ledger=withdrawals.load(request.root))
    if config.reviews is None:
        hint = "在 site.yaml 里写 reviews:，写法见 docs/reviews.md"
        raise UsageError("这个网站没有要求审签，没有登记可看", hint, "review.off")
    articles = load_all_articles(request.root, config, request.now)
    known = releases(request.root, request.target).releases if request.target else ()
    found = [*_entries(request.root, articles, known), *_withdrawn(config.ledger)]
    chosen = (entry for entry in found if request.first <= entry.date and entry.date <= (request.last or "9"))
    return tuple(sorted(chosen, key=lambda entry: (entry.date, entry.path)))


def _entries(root: Path, articles: AllArticles, known: Sequence[Release]) -> Iterator[RegisterEntry]:
    for path, standing in articles.standings.items():
        article = articles.shown.get(path) or articles.articles.get(path)
        if article is None:
            continue
        matter = article.matter
        online = next((item for item in known if _shows(item, article.address, standing.live)), None)
        yield RegisterEntry(
            path,
            article.address,
            matter.title,
            "、".join(matter.author),
            matter.date.day if matter.date else "",
            standing.state,
            standing.signers or standing.signed,
            standing.live or standing.digest,
            git(root, "log", "-1", "--format=%h", "--", path).decode("ascii", "replace").strip(),
            online.id if online else "",
            online.created[:16].replace("T", " ") if online else "",
        )


def _shows(release: Release, address: str, version: str | None) -> bool:
    return version is not None and release.approvals.get(address) == version


def _withdrawn(ledger: Ledger) -> Iterator[RegisterEntry]:
    for entry in ledger.standing:
        address = entry.addresses[0] if entry.addresses else ""
        day = entry.when[:10]
        yield RegisterEntry(
            entry.article, address, entry.title, "", entry.date or "", "withdrawn", (), "", "", withdrawn=day
        )


# ---------------------------------------------------------------- forms


_HEAD = ("时间", "标题", "作者", "网址", "状态", "审签", "版本", "提交", "发布的版本", "上线", "撤下", "文件")


def _row(entry: RegisterEntry) -> tuple[str, ...]:
    signed = "；".join(_words(decision) for decision in entry.decisions)
    state = STATES.get(entry.state, "已撤下")
    known = (entry.date, entry.title, entry.author, entry.address, state, signed, entry.version)
    return (*known, entry.commit, entry.release, entry.since, entry.withdrawn, entry.path)


def _words(decision: Decision) -> str:
    number = f"（OA {decision.number}）" if decision.number else ""
    return f"{decision.stage} {decision.name} {decision.time}{number}"


def as_csv(entries: Sequence[RegisterEntry]) -> str:
    """The register as CSV, with a byte order mark by which Excel recognises UTF-8. A cell that begins like a formula
    gets an apostrophe, so that it stays text.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_HEAD)
    writer.writerows(tuple(map(_harmless, _row(entry))) for entry in entries)
    return "\ufeff" + target.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def as_xlsx(entries: Sequence[RegisterEntry]) -> bytes:
    """The register as a spreadsheet, in which every cell is text."""
    return spreadsheet("审签登记", [_HEAD, *map(_row, entries)])


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>审签登记</title>
<style>
@page {{ size: A4 landscape; margin: 12mm; }}
body {{ font: 10pt/1.5 serif; }} h1 {{ font-size: 15pt; text-align: center; }}
table {{ border-collapse: collapse; width: 100%; }} th, td {{ border: 1px solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }}
thead {{ display: table-header-group; }} tr {{ break-inside: avoid; }}
</style></head><body>
<h1>审签登记</h1>
<table><thead><tr>{head}</tr></thead>
<tbody>
{rows}</tbody></table>
</body></html>
"""


def as_html(entries: Sequence[RegisterEntry]) -> str:
    """The register as a page to print."""
    head = "".join(f"<th>{label}</th>" for label in _HEAD)
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in _row(entry)) for entry in entries)
    return _PAGE.format(head=head, rows="".join(f"<tr>{row}</tr>\n" for row in rows))


def as_json_list(entries: Sequence[RegisterEntry]) -> list[Mapping[str, object]]:
    """The register as JSON."""
    keys = ("path", "address", "title", "author", "date", "state", "version", "commit", "release", "since", "withdrawn")
    parts = ("stage", "name", "time", "number", "note")
    return [
        {
            **{key: getattr(entry, key) or None for key in keys},
            "signatures": [{part: getattr(decision, part) for part in parts} for decision in entry.decisions],
        }
        for entry in entries
    ]
