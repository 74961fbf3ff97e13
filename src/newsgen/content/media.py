"""The photos, videos and attachments that reports name: found, measured and addressed, not yet written.

A name in a report (`photos/a.jpg`, `../b.md`, `/hyjl/c.md`) is looked up beside the report, or below content/ where it
begins with `/`. Nothing outside content/ is ever read.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.content import attachment_checks, photo_numbers
from newsgen.content.load import Content, Source
from newsgen.content.scan import FOLDER, ScannedFile
from newsgen.core.digest import digest_bytes
from newsgen.core.file_types import (
    CLEANED_SUFFIXES,
    DOWNLOAD_SUFFIXES,
    MOST_BYTES,
    MOST_OF_A_PICTURE,
    PICTURE_SUFFIXES,
    is_video,
    suffix_of,
)
from newsgen.core.files import FileTooLarge, digest_or_empty, measure, measure_file, read_file
from newsgen.core.model import Diagnostic, Download, FrontMatter, Picture, changed
from newsgen.core.platform import reason
from newsgen.core.programs import ffmpeg
from newsgen.core.stamps import Stamp
from newsgen.core.text import slug
from newsgen.core.variants import fitting, poster

Media = Mapping[str, Picture | Download | Diagnostic]
"""By path: the file as it will be published, or why it cannot be (a Diagnostic without a place)."""

KnownMedia = Mapping[str, tuple[Stamp, Picture | Download]]
"""What an earlier build found: path -> stamp and file."""


_SMALLER = "视频先压缩，或者传到学校的视频平台，在正文里写它的网址；照片用看图软件缩小；别的文件分成几个"


class ResolvedPath(NamedTuple):
    """The target of a name: `path` below the site root, None when it leaves content/."""

    path: str | None
    from_root: bool = False


def resolve(folder: str, target: str) -> ResolvedPath:
    """The path that `target`, typed in a file of `folder`, stands for."""
    target = unicodedata.normalize("NFC", target)
    from_root = target.startswith("/")
    path = posixpath.normpath(f"{FOLDER}{target}" if from_root else f"{folder}/{target}")
    inside = path == FOLDER or path.startswith(FOLDER + "/")
    return ResolvedPath(path if inside else None, from_root)


def collect_media(root: Path, content: Content, known: KnownMedia, clean: bool = False) -> Media:
    """Every file that some report names and that exists: as `known` where its stamp is the same, else read and measured.

    `clean`: attachments are published without the names of those who wrote them.
    """
    wanted = {path for source in content.sources.values() for path in named_files(source) if path in content.files}
    wanted |= set(numbered_photos(content.sources.values(), content.files))
    found: dict[str, Picture | Download | Diagnostic] = {}
    for path in sorted(wanted):
        item, before = content.files[path], known.get(path)
        unchanged = before is not None and before[0] == item.stamp and _is_as_asked(before[1], clean)
        found[path] = before[1] if before and unchanged else _examine(root / item.real, path, clean)
    return found


def _is_as_asked(file: Picture | Download, clean: bool) -> bool:
    """Whether what an earlier build found was found under the same setting, and with or without ffmpeg as now."""
    if isinstance(file, Download) and is_video(file.path):
        return file.asked == (ffmpeg() is not None)
    return isinstance(file, Picture) or file.clean == (clean and suffix_of(file.path) in CLEANED_SUFFIXES)


def numbered_photos(sources: Iterable[Source], files: Collection[str]) -> Iterator[str]:
    """The photos that marks in these reports stand for. `files` are the paths of all files of content/ but the reports."""
    by_folder: dict[str, list[str]] = {}
    for source in sources:
        summary = source.document.body_summary
        if summary and photo_numbers.has_numbers(summary.references):
            by_folder = by_folder or names_by_folder(files)
            yield from photo_numbers.numbered(source.path, summary.references, by_folder).values()


def names_by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """The names of files by their folders."""
    found: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, []).append(name)
    return found


def in_widths(media: Media, widths: Sequence[int]) -> Media:
    """The files, with those of the widths of a text in which each picture is published."""
    return {
        path: changed(file, widths=fitting(file, widths)) if isinstance(file, Picture) else file
        for path, file in media.items()
    }


def digests(root: Path, files: Mapping[str, ScannedFile], known: KnownMedia) -> Iterator[tuple[str, str]]:
    """Path and digest of each file that was known, as it is now; "" where it is gone."""
    for path, (stamp, file) in known.items():
        item = files.get(path)
        if item is not None and item.stamp == stamp:
            yield path, file.digest
        else:
            yield path, digest_or_empty(root / item.real, MOST_BYTES) if item else ""


def published(media: Media) -> Iterator[tuple[str, str]]:
    """Path and digest of each file that can be published."""
    return ((path, file.digest) for path, file in media.items() if not isinstance(file, Diagnostic))


def named_files(source: Source) -> Iterable[str]:
    """The paths that one report names, whether or not they exist."""
    matter, body_summary = source.document.matter, source.document.body_summary
    targets = [reference.target for reference in body_summary.references] if body_summary else []
    if isinstance(matter, FrontMatter) and (matter.attachments or matter.cover):
        targets += [entry.file.text for entry in matter.attachments]
        targets += [matter.cover.text] if matter.cover else []
    if not targets:
        return ()
    places = (resolve(source.folder, target) for target in targets if target)
    return [place.path for place in places if place.path is not None]


def _examine(file: Path, path: str, clean: bool) -> Picture | Download | Diagnostic:
    suffix = suffix_of(path)
    try:
        if refusal := attachment_checks.refusal(file, path):
            return refusal
        if suffix not in PICTURE_SUFFIXES and suffix not in DOWNLOAD_SUFFIXES:
            return _refused(path, suffix)
        return _picture(file, path) if suffix in PICTURE_SUFFIXES else _download(file, path, clean)
    except FileTooLarge as error:
        message = f"{posixpath.basename(path)} 太大了：{reason(error)}"
        return Diagnostic("file.too-large", "error", message, _SMALLER)
    except OSError as error:
        return Diagnostic(
            "file.unreadable",
            "error",
            f"读不了 {path}：{reason(error)}",
            "检查文件是不是被别的程序占用、有没有读取权限",
        )


def _download(file: Path, path: str, clean: bool) -> Download:
    if clean and suffix_of(path) in CLEANED_SUFFIXES:
        return _cleaned(file, path)
    digest, size = measure_file(file, MOST_BYTES)
    found = Download(path, digest, _address(path, digest), size)
    return _with_poster(file, found) if is_video(path) and ffmpeg() else found


def _with_poster(file: Path, video: Download) -> Download:
    from newsgen.content.video_frames import first_frame

    frame = first_frame(file)
    return changed(video, asked=True, poster=poster(video, frame.width, frame.height) if frame else None)


def _cleaned(file: Path, path: str) -> Download:
    """An attachment that is published without names, if they can be taken out."""
    from newsgen.content.attachment_metadata import MOST, NotCleaned, cleaned

    if file.stat().st_size > MOST:
        return changed(_download(file, path, clean=False), clean=True, left="large")
    data = read_file(file, MOST)
    digest, suffix = digest_bytes(data), suffix_of(path)
    try:
        published, size = measure(cleaned(data, suffix))
    except NotCleaned as error:
        return Download(path, digest, _address(path, digest), len(data), clean=True, left=error.reason)
    other = published if published != digest else ""
    return Download(path, digest, _address(path, published), size, clean=True, cleaned=other)


def _address(path: str, digest: str) -> str:
    return f"media/{_stem(path)}{digest[:10]}{suffix_of(path)}"


def _picture(file: Path, path: str) -> Picture | Diagnostic:
    from newsgen.content.images import ImageError, probe

    data = read_file(file, MOST_OF_A_PICTURE)
    digest, stem = digest_bytes(data), _stem(path)
    try:
        seen = probe(data)
    except ImageError as error:
        return Diagnostic(error.code, "error", f"{posixpath.basename(path)}：{error.message}", error.hint)
    address = f"media/{stem}{digest[:10]}{seen.suffix}"
    return Picture(path, digest, address, seen.width, seen.height, seen.kind, pages=seen.pages)


def _stem(path: str) -> str:
    """A readable beginning of the published name where the file's own name is ASCII."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    plain = slug(stem.replace(" ", "-").strip("-_. ").lower())
    return f"{plain}-" if plain else ""


def _refused(path: str, suffix: str) -> Diagnostic:
    name = posixpath.basename(path)
    if suffix == ".svg":
        return Diagnostic(
            "image.svg", "error", f"{name} 是 SVG 图，里面可能藏有脚本，不能发布", "请导出为 PNG 再放进来"
        )
    return Diagnostic(
        "attachment.type",
        "error",
        f"{name}：{suffix + ' 文件' if suffix else '没有后缀名的文件'}不能发布到网站上",
        "请改用 PDF、Word、Excel 文件，或打包成 zip",
    )
