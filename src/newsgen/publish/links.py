"""The internal links of a built site: what its pages, style sheets, feeds and sitemaps name, and what of that is missing.

Pages are scanned, not parsed: tags are found wherever they stand, in comments too (inspectors of college sites complain
of bad addresses there). 10,000 pages take seconds, because pages in one folder name mostly the same addresses.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

_TAG = re.compile(rb"""<([A-Za-z][A-Za-z0-9-]*)\s((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(
    rb"""(?:^|\s)(href|src|srcset|imagesrcset|poster|data|action|formaction|content|id|name)\s*=\s*"""
    rb"""("[^"]*"|'[^']*'|[^\s"'>]+)""",
    re.IGNORECASE,
)
_STYLE = re.compile(rb"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_XML = re.compile(rb"""<loc>\s*([^<]+?)\s*</loc>|<link\b[^>]*\bhref="([^"]*)\"""")
_NAMED_BY_CONTENT = re.compile(rb"""og:(?:image|url)(?![:\w])|http-equiv=["']?refresh""", re.IGNORECASE)


class Links:
    """Collects what the files of a site at `url` name. `files` are all its files."""

    def __init__(self, url: str, files: Collection[str]) -> None:
        self._url, self._files = url, files
        self._base = urlsplit(url).path
        self._known: dict[tuple[str, bytes], tuple[str, str] | None] = {}
        self._missing: dict[tuple[str, str], list[str]] = {}
        self._anchored: dict[str, list[tuple[str, str, str]]] = {}
        self._anchors: dict[str, frozenset[str]] = {}

    def read(self, path: str, data: bytes) -> None:
        """Note what one file names."""
        if path.endswith(".html"):
            self._read_page(path, data)
        elif path.endswith(".css"):
            for match in _STYLE.finditer(_COMMENT.sub(b"", data)):
                self._note(path, match[1] or match[2])
        elif path.endswith(".xml"):
            for match in _XML.finditer(data):
                self._note(path, match[1] or match[2])

    def broken(self) -> Iterator[tuple[str, str, list[str]]]:
        """Each address that leads nowhere as it was typed, what is missing, and the files that name it."""
        for (typed, target), pages in self._missing.items():
            yield typed, target, pages
        for target, wanted in self._anchored.items():
            known = self._anchors.get(target, frozenset())
            for page, typed, fragment in wanted:
                if known.isdisjoint((fragment, unquote(fragment))):
                    yield typed, f"{target}#{fragment}", [page]

    def _read_page(self, path: str, data: bytes) -> None:
        anchors = set()
        for tag, attributes in _TAG.findall(data):
            for name, typed in _ATTRIBUTE.findall(attributes):
                value = typed[1:-1] if typed[:1] in b"\"'" else typed
                name = name.lower()
                if name == b"id" or (name == b"name" and tag.lower() == b"a"):
                    anchors.add(html.unescape(value.decode("utf-8", "replace")))
                elif name != b"name":
                    for address in _addresses(tag.lower(), name, value, attributes):
                        self._note(path, address)
        self._anchors[path] = frozenset(anchors)

    def _note(self, path: str, typed: bytes) -> None:
        folder = posixpath.dirname(path)
        key = (path if typed.startswith(b"#") else folder, typed)
        if key not in self._known:
            self._known[key] = self._target(path, html.unescape(typed.decode("utf-8", "replace")).strip())
        found = self._known[key]
        if found is None:
            return
        target, fragment = found
        if target not in self._files:
            self._missing.setdefault((typed.decode("utf-8", "replace"), target), []).append(path)
        elif fragment and target.endswith(".html"):
            self._anchored.setdefault(target, []).append((path, typed.decode("utf-8", "replace"), fragment))

    def _target(self, path: str, address: str) -> tuple[str, str] | None:
        """The file of the site that an address stands for, and the place in it; None where it leads elsewhere."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return address, ""
        if address.startswith(self._url):
            target = unquote(parts.path)[len(self._base) :]
        elif parts.scheme or parts.netloc or (parts.path.startswith("/") and not parts.path.startswith(self._base)):
            return None
        elif parts.path.startswith("/"):
            target = unquote(parts.path)[len(self._base) :]
        elif parts.path:
            target = posixpath.join(posixpath.dirname(path), unquote(parts.path))
        else:
            target = path
        folder = not target or target.endswith(("/", "/.", "/..")) or target in (".", "..")
        plain = posixpath.normpath(target) if target else "."
        return (posixpath.normpath(f"{plain}/index.html") if folder else plain), parts.fragment


def _addresses(tag: bytes, name: bytes, value: bytes, attributes: bytes) -> Iterator[bytes]:
    """The addresses in one attribute."""
    if name in (b"srcset", b"imagesrcset"):
        yield from (candidate.split()[0] for candidate in value.split(b",") if candidate.strip())
    elif name == b"content":
        if tag == b"meta" and _NAMED_BY_CONTENT.search(attributes):
            yield value.partition(b"=")[2].strip(b"'\" ") if b"refresh" in attributes.lower() else value
    elif name != b"data" or tag == b"object":
        yield value
