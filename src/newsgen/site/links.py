"""The names in a report (links, photos, videos) -> targets, or diagnostics with line and column."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from newsgen.content import photo_numbers
from newsgen.content.media import Media, names_by_folder, resolve
from newsgen.core.file_types import is_picture, is_video
from newsgen.core.model import Diagnostic, Download, Located, Picture, Record, Reference, changed
from newsgen.core.own_addresses import OwnAddress
from newsgen.core.text import did_you_mean
from newsgen.site.own_links import OwnPages

Target = str | Picture | Download | None
"""An address (with #fragment), a file, or None: there is nothing to link to yet."""

_NOT_IN_IDS = re.compile(r"[\W_]+")
_LIKE_A_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.(cn|com|org|net|gov|edu)(/|$)", re.IGNORECASE)

_NEARLY_A_URL = re.compile(r"\s*(https?)\s*[:;.]?\s*[/\\]{1,2}\s*([\w-]+\.[\w.-]+(?:[/?#]\S*)?)$", re.IGNORECASE)


class Destination(Record, frozen=True):
    """A Markdown file as a link target; `address` is None while it is not public, "" where the file has errors.

    `withdrawn`: it is in the ledger of withdrawals.
    """

    address: str | None
    ids: frozenset[str]
    withdrawn: bool = False


CANDIDATES = 200
"""Names that are compared with a misspelt one at most."""


class Index(Record, frozen=True):
    """An index of all files of content/ for misspelt names: by path in lower case, by folder, by name."""

    by_lower_path: Mapping[str, str]
    by_folder: Mapping[str, Sequence[str]]
    by_name: Mapping[str, str]


class Destinations(Record, frozen=True, dict=True, gc=True):
    """All targets that a report can name: Markdown files by path, folders (-> their Markdown file), other files, all
    paths; and in `own` the site's pages by address."""

    documents: Mapping[str, Destination]
    folders: Mapping[str, str]
    media: Media
    everything: tuple[str, ...]
    own: OwnPages

    @cached_property
    def index(self) -> Index:
        """The index of names, made when the first is not found."""
        return Index(
            {path.lower(): path for path in self.everything},
            names_by_folder(self.everything),
            {posixpath.basename(path): path for path in self.everything},
        )


class Resolved(Record, frozen=True):
    """The target of one reference, with its diagnostic."""

    target: Target
    diagnostic: Diagnostic | None = None


def resolve_body(folder: str, path: str, references: tuple[Reference, ...], known: Destinations) -> Iterator[Resolved]:
    """Resolve the references of the file at `path`, in order."""
    photos: Mapping[str, str] | None = None
    for reference in references:
        number = photo_numbers.number_of(reference.target) if reference.target.startswith("【") else None
        if number is None:
            answer = _resolve(folder, path, reference, known)
        else:
            photos = photo_numbers.numbered(path, references, known.index.by_folder) if photos is None else photos
            answer = _photo(path, number, photos.get(reference.target), known)
        target = answer.target if reference.tag == "img" else without_widths(answer.target)
        yield Resolved(target, answer.diagnostic and _placed(answer.diagnostic, path, reference.line, reference.column))


def _photo(path: str, number: int, photo: str | None, known: Destinations) -> Resolved:
    """The photo that a mark stands for."""
    if photo:
        return _file("", photo.removeprefix("content"), known)
    if photo_numbers.own_folder(path) is None:
        hint = "这一行写成：![图注](照片.jpg)；或者给文章建一个文件夹，文章叫 index.md，照片按次序放在里面"
    else:
        hint = f"把照片放进文章的文件夹，叫 图{number}.jpg；或者这一行写成：![图注](照片.jpg)；没有照片就删去这一行"
    return Resolved(None, Diagnostic("image.number", "warning", f"没有找到图{number}对应的照片", hint))


def without_widths(target: Target) -> Target:
    """The target; a picture without its widths, for users that show its largest file alone."""
    return changed(target, widths=()) if isinstance(target, Picture) and target.widths else target


def resolve_file(what: str, folder: str, path: str, name: Located, known: Destinations) -> Resolved:
    """Resolve a file named in front matter; `what` is its use: 封面 or 附件."""
    answer = _file(folder, name.text, known, what)
    diagnostic = answer.diagnostic and _placed(answer.diagnostic, path, name.line, name.column)
    return Resolved(without_widths(answer.target), diagnostic)


def _placed(diagnostic: Diagnostic, path: str, line: int, column: int) -> Diagnostic:
    return Diagnostic(diagnostic.code, diagnostic.severity, diagnostic.message, diagnostic.hint, path, line, column)


def _resolve(folder: str, path: str, reference: Reference, known: Destinations) -> Resolved:
    target = reference.target
    if not target.strip():
        return _place_here(path, reference, known)
    place = resolve(folder, target)
    own = known.own.at(reference.typed)
    if own and (not place.from_root or (own.path is not None and not _is_a_file(place.path, known))):
        return _own(reference, own, known)
    if _shows(reference):
        answer = _file(folder, target, known)
        return answer if _can_show(reference, answer.target) else _not_a_picture(target)
    document = place.path and _document(place.path, known)
    if document:
        return _page(document, reference.fragment, known)
    if own and place.path not in known.media and not target.lower().endswith(".md"):
        return _own(reference, own, known)
    return _file(folder, target, known)


def _place_here(path: str, reference: Reference, known: Destinations) -> Resolved:
    """A place in the page itself, `#` for its beginning. Parsing has reported an empty reference."""
    if _shows(reference):
        return _not_a_picture(reference.typed) if reference.typed else Resolved(None)
    return _fragment(path, "", reference.fragment, known) if reference.fragment else Resolved("#")


def _shows(reference: Reference) -> bool:
    """Whether the reference is a picture that the page itself shows."""
    return reference.tag == "img" or reference.attribute == "poster"


def _can_show(reference: Reference, target: Target) -> bool:
    """Whether a page can show the file where a picture was typed: a video has a player."""
    return not isinstance(target, Download) or (reference.tag == "img" and is_video(target.path))


def _is_a_file(path: str | None, known: Destinations) -> bool:
    return path is not None and (path in known.media or _document(path, known) is not None)


def _document(path: str, known: Destinations) -> str | None:
    """The Markdown file that `path` names: itself, or the one that makes the folder a page."""
    return path if path in known.documents else known.folders.get(path)


def _page(path: str, fragment: str, known: Destinations) -> Resolved:
    destination = known.documents[path]
    if destination.address is None:
        return Resolved(None, _not_public(path, destination))
    return _fragment(path, destination.address, fragment, known)


def _not_public(path: str, destination: Destination) -> Diagnostic:
    if destination.withdrawn:
        message = f"链接的文章已经撤下：{path}"
        return Diagnostic("link.unpublished", "warning", message, "网页上这几个字不带链接；可以把链接删去，只留文字")
    message = f"链接的文章现在没有公开（草稿、未到定时发布的时间或已下线）：{path}"
    hint = "网页上这几个字先不带链接；文章公开后再生成一次就有了"
    return Diagnostic("link.unpublished", "warning", message, hint)


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


# ---------------------------------------------------------------- addresses of the site itself, typed in full


def resolve_address(typed: str, known: Destinations) -> Resolved:
    """Resolve an address in front matter or site.yaml; one that leads to another site is its own target."""
    own = known.own.at(typed)
    return _own(Reference("a", "href", "", "", 1, 1, typed), own, known) if own else Resolved(typed)


def address_of(target: Target) -> str | None:
    """The address that a target is at."""
    return target.address if isinstance(target, Picture | Download) else target


def _own(reference: Reference, own: OwnAddress, known: Destinations) -> Resolved:
    """Resolve an address of this site. One that may have been right before is no error: its link becomes text."""
    file, document = known.own.file(own), known.own.document(own)
    if file:
        return (
            _not_a_picture(reference.typed) if _shows(reference) and not _can_show(reference, file) else Resolved(file)
        )
    if _shows(reference):
        return _own_picture(reference, own)
    if document:
        return _own_page(document, own.fragment, known)
    if own.path is None or (address := known.own.has(own)):
        return Resolved(reference.typed if own.path is None else address)
    return Resolved(None, _no_page(reference.typed, own, known))


def _own_page(document: str, fragment: str, known: Destinations) -> Resolved:
    """The page of an article. A fragment that does not exist is a warning, and the link leads to the beginning."""
    answer = _page(document, fragment, known)
    if answer.diagnostic is None or answer.diagnostic.code != "link.anchor":
        return answer
    hint = f"{answer.diagnostic.hint}；链接先通向文章的开头"
    return Resolved(known.documents[document].address, changed(answer.diagnostic, severity="warning", hint=hint))


def _own_picture(reference: Reference, own: OwnAddress) -> Resolved:
    if own.path is None:
        return Resolved(reference.typed)
    message = f"本站现在没有这张图片：{reference.typed}"
    hint = "网页上先只有图片的说明；把照片放在文章旁边，写 ![说明](照片.jpg)"
    return Resolved(None, Diagnostic("image.gone", "warning", message, hint))


def _no_page(typed: str, own: OwnAddress, known: Destinations) -> Diagnostic:
    """The diagnostic on an address of this site that does not exist."""
    if known.own.is_generated(own):
        message = f"本站现在没有这个网页或文件：{typed}"
        return Diagnostic("link.gone", "warning", message, "网页上这几个字先不带链接；可以把链接删去，只留文字")
    near = known.own.like(own)
    guess = f"是不是 {near}？" if near else ""
    hint = f"{guess}链接本站的文章，写它的文件名：[文字](文件名.md)；别的写栏目的网址，或者删去链接"
    return Diagnostic("link.own", "error", f"本站没有这个网页：{typed}", hint)


def _file(folder: str, target: str, known: Destinations, what: str = "链接的文件") -> Resolved:
    place = resolve(folder, target)
    found = known.media.get(place.path) if place.path else None
    if isinstance(found, Diagnostic):
        return Resolved(None, found)
    if found is not None:
        return Resolved(found)
    return Resolved(None, _missing(what, target, place.path, known))


def _not_a_picture(target: str) -> Resolved:
    return Resolved(
        None,
        Diagnostic(
            "image.format",
            "error",
            f"这不是图片：{target}",
            "图片用 JPG 或 PNG，视频用 MP4；文件用 [文字](文件名) 链接",
        ),
    )


def _missing(what: str, target: str, path: str | None, known: Destinations) -> Diagnostic:
    """The diagnostic on a name that leads to no file, with what the author probably meant."""
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
    meant = _NEARLY_A_URL.match(unicodedata.normalize("NFKC", target).replace("。", "."))
    if meant:
        hint = f"冒号、斜杠要用英文的，写成：{meant[1].lower()}://{meant[2]}"
        return Diagnostic("link.broken", "error", f"网址写得不对：{target}", hint)
    if _LIKE_A_HOST.match(target):
        return Diagnostic(code, "error", f"{what}不存在：{target}", f"网址前面要写 https://，例如：https://{target}")
    page = known.own.ending_in(target) if target.lower().endswith((".html", ".htm")) else None
    hint = f"写文章的文件名：[文字]({page.removeprefix('content')})" if page else _guess(target, path, known)
    return Diagnostic(code, "error", f"{what}不存在：{target}", hint)


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
        return f"有一个同名文件在别的文件夹，是不是它？写成：{index.by_name[name].removeprefix('content')}"
    return "把文件放到文章旁边，并检查文件名（包括 .jpg、.md 等后缀）"
