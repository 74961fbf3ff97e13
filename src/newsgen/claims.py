"""Who owns which address: two files for one, addresses that the site itself needs, tags that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsgen.aliases import places
from newsgen.content import Source
from newsgen.model import Diagnostic, FrontMatter, Outline, Value
from newsgen.settings import Withdrawal
from newsgen.survey import FOLDER, SECTION_FILE
from newsgen.urls import SERVER_RULES, term_prefix


class Placed(Value, frozen=True):
    """A parsed article or page with its address, public or not."""

    source: Source
    matter: FrontMatter
    outline: Outline
    section: str
    address: str


RESERVED = ("index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt", *SERVER_RULES)
"""Addresses of every site's own outputs."""


def address_faults(
    placed: list[Placed], prefixes: Mapping[str, str], gone: Iterable[str], site_path: str
) -> Iterator[Diagnostic]:
    """Two files for one address (also when only the case differs), and addresses that the site itself needs.

    `gone` are the addresses of what was withdrawn: nothing is to be read there again. `site_path` is that of the site's URL.
    """
    owners = dict.fromkeys(RESERVED, "网站首页等固定的网页")
    owners |= dict.fromkeys((address.lower() for address in gone), "已经撤下的文章（见 withdrawn.yaml）")
    for path, prefix in prefixes.items():
        source = f"{FOLDER}/{path}/{SECTION_FILE}" if path else f"{FOLDER}/{SECTION_FILE}"
        other = owners.setdefault(f"{prefix}index.html".lower(), source)
        if path and other != source:
            message = f"这个栏目和 {other} 的网址相同（文件夹名只有大小写或首尾符号不同）"
            yield Diagnostic("address.clash", "error", message, "给其中一个文件夹改名", source)
    for item in placed:
        name = item.address[item.address.rfind("/") + 1 : -len(".html")]
        if name.isdigit():
            yield _clash(item, "slug", f"{item.address} 是留给列表页的地址", "给文章加一行 slug: 英文名")
        if owners.setdefault(item.address.lower(), item.source.path) != item.source.path:
            key = "slug" if item.matter.slug else "title"
            yield from _claim(item, key, item.address, "给其中一篇加上（或改掉）slug: 英文名", owners)
    moved = [item for item in placed if item.matter.aliases]
    for item in moved:
        for alias in item.matter.aliases:
            yield from _alias_faults(item, alias.text, site_path, owners, prefixes)
    yield from _files_as_folders(moved, owners)


def _alias_faults(
    item: Placed, alias: str, site_path: str, owners: dict[str, str], prefixes: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """An old address that hides a page, be it a page of its own or a rule of the server."""
    address = alias + ("index.html" if alias.endswith("/") else "")
    hidden = next((place for place in places(alias, site_path) if place in owners), None)
    if alias.startswith("/") and hidden:
        yield _clash(item, "aliases", f"旧地址 {alias} 会挡住网页 {hidden}（{owners[hidden]}）", "删去这个旧地址")
        return
    yield from _claim(item, "aliases", address, "删去这个旧地址", owners)
    folder, _, name = address.rpartition("/")
    if name[:-5].isdigit() and name.endswith(".html") and f"{folder}/" in prefixes.values():
        yield _clash(item, "aliases", f"{address} 是留给列表页的地址", "删去这个旧地址")


def _claim(item: Placed, key: str, address: str, hint: str, owners: dict[str, str]) -> Iterator[Diagnostic]:
    other = owners.setdefault(address.lower(), item.source.path)
    if other != item.source.path or (key == "aliases" and address == item.address):
        yield _clash(item, key, f"网址 {address} 已经属于 {other}", hint)


def _files_as_folders(placed: list[Placed], owners: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Old addresses that lie below a page, as if it were a folder: `a.html` and `a.html/b.html`."""
    for item in placed:
        for alias in item.matter.aliases:
            parts = alias.text.lower().rstrip("/").split("/")[:-1]
            above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
            page = next((address for address in above if address in owners), None)
            if page and not alias.text.startswith("/"):
                yield _clash(item, "aliases", f"旧地址 {alias.text} 把网页 {page} 当作了文件夹", "删去这个旧地址")


def _clash(item: Placed, key: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("address.clash", "error", message, hint, item.source.path, item.matter.line(key))


def again_faults(placed: list[Placed], withdrawn: Sequence[Withdrawal]) -> Iterator[Diagnostic]:
    """Articles that were withdrawn under another file name: a renamed file must not bring one back.

    `withdrawn` are those whose files are gone; beside a file that is still there, another of the same title is another article.
    """
    known = {(entry.title, entry.date): entry for entry in withdrawn if entry.title}
    for item in placed if known else ():
        day = item.matter.date.day if item.matter.date else None
        entry = known.get((" ".join(item.matter.title.split()), day))
        if entry:
            message = f"这篇和 {entry.when[:10]} 撤下的 {entry.article} 标题、日期都相同，不能再公开"
            hint = "确实要恢复，在 withdrawn.yaml 里那一条下面加一行：restored: 恢复的日期；不是同一篇，改一下标题"
            yield Diagnostic("withdrawn.again", "error", message, hint, item.source.path, item.matter.line("title"))


def term_faults(placed: list[Placed]) -> Iterator[Diagnostic]:
    """Tags and branches that differ only in case or spaces: their pages would have one address."""
    first: dict[str, str] = {}
    usual: set[tuple[str, str]] = set()  # names that own their page
    for item in placed:
        for key, names in (("tags", item.matter.tags), ("branch", item.matter.branch)):
            for name in names:
                if (key, name) in usual:
                    continue
                other = first.setdefault(term_prefix(key, name).lower(), name)
                if other == name:
                    usual.add((key, name))
                    continue
                message = f"{name} 和别的文章里的 {other} 只有大小写或空格不同"
                hint, line = f"统一写成 {other}", item.matter.line(key)
                yield Diagnostic("front-matter.case", "error", message, hint, item.source.path, line)
