"""Photos: bytes in, bytes out; upright, at most 2000 pixels wide, and without any metadata.

Orientation is applied first, then everything that a camera or phone wrote about the picture (EXIF with GPS, XMP, IPTC,
comments, colour profiles, a second picture behind the first) is dropped. A JPEG that needs nothing else keeps its
coded picture bit for bit; all others are coded anew. JPEG markers: ITU-T T.81, table B.1.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_WIDTH = 2000
MAX_HEIGHT = 6000
MAX_PIXELS = 60_000_000
QUALITY = 85
HEIF_SUFFIXES = frozenset({".heic", ".heif", ".avif"})
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"}) | HEIF_SUFFIXES
_FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "HEIF", "AVIF"})
_ORIENTATION = 0x0112
_SIDEWAYS = frozenset({5, 6, 7, 8})

_FAULTS = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError)
"""What Pillow's decoders raise on damaged files."""

_NOT_PICTURES = {
    b"%PDF": "这是 PDF 文件",
    b"PK\x03\x04": "这是 Word、Excel 或压缩包文件",
    b"\xd0\xcf\x11\xe0": "这是旧版 Word 或 Excel 文件",
    b"<svg": "这是 SVG 图",
    b"<?xml": "这是 SVG 图或 XML 文件",
    b"<!DOC": "这是网页，多半是下载图片时存成了网页",
    b"<html": "这是网页，多半是下载图片时存成了网页",
    b"8BPS": "这是 Photoshop 文件",
}


class PictureProblem(Exception):
    """A file that cannot become a picture on the web; message and hint are Chinese."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a picture from its header; width, height and suffix are those of the published file."""

    format: str
    width: int
    height: int
    suffix: str


def probe(data: bytes) -> Probe:
    """Read the header. Raises PictureProblem for what is no picture, is too large or has a broken header."""
    with _opened(data) as image:
        if image.width * image.height > MAX_PIXELS:
            raise PictureProblem(
                "image.too-large",
                f"照片太大了：{image.width}×{image.height} 像素",
                "用手机或电脑的看图软件缩小到 6000 像素以内再放进来",
            )
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _SIDEWAYS:
            width, height = height, width
        return Probe(image.format or "", *_shrunk(width, height), _suffix(image))


def publishable(data: bytes, seen: Probe) -> bytes:
    """The bytes to publish. Raises PictureProblem for a picture that is cut off or damaged."""
    with _opened(data) as image:
        if seen.format in ("JPEG", "MPO") and _is_ready(image):
            image.load()  # a damaged picture is told, not passed on
            return _without_metadata(data)
        if seen.suffix == ".gif":
            return _animation(image, seen)
        return _coded(_upright(image, seen), seen)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture as Pillow sees it; whatever Pillow says against it becomes a PictureProblem."""
    if data[4:8] == b"ftyp":
        _register_heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd EXIF and large pictures; both are dealt with here
        try:
            with Image.open(io.BytesIO(data)) as image:
                if image.format not in _FORMATS:
                    raise UnidentifiedImageError(image.format)
                yield image
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise _unknown(data, error) from None
        except _FAULTS as error:
            raise PictureProblem("image.damaged", "照片不完整或已损坏，打不开", "用原来的照片重新复制一份") from error


@lru_cache(maxsize=1)
def _register_heif() -> None:
    """Teach Pillow HEIC, the format of iPhones. A heavy import, so only where such a file is met."""
    from pillow_heif import register_heif_opener

    register_heif_opener()


def _unknown(data: bytes, error: Exception) -> PictureProblem:
    if isinstance(error, Image.DecompressionBombError):
        return PictureProblem("image.too-large", "照片的像素太多了", "缩小到 6000 像素以内再放进来")
    if not data:
        return PictureProblem("image.empty", "照片文件是空的", "重新复制一份原来的照片")
    start = data.lstrip()[:8]
    for magic, words in _NOT_PICTURES.items():
        if start.lower().startswith(magic.lower()):
            return PictureProblem("image.format", f"{words}，不是照片", "换成 JPG 或 PNG 图片")
    return PictureProblem("image.format", "这不是能识别的图片", "用看图软件打开它，另存为 JPG 或 PNG")


def _shrunk(width: int, height: int) -> tuple[int, int]:
    """The published size: never larger than it was, its proportions kept."""
    scale = min(1.0, MAX_WIDTH / width, MAX_HEIGHT / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _suffix(image: Image.Image) -> str:
    if image.format == "GIF" and getattr(image, "is_animated", False):
        return ".gif"
    lossless = image.format in ("PNG", "GIF") or "A" in image.getbands() or "transparency" in image.info
    return ".png" if lossless else ".jpg"


def _is_ready(image: Image.Image) -> bool:
    """A JPEG that needs nothing but to lose its metadata."""
    upright = image.getexif().get(_ORIENTATION, 1) in (0, 1)
    plain = image.mode in ("RGB", "L") and not image.info.get("icc_profile")
    return upright and plain and _shrunk(*image.size) == image.size


def _upright(image: Image.Image, seen: Probe) -> Image.Image:
    """The picture in its published size, colours and position, as a copy that carries no metadata."""
    if image.format == "JPEG":
        image.draft(
            "RGB",
            (seen.width, seen.height)
            if image.getexif().get(_ORIENTATION) not in _SIDEWAYS
            else (seen.height, seen.width),
        )
    turned = ImageOps.exif_transpose(image)
    plain = _in_srgb(turned)
    if plain.size != (seen.width, seen.height):
        plain = plain.resize((seen.width, seen.height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    """Ordinary colours: sRGB, 8 bits, grey or transparent where the picture is."""
    profile = image.info.get("icc_profile")
    mode = _plain_mode(image)
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            output = mode if image.mode == mode else "RGB"
            found = ImageCms.profileToProfile(
                image, own, ImageCms.createProfile("sRGB"), outputMode=output if output != "L" else "RGB"
            )
            if found is not None:
                return found
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is no reason to refuse a photo: its colours are taken as they are
    return image if image.mode == mode else image.convert(mode)


def _plain_mode(image: Image.Image) -> str:
    if "transparency" in image.info or "A" in image.getbands() or image.mode in ("PA", "La"):
        return "RGBA" if image.mode != "LA" else "LA"
    if image.mode in ("1", "L", "I;16", "I", "F"):
        return "L"
    return "RGB"


def _coded(image: Image.Image, seen: Probe) -> bytes:
    """JPEG or PNG bytes of the bare picture."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    target = io.BytesIO()
    if seen.suffix == ".jpg":
        bare.convert("RGB" if bare.mode != "L" else "L").save(
            target, "JPEG", quality=QUALITY, optimize=True, progressive=True
        )
    else:
        bare.save(target, "PNG", optimize=True)
    return target.getvalue()


def _animation(image: Image.Image, seen: Probe) -> bytes:
    """An animated GIF with its frames and timing, and nothing else."""
    frames, times = [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        times.append(image.info.get("duration", 100))
        frame = image.convert("RGBA")
        resized = frame if frame.size == (seen.width, seen.height) else frame.resize((seen.width, seen.height))
        frames.append(Image.frombytes("RGBA", resized.size, resized.tobytes()))
    target = io.BytesIO()
    loop = {"loop": image.info["loop"]} if "loop" in image.info else {}
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=times, disposal=2, **loop)
    return target.getvalue()


def _without_metadata(data: bytes) -> bytes:
    """A JPEG with its coded picture and the markers that decoders need: JFIF (APP0) and Adobe (APP14)."""
    kept, position = [b"\xff\xd8"], 2
    while True:
        while data[position : position + 1] == b"\xff" and data[position + 1 : position + 2] == b"\xff":
            position += 1
        marker = data[position + 1]
        if marker == 0xD9:
            return b"".join([*kept, b"\xff\xd9"])
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if _is_needed(marker, data[position + 4 : position + 9]):
            kept.append(data[position:end])
        if marker == 0xDA:
            position, coded = _scan(data, end)
            kept.append(coded)
        else:
            position = end


def _is_needed(marker: int, name: bytes) -> bool:
    if marker == 0xE0:
        return name == b"JFIF\x00"
    if marker == 0xEE:
        return name == b"Adobe"
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _scan(data: bytes, start: int) -> tuple[int, bytes]:
    """The entropy-coded bytes from `start` to the next real marker, and where that marker stands."""
    position = start
    while True:
        position = data.index(b"\xff", position)
        following = data[position + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return position, data[start:position]
        position += 1 if following == 0xFF else 2
