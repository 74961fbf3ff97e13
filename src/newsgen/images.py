"""Photos: bytes in, bytes out; upright, at most 2000 pixels wide, and without any metadata.

Orientation is applied first, then everything that a camera or phone wrote about the picture (EXIF with GPS, XMP, IPTC,
comments, colour profiles, a second picture behind the first) is gone. A JPEG or animated GIF that needs nothing else
keeps its coded picture bit for bit; all others are coded anew: JPEG for photos, PNG for PNG, single GIFs and whatever
may be transparent, GIF for animated GIF and WebP. Of other files with several pictures (TIFF, APNG, AVIF) the first counts.

Formats: JPEG markers of ITU-T T.81, table B.1; GIF89a blocks. The only state is Pillow's list of formats, which
learns HEIC when the first such file is met.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

MAX_WIDTH = 2000
MAX_HEIGHT = 6000
MAX_PIXELS = 60_000_000
MAX_MOVING_PIXELS = 600_000_000
"""All frames of an animation together."""
QUALITY = 85
HEIF_SUFFIXES = frozenset({".heic", ".heif", ".avif"})
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"}) | HEIF_SUFFIXES

_FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})  # 16-bit greys; Pillow reduces 16-bit colours itself
_MODES = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV"}) | _DEEP
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by EXIF Orientation (tag 0x0112); Pillow counts angles anticlockwise."""
_SIDEWAYS = frozenset({5, 6, 7, 8})

_FAULTS = (
    *(OSError, EOFError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(MemoryError, RuntimeError, struct.error, zlib.error),
)
"""What Pillow's decoders raise on damaged files."""

_SAVE_AS = "用看图软件打开它，另存为 JPG 或 PNG"
_PHOTOSHOP = "在 Photoshop 里导出为 JPG 或 PNG"
_WEB_PAGE = ("这是网页，不是照片，多半是下载照片时存成了网页", "在原网页的照片上点右键，选“图片另存为”")
_MAGIC = {
    b"%pdf": ("这是 PDF 文件，不是照片", "把需要的那一页导出为 JPG 或 PNG，或者把它作为附件：写在 attachments（附件）里"),
    b"pk\x03\x04": ("这是 Word、Excel 或压缩包文件，不是照片", "在 Word 里右键点照片，选“另存为图片”，再放进来"),
    b"\xd0\xcf\x11\xe0": ("这是旧版 Word 或 Excel 文件，不是照片", "在 Word 里右键点照片，选“另存为图片”，再放进来"),
    b"<svg": ("这是 SVG 图，里面可能藏有脚本，不能发布", "请导出为 PNG 再放进来"),
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"8bps": ("这是 Photoshop 文件，浏览器打不开", _PHOTOSHOP),
}
"""What a file that is no photo begins with, in lower case, and what to say of it."""
_PICTURE_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")


class PictureProblem(Exception):
    """A file that cannot become a picture on the web; message and hint are Chinese, the code is stable (`image.…`)."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True, slots=True)
class Probe:
    """A picture by its header. `format` is Pillow's name; width, height, suffix are those of the published file."""

    format: str
    width: int
    height: int
    suffix: str


def probe(data: bytes) -> Probe:
    """Read the header. Raises PictureProblem for what is no picture, is too large or has a broken header."""
    with _opened(data) as image:
        _check_amount(image)
        if image.mode not in _MODES:
            raise PictureProblem("image.format", f"照片的颜色格式（{image.mode}）不能用在网页上", _SAVE_AS)
        width, height = _shrunk(image)
        if _orientation(image) in _SIDEWAYS:
            width, height = height, width
        return Probe(image.format or "", width, height, _suffix(image))


def publishable(data: bytes, seen: Probe) -> bytes:
    """The bytes to publish; `seen` is the probe of `data`. Raises PictureProblem for a damaged picture."""
    with _opened(data) as image:
        if _is_ready(image):
            _check_whole(image)
            try:
                return _gif_without_metadata(data) if seen.suffix == ".gif" else _jpeg_without_metadata(data)
            except (ValueError, IndexError):
                pass  # Pillow forgave an odd structure that readers may not: code it anew
        if seen.suffix == ".gif":
            return _animation(image, (seen.width, seen.height))
        return _coded(_upright(image), seen.suffix)


# ---------------------------------------------------------------- opening, and what to say when it fails


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture as Pillow sees it; whatever Pillow says against it becomes a PictureProblem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF and many pixels, and both are dealt with here
        try:
            with Image.open(io.BytesIO(data), formats=_formats(data)) as image:
                yield image
        except Image.DecompressionBombError:
            raise _too_large("像素太多") from None
        except UnidentifiedImageError:
            raise _unknown(data) from None
        except _FAULTS as error:
            raise _damaged() from error


def _formats(data: bytes) -> tuple[str, ...]:
    """The formats to try. HEIC and AVIF are known by the brand that follows `ftyp`; so are videos."""
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in _HEIC_BRANDS:
        _register_heif()
        return ("HEIF", "AVIF")
    return ("AVIF",) if brand in _AVIF_BRANDS else _FORMATS


@lru_cache(maxsize=1)
def _register_heif() -> None:
    """Teach Pillow HEIC, the format of iPhones. A heavy import, so only where such a file is met."""
    from pillow_heif import register_heif_opener

    register_heif_opener()


def _unknown(data: bytes) -> PictureProblem:
    """What a file is that Pillow does not know."""
    if not data:
        return PictureProblem("image.empty", "照片文件是空的", "把原来的照片重新复制一份过来")
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, (message, hint) in _MAGIC.items():
        if start.startswith(magic) or (start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start):
            code, (message, hint) = _code_and_words(start, magic, message, hint)
            return PictureProblem(code, message, hint)
    if data[4:8] == b"ftyp" and data[8:12] not in _HEIC_BRANDS | _AVIF_BRANDS:
        return PictureProblem("image.format", "这是视频，不是照片", "视频的后缀名改成 .mp4 后再用；照片请用 JPG 或 PNG")
    if data.startswith(_PICTURE_MAGIC) or data[4:8] == b"ftyp":
        return _damaged()
    return PictureProblem("image.format", "这不是能识别的图片", _SAVE_AS)
