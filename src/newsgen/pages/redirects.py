"""Old addresses of articles: pages below the site that lead on, and rules for the web server's own paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, urlsplit

from newsgen.core.urls import APACHE, GONE_APACHE, GONE_NGINX, NGINX, absolute, at, root_of
from newsgen.site.model import Article

_NGINX_HEAD = """\
# Old addresses, for nginx. In the http block:
#     map $request_uri $newsgen_moved { include .../redirects.nginx.conf; }
# and in the server block:
#     if ($newsgen_moved) { return 301 $newsgen_moved; }
"""
_GONE_NGINX_HEAD = """\
# What was withdrawn, for nginx. In the http block:
#     map $request_uri $newsgen_gone { include .../gone.nginx.conf; }
# and in the server block:
#     if ($newsgen_gone) { return 410; }
"""
_GONE_APACHE_HEAD = "# What was withdrawn, for Apache (mod_rewrite), in the virtual host.\nRewriteEngine On\n"
_APACHE_HEAD = "# Old addresses, for Apache (mod_rewrite), in the virtual host.\nRewriteEngine On\n"


def moved_page(path: str, target: str, title: str, url: str) -> str:
    """A page at an old address below the site; it needs no server and no script."""
    href = escape(at(target, root_of(path)))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={href}">\n'
        f'<link rel="canonical" href="{escape(absolute(url, target))}">\n'
        '<meta name="robots" content="noindex">\n</head>\n'
        f'<body>\n<p>网页已移到：<a href="{href}">{escape(title)}</a></p>\n</body>\n</html>\n'
    )


def server_rules(articles: Iterable[Article], url: str) -> dict[str, str]:
    """The rule files by path; none when no article has an old server path.

    A rule leads to the article's own address, also where the article lives elsewhere: a server that takes rules over from a
    folder it doesn't own lets none of them lead to other hosts (docs/server/newsgen-rules).
    """
    moves = sorted(
        (alias.text, _plain(absolute(url, article.address)))
        for article in articles
        for alias in article.matter.aliases
        if alias.text.startswith("/")
    )
    if not moves:
        return {}
    nginx = "".join(f'"{old}" "{new}";\n' for old, new in moves)
    apache = "".join(_apache_rule(old, new) for old, new in moves)
    return {NGINX: _NGINX_HEAD + nginx, APACHE: _APACHE_HEAD + apache}


def gone_rules(addresses: Iterable[str], url: str) -> dict[str, str]:
    """The rule files by path that answer 410 at these addresses; none where nothing was withdrawn.

    An address that begins with `/` is the server's own, others lie below the site's. What follows `?` does not count,
    unless the address has one itself.
    """
    paths = sorted({path for address in addresses for path in _server_paths(address, url)})
    if not paths:
        return {}
    nginx = "".join(f'"~^{_pattern(path)}$" 1;\n' for path in paths)
    apache = "".join(_apache_gone(path) for path in paths)
    return {GONE_NGINX: _GONE_NGINX_HEAD + nginx, GONE_APACHE: _GONE_APACHE_HEAD + apache}


def _server_paths(address: str, url: str) -> Iterator[str]:
    """The paths by which browsers ask for an address: percent-encoded, and a folder with or without its index.html."""
    path = quote(address if address.startswith("/") else urlsplit(url).path + address, safe="/%?=&;+,:@!$'()*~")
    yield path
    if path.endswith("/index.html"):
        yield path.removesuffix("index.html")
    elif path.endswith("/"):
        yield f"{path}index.html"


def _pattern(path: str) -> str:
    """The regular expression of a request for `path`: without a quote or a backslash that the servers could misread."""
    escaped = "".join(char if char.isalnum() or char in "/_%=&;,:@!'~-" else f"[{char}]" for char in path)
    return escaped if "?" in path else f"{escaped}([?].*)?"


def _apache_gone(path: str) -> str:
    """THE_REQUEST is the line as it came, `GET /a.html?b HTTP/1.1`: nothing in it was decoded or rewritten.

    REDIRECT_STATUS is set while the page of the error is fetched, which must not be an error in turn.
    """
    return (
        "RewriteCond %{ENV:REDIRECT_STATUS} ^$\n"
        f'RewriteCond %{{THE_REQUEST}} "^[A-Z]+ {_pattern(path)} HTTP/"\nRewriteRule ^ - [G,L]\n'
    )


def _plain(url: str) -> str:
    """The URL without what servers would read as quote or variable."""
    return url.replace('"', "%22").replace("$", "%24").replace("\\", "%5C")


def _apache_rule(old: str, new: str) -> str:
    """A query string is matched by a condition: RewriteRule sees the path alone."""
    parts = urlsplit(old)
    condition = f"RewriteCond %{{QUERY_STRING}} ^{re.escape(parts.query)}$\n"
    target = new.replace("%", "\\%")
    return f"{condition}RewriteRule ^{re.escape(parts.path)}$ {target}{'?' if parts.query else ''} [R=301,L,NE]\n"
