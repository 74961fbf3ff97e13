"""Addresses of outputs, and the links between them.

An address is a path relative to the output folder (`hyjl/2024/0313-a.html`) or an absolute URL.
Addresses are ASCII: Chinese ones break in mail, WeChat and old servers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from newsgen.core.model import Moment
from newsgen.core.text import slug

NGINX = "redirects.nginx.conf"
APACHE = "redirects.apache.conf"
"""The rules for the web server that redirect old addresses."""
GONE_NGINX = "gone.nginx.conf"
GONE_APACHE = "gone.apache.conf"
"""The rules by which the web server answers 410 for withdrawn addresses."""
SERVER_RULES = (NGINX, APACHE, GONE_NGINX, GONE_APACHE)
"""Outputs for the web server alone, which readers must not get."""

LIST_SIZE = 20
"""Items on a page of a list; its newest page has 20 to 39."""

_MONTH, _DAY = "0[1-9]|1[0-2]", r"0[1-9]|[12]\d|3[01]"
_LEADING_DATE = re.compile(
    rf"((?:19|20)\d\d)(?:[-._]?({_MONTH})[-._]?({_DAY})|[-._]({_MONTH}|[1-9])[-._]({_DAY}|[1-9]))(?:[-_+. ]+|$)",
    re.ASCII,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE).match
_PLAIN = re.compile(r"[A-Za-z0-9/#._~%-]*").fullmatch


def short_hash(text: str) -> str:
    """The first 8 hexadecimal digits of a digest of `text`: a slug for a name that is not ASCII."""
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()[:8]


def ascii_slug(name: str, identity: str) -> str:
    """`name` where it is a safe ASCII file name, else a short hash of `identity`."""
    return slug(name.strip("-_. ")) or short_hash(identity)


def article_slug(stem: str, path: str, explicit: str | None = None) -> str:
    """The slug of an article: front matter's, else the stem without its date, else a hash of its path."""
    if explicit is not None:
        return explicit
    return ascii_slug(_without_date(stem), path)


def _without_date(stem: str) -> str:
    """A file's stem without a date in front that the calendar has: `20240313-a`, `2024-3-13_a`, but not `103245-a`."""
    match = _LEADING_DATE.match(stem)
    if match is None:
        return stem
    if (match[3] or match[5]) > "28":
        try:
            date(*(int(group) for group in match.groups() if group))
        except ValueError:
            return stem
    return stem[match.end() :]


def article_address(section: str, published: Moment, slug: str) -> str:
    """The address of a dated article: `<section>/<yyyy>/<mmdd>-<slug>.html`."""
    day = published.minute
    return f"{section}{day[:4]}/{day[5:7]}{day[8:10]}-{slug}.html"


def root_of(address: str) -> str:
    """The prefix that leads from the page at `address` to the output folder: `../` for each folder it lies in."""
    return "../" * address.count("/")


def absolute(site_url: str, address: str) -> str:
    """The absolute URL of an address. Index pages have that of their folder."""
    if is_external(address):
        return address
    folder, _, name = address.rpartition("/")
    named = f"{folder}/" if folder and name == "index.html" else "" if name == "index.html" else address
    return site_url + (named if _PLAIN(named) else quote(named, safe="/#.-_~%"))


def base_of(site_url: str) -> str:
    """The path of the site from its host's root: `/dqgz/`."""
    return unquote(urlsplit(site_url).path) or "/"


def page_at(path: str) -> str:
    """The address of the page at a path: for a folder, its index page."""
    return f"{path}index.html" if path == "" or path.endswith("/") else path


def is_external(address: str) -> bool:
    """Whether `address` is complete in itself: a URL, a server path or a fragment."""
    return address.startswith(("/", "#")) or (":" in address and bool(_SCHEME(address)))


def at(address: str, root: str) -> str:
    """The `href` for `address` on a page whose prefix is `root`."""
    return address if is_external(address) else root + address


@lru_cache(maxsize=4096)
def term_prefix(kind: str, name: str) -> str:
    """The address folder of a tag or branch: `tags/<slug>/`, the slug a hash where the name is not ASCII."""
    return f"{kind}/{ascii_slug(name.replace(' ', '-'), name)}/"


def outputs_of_alias(alias: str, site_path: str) -> tuple[str, ...]:
    """The outputs that an alias would hide, as paths below the site in lower case.

    `site_path` is the path of the site's own address, `/dqgz/`. None where it lies beside the site, or names a query.
    """
    below = alias
    if alias.startswith("/"):
        path = unquote(alias)
        if "?" in alias or not f"{path}/".lower().startswith(site_path.lower()):
            return ()
        below = path[len(site_path) :]
    below = below.lower()
    if not below or below.endswith("/"):
        return (f"{below}index.html",)
    return (below, f"{below}/index.html") if alias.startswith("/") else (below,)


def list_addresses(prefix: str, count: int) -> Iterator[str]:
    """The addresses of the pages that a list of so many items has."""
    return (list_address(prefix, number) for number in range(max(0, count // LIST_SIZE - 1) + 1))


def list_address(prefix: str, number: int) -> str:
    """The address of a page of a list below the address folder `prefix`; page 0 is the newest."""
    return f"{prefix}{number or 'index'}.html"
