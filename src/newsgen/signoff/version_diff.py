"""The differences of an article from its approved version: its front matter, its text by sentence, its photos and attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Literal

from newsgen.content.approval import COVERED
from newsgen.content.frontmatter import read_article
from newsgen.content.scan import MOST_READ
from newsgen.core.errors import HostError, UsageError
from newsgen.core.files import read_file
from newsgen.core.model import AttachmentEntry, FrontMatter, Moment, Record
from newsgen.core.platform import reason
from newsgen.core.text import decode
from newsgen.core.text_diff import TextChange, changes
from newsgen.signoff.article import ReviewedArticle, read_reviewed
from newsgen.signoff.kept_versions import files_in, text_path

_LABELS = {
    "title": "标题", "subtitle": "副题", "short_title": "短标题", "kind": "类型", "original": "原文链接", "author": "作者",
    "source": "来源", "date": "时间", "updated": "更新", "photographer": "摄影", "editor": "编辑", "summary": "摘要",
    "redirect": "外链", "signature": "落款",
}  # fmt: skip
FILE_WORDS = {"added": "新加", "removed": "删去", "replaced": "换了"}


class FieldDifference(Record, frozen=True):
    """A front matter field that changed; `before` or `now` is "" if the field was or is missing."""

    label: str
    before: str
    now: str


class FileDifference(Record, frozen=True):
    """A photo or attachment that changed, by the name in the text."""

    name: str
    how: Literal["added", "removed", "replaced"]


class VersionDiff(Record, frozen=True):
    """The changes of the article at `path` since the version `approved`."""

    path: str
    approved: str
    fields: tuple[FieldDifference, ...]
    body: tuple[TextChange, ...]
    files: tuple[FileDifference, ...]

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return bool(self.fields or self.files or any(not change.is_same for change in self.body))


def diff_of(root: Path, typed: str) -> VersionDiff:
    """The changes of the article that the user typed. Raises the errors of read_reviewed() and version_diff()."""
    return version_diff(root, read_reviewed(root, typed))


def version_diff(root: Path, article: ReviewedArticle) -> VersionDiff:
    """The changes since the version that readers see. Raises UsageError if there is none, HostError if it is lost or
    was altered.
    """
    version = article.standing.live
    if version is None:
        raise UsageError(f"{article.path} 还没有审完过，没有审过的那一版可以比", "直接看全文", "review.never")
    name = text_path(version)
    try:
        data = read_file(root / name, MOST_READ)
    except OSError as error:
        hint = "从仓库里取回：git checkout -- approved"
        raise HostError(f"读不了审过的那一版 {name}：{reason(error)}", hint, path=name) from None
    matter, body, _, _ = read_article(decode(data)[0] or "")
    if matter is None:
        raise HostError(f"审过的那一版 {name} 被改动过", "从仓库里取回：git checkout -- approved", path=name)
    before = {typed: file.digest for typed, file in files_in(data).items()}
    now = {file.typed: file.digest for file, _ in article.files}
    fields = tuple(_fields(matter, article.matter))
    body_now = article.body.strip("\n") + "\n"
    return VersionDiff(
        article.path, version, fields, changes(body.strip("\n") + "\n", body_now), tuple(_files(before, now))
    )


def _fields(before: FrontMatter, now: FrontMatter) -> Iterator[FieldDifference]:
    for name in COVERED:
        old, new = _shown(getattr(before, name)), _shown(getattr(now, name))
        if old != new:
            yield FieldDifference(_LABELS[name], old, new)
    attached = _attached(before.attachments), _attached(now.attachments)
    if attached[0] != attached[1]:
        yield FieldDifference("附件", *attached)


def _shown(value: object) -> str:
    if isinstance(value, Moment):
        return value.shown
    return "、".join(value) if isinstance(value, tuple) else str(value or "")


def _attached(entries: tuple[AttachmentEntry, ...]) -> str:
    return "、".join(entry.name or entry.file.text.rpartition("/")[2] for entry in entries)


def _files(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[FileDifference]:
    for name in dict.fromkeys((*before, *now)):
        if name not in now:
            yield FileDifference(name, "removed")
        elif name not in before:
            yield FileDifference(name, "added")
        elif before[name] != now[name]:
            yield FileDifference(name, "replaced")


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>改动：{path}</title>
<style>
body {{ max-width: 46em; margin: 2em auto; padding: 0 1em; font: 16px/1.9 serif; color: #222; }}
h1 {{ font-size: 1.2em; }} table {{ border-collapse: collapse; }} td, th {{ border: 1px solid #aaa; padding: 2px 10px; text-align: left; }}
ins {{ background: #d8f5dd; text-decoration: none; border-bottom: 2px solid #1b7a2f; }}
del {{ background: #fde0e0; color: #8a1010; }}
.text {{ white-space: pre-wrap; }} @media print {{ body {{ margin: 0; font-size: 11pt; }} }}
</style></head><body>
{changes}
</body></html>
"""


_CHANGES = """<h1>{path} 审过以后的改动</h1>
<p>审过的那一版：{version}。<del>删去的字</del>，<ins>新写的字</ins>。</p>
{fields}{files}<div class="text">{body}</div>"""


def as_html(diff: VersionDiff) -> str:
    """The changes as an HTML page."""
    return _PAGE.format(path=escape(diff.path), changes=changes_html(diff))


def changes_html(diff: VersionDiff) -> str:
    """The changes as a fragment of HTML."""
    rows = "".join(
        f"<tr><th>{item.label}</th><td><del>{escape(item.before)}</del></td><td><ins>{escape(item.now)}</ins></td></tr>\n"
        for item in diff.fields
    )
    files = "".join(f"<li>{FILE_WORDS[item.how]}：{escape(item.name)}</li>\n" for item in diff.files)
    tags = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    pieces = (piece for change in diff.body for piece in change.pieces)
    body = "".join(f"{tags[kind][0]}{escape(text)}{tags[kind][1]}" for kind, text in pieces)
    return _CHANGES.format(
        path=escape(diff.path),
        version=diff.approved,
        fields=f"<table>\n{rows}</table>\n" if rows else "",
        files=f"<ul>\n{files}</ul>\n" if files else "",
        body=body,
    )
