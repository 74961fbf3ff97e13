"""What any built site must keep, checked on the files alone: nothing of newsgen is imported here.

Each function takes the output folder and returns one line per fault, `page: what is wrong`; an empty list is a pass.
A folder without a page is refused, so that a build that made nothing cannot pass. Pages are read by html5lib, which
follows the parsing rules of the HTML standard, so that what a browser would run is seen as the browser sees it.
"""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import feedparser
import html5lib
from lxml import etree

HERE = Path(__file__).parent
VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
"""The Nu HTML checker; `make` puts it there."""

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

URL_ATTRIBUTES = frozenset(
    {
        *("action", "background", "cite", "classid", "code", "codebase", "data", "formaction", "href", "icon"),
        *("longdesc", "lowsrc", "manifest", "ping", "poster", "profile", "src", "usemap"),
        *("from", "to", "values"),  # of SVG animations
    }
)
"""Attributes that a browser may load or follow."""

EMBEDDING = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "object", "portal"})
INERT_DATA = re.compile(r"data:image/(png|jpeg|gif|webp)[;,]", re.I)
ACTIVE_SCHEME = re.compile(r"(javascript|vbscript|livescript|mocha|data|blob|file|filesystem):", re.I)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""A moment as RFC 3339 writes it."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One element of a page: names without namespace and in lower case; `text` is its own text."""

    name: str
    attributes: Mapping[str, str]
    text: str


# ---------------------------------------------------------------- reading


def pages(folder: Path) -> list[Path]:
    """The HTML files of a built site. Raises ValueError where there is none."""
    found = sorted(folder.rglob("*.html"))
    if not found:
        raise ValueError(f"no page in {folder}")
    return found


def tags(path: Path, *, scripting: bool = False) -> tuple[Tag, ...]:
    """The elements of an HTML or SVG file in document order; with scripting, <noscript> holds text alone."""
    return _tags(path.read_bytes(), scripting)


@lru_cache(maxsize=4096)
def _tags(data: bytes, scripting: bool) -> tuple[Tag, ...]:
    tree = html5lib.parse(data, namespaceHTMLElements=False, transport_encoding="utf-8", scripting=scripting)
    return tuple(_tag(element) for element in tree.iter() if not _is_comment(element))


def _is_comment(element: Element) -> bool:
    """Comments have a function for a tag."""
    return not isinstance(element.tag, str)


def _tag(element: Element) -> Tag:
    attributes = {_local(name): value for name, value in element.attrib.items()}
    return Tag(_local(element.tag), attributes, element.text or "")


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _shown(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


# ---------------------------------------------------------------- HTML


def nu_errors(folder: Path) -> list[str]:
    """What the Nu HTML checker calls an error, on all pages of a folder in one run."""
    pages(folder)
    command = ["java", "-Xss8m", "-Dfile.encoding=UTF-8", "-jar", str(VNU)]
    options = ["--stdout", "--errors-only", "--exit-zero-always", "--skip-non-html", "--format", "json"]
    ran = subprocess.run([*command, *options, str(folder)], capture_output=True, check=True)
    found = json.loads(ran.stdout)["messages"]
    return sorted(f"{_page_of(item, folder)}:{item.get('lastLine', 1)}: {item['message']}" for item in found)


def _page_of(message: Mapping[str, str], folder: Path) -> str:
    """The page that the checker speaks of; it names pages by file: address."""
    path = unquote(urlsplit(message.get("url", "")).path)
    _, found, name = path.partition(f"{folder.as_posix()}/")
    return name if found else path


# ---------------------------------------------------------------- links


def broken_links(folder: Path, site: str = "") -> list[str]:
    """Links, images, styles and anchors that lead nowhere, were the folder opened from file:// or any mount point.

    `site` is the address of the site's root, with a slash at its end: absolute addresses below it, those of feeds and
    sitemaps included, must be files of the folder too. Root-relative paths are allowed in 404.html alone.
    """
    files = frozenset(_shown(folder, path) for path in folder.rglob("*") if path.is_file())
    anchors = {name: ids(folder / name) for name in files if name.endswith((".html", ".svg"))}
    crawl = _Crawl(folder, files, anchors, site)
    found = [fault for page in pages(folder) for fault in crawl.page(_shown(folder, page))]
    found += [fault for name in sorted(files) if name.endswith(".css") for fault in crawl.style(name)]
    found += [fault for name in sorted(files) if name.endswith(".xml") for fault in crawl.xml(name)]
    return found


@dataclass(frozen=True)
class _Crawl:
    folder: Path
    files: frozenset[str]
    anchors: Mapping[str, frozenset[str]]
    site: str

    def page(self, name: str) -> Iterator[str]:
        for tag in tags(self.folder / name):
            if tag.name == "base":
                yield f"{name}: <base> changes what every link means"
            for address in addresses(tag):
                yield from self.fault(name, address)

    def style(self, name: str) -> Iterator[str]:
        text = re.sub(r"/\*.*?\*/", "", (self.folder / name).read_text("utf-8"), flags=re.S)
        for match in re.finditer(r"""url\(\s*["']?([^"')]*)["']?\s*\)|@import\s+["']([^"']*)["']""", text):
            yield from self.fault(name, match[1] or match[2] or "")

    def xml(self, name: str) -> Iterator[str]:
        root = etree.parse(str(self.folder / name)).getroot()
        for element in root.iter(f"{SITEMAP}loc", f"{ATOM}link"):
            yield from self.fault(name, element.get("href") or element.text or "")

    def fault(self, name: str, address: str) -> Iterator[str]:
        """Nothing, or what is wrong with an address that stands in the file `name`."""
        reason = self.reason(name, address.strip())
        if reason:
            yield f"{name}: {address!r} {reason}"

    def reason(self, name: str, address: str) -> str:
        parts = urlsplit(address)
        if self.site and address.startswith(self.site):
            return self.missing(unquote(parts.path[len(urlsplit(self.site).path) :]) or "index.html", parts.fragment)
        if parts.scheme in ("http", "https", "mailto", "tel") or INERT_DATA.match(address):
            return ""
        if parts.scheme or parts.netloc:
            return "cannot be opened from a folder"
        if parts.path.startswith("/"):
            root = urlsplit(self.site).path
            if name != "404.html" or not root or not parts.path.startswith(root):
                return "hangs on where the site is mounted"
            return self.missing(unquote(parts.path[len(root) :]) or "index.html", parts.fragment)
        if not parts.path and not parts.fragment:
            return "is empty"
        if name == "404.html" and parts.path:
            return "is relative in a page that is served at any depth"
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
        )
        return (
            "names a folder, not its index.html" if parts.path.endswith("/") else self.missing(target, parts.fragment)
        )

    def missing(self, target: str, fragment: str) -> str:
        if target.endswith("/"):
            target += "index.html"  # only absolute addresses get here: a server adds it
        if target.startswith("../") or target not in self.files:
            return f"leads to {target}, which is not there"
        if fragment and unquote(fragment) not in self.anchors.get(target, (unquote(fragment),)):
            return f"leads to an anchor that {target} does not have"
        return ""


def addresses(tag: Tag) -> Iterator[str]:
    """All addresses that an element names."""
    for name, value in tag.attributes.items():
        if name in ("srcset", "imagesrcset"):
            yield from (candidate.split()[0] for candidate in value.split(",") if candidate.strip())
        elif name in URL_ATTRIBUTES and not _is_no_address(tag, name):
            yield value
    if tag.name == "meta" and tag.attributes.get("http-equiv", "").lower() == "refresh":
        yield tag.attributes.get("content", "").partition("=")[2].strip("'\" ")
    if tag.name == "meta" and tag.attributes.get("property", "") in ("og:image", "og:url"):
        yield tag.attributes.get("content", "")


def _is_no_address(tag: Tag, attribute: str) -> bool:
    """`data`, `from`, `values` and the like mean addresses on some elements only."""
    return (attribute in ("from", "to", "values") and not tag.name.startswith(("animate", "set"))) or (
        attribute == "data" and tag.name != "object"
    )


def ids(path: Path) -> frozenset[str]:
    """The anchors of a page."""
    named = {tag.attributes["name"] for tag in tags(path) if tag.name == "a" and "name" in tag.attributes}
    return frozenset(named | {tag.attributes["id"] for tag in tags(path) if "id" in tag.attributes})


# ---------------------------------------------------------------- what could run


def executable(folder: Path) -> list[str]:
    """What a browser would run, load as a document or let a stranger decide, on all pages and SVG images.

    Allowed are deferred or plain classic scripts from a file of the folder, and JSON-LD that is valid JSON.
    """
    found = [*pages(folder), *sorted(folder.rglob("*.svg"))]
    faults = (
        f"{_shown(folder, path)}: {fault}"
        for path in found
        for tag in (*tags(path), *tags(path, scripting=True))
        for fault in (*_script_faults(tag, folder, path), *running(tag))
    )
    return list(dict.fromkeys(faults))


def running(tag: Tag) -> Iterator[str]:
    """Why an element other than <script> could run something."""
    if tag.name in EMBEDDING:
        yield f"<{tag.name}>"
    for name, value in tag.attributes.items():
        if name.startswith("on"):
            yield f"<{tag.name} {name}={value!r}>"
        if name == "srcdoc":
            yield f"<{tag.name} srcdoc>"
    for address in addresses(tag):
        # Browsers drop control characters and line ends from an address before they look at its scheme.
        bare = re.sub(r"[\x00-\x20]", "", address)
        if ACTIVE_SCHEME.match(bare) and not (tag.name in ("img", "source") and INERT_DATA.match(bare)):
            yield f"<{tag.name}> with {address!r}"


def _script_faults(tag: Tag, folder: Path, page: Path) -> Iterator[str]:
    if tag.name != "script":
        return
    kind = tag.attributes.get("type", "text/javascript").strip().lower()
    source = tag.attributes.get("src", tag.attributes.get("href"))
    if kind == "application/ld+json" and source is None:
        yield from _json_faults(tag.text)
    elif kind != "text/javascript" or page.suffix == ".svg":
        yield f"<script> of type {kind}"
    elif source is None or tag.text.strip():
        yield f"inline <script>: {tag.text[:60]!r}"
    elif not _own_file(source, folder, page):
        yield f"<script> from {source!r}"


def _json_faults(text: str) -> Iterator[str]:
    try:
        json.loads(text)
    except ValueError as error:
        yield f"JSON-LD that is no JSON: {error}"


def _own_file(source: str, folder: Path, page: Path) -> bool:
    """Whether a script is a file of the folder; 404.html names it by an absolute address, so by its name alone."""
    path = urlsplit(source).path
    if page.name == "404.html":
        return any(path.endswith("/" + _shown(folder, script)) for script in folder.rglob("*.js"))
    target = (page.parent / unquote(source)).resolve()
    return source == path and target.is_file() and target.is_relative_to(folder.resolve())


def inline_styles(folder: Path) -> list[str]:
    """<style> elements and style attributes: a strict Content-Security-Policy refuses both."""
    return [
        f"{_shown(folder, page)}: <{tag.name}>"
        for page in pages(folder)
        for tag in tags(page)
        if tag.name == "style" or "style" in tag.attributes
    ]


# ---------------------------------------------------------------- feeds and sitemaps


def feed_problems(path: Path) -> list[str]:
    """What RFC 4287 forbids in an Atom feed, and what a real parser stumbles over."""
    root = etree.parse(str(path)).getroot()
    if root.tag != f"{ATOM}feed":
        return [f"the root is {root.tag}"]
    entries = root.findall(f"{ATOM}entry")
    read = feedparser.parse(path.read_bytes())
    found = [f"feedparser: {read.get('bozo_exception')}"] if read.bozo else []
    if len(read.entries) != len(entries):
        found.append(f"feedparser sees {len(read.entries)} of {len(entries)} entries")
    if not _has_author(root):
        found += [f"entry {number}: no author" for number, item in enumerate(entries, 1) if not _has_author(item)]
    for place, node in (("feed", root), *((f"entry {number}", item) for number, item in enumerate(entries, 1))):
        found += [f"{place}: {fault}" for fault in _atom_faults(node)]
    identities = [item.findtext(f"{ATOM}id", "") for item in (root, *entries)]
    return found + [f"id twice: {name}" for name in sorted(set(identities)) if identities.count(name) > 1]


def _has_author(node: etree._Element) -> bool:
    return bool((node.findtext(f"{ATOM}author/{ATOM}name") or "").strip())


def _atom_faults(node: etree._Element) -> Iterator[str]:
    """What an atom:feed and an atom:entry have in common."""
    for name in ("id", "title", "updated"):
        if len(node.findall(f"{ATOM}{name}")) != 1 or not (node.findtext(f"{ATOM}{name}") or "").strip():
            yield f"needs exactly one {name}"
    if not urlsplit(node.findtext(f"{ATOM}id", "")).scheme:
        yield "its id is no absolute address"
    for name in ("updated", "published"):
        if not all(MOMENT.fullmatch(element.text or "") for element in node.findall(f"{ATOM}{name}")):
            yield f"its {name} is no RFC 3339 moment"
    links = node.findall(f"{ATOM}link")
    if not all(re.fullmatch(r"https?://[!-~]+", link.get("href", "")) for link in links):
        yield "a link is no absolute address in ASCII"
    if not any(link.get("rel", "alternate") == "alternate" for link in links) and node.find(f"{ATOM}content") is None:
        yield "no link to the page"
    for element in node.iterfind("*"):
        if element.get("type") in ("html", "xhtml"):
            yield from _html_faults("".join(str(piece) for piece in element.itertext()))


def _html_faults(text: str) -> Iterable[str]:
    """What could run in HTML that a feed carries."""
    for tag in _tags(text.encode(), True):
        yield from (("<script>",) if tag.name == "script" else running(tag))


def sitemap_problems(path: Path) -> list[str]:
    """What the schema of sitemaps.org refuses in a sitemap or a sitemap index."""
    schema = etree.XMLSchema(etree.parse(str(HERE / "schema" / "sitemap.xsd")))
    return [] if schema.validate(etree.parse(str(path))) else str(schema.error_log).splitlines()
