"""Stale outputs -> bytes: templates for pages and feeds, re-encoding for photos, the bytes themselves for other files."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from newsgen.content.scan import SourceRef, changed_during_build
from newsgen.core.digest import digest_bytes, running_digest
from newsgen.core.errors import ContentError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import read_chunks, read_file
from newsgen.core.model import Body, Download, Output, PictureFile, PosterFile
from newsgen.core.text import did_you_mean
from newsgen.pages import views
from newsgen.pages.kinds import kind_of
from newsgen.render.pictures import Pictures, poster, source_of, unreadable
from newsgen.render.templates import RENDERING_ERRORS, Templates, UndefinedError, template_error

__all__ = ["Bodies", "Templates", "attachment", "attachment_bytes", "render"]

_UNKNOWN_NAME = re.compile(r"no attribute '(\w+)'|'(\w+)' is undefined")
VIEW_NAMES = frozenset(name for view in views.VIEWS for name in views.names_of(view))
"""Every name that some view holds: for "did you mean" only."""


Bodies = Callable[[str, SourceRef], Body]
"""The body of a document by its digest; the task tells how to parse its file again."""


def render(output: Output, templates: Templates, root: Path, bodies: Bodies, pictures: Pictures) -> bytes:
    """The bytes of one output.

    Raises ContentError for a fault in a template, a photo that cannot be decoded, a file that changed meanwhile.
    """
    values, view = output.values(), kind_of(output).view
    if view:
        text = output.parts[-1]
        if isinstance(text.value, SourceRef):
            values["body"] = bodies(text.digest, text.value)
        return _page(output, str(values["template"]), view(output.path, values), templates)
    file = values.get("file")
    if isinstance(file, PictureFile):
        return pictures(file)
    if isinstance(file, PosterFile):
        return poster(file.video, root)
    if isinstance(file, Download):
        return b"".join(attachment_bytes(file, root))
    found = values.get("bytes", values.get("text"))
    assert isinstance(found, bytes | str), "every other output holds its bytes or its text"
    return found.encode() if isinstance(found, str) else found


def _page(output: Output, name: str, names: dict[str, object], templates: Templates) -> bytes:
    try:
        return templates.engine.page(name, names)
    except RENDERING_ERRORS as error:
        place = (name, 1) if isinstance(error, UnicodeEncodeError) else _place(error, templates)
        if place is None:
            raise
        raise ContentError([template_error("template.render", *place, *_words(error, output))]) from error


def _words(error: Exception, output: Output) -> tuple[str, str]:
    """The message on a fault in a template, and the hint."""
    if isinstance(error, KeyError) and isinstance(frame := output.values().get("frame"), views.Frame):
        guess = did_you_mean(str(error.args[0]), [asset for asset, _ in frame.assets])
        hint = f"是不是想写 {guess} ？" if guess else "检查文件名"
        return f"模板在生成 {output.path} 时用到了 theme 里没有的文件：{error.args[0]}", hint
    match = _UNKNOWN_NAME.search(str(error)) if isinstance(error, UndefinedError) else None
    if match is None:
        return f"模板在生成 {output.path} 时出错：{error}", "检查这一行的写法"
    name = match[1] or match[2]
    guess = did_you_mean(name, VIEW_NAMES)
    hint = f"是不是想写 {guess} ？" if guess else "docs/themes.md 列出了每个模板能用的名字"
    return f"模板在生成 {output.path} 时用到了不存在的名字：{name}", hint


def _place(error: BaseException, templates: Templates) -> tuple[str, int] | None:
    """The template and line where an error arose; None when it did not arise in a template."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in templates.sources]
    return (frames[-1].filename, frames[-1].lineno or 1) if frames else None


def attachment(output: Output) -> Download | None:
    """The file that is published as it is, or without names, where the output is one: it may be larger than memory (see attachment_bytes)."""
    file = output.parts[-1].value
    return file if isinstance(file, Download) else None


def attachment_bytes(file: Download, root: Path) -> Iterator[bytes]:
    """The bytes of an attachment, piece by piece, without names where these are to be taken out.

    Raises ContentError where they cannot be read or are others than before.
    """
    if file.cleaned:
        yield from _cleaned_bytes(file, root)
        return
    found = running_digest()
    try:
        for chunk in read_chunks(source_of(file, root), MOST_BYTES):
            found.update(chunk)
            yield chunk
    except OSError as error:
        raise unreadable(file, error) from None
    if found.hexdigest() != file.digest:
        raise ContentError([changed_during_build(file.path)])


def _cleaned_bytes(file: Download, root: Path) -> Iterator[bytes]:
    from newsgen.content.attachment_metadata import MOST, cleaned

    try:
        data = read_file(source_of(file, root), MOST)
    except OSError as error:
        raise unreadable(file, error) from None
    if digest_bytes(data) != file.digest:
        raise ContentError([changed_during_build(file.path)])
    yield from cleaned(data, Path(file.path).suffix.lower())
