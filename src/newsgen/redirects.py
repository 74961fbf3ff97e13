"""Old addresses of articles: pages below the site that lead on, and rules for the web server's own paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from newsgen.cards import destination
from newsgen.site import Article
from newsgen.urls import APACHE, NGINX, absolute, at, root_of

_NGINX_HEAD = """\
# Old addresses, for nginx. In the http block:
#     map $request_uri $newsgen_moved { include .../redirects.nginx.conf; }
# and in the server block:
#     if ($newsgen_moved) { return 301 $newsgen_moved; }
"""
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
    """The rule files by path; none when no article has an old server path."""
    moves = sorted(
        (alias.text, _plain(absolute(url, destination(article))))
        for article in articles
        for alias in article.matter.aliases
        if alias.text.startswith("/")
    )
    if not moves:
        return {}
    nginx = "".join(f'"{old}" "{new}";\n' for old, new in moves)
    apache = "".join(_apache_rule(old, new) for old, new in moves)
    return {NGINX: _NGINX_HEAD + nginx, APACHE: _APACHE_HEAD + apache}


def _plain(url: str) -> str:
    """The URL without what servers would read as quote or variable."""
    return url.replace('"', "%22").replace("$", "%24").replace("\\", "%5C")


def _apache_rule(old: str, new: str) -> str:
    """A query string is matched by a condition: RewriteRule sees the path alone."""
    parts = urlsplit(old)
    condition = f"RewriteCond %{{QUERY_STRING}} ^{re.escape(parts.query)}$\n" if parts.query else ""
    target = new.replace("%", "\\%")
    if not parts.query:
        condition = "RewriteCond %{QUERY_STRING} ^$\n"
    return f"{condition}RewriteRule ^{re.escape(parts.path)}$ {target}{'?' if parts.query else ''} [R=301,L,NE]\n"
