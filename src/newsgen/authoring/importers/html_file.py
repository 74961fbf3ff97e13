"""HTML files -> blocks: pages saved by Word, WPS or a browser (.html, .htm), or with their pictures in one file (.mht).

From a page of a known system (博达 VSB, 苏迪 WebPlus, TRS, WeChat), only the title, date, source, author and text are taken.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage

from newsgen.authoring.importers.blocks import ImportedDocument, Paragraph, Run
from newsgen.authoring.importers.html_document import of_bounded_length, read_blocks
from newsgen.authoring.importers.html_tree import HtmlNode, HtmlPage, parse_page
from newsgen.authoring.importers.markdown_text import plain
from newsgen.core.errors import UsageError
from newsgen.core.model import changed

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,30})|encoding\s*=\s*[\"']([A-Za-z0-9_:-]{2,30})")
_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "unicode": "utf-16", "big5": "big5hkscs"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BODY_IDS = ("js_content", "zoom", "UCAP-CONTENT", "article_content", "artibody")
_BODY_CLASSES = (
    "v_news_content",
    "wp_articlecontent",
    "Article_Content",
    "trs_editor_view",
    "TRS_Editor",
    "rich_media_content",
)
_TITLES = ("activity-name", "arti_title", "Article_Title", "rich_media_title")
_SOURCES, _DATES, _AUTHORS = ("js_name",), ("publish_time", "arti_update", "Article_PublishDate"), ("arti_publisher",)
_DATE = re.compile(r"20\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}")


def read_html(data: bytes, shown: str, beside: Mapping[str, bytes] | None = None) -> ImportedDocument:
    """The blocks of a page; `shown` is its name in messages, `beside` are the pictures in its folder. Raises UsageError."""
    return _read(decoded(data), "", beside or {}, shown)


def read_mhtml(data: bytes, shown: str, beside: Mapping[str, bytes] | None = None) -> ImportedDocument:
    """The blocks of a page that was saved with its pictures in one file (RFC 2557). Raises UsageError if it holds no page."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    if page is None:
        raise UsageError(f"{shown} 里没有网页", "用 Word 或 WPS 打开它，另存为 .docx，再试一次", "html.broken")
    files = dict(beside or {})
    for part in parts:
        if part.get_content_maintype() == "image":
            files |= dict.fromkeys(_names(part), _bytes(part))
    declared = str(page.get_content_charset() or "")
    return _read(decoded(_bytes(page), declared), str(page.get("Content-Location", "")).strip(), files, shown)


def _bytes(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _names(part: EmailMessage) -> Iterator[str]:
    """The names that a page may use for a picture: its address, the last part of its address, its identifier."""
    location = str(part.get("Content-Location", "")).strip()
    if location:
        yield location
        yield re.split(r"[/\\]", location)[-1]
    if identifier := str(part.get("Content-ID", "")).strip():
        yield "cid:" + identifier.strip("<>")


def decoded(data: bytes, declared: str = "") -> str:
    """The text of a page, in the first encoding that fits: by its byte order mark, UTF-8, as declared, GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    match = _CHARSET.search(data[:4096])
    said = declared or ((match[1] or match[2]).decode("ascii") if match else "")
    for encoding in ("utf-8", _NAMES.get(said.lower(), said), "gb18030"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return data.decode("gb18030", "replace")


# ---------------------------------------------------------------- pages of known systems


def _read(html: str, base: str, beside: Mapping[str, bytes], shown: str) -> ImportedDocument:
    page = parse_page(of_bounded_length(html, shown))
    body = _body(page.root)
    if body is None:
        return read_blocks(page, base, beside)
    document = read_blocks(HtmlPage(body, page.css, page.pictures), base, beside)
    return changed(document, blocks=(*_head(page.root, body), *document.blocks))


def _body(root: HtmlNode) -> HtmlNode | None:
    """The element that holds the text in a page of a known system: if there are several, the one with the longest text."""
    found = [
        node
        for node in root.nodes()
        if node.attributes.get("id", "") in _BODY_IDS
        or node.attributes.get("id", "").startswith("vsb_content")
        or set(node.attributes.get("class", "").split()) & set(_BODY_CLASSES)
    ]
    return max(found, key=lambda node: len(node.text), default=None)


def _head(root: HtmlNode, body: HtmlNode) -> Iterator[Paragraph]:
    """The title, and a line of date, source and author, in the form in which they stand above a report."""
    metas = {
        node.attributes.get("name", "").lower(): node.attributes.get("content", "").strip()
        for node in root.nodes()
        if node.tag == "meta"
    }
    inside = frozenset(body.nodes())
    outside = [node for node in root.nodes() if node not in inside]
    title = metas.get("articletitle") or _named(outside, _TITLES) or _first(outside, "h1")
    if title:
        yield Paragraph((Run(title),), 1, align="center")
    date = _DATE.search(metas.get("pubdate") or _named(outside, _DATES))
    rows = (
        ("发布时间", date[0] if date else ""),
        ("来源", metas.get("contentsource") or _named(outside, _SOURCES)),
        ("作者", metas.get("author") or _named(outside, _AUTHORS).rpartition("：")[2].strip()),
    )
    line = "　".join(f"{name}：{words}" for name, words in rows if words)
    if title and line:
        yield Paragraph((Run(line),), align="center")


def _named(nodes: list[HtmlNode], names: tuple[str, ...]) -> str:
    for node in nodes:
        own = {node.attributes.get("id", ""), *node.attributes.get("class", "").split()}
        if own & set(names) and (words := plain(node.text, " ")):
            return words
    return ""


def _first(nodes: list[HtmlNode], tag: str) -> str:
    return next((words for node in nodes if node.tag == tag and (words := plain(node.text, " "))), "")
