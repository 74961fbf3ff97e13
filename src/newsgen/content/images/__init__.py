"""Photos: bytes in, bytes out; upright, in the widths that are asked for, at most 2000 pixels, and without any metadata.

Orientation is applied first, then everything that a camera or phone wrote about the picture (EXIF with GPS, XMP, IPTC,
comments, colour profiles, a second picture behind the first) is gone.

    errors.py         files that are no pictures, and what to say of them
    probe.py          what the header tells: position, published size and kind
    strip_metadata.py a JPEG or animated GIF that needs nothing else keeps its coded picture bit for bit
    pyramid.py        smaller widths, each from a larger one that is reduced already
    encoder_digest.py changes with any of this, and with the libraries: pictures that were kept are made anew
    page_slices.py    screenshots of `newsgen review`, sliced
    encode.py         all others are coded anew: photos as JPEG; drawings and what is transparent as PNG; animations as
                   GIF; smaller ones as WebP. Of TIFF, AVIF and HEIC with several pictures the first counts

The only state is Pillow's list of formats, which learns HEIC when the first such file is met.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial

from PIL import Image, UnidentifiedImageError

from newsgen.content.images.encode import (
    LARGE,
    animation,
    framed,
    jpeg,
    opaque,
    png,
    upright,
    webp,
    width_in_frame,
)
from newsgen.content.images.encoder_digest import encoder_digest
from newsgen.content.images.errors import AVIF_BRANDS, HEIC_BRANDS, SAVE_AS, ImageError, damaged, too_large, unknown
from newsgen.content.images.probe import (
    MODES,
    SIDEWAYS,
    check_amount,
    is_moving,
    is_ready,
    kind_of,
    orientation,
    shrunk,
)
from newsgen.content.images.pyramid import Pyramid
from newsgen.content.images.strip_metadata import gif_without_metadata, jpeg_without_metadata
from newsgen.core.model import PictureKind, Record

__all__ = ["Form", "ImageError", "Probe", "encoder_digest", "probe", "publishable", "published", "thumbnail", "warm"]

SUFFIXES: Mapping[PictureKind, str] = {"photo": ".jpg", "drawing": ".png", "moving": ".gif"}
"""Of the largest published file."""
SHARE = ".share.jpg"
Form = tuple[int, str]
"""A file to make of a picture: its width in pixels and its suffix; SHARE is the one for Open Graph (framed())."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_FAULTS = (
    *(OSError, EOFError, ValueError, SyntaxError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(MemoryError, RuntimeError, struct.error, zlib.error),
)
"""What Pillow's decoders raise on damaged files."""


class Probe(Record, frozen=True):
    """A picture by its header. `format` is Pillow's name; width, height, suffix are those of the largest published file."""

    format: str
    width: int
    height: int
    suffix: str
    kind: PictureKind = "photo"
    pages: int = 1


def warm() -> None:
    """Import the decoders of the usual formats, which Pillow does when the first picture is opened."""
    Image.preinit()


def probe(data: bytes) -> Probe:
    """Read the header. Raises ImageError for what is no picture, is too large or has a broken header."""
    with _opened(data) as image:
        check_amount(image)
        if image.mode not in MODES:
            raise ImageError("image.format", f"照片的颜色格式（{image.mode}）不能用在网页上", SAVE_AS)
        width, height = shrunk(image)
        if orientation(image) in SIDEWAYS:
            width, height = height, width
        kind = kind_of(image, len(data))
        pages: int = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        return Probe(image.format or "", width, height, SUFFIXES[kind], kind, pages)


def publishable(data: bytes, seen: Probe) -> bytes:
    """The bytes to publish; `seen` is the probe of `data`. Raises ImageError for a damaged picture."""
    (found,) = published(data, seen, [(seen.width, seen.suffix)])
    return found


def published(data: bytes, seen: Probe, forms: Sequence[Form]) -> list[bytes]:
    """The files to publish of one picture, each a width with a suffix; it is decoded once.

    Each depends on the picture and its own form alone. Raises ImageError as publishable().
    """
    pyramid, largest = Pyramid(partial(_upright, data, seen)), (seen.width, seen.suffix)
    found = {form: _smaller(data, seen, form, pyramid) for form in forms if form != largest}
    if largest in forms:  # last: what was decoded for the others needs no other look at whether it is damaged
        found[largest] = _largest(data, seen, pyramid)
    return [found[form] for form in forms]


def thumbnail(data: bytes, seen: Probe, across: int) -> bytes:
    """A small JPEG for a list of files, upright, at most `across` pixels wide and high; of an animation the first frame.

    Raises ImageError as publishable().
    """
    with _opened(data) as image:
        image.draft(None, (across, across))  # JPEG alone: what follows works on an eighth of the pixels
        pixels = opaque(upright(image, seen.suffix))
        pixels.thumbnail((across, across), Image.Resampling.LANCZOS)
        return jpeg(pixels)


def _smaller(data: bytes, seen: Probe, form: Form, pyramid: Pyramid) -> bytes:
    width, suffix = form
    if suffix == SHARE:
        picture = pyramid.at_least(width_in_frame(seen.width, seen.height))
        return jpeg(framed(opaque(picture)))
    if seen.kind == "moving":
        return _animation(data, seen, width, suffix)
    return webp(pyramid.at(width), seen.kind) if suffix == ".webp" else jpeg(pyramid.at(width))


def _largest(data: bytes, seen: Probe, pyramid: Pyramid) -> bytes:
    ready = _ready(data, seen, is_whole=pyramid.is_decoded)
    if ready is not None:
        return ready
    if seen.kind == "moving":
        return _animation(data, seen, seen.width, seen.suffix)
    return jpeg(pyramid.whole, LARGE) if seen.kind == "photo" else png(pyramid.whole)


def _ready(data: bytes, seen: Probe, *, is_whole: bool) -> bytes | None:
    """The picture without its metadata, where it needs nothing else; `is_whole`: it is known that all of it can be decoded."""
    with _opened(data) as image:
        if not is_ready(image):
            return None
    if not is_whole or seen.kind == "moving":
        _check_whole(data)
    try:
        return gif_without_metadata(data) if seen.suffix == ".gif" else jpeg_without_metadata(data)
    except (ValueError, IndexError):
        return None  # Pillow forgave an odd structure that readers may not: code it anew


def _upright(data: bytes, seen: Probe) -> Image.Image:
    """The picture upright; of an animation the first frame."""
    with _opened(data) as image:
        return upright(image, seen.suffix)


def _animation(data: bytes, seen: Probe, width: int, suffix: str) -> bytes:
    with _opened(data) as image:
        return animation(image, (width, max(1, round(seen.height * width / seen.width))), suffix)


def _check_whole(data: bytes) -> None:
    """Decode every frame: a damaged picture is told, not passed on.

    A JPEG is decoded small and grey: all its data are read, and reckoned with half as long (3,000 damaged files: the
    same verdict as in full).
    """
    with _opened(data) as image:
        image.draft("L", (1, 1))
        for number in range(getattr(image, "n_frames", 1) if is_moving(image) else 1):
            image.seek(number)
            image.load()


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture as Pillow sees it; whatever Pillow says against it becomes a ImageError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF and many pixels, and both are dealt with here
        try:
            with Image.open(io.BytesIO(data), formats=_formats(data)) as image:
                yield image
        except Image.DecompressionBombError:
            raise too_large("像素太多") from None
        except UnidentifiedImageError:
            raise unknown(data) from None
        except _FAULTS as error:
            raise damaged() from error


def _formats(data: bytes) -> tuple[str, ...]:
    """The formats to try. HEIC and AVIF are known by the brand that follows `ftyp`; so are videos."""
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in HEIC_BRANDS:
        _register_heif()
        return ("HEIF", "AVIF")
    return ("AVIF",) if brand in AVIF_BRANDS else _FORMATS


@lru_cache(maxsize=1)
def _register_heif() -> None:
    """Teach Pillow HEIC, the format of iPhones. A heavy import, so only where such a file is met."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
