"""Conflicts of addresses: two files for one, addresses that the site itself needs, tags that look alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from newsgen.config.model import Ledger, Withdrawal
from newsgen.content.load import FileRecord, Source
from newsgen.content.scan import FOLDER, SECTION_FILE
from newsgen.core.model import BodySummary, Diagnostic, FrontMatter, Record
from newsgen.core.urls import SERVER_RULES, outputs_of_alias, term_prefix


class AddressedArticle(Record, frozen=True):
    """A parsed article or page with its address, public or not."""

    source: Source
    matter: FrontMatter
    body_summary: BodySummary
    section: str
    address: str


RESERVED = ("index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt", *SERVER_RULES)
"""Addresses of outputs that every site has."""


def address_conflicts(
    placed: list[AddressedArticle], prefixes: Mapping[str, str], gone: Iterable[str], site_path: str
) -> Iterator[Diagnostic]:
    """The diagnostics on two files for one address (also when only the case differs), and on reserved addresses.

    `gone` are the addresses of withdrawn articles, which nothing else may have. `site_path` is that of the site's URL.
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
            yield from _alias_conflicts(item, alias.text, site_path, owners, prefixes)
    yield from _files_as_folders(moved, owners)


def _alias_conflicts(
    item: AddressedArticle, alias: str, site_path: str, owners: dict[str, str], prefixes: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """The diagnostics on an old address that hides a page, as a page of its own or by a rule of the server."""
    address = alias + ("index.html" if alias.endswith("/") else "")
    hidden = next((place for place in outputs_of_alias(alias, site_path) if place in owners), None)
    if alias.startswith("/") and hidden:
        yield _clash(item, "aliases", f"旧地址 {alias} 会挡住网页 {hidden}（{owners[hidden]}）", "删去这个旧地址")
        return
    yield from _claim(item, "aliases", address, "删去这个旧地址", owners)
    folder, _, name = address.rpartition("/")
    if name[:-5].isdigit() and name.endswith(".html") and f"{folder}/" in prefixes.values():
        yield _clash(item, "aliases", f"{address} 是留给列表页的地址", "删去这个旧地址")


def _claim(item: AddressedArticle, key: str, address: str, hint: str, owners: dict[str, str]) -> Iterator[Diagnostic]:
    """Enter an article as the owner of an address; a diagnostic where the address has another owner."""
    other = owners.setdefault(address.lower(), item.source.path)
    if other != item.source.path or (key == "aliases" and address == item.address):
        yield _clash(item, key, f"网址 {address} 已经属于 {other}", hint)


def _files_as_folders(placed: list[AddressedArticle], owners: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The diagnostics on old addresses below a page, as if that were a folder: `a.html` and `a.html/b.html`."""
    for item in placed:
        for alias in item.matter.aliases:
            parts = alias.text.lower().rstrip("/").split("/")[:-1]
            above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
            page = next((address for address in above if address in owners), None)
            if page and not alias.text.startswith("/"):
                yield _clash(item, "aliases", f"旧地址 {alias.text} 把网页 {page} 当作了文件夹", "删去这个旧地址")


def _clash(item: AddressedArticle, key: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("address.clash", "error", message, hint, item.source.path, item.matter.line(key))


SHORT = 30
"""Characters of a text that another article may have by chance (“现将名单予以公布，请见附件。”): alone, it proves no copy."""


def same_bodies(texts: Mapping[str, FileRecord], ledger: Ledger) -> list[str]:
    """The files with the same text as a withdrawn article."""
    if not ledger.standing:
        return []
    bodies = _bodies(ledger, {path: texts[path].body for path in ledger.articles if path in texts})
    return [path for path, text in texts.items() if text.body in bodies]


def _bodies(ledger: Ledger, files: Mapping[str, str]) -> dict[str, Withdrawal]:
    """The withdrawn articles by the digests of their texts: at their withdrawal, and in their `files` (by path) now."""
    found = {entry.text: entry for entry in ledger.standing}
    found |= {files[entry.article]: entry for entry in ledger.standing if entry.article in files}
    found.pop("", None)
    return found


def withdrawn_again(everything: Iterable[AddressedArticle], ledger: Ledger) -> Iterator[tuple[str, Diagnostic]]:
    """The files that repeat a withdrawn article under another name, as sync programs make them, with diagnostics.

    They have its text, or its title and date.
    """
    if not ledger.standing:
        return
    placed = tuple(everything)
    own = {item.source.path: item.body_summary.body for item in placed if item.source.path in ledger.articles}
    bodies = _bodies(ledger, own)
    titles = {(_letters(entry.title), entry.date): entry for entry in ledger.standing if entry.title}
    for item in placed:
        if item.source.path not in ledger.articles and (found := _original_of(item, titles, bodies)):
            yield item.source.path, _copy(item, *found)


def _original_of(
    item: AddressedArticle, titles: Mapping[tuple[str, str | None], Withdrawal], bodies: Mapping[str, Withdrawal]
) -> tuple[Withdrawal, str] | None:
    """The withdrawn article that this one repeats, and the fields that are the same (Chinese)."""
    title = _letters(item.matter.title)
    day = item.matter.date.day if item.matter.date else None
    if (title, day) in titles:
        return titles[title, day], "标题、日期"
    entry = bodies.get(item.body_summary.body)
    if entry and (len(item.body_summary.lead) >= SHORT or title == _letters(entry.title)):
        return entry, "正文"
    return None


def _letters(title: str) -> str:
    """A title without its blanks, widths and punctuation, which change when it is typed again."""
    plain = "".join(unicodedata.normalize("NFKC", title).split()).casefold()
    return "".join(filter(str.isalnum, plain)) or plain


def _copy(item: AddressedArticle, entry: Withdrawal, what: str) -> Diagnostic:
    message = f"这篇和 {entry.when[:10]} 撤下的 {entry.article} {what}相同，不能再公开"
    mend = "改一下标题" if what != "正文" else "改一下正文"
    hint = f"是它的副本，就删去这个文件；确实要恢复，在 withdrawn.yaml 里那一条下面加一行：restored: 恢复的日期；不是同一篇，{mend}"
    return Diagnostic("withdrawn.again", "error", message, hint, item.source.path, item.matter.line("title"))


def term_conflicts(placed: list[AddressedArticle]) -> Iterator[Diagnostic]:
    """The diagnostics on tags and branches that differ only in case or spaces: their pages would have one address."""
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
