"""Addresses in HTML: where a link leads, and where a picture comes from. Nothing is ever fetched."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote_to_bytes, urljoin, urlsplit

from newsgen.authoring.importers.html_tree import HtmlNode

LONGEST = 2_000
"""Maximum characters of an address."""
_BLANKS = re.compile(r"^[\x00-\x20\xa0\u3000]+|[\x00-\x1f]+|[\x00-\x20\xa0\u3000]+$")
"""Characters that browsers drop from an address: blanks around it, and control characters within it."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LINKED = frozenset(("http", "https", "mailto", "tel"))
_REDIRECTS: Mapping[str, tuple[str, ...]] = {
    "mp.weixin.qq.com": ("url",),
    "link.zhihu.com": ("target",),
    "link.csdn.net": ("target",),
    "www.google.com": ("q", "url"),
    "weibo.cn": ("u",),
    "c.pc.qq.com": ("pfurl", "url"),
}
"""Hosts that redirect to an address in their query -> the fields of the query that may hold it."""
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "orisrc", "_src", "src")
"""Attributes that hold the address of a picture; pages that load pictures late have a placeholder in `src`."""

LinkFault = Literal["", "不能用的链接", "不完整的链接"]


class PageLink(NamedTuple):
    """The target of a link: an address of the web ("" for none), the fragment within this page, and the fault, if any."""

    address: str = ""
    fragment: str = ""
    fault: LinkFault = ""


def link_of(href: str, base: str) -> PageLink:
    """The target of a link. `base` is the address of its page, "" if unknown."""
    typed = _BLANKS.sub("", href)
    if not typed:
        return PageLink()
    page, _, fragment = typed.partition("#")
    scheme = scheme_of(page)
    if fragment and (not page or scheme in ("file", "about") or page == base):
        return PageLink(fragment=fragment)
    if not page or scheme == "about":
        return PageLink()
    if scheme and scheme not in _LINKED:
        return PageLink(fault="不能用的链接")
    if not scheme:
        if not base.startswith(("http://", "https://")):
            return PageLink(fault="不完整的链接")
        typed = _joined(base, typed)
    return PageLink(_behind_redirect(typed)) if typed and len(typed) <= LONGEST else PageLink(fault="不能用的链接")


def scheme_of(address: str) -> str:
    """The scheme of an address, in lower case; `file` for a Windows path, "" for a relative address."""
    match = _SCHEME.match(address)
    if match and len(match[0]) == 2:  # C:\a.jpg
        return "file"
    return match[0][:-1].lower() if match else "file" if address.startswith("\\\\") else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _behind_redirect(address: str) -> str:
    """The address to which a known host redirects; any other address as it is."""
    try:
        parts = urlsplit(address)
        fields = _REDIRECTS.get(parts.hostname or "", ()) if parts.query else ()
        query = parse_qs(parts.query, max_num_fields=100) if fields else {}
    except ValueError:
        return address
    for name in fields:
        for target in query.get(name, ()):
            if target.startswith(("http://", "https://")) and not _BLANKS.search(target):
                return target
    return address


class PictureSource(NamedTuple):
    """The source of a picture: its bytes, or its address, or neither."""

    data: bytes = b""
    address: str = ""


def picture_source(node: HtmlNode, base: str, beside: Mapping[str, bytes]) -> PictureSource:
    """The source of a picture; `beside` are files that came with the page, by address or by name."""
    typed = [value for name in _LAZY if (value := _BLANKS.sub("", node.attributes.get(name, "")))]
    found = PictureSource()
    for address in typed:
        if data := _beside(address, base, beside):
            return PictureSource(data)
        if address[:5].lower() == "data:":
            found = found if found.data or found.address else PictureSource(_inline_data(address))
            continue
        whole = address if scheme_of(address) else _joined(base, address) if base else address
        return PictureSource(address=whole)
    return found


def _beside(address: str, base: str, beside: Mapping[str, bytes]) -> bytes:
    if not beside:
        return b""
    name = unquote_to_bytes(re.split(r"[?#]", address, maxsplit=1)[0]).decode("utf-8", "replace")
    for key in (address, _joined(base, address) if base else "", re.split(r"[/\\]", name)[-1]):
        if key in beside:
            return beside[key]
    return b""


def _inline_data(address: str) -> bytes:
    """The bytes of a `data:` address; b"" if they are damaged."""
    head, _, body = address[5:].partition(",")
    data = unquote_to_bytes(body) if "%" in body or not head.endswith("base64") else body.encode("ascii", "ignore")
    if not head.lower().endswith("base64"):
        return data
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""
