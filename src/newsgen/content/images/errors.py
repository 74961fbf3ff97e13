"""Errors for files that cannot become a picture on the web, with what they are instead."""

from __future__ import annotations

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})

SAVE_AS = "用看图软件打开它，另存为 JPG 或 PNG"
_SVG = ("image.svg", "这是 SVG 图，里面可能藏有脚本，不能发布", "请导出为 PNG 再放进来")
_WEB_PAGE = ("这是网页，不是照片，多半是下载照片时存成了网页", "在原网页的照片上点右键，选“图片另存为”")
_OFFICE = ("这是 Word、Excel 一类的文件或压缩包，不是照片", "打开它，在里面的照片上点右键，选“另存为图片”，再放进来")
_NOT_PICTURES = {
    b"%pdf": ("这是 PDF 文件，不是照片", "把需要的那一页导出为 JPG 或 PNG；要让读者下载，就写在附件里"),
    b"pk\x03\x04": _OFFICE,
    b"\xd0\xcf\x11\xe0": _OFFICE,
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"8bps": ("这是 Photoshop 文件，浏览器打不开", "在 Photoshop 里导出为 JPG 或 PNG"),
}
"""How a file that is no photo begins, in lower case; what is said of it, and the hint."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")


class ImageError(Exception):
    """A file that cannot become a picture on the web; message and hint are Chinese, the code is stable (`image.…`)."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def unknown(data: bytes) -> ImageError:
    """The error for a file that Pillow does not know."""
    if not data:
        return ImageError("image.empty", "照片文件是空的", "把原来的照片重新复制一份过来")
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in start and start.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")):
        return ImageError(*_SVG)
    for magic, words in _NOT_PICTURES.items():
        if start.startswith(magic):
            return ImageError("image.format", *words)
    is_media = data[4:8] == b"ftyp"
    if is_media and data[8:12] not in HEIC_BRANDS | AVIF_BRANDS:
        return ImageError("image.format", "这是视频，不是照片", "视频的后缀名写成 .mp4；照片请用 JPG 或 PNG")
    if is_media or data.startswith(_PICTURES):
        return damaged()
    return ImageError("image.format", "这不是能识别的图片", SAVE_AS)


def damaged() -> ImageError:
    return ImageError(
        "image.damaged",
        "照片不完整或已损坏，打不开",
        f"把原来的照片重新复制一份过来；如果在电脑上能正常显示，就{SAVE_AS}",
    )


def too_large(what: str) -> ImageError:
    return ImageError("image.too-large", f"照片太大了：{what}", "用看图软件把长边缩小到 6000 像素以内，再放进来")
