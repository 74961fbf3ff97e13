"""Accidental copies of articles, as sync programs and file managers make them: each would be a second article."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from newsgen.content.load import BUNDLE_FILE
from newsgen.core.model import Diagnostic
from newsgen.core.patterns import lazy_pattern
from newsgen.site.conflicts import AddressedArticle

_USUAL = re.compile(r"[a-z0-9_/一-鿿“”《》、，—-]+\.md")
_WORDS = ("副本", "复件", "冲突", "拷贝", "电脑", "计算机", "笔记本", "copy", "conflict")
"""Words in the names of copies. A path of usual characters that holds none of them needs no closer look."""
_MARK = re.compile(r"[)）](?:\.md|/)|[A-Z]\w+(?:-\d+)?(?:\.md|/)|\s\d+(?:\.md|/)|[Cc]opy|[Cc]onflict")
"""Marks in other paths, one of which (or of the words) must be there for a closer look."""
_NUMBER = r"(?:\s*[(（]\d{1,3}[)）])"
_SURE = lazy_pattern(
    r"(?:"
    rf"\s*[-_–—]?\s*的?(?:副本|复件|拷贝)(?:{_NUMBER}|\s*\d{{1,3}})?"  # Explorer, Finder, WPS
    rf"|\s*[-_–—]?\s*[Cc]opy(?:{_NUMBER}|\s*\d{{1,3}})?"
    rf"|{_NUMBER}"  # Explorer, browsers
    r"|\s*[-_ .(（\[【]?[^-_.(（\[【]*(?:冲突|[Cc]onflict).*"  # 坚果云, 百度同步盘, Dropbox
    r"|\.sync-conflict-.*"  # Syncthing
    r"|-(?:DESKTOP|LAPTOP|WIN|PC)-[A-Z0-9]+(?:-\d{1,2})?"  # OneDrive: the name of the other computer
    r"|-[^-]*(?:电脑|计算机|笔记本)(?:-\d{1,2})?"
    r")$"
)
"""Endings of the names of copies."""
_LIKELY = lazy_pattern(r"(?:\s+\d{1,3}|-(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*)$")
"""Endings that other names have as well (iCloud, a computer of any name): a copy has the title of the original, too."""
_PREFIXES = lazy_pattern(rf"(?:(?:副本|复件|[Cc]opy of){_NUMBER}?\s*[-_–—]?\s*)")


def copy_diagnostics(placed: Iterable[AddressedArticle]) -> Iterator[Diagnostic]:
    """The diagnostics on files beside their original with a copy's name, and on those with another's title and date."""
    items = list(placed)
    found = _named_like_copies({item.source.path: item.matter.title for item in items})
    yield from found.values()
    yield from _same_titles(
        [item for item in items if found.keys().isdisjoint(_places(item.source.path))] if found else items
    )


def _named_like_copies(titles: Mapping[str, str]) -> dict[str, Diagnostic]:
    """The files and folders with names of copies, each with a diagnostic; a copied folder has one for all its files."""
    doubtful = list(_doubtful(titles))
    known = {place.lower(): place for path in titles for place in _places(path)} if doubtful else {}
    found: dict[str, Diagnostic] = {}
    for path in doubtful:
        for place in _places(path):
            original = next((known[name.lower()] for name in _originals(place, titles) if name.lower() in known), None)
            if original:
                found.setdefault(place, _copy(path, place, original))
                break
    return found


def _doubtful(paths: Collection[str]) -> Iterator[str]:
    """The paths that may be those of copies."""
    together = "\n".join(paths)
    words = [word for word in _WORDS if word in together]
    for path in paths:
        if (words and any(word in path for word in words)) or (not _USUAL.fullmatch(path) and _MARK.search(path)):
            yield path


def _places(path: str) -> list[str]:
    """A file and the folders below content/ that it lies in, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(2, len(parts) + 1)]


def _originals(path: str, titles: Mapping[str, str]) -> Iterator[str]:
    """The paths that a file or folder of this name may be a copy of."""
    folder, name = posixpath.split(path)
    stem, end = (name[:-3], name[-3:]) if name.lower().endswith(".md") else (name, "")
    for start in range(1, len(stem)):
        original = f"{folder}/{stem[:start].rstrip()}{end}"
        if _SURE.match(stem, start) or (
            _LIKELY.match(stem, start) and _title(path, titles) == _title(original, titles)
        ):
            yield original
    prefix = _PREFIXES.match(stem)
    if prefix and prefix.end() < len(stem):
        yield f"{folder}/{stem[prefix.end() :]}{end}"


def _title(place: str, titles: Mapping[str, str]) -> object:
    """The title of a file or of the article in a folder; equal to none where there is no such article."""
    return titles.get(place) or titles.get(f"{place}/{BUNDLE_FILE}") or object()


def _copy(path: str, place: str, original: str) -> Diagnostic:
    what = "这个文件" if place == path else f"文件夹 {posixpath.basename(place)} "
    message = f"{what}像是 {posixpath.basename(original)} 的副本，里面的文章会在网站上出现两次"
    hint = "多半是复制或云盘同步时多出来的：比一比，留下对的那个，删去另一个；确实不是副本，就换一个名字"
    return Diagnostic("content.copy", "warning", message, hint, path)


def _same_titles(placed: Iterable[AddressedArticle]) -> Iterator[Diagnostic]:
    """The diagnostics on articles with title and date of another in their section, or elsewhere with the same lead."""
    known: dict[tuple[str, str], list[AddressedArticle]] = {}
    for item in placed:
        if item.matter.date is None:
            continue
        key = item.matter.title, item.matter.date.minute
        others = known.get(key)
        if others is None:
            known[key] = [item]
        elif other := next((other for other in others if _is_alike(item, other)), None):
            message = f"这篇和 {other.source.path} 的标题、日期都相同，像是一篇文章放了两次"
            hint = "删去其中一篇；确实是两篇，把标题写得不一样"
            line = item.matter.line("title")
            yield Diagnostic("content.twice", "warning", message, hint, item.source.path, line)
        else:
            others.append(item)


def _is_alike(item: AddressedArticle, other: AddressedArticle) -> bool:
    opening = item.body_summary.lead
    return item.section == other.section or (opening != "" and opening == other.body_summary.lead)
