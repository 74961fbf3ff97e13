"""`newsgen review`: the review copy (校样) of an article, which reviewers read: its page as A4 PDF and as pictures for a phone.

A foot below the article says what was reviewed: path, digest, time, version of newsgen, and the findings of `check`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from html import escape
from pathlib import Path

from newsgen import __version__
from newsgen.check.pipeline import check_site
from newsgen.check.selection import CheckRequest, selected
from newsgen.config.site_yaml import load
from newsgen.content.images import page_slices
from newsgen.content.scan import scan
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.model import Diagnostic, Progress, Record
from newsgen.preview.browser import HeadlessBrowser, installed_browser
from newsgen.preview.page_server import serving
from newsgen.preview.session import Session
from newsgen.signoff.article import reviewed

WIDTH, SCALE = 375, 2
"""Width of a phone in CSS pixels, and pixels of the picture for one CSS pixel."""
STRIP = 4_000
"""Height in CSS pixels of one screenshot of the page: a browser draws at most 16,384 pixels."""
DIGITS = 16
"""Hexadecimal digits of a digest that are shown."""
MOST_FINDINGS = 20
_LAZY = re.compile(rb' loading="lazy"')
_HEIGHT = re.compile(r"<title>(\d+)</title>")
_FRAME = "~frame-{}.html"

_FOOT = """<section class="proof-foot" aria-label="校样">
<p><strong>校样</strong>　{}</p>
<p>{}</p>
{}</section>
<style>
.proof-foot {{ margin: 24px 12px 12px; padding: 10px 12px; border: 1px solid #999; color: #333; font-size: 13px; line-height: 1.7; overflow-wrap: anywhere; background: #fff; text-align: left; }}
.proof-foot p, .proof-foot li {{ margin: 0; text-indent: 0; }}
.proof-foot ul {{ margin: 4px 0 0; padding-left: 1.4em; }}
@media print {{
  .proof-foot {{ margin: 14pt 0 0; font-size: 9pt; break-inside: avoid; }}
  @page {{ @bottom-right {{ content: "校样 {}"; color: #333; font-size: 8pt; }} }}
}}
</style>
"""
_MEASURE = """<!DOCTYPE html><html><head><title></title><style>body{{margin:0}}iframe{{border:0;width:{}px;height:812px}}</style></head>
<body><iframe src="{}" onload="
  const root = this.contentDocument.documentElement;
  for (let height = 0, turn = 0; height !== root.scrollHeight && turn < 5; turn++) {{
    height = root.scrollHeight; this.style.height = height + 'px';
  }}
  document.title = root.scrollHeight;"></iframe></body></html>
"""
_STRIP = """<!DOCTYPE html><html><head><style>body{{margin:0;overflow:hidden;background:#fff}}iframe{{border:0;display:block;width:{}px;height:{}px;margin-top:-{}px}}</style></head>
<body><iframe src="{}"></iframe></body></html>
"""


class ReviewCopyRequest(Record, frozen=True):
    """A request for the review copy of the article at `path` (below the site root), as readers would see it at `now`.

    `digest` begins the digest of the version that `newsgen approve` signs; of the file, where it needs no approval.
    """

    root: Path
    path: str
    now: datetime
    digest: str
    findings: tuple[Diagnostic, ...]

    @property
    def stem(self) -> str:
        """The name of the article's file without its suffix, or of its folder."""
        return self.path.removesuffix("/index.md").removesuffix(".md").rpartition("/")[2]


def requested(root: Path, file: str, now: datetime, progress: Progress) -> ReviewCopyRequest:
    """The request for the article `file`, after a check of it. Raises UsageError unless `file` names exactly one article."""
    check = CheckRequest(root, now, (file,))
    named = [item for item in selected(check, scan(root).found) if item.is_text]
    if len(named) != 1:
        raise UsageError(
            f"{file} 里有 {len(named)} 篇文章，校样一次做一篇", "写那一篇的文件名，例如：content/meetings/a.md"
        )
    (item,) = named
    findings = (found.diagnostic for found in check_site(check, progress).findings if found.severity != "info")
    approved = reviewed(root, item, load(root), scan(root).found)
    digest = approved.standing.digest if approved else digest_bytes((root / item.real).read_bytes())
    digest = digest[:DIGITS]
    return ReviewCopyRequest(root, item.path, now, digest, tuple(findings))


class ReviewCopy(Record, frozen=True):
    """The review copy of an article: an A4 PDF, and PNG pictures from top to bottom; empty where not requested."""

    pdf: bytes = b""
    pictures: tuple[bytes, ...] = ()

    def files(self, stem: str) -> dict[str, bytes]:
        """The files of the review copy of an article, by name."""
        found = {f"校样-{stem}.pdf": self.pdf} if self.pdf else {}
        for number, picture in enumerate(self.pictures, 1):
            found[f"校样-{stem}-{number}.png" if len(self.pictures) > 1 else f"校样-{stem}.png"] = picture
        return found


def make_review_copy(request: ReviewCopyRequest, pdf: bool, pictures: bool, say: Callable[[str], None]) -> ReviewCopy:
    """Print an article's page in a browser without a window; `say` gets a message before each step.

    Raises HostError without a working browser, UsageError for a file that has no page, ContentError where the site has
    errors.
    """
    program = installed_browser()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = HeadlessBrowser(program, Path(scratch))
        with closing(Session(request.root, lambda: request.now)) as session:
            path = _page_of(session, request.path)
            frames: dict[str, bytes] = {}
            with serving(session, lambda page: with_foot(page, request), frames) as site:
                if pdf:
                    say("正在做 PDF")
                made = browser.pdf(site + path) if pdf else b""
                if pictures:
                    say("正在做长图")
                return ReviewCopy(made, tuple(_pictures(browser, site, path, frames)) if pictures else ())


def _page_of(session: Session, source: str) -> str:
    """The path of the output that shows the text of the file `source`. Raises ContentError, UsageError."""
    version = session.look()
    found = next((path for path, output in version.outputs.items() if output.source == source), None)
    if found is None:
        if version.errors:
            raise ContentError([item.diagnostic for item in version.errors])
        raise UsageError(
            f"{source} 没有自己的网页", "写一篇报道或者一个页面的文件，例如：content/meetings/2024-0313-huiyi.md"
        )
    rendered = session.rendered(found)
    if rendered.diagnostics:
        raise ContentError(rendered.diagnostics)
    return found


def with_foot(page: bytes, request: ReviewCopyRequest) -> bytes:
    """The page, changed to load all photos at once and to end with a foot that says what was reviewed."""
    when = f"{request.now:%Y}年{request.now.month}月{request.now.day}日 {request.now:%H:%M}"
    named = f"{request.path}　摘要 {request.digest}　{when}　newsgen {__version__}"
    foot = _FOOT.format(escape(named), escape(_summary(request.findings)), _listed(request.findings), request.digest)
    before, end, after = _LAZY.sub(b"", page).rpartition(b"</body>")
    return before + foot.encode() + end + after


def _summary(findings: Sequence[Diagnostic]) -> str:
    if not findings:
        return "检查（newsgen check）没有发现问题。"
    errors = sum(item.severity == "error" for item in findings)
    counted = "、".join(
        [
            *([f"错误 {errors} 处"] if errors else []),
            *([f"提醒 {len(findings) - errors} 处"] if len(findings) > errors else []),
        ]
    )
    return f"检查（newsgen check）发现{counted}："


def _listed(findings: Sequence[Diagnostic]) -> str:
    rows = [f"<li>第 {item.line} 行：{escape(item.message)}</li>\n" for item in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        rows.append(f"<li>还有 {len(findings) - MOST_FINDINGS} 处，运行 newsgen check 可以看到</li>\n")
    return f"<ul>\n{''.join(rows)}</ul>\n" if rows else ""


def _pictures(browser: HeadlessBrowser, site: str, path: str, frames: dict[str, bytes]) -> Iterator[bytes]:
    """The page as PNG parts, as a phone shows it.

    A browser's window cannot be as narrow as a phone, nor a screenshot as high as a long page. So the page is shown in a
    frame as wide as a phone, which is moved up by STRIP for each screenshot.
    """
    frames[_FRAME.format("size")] = _MEASURE.format(WIDTH, f"/{path}").encode()
    measured = _HEIGHT.search(browser.dom(site + _FRAME.format("size")))
    if measured is None:
        raise HostError("浏览器没有告诉这一页有多高", "更新浏览器，再运行一次", "browser.failed")
    height = int(measured[1])
    found = []
    for top in range(0, height, STRIP):
        name = _FRAME.format(top)
        frames[name] = _STRIP.format(WIDTH, height, top, f"/{path}").encode()
        found.append(browser.png(site + name, WIDTH, min(STRIP, height - top), SCALE))
    yield from page_slices.sliced(found, WIDTH * SCALE, height * SCALE)
