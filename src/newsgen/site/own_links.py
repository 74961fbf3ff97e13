"""Links to the site's own pages by address, as copied from a browser.

An author who types `https://sm.example.edu.cn/dqgz/news/2024/0313-a.html` names an article as well as one who types
`2024-03-13-a.md`. Which file has that address, and whether it is public, is found out here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from newsgen.config.model import Ledger
from newsgen.content.media import Media, named_files, numbered_photos
from newsgen.core.model import Download, Picture, Record
from newsgen.core.own_addresses import OwnAddress, own_address
from newsgen.core.text import did_you_mean
from newsgen.core.urls import SERVER_RULES, base_of, list_addresses, term_prefix
from newsgen.core.variants import name_of_picture
from newsgen.site.conflicts import RESERVED, AddressedArticle

_GENERATED = re.compile(
    r"(?:tags|branches|archive|media|assets)/|(?:.*/)?(?:\d+\.html|feed\.xml)$|sitemap[^/]*\.xml$", re.IGNORECASE
)
"""Addresses of lists, feeds and files, which come and go with articles."""
CANDIDATES = 500
"""Addresses that are compared with one that does not exist at most."""
_TERMS = ("tags/", "branches/", "archive/")


class OwnPages(Record, frozen=True, dict=True, gc=True):
    """All pages and files of this site by address. `placed` are all articles, `shown` the public ones.

    `prefixes` are the address folders of all sections by path, `indexes` the files of those that have one. `files` are the
    paths of all files of content/ but the reports.
    """

    url: str
    placed: tuple[AddressedArticle, ...]
    shown: tuple[AddressedArticle, ...]
    prefixes: Mapping[str, str]
    indexes: Mapping[str, str]
    ledger: Ledger
    media: Media
    files: Collection[str]

    def at(self, typed: str) -> OwnAddress | None:
        """The address on this site that `typed` means, as own_address() gives it."""
        return own_address(self.url, typed)

    def document(self, own: OwnAddress) -> str | None:
        """The Markdown file whose page is, or was, at the address; None where there is none."""
        return next((found for name in self._names(own) if (found := self._documents.get(name))), None)

    def has(self, own: OwnAddress) -> str | None:
        """The path of a page or file at the address that belongs to no Markdown file; None where there is none."""
        for path in (own.path, own.path and f"{own.path}/index.html"):
            if path and (name := self._generated.get(path.lower())):
                return name
        return None

    def file(self, own: OwnAddress) -> Picture | Download | None:
        """The photo or download at the address, if something public shows it; a photo in any of its widths."""
        path = (own.path or "").lower()
        return self._files.get(path) or self._pictures.get(name_of_picture(path) if path.startswith("media/") else "")

    def is_generated(self, own: OwnAddress) -> bool:
        """Whether the address looks like that of a list, feed or file, which may go when an article goes."""
        return bool(own.path and _GENERATED.match(own.path)) or (own.path or "") in self.ledger.files

    def like(self, own: OwnAddress) -> str | None:
        """The Markdown file whose address is most like one that does not exist."""
        name = f"{base_of(self.url)}{own.path}".lower()
        near = sorted(self._documents, key=lambda other: abs(len(other) - len(name)))[:CANDIDATES]
        guess = did_you_mean(name, near)
        return self._documents[guess] if guess else None

    def ending_in(self, target: str) -> str | None:
        """The Markdown file of the only page whose address ends like the relative address `target`; else None."""
        end = "/" + "/".join(part for part in target.lower().split("/") if part not in ("", ".", ".."))
        found = {path for name, path in self._documents.items() if name.endswith(end)}
        return found.pop() if len(found) == 1 else None

    def _names(self, own: OwnAddress) -> Iterator[str]:
        """The address in all forms that `_documents` may have as a key: with its query, without, and as a folder."""
        asked, path = own.server.lower(), own.server.partition("?")[0].lower()
        yield from (asked, path)
        if own.path is not None:
            page = f"{base_of(self.url)}{own.path}".lower()
            yield from (page, f"{path}/", f"{path}/index.html", page.removesuffix("index.html"))

    @cached_property
    def _documents(self) -> Mapping[str, str]:
        """The Markdown files by path from the host's root, in lower case. Public pages come before old addresses."""
        base = base_of(self.url)
        found = {f"{base}{self.prefixes[path]}index.html".lower(): file for path, file in self.indexes.items()}
        for item in (*self.shown, *self.placed):
            for address in (item.address, *(alias.text for alias in item.matter.aliases)):
                found.setdefault(_from_root(base, address), item.source.path)
        for entry in self.ledger.standing:
            for address in entry.addresses:
                found.setdefault(_from_root(base, address), entry.article)
        return found

    @cached_property
    def _generated(self) -> Mapping[str, str]:
        return {address.lower(): address for address in generated_addresses(self.shown, self.prefixes)}

    @cached_property
    def _files(self) -> Mapping[str, Picture | Download]:
        paths = {path for item in self.shown for path in named_files(item.source)}
        paths.update(numbered_photos((item.source for item in self.shown), self.files))
        files = (self.media.get(path) for path in paths)
        return {file.address.lower(): file for file in files if isinstance(file, Picture | Download)}

    @cached_property
    def _pictures(self) -> Mapping[str, Picture | Download]:
        return {name_of_picture(address): file for address, file in self._files.items() if isinstance(file, Picture)}


def _from_root(base: str, address: str) -> str:
    return (address if address.startswith("/") else base + address).lower()


def generated_addresses(shown: Iterable[AddressedArticle], prefixes: Mapping[str, str]) -> Iterator[str]:
    """The addresses of all outputs for readers that show no text of their own: lists, feeds, sitemaps.

    `prefixes` are the address folders of all sections by path, `shown` the public articles.
    """
    dated = [item for item in shown if item.matter.date is not None]
    yield from (address for address in RESERVED if address not in SERVER_RULES)
    yield "sitemap-pages.xml"
    yield from {f"sitemap-{_year(item)}.xml" for item in dated if not item.matter.redirect}
    yield from (f"{prefix}feed.xml" for prefix in prefixes.values())
    lists = Counter(dict.fromkeys(prefixes.values(), 0))
    lists.update(prefixes[path] for item in dated for path in _sections_of(item, prefixes))
    lists.update(prefix for item in dated for prefix in _terms(item))
    lists.update({f"{prefix.partition('/')[0]}/": 0 for prefix in lists if prefix.startswith(_TERMS)})
    for prefix, count in lists.items():
        yield from list_addresses(prefix, count if prefix else 0)  # the home page has no older ones


def _sections_of(item: AddressedArticle, prefixes: Mapping[str, str]) -> Iterator[str]:
    """The paths of the section that an article lies in and of those above it."""
    path = item.section
    while path:
        if path in prefixes:
            yield path
        path = path.rpartition("/")[0]


def _terms(item: AddressedArticle) -> Iterator[str]:
    """The address folders of the tags, branches and year of an article."""
    yield from (term_prefix("tags", name) for name in dict.fromkeys(item.matter.tags))
    yield from (term_prefix("branches", name) for name in dict.fromkeys(item.matter.branch))
    yield f"archive/{_year(item)}/"


def _year(item: AddressedArticle) -> str:
    return item.matter.date.minute[:4] if item.matter.date else ""
