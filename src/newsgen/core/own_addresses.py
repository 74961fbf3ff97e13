"""Addresses of the site itself, however they were typed: with host or without, encoded, of another port or scheme.

Browsers accept many forms (WHATWG URL standard): `HTTP:\\\\Host:443/%61.html` is an address like any other. Links to
the site's own host must be recognised in all of them, since they may lead to a page that does not exist any more.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from newsgen.core.urls import page_at

_WITH_HOST = re.compile(r"(?:https?:[/\\]*|[/\\]{2,})(?=[^/\\])", re.IGNORECASE)
_IGNORED = re.compile(r"[\t\r\n]")
"""Browsers remove these wherever they stand in an address."""
_PORTS = (None, 80, 443)
_PROGRAM = re.compile(r"\.(?:jspx?|php\d?|aspx?|ashx|cgi|do|action|psp|s?html?;.*|shtml|htm)$", re.IGNORECASE)
"""Suffixes of pages that other systems make; newsgen makes none."""


class OwnAddress(NamedTuple):
    """An address on the site's own host.

    `path` is the page's path below the site as newsgen names it (`hyjl/index.html`), None where the address leads out of
    the site. `server` is the path from the host's root with what follows `?`, decoded. `fragment` is what follows `#`.
    """

    path: str | None
    server: str
    fragment: str


class _SiteAddress(NamedTuple):
    host: str
    port: int | None
    base: str


@lru_cache(maxsize=16)
def _site(url: str) -> _SiteAddress:
    parts = urlsplit(url)
    return _SiteAddress(_host(parts.hostname or ""), parts.port, unquote(parts.path) or "/")


def own_address(url: str, typed: str) -> OwnAddress | None:
    """The address on the site at `url` that `typed` stands for: a URL, or a path from the host's root.

    None where it leads to another host, or is relative, or no address at all.
    """
    text = _IGNORED.sub("", typed).strip()
    match = _WITH_HOST.match(text)
    if match is None:
        return _own(_site(url).base, text) if text[:1] in ("/", "\\") else None
    rest = _rest_on_host(_site(url), text[match.end() :])
    return None if rest is None else _own(_site(url).base, rest)


def is_own(url: str, typed: str) -> bool:
    """Whether an address with a host leads to the site's own host."""
    text = _IGNORED.sub("", typed).strip()
    match = _WITH_HOST.match(text)
    return match is not None and _rest_on_host(_site(url), text[match.end() :]) is not None


def _rest_on_host(site: _SiteAddress, text: str) -> str | None:
    """The text behind host and port; None where these are not the site's."""
    end = re.search(r"[/\\?#]|$", text)
    authority, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    name, _, port = authority.rpartition("@")[2].partition(":")
    if _host(unquote(name)) != site.host or not (port == "" or port.isdecimal()):
        return None
    number = int(port[:6]) if port else None
    return rest if number == site.port or {number, site.port} <= {*_PORTS} else None


def _host(name: str) -> str:
    """A host's name in the form for comparison: ASCII, lower case, without a dot at the end."""
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return name
    return name.lower().removesuffix(".")


def _own(base: str, rest: str) -> OwnAddress:
    before, _, fragment = rest.partition("#")
    typed, mark, query = before.partition("?")
    path = _normal(unquote(typed.replace("\\", "/")))
    server = path + (mark and f"?{unquote(query)}")
    if f"{path}/" == base:
        path = base
    below = path.startswith(base) and not _PROGRAM.search(path)
    return OwnAddress(page_at(path[len(base) :]) if below else None, server, unquote(fragment))


def _normal(path: str) -> str:
    """The path without `.`, `..` and empty names; a `/` at its end stays."""
    plain = posixpath.normpath("/" + path.lstrip("/"))
    return plain + "/" if path.endswith(("/", "/.", "/..")) and plain != "/" else plain
