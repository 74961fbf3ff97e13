"""Picture files -> bytes: a picture's source is read once, and all files that are wanted are made of it; and posters of videos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from newsgen.content.approval import KEPT, real_file
from newsgen.content.scan import FOLDER, changed_during_build, real_path
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.file_types import FILE_SUFFIXES, MOST_BYTES, MOST_OF_A_PICTURE
from newsgen.core.files import digest_file, is_inside, read_file
from newsgen.core.model import Diagnostic, Download, Picture, PictureFile, Variant
from newsgen.core.platform import reason
from newsgen.core.variants import form_of

Pictures = Callable[[PictureFile], bytes]
"""The bytes of a picture's file."""


def encoded(root: Path, picture: Picture, variants: Sequence[Variant]) -> list[bytes]:
    """The bytes of some files of a picture. Raises ContentError for one that is damaged, or is another one by now."""
    from newsgen.content.images import ImageError, probe, published

    try:
        data = read_file(source_of(picture, root), MOST_OF_A_PICTURE)
    except OSError as error:
        raise unreadable(picture, error) from None
    if digest_bytes(data) != picture.digest:
        raise ContentError([changed_during_build(picture.path)])
    try:
        return published(data, probe(data), [form_of(item) for item in variants])
    except ImageError as error:
        raise ContentError([Diagnostic(error.code, "error", error.message, error.hint, picture.path)]) from None


def poster(video: Download, root: Path) -> bytes:
    """The first frame of a video. Raises ContentError for one that is another by now."""
    from newsgen.content.video_frames import first_frame, plain_frame

    assert video.poster is not None, "an output of this kind has one"
    source = source_of(video, root)
    try:
        digest = digest_file(source, MOST_BYTES)
    except OSError as error:
        raise unreadable(video, error) from None
    if digest != video.digest:
        raise ContentError([changed_during_build(video.path)])
    frame = first_frame(source)
    return frame.data if frame else plain_frame(video.poster.width, video.poster.height)


def source_of(file: Picture | Download, root: Path) -> Path:
    """The path at which the file is read: in content/ or among the kept versions, and of a kind that may be published, whatever an
    earlier build has left.
    """
    path = real_file(file.path)
    place, folder = real_path(root, path), FOLDER if path == file.path else KEPT
    if Path(path).suffix.lower() not in FILE_SUFFIXES or not is_inside(place, root / folder):
        raise ContentError([changed_during_build(file.path)])
    return place


def unreadable(file: Picture | Download, error: OSError) -> ContentError:
    """The diagnostic on a file that cannot be read any more."""
    message = f"读不了这个文件：{reason(error)}"
    return ContentError([Diagnostic("file.unreadable", "error", message, "检查它还在不在", file.path)])
