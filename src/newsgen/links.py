"""The names in a report (links, photos, videos) -> targets, each checked; a wrong one is told with line and column."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from newsgen.media import Media, is_picture, look_up
from newsgen.model import Diagnostic, Download, Located, Picture, Reference, Value
from newsgen.text import did_you_mean

Target = str | Picture | Download | None
"""An address (with #fragment), a file, or None: nothing to link to yet."""

_NOT_IN_IDS = re.compile(r"[\W_]+")
_LIKE_A_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.(cn|com|org|net|gov|edu)(/|$)", re.IGNORECASE)


class Destination(Value, frozen=True):
    """A Markdown file as a link target; `address` is None while the article is not public, "" when it is faulty."""

    address: str | None
    ids: frozenset[str]


CANDIDATES = 200
"""Names that are compared with a misspelt one, at most."""


class Index(Value, frozen=True):
    """All files of content/ by what a misspelt name may have in common with them."""

    by_lower_path: Mapping[str, str]
    by_folder: Mapping[str, tuple[str, ...]]
    by_name: Mapping[str, str]


class Destinations(Value, frozen=True, dict=True, gc=True):
    """Everything a report can name: Markdown files by path, folders (-> their Markdown file), other files."""

    documents: Mapping[str, Destination]
    folders: Mapping[str, str]
    media: Media
    everything: tuple[str, ...]

    @cached_property
    def index(self) -> Index:
        """Made when the first name is not found."""
        folders: dict[str, list[str]] = {}
        for path in self.everything:
            folders.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path))
        return Index(
            {path.lower(): path for path in self.everything},
            {folder: tuple(names) for folder, names in folders.items()},
            {posixpath.basename(path): path for path in self.everything},
        )


class Resolved(Value, frozen=True):
    """One answered reference, with what is to be said about it (without a place)."""

    target: Target
    fault: Diagnostic | None = None


def resolve_body(folder: str, path: str, references: tuple[Reference, ...], known: Destinations) -> Iterator[Resolved]:
    """Answer the references of the file at `path` one by one."""
    for reference in references:
        answer = _resolve(folder, path, reference, known)
        yield Resolved(answer.target, answer.fault and _placed(answer.fault, path, reference.line, reference.column))


def resolve_file(what: str, folder: str, path: str, name: Located, known: Destinations) -> Resolved:
    """Answer a file named in front matter; `what` says which: 封面 or 附件."""
    answer = _file(folder, name.text, known, what)
    return Resolved(answer.target, answer.fault and _placed(answer.fault, path, name.line, name.column))


def _placed(fault: Diagnostic, path: str, line: int, column: int) -> Diagnostic:
    return Diagnostic(fault.code, fault.severity, fault.message, fault.hint, path, line, column)


def _resolve(folder: str, path: str, reference: Reference, known: Destinations) -> Resolved:
    target = reference.target
    if not target:
        return _fragment(path, "", reference.fragment, known)
    if reference.tag == "img" or reference.attribute == "poster":
        answer = _file(folder, target, known)
        return _not_a_picture(target) if isinstance(answer.target, Download) else answer
    place = look_up(folder, target)
    document = place.path and _document(place.path, known)
    if document:
        return _page(document, reference.fragment, known)
    if place.from_root and place.path not in known.media and not target.lower().endswith(".md"):
        return Resolved(reference.typed)
    return _file(folder, target, known)


def _document(path: str, known: Destinations) -> str | None:
    """The Markdown file that `path` names: itself, or the one that makes the folder a page."""
    return path if path in known.documents else known.folders.get(path)


def _page(path: str, fragment: str, known: Destinations) -> Resolved:
    destination = known.documents[path]
    if destination.address is None:
        message = f"链接的文章现在没有公开（草稿、未到定时发布的时间或已下线）：{path}"
        return Resolved(
            None,
            Diagnostic("link.unpublished", "warning", message, "网页上这几个字先不带链接；文章公开后再生成一次就有了"),
        )
    return _fragment(path, destination.address, fragment, known)


def _fragment(path: str, address: str, fragment: str, known: Destinations) -> Resolved:
    """The address with its fragment, which may be typed as the heading's own words."""
    ids = known.documents[path].ids
    if not fragment or fragment in ids or fragment == "top":
        return Resolved(f"{address}#{fragment}" if fragment else address)
    words = _NOT_IN_IDS.sub("", fragment).lower()
    same = sorted(name for name in ids if _NOT_IN_IDS.sub("", name).lower() == words)
    if same:
        return Resolved(f"{address}#{same[0]}")
    guess = did_you_mean(fragment, sorted(ids))
    hint = f"是不是想写 #{guess} ？" if guess else "检查小标题的文字；文章里没有这个小标题"
    return Resolved(None, Diagnostic("link.anchor", "error", f"文章里没有这个位置：#{fragment}", hint))


def _file(folder: str, target: str, known: Destinations, what: str = "链接的文件") -> Resolved:
    place = look_up(folder, target)
    found = known.media.get(place.path) if place.path else None
    if isinstance(found, Diagnostic):
        return Resolved(None, found)
    if found is not None:
        return Resolved(found)
    return Resolved(None, _missing(what, target, place.path, known))


def _not_a_picture(target: str) -> Resolved:
    return Resolved(
        None,
        Diagnostic("image.format", "error", f"这不是图片：{target}", "图片用 JPG 或 PNG；文件用 [文字](文件名) 链接"),
    )


def _missing(what: str, target: str, path: str | None, known: Destinations) -> Diagnostic:
    """Why nothing was found, and what the author probably meant."""
    if what == "链接的文件" and is_picture(target):
        what = "图片"
    area = {"图片": "image", "封面": "image", "附件": "attachment"}.get(what, "link")
    code = "link.broken" if area == "link" else f"{area}.missing"
    if path is None:
        return Diagnostic(
            f"{area}.outside", "error", f"{what}在 content 文件夹之外：{target}", "把文件复制到文章旁边，只写文件名"
        )
    if path in known.documents:
        return Diagnostic(code, "error", f"{what}不能是文章：{target}", "链接到文章，写在正文里：[文字](文件名.md)")
    if area != "link" and re.match(r"https?:", target, re.IGNORECASE):
        return Diagnostic(code, "error", f"{what}不能是网址：{target}", "把文件下载下来，放在文章旁边，写它的文件名")
    if _LIKE_A_HOST.match(target):
        return Diagnostic(code, "error", f"{what}不存在：{target}", f"网址前面要写 https://，例如：https://{target}")
    return Diagnostic(code, "error", f"{what}不存在：{target}", _guess(target, path, known))


def _guess(target: str, path: str, known: Destinations) -> str:
    index = known.index
    same = index.by_lower_path.get(path.lower())
    if same:
        return f"文件名的大小写不同，应写 {posixpath.basename(same)}"
    name = posixpath.basename(path)
    beside = index.by_folder.get(posixpath.dirname(path), ())
    near = sorted(beside, key=lambda other: abs(len(other) - len(name)))[:CANDIDATES]
    guess = did_you_mean(name, near)
    if guess:
        return f"同一个文件夹里有 {guess}，是不是它？"
    if name in index.by_name:
        return f"有一个同名文件在 {index.by_name[name]}，是不是它？"
    return "把文件放到文章旁边，并检查文件名（包括 .jpg、.md 等后缀）"
