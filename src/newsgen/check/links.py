"""Internal links of a built site: the addresses in pages, style sheets, feeds and sitemaps that lead to missing files.

A page is cut at every `<`; most pieces are known from other pages of its folder. In new pieces the quick scan takes
anything that looks like an attribute. Only if one of its addresses seems broken, the careful scan reads the tags of the
page. Tags in comments count too, because inspectors of college sites report bad addresses there.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote, urlsplit

from newsgen.core.own_addresses import own_address

_VALUE = rb"""("[^"]*"|'[^']*'|[^\s"'>]+)"""
_QUICK = re.compile(
    rb"(?:href|src|srcset|poster|data|action|(?:og:(?:image|url)|refresh)[\"']?\s+content)\s*=\s*(?=" + _VALUE + rb")",
    re.IGNORECASE,
)
_TAG = re.compile(rb"""<([A-Za-z][A-Za-z0-9-]*)\s((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(
    rb"(?:^|\s)(href|src|srcset|imagesrcset|poster|data|action|formaction|content)\s*=\s*" + _VALUE, re.IGNORECASE
)
_ANCHOR = re.compile(rb"\s(?:id|name)\s*=\s*" + _VALUE, re.IGNORECASE)
_STYLE = re.compile(rb"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_XML = re.compile(rb"""<loc>\s*([^<]+?)\s*</loc>|<link\b[^>]*\bhref="([^"]*)\"""")
_NAMED_BY_CONTENT = re.compile(rb"""og:(?:image|url)(?![:\w])|http-equiv=["']?refresh""", re.IGNORECASE)

SHORT = 200
"""The maximum length of pieces that are remembered: longer ones are texts, which no other page has."""
_USUAL = re.compile(r"(?:\.\./)*[A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9][A-Za-z0-9-]*)*(?:\.[A-Za-z0-9]+)+").fullmatch
"""The form of most relative addresses in newsgen's pages."""

Place = tuple[str, str]
"""A file of the site, and the anchor in it ("" for none)."""


class Links:
    """The internal links collected from the files of a site at `url`. `files` are all its files."""

    def __init__(self, url: str, files: Collection[str]) -> None:
        self._url, self._files = url, files
        self._base = urlsplit(url).path
        self._sound: dict[str, set[bytes]] = {}  # by folder: pieces of pages without broken internal links
        self._missing: dict[Place, list[str]] = {}
        self._anchored: dict[str, list[tuple[str, str, str]]] = {}

    def read(self, path: str, data: bytes) -> None:
        """Collect the links in one file."""
        if path.endswith(".html"):
            if self._is_doubtful(path, data):
                for address in _addresses_in(data):
                    self._note(path, address)
        elif path.endswith(".css"):
            for match in _STYLE.finditer(_COMMENT.sub(b"", data)):
                self._note(path, match[1] or match[2])
        elif path.endswith(".xml"):
            for match in _XML.finditer(data):
                self._note(path, match[1] or match[2])

    def broken(self, read: Callable[[str], bytes]) -> Iterator[tuple[str, str, list[str]]]:
        """The broken addresses: each as it was typed, the missing file, and the files that name it.

        `read` gives the bytes of a page of the site.
        """
        for (typed, target), pages in self._missing.items():
            yield typed, target, pages
        for target, wanted in self._anchored.items():
            known = frozenset(_text(_bare(value)) for value in _ANCHOR.findall(read(target)))
            for page, typed, anchor in wanted:
                if known.isdisjoint((anchor, unquote(anchor))):
                    yield typed, f"{target}#{anchor}", [page]

    def _is_doubtful(self, path: str, data: bytes) -> bool:
        """Whether an address of a page may be broken. Sound pieces of the page are remembered."""
        sound = self._sound.setdefault(posixpath.dirname(path), set())
        doubtful = False
        for piece in set(data.split(b"<")) - sound:
            values = _QUICK.findall(piece) if b"=" in piece and _may_name(piece.lower()) else ()
            if not all(self._is_sound(path, value, data) for value in values):
                doubtful = True
            elif len(piece) < SHORT and not (values and b"#" in piece):
                sound.add(piece)
        return doubtful

    def _is_sound(self, path: str, value: bytes, data: bytes) -> bool:
        """Whether an attribute's value leads to a file, to an anchor in the page itself, or out of the site.

        A value of several addresses counts as not sound, so that the careful scan reads it.
        """
        typed = _bare(value)
        if b"," in typed and b" " in typed:  # a srcset or a refresh: several words
            return False
        place = self._place(path, _text(typed))
        if place is None or (place[0] in self._files and not place[1]):
            return True
        return place[0] == path and f'id="{place[1]}"'.encode() in data

    def _note(self, path: str, typed: bytes) -> None:
        place, shown = self._place(path, _text(typed)), typed.decode("utf-8", "replace")
        if place is None:
            return
        target, anchor = place
        if target not in self._files:
            self._missing.setdefault((shown, target), []).append(path)
        elif anchor and target.endswith(".html"):
            self._anchored.setdefault(target, []).append((path, shown, anchor))

    def _place(self, path: str, address: str) -> Place | None:
        """The place to which an address in the file at `path` leads; None if it leads out of the site."""
        if _USUAL(address):
            return _simply_joined(path, address), ""
        try:
            parts = urlsplit(address)
        except ValueError:
            return address, ""
        if address.startswith(self._url):
            return _file(unquote(parts.path)[len(self._base) :]), parts.fragment
        if parts.scheme or parts.netloc or address.startswith(("/", "\\")):
            own = own_address(self._url, address)
            return (own.path, own.fragment) if own and own.path is not None else None
        return _file(
            posixpath.join(posixpath.dirname(path), unquote(parts.path))
        ) if parts.path else path, parts.fragment


def _simply_joined(path: str, address: str) -> str:
    """The path to which a _USUAL address in the file at `path` leads."""
    folder = posixpath.dirname(path)
    while folder and address.startswith("../"):
        address, folder = address[3:], posixpath.dirname(folder)
    return f"{folder}/{address}" if folder else address


def _file(target: str) -> str:
    """The file that a server sends for a path: for a folder, its index page."""
    plain = posixpath.normpath(target) if target else "."
    is_folder = plain == "." or target.endswith(("/", "/.", "/.."))
    return posixpath.normpath(f"{plain}/index.html") if is_folder else plain


def _may_name(piece: bytes) -> bool:
    """Whether a piece of a page, in lower case, may hold an attribute with an address."""
    return (
        b"href" in piece
        or b"src" in piece
        or b"poster" in piece
        or b"data" in piece
        or b"action" in piece
        or b"og:" in piece
        or b"refresh" in piece
    )


def _bare(value: bytes) -> bytes:
    """An attribute's value without its quotes."""
    return value[1:-1] if value[:1] in (b'"', b"'") else value


def _text(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", "replace")).strip()


def _addresses_in(data: bytes) -> Iterator[bytes]:
    """The addresses in the tags of a page."""
    for tag, attributes in _TAG.findall(data):
        for name, value in _ATTRIBUTE.findall(attributes):
            yield from _addresses(tag.lower(), name.lower(), _bare(value), attributes)


def _addresses(tag: bytes, name: bytes, value: bytes, attributes: bytes) -> Iterator[bytes]:
    """The addresses in one attribute."""
    if name in (b"srcset", b"imagesrcset"):
        yield from (candidate.split()[0] for candidate in value.split(b",") if candidate.strip())
    elif name == b"content":
        if tag == b"meta" and _NAMED_BY_CONTENT.search(attributes):
            yield value.partition(b"=")[2].strip(b"'\" ") if b"refresh" in attributes.lower() else value
    elif name != b"data" or tag == b"object":
        yield value
