"""Warnings about media that can be published: large videos, scans of several pages, attachments in which names stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename

from newsgen.core.file_types import is_video
from newsgen.core.model import Diagnostic, Download, Picture

MEGABYTE = 1_000_000
_BY_HAND = "在 Word、WPS 里打开，用“文件－信息－检查文档”删去文档属性和个人信息，再保存或导出为 PDF"
_LEFT = {
    "signed": (
        "有电子签名",
        "签了名的文件一改就失效，所以照原样发布；不想公开姓名、单位，就换成去掉这些信息以后再签名的文件",
    ),
    "large": ("太大，没有检查", _BY_HAND),
    "unclear": ("的格式特别", _BY_HAND),
}
"""By Download.left: why names were left in, and what to do."""


def media_diagnostics(files: Iterable[Picture | Download], limit: int) -> Iterator[Diagnostic]:
    """Warn of files that pages show; videos are large from `limit` megabytes on."""
    for file in files:
        if isinstance(file, Picture) and file.pages > 1:
            message = f"{basename(file.path)} 有 {file.pages} 页，网页上只显示第 1 页"
            yield Diagnostic("image.pages", "warning", message, "每页另存为一张 JPG；或者存成 PDF，当作附件", file.path)
        elif isinstance(file, Download) and is_video(file.path) and file.size > limit * MEGABYTE:
            message = f"视频有 {file.size / MEGABYTE:.0f} MB，超过 {limit} MB，手机上要等很久"
            hint = "用剪辑软件导出为 720p 的 MP4，或者传到学校的视频平台，在正文里写它的网址"
            yield Diagnostic("video.large", "warning", message, hint, file.path)
        elif isinstance(file, Download) and file.left:
            reason, hint = _LEFT[file.left]
            message = f"{basename(file.path)} {reason}，里面如果有作者姓名、单位，没有去掉"
            yield Diagnostic("attachment.names", "warning", message, hint, file.path)
