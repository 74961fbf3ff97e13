"""Probing of pictures: orientation, published size and kind from the header, and whether a file is ready as it is."""

from __future__ import annotations

import io

from PIL import ExifTags, Image, ImageChops, ImageCms

from newsgen.content.images.errors import ImageError, too_large
from newsgen.core.model import PictureKind
from newsgen.core.variants import MAX_WIDTH

MAX_HEIGHT = 30_000
"""Higher than any 长图 that is read on a phone, and less than a JPEG may have (65,535)."""
MAX_PIXELS = 60_000_000
MAX_MOVING_PIXELS = 200_000_000
"""All frames of an animation together."""

LIGHT, HEAVY = 0.25, 1.2
"""Bytes for each pixel of a PNG: less than in any photograph, more than in any drawing."""
MANY_COLOURS, MANY_GREYS = 256, 64
EQUAL_NEIGHBOURS = 0.5
"""Screenshots and drawings have some 0.8 and more, photographs 0.1 to 0.3."""
PATCH = 1000
"""Pixels of the sides of the part that is looked at."""

SIDEWAYS = frozenset({5, 6, 7, 8})
"""The values of EXIF Orientation (tag 0x0112) that change width for height."""
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
"""Pillow's modes for greys of 16 bits; it reduces colours of 16 bits itself."""
MODES = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV"}) | DEEP


def check_amount(image: Image.Image) -> None:
    """Refuse what would take minutes and gigabytes to decode (a decompression bomb)."""
    if image.width * image.height > MAX_PIXELS:
        raise too_large(f"{image.width}×{image.height} 像素")
    if is_moving(image):
        frames: int = getattr(image, "n_frames", 1)
        if image.width * image.height * frames > MAX_MOVING_PIXELS:
            message = f"动图太大了：{image.width}×{image.height} 像素，{frames} 帧"
            raise ImageError("image.too-large", message, "改用 MP4 视频，或者减少帧数、缩小尺寸")


def is_moving(image: Image.Image) -> bool:
    return image.format in ("GIF", "WEBP", "PNG") and bool(getattr(image, "is_animated", False))


def orientation(image: Image.Image) -> int:
    """EXIF Orientation, 1 to 8. TIFF says 1, because Pillow turns it as it reads."""
    if image.format == "TIFF":
        return 1
    # The base class's method: PNG's own decodes the whole picture first, to find what stands behind it.
    value = Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1)
    return value if value in range(1, 9) else 1


def shrunk(image: Image.Image) -> tuple[int, int]:
    """The size to publish, as the picture lies in the file: never larger than it was, its proportions kept."""
    width, height = image.size
    across, down = (height, width) if orientation(image) in SIDEWAYS else (width, height)
    scale = min(1.0, MAX_WIDTH / across, MAX_HEIGHT / down)
    return max(1, round(width * scale)), max(1, round(height * scale))


def is_transparent(image: Image.Image) -> bool:
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def kind_of(image: Image.Image, size: int) -> PictureKind:
    """The kind of the picture in a file of `size` bytes, by which it is encoded. Where the header leaves it open, the picture is decoded."""
    if is_moving(image):
        return "moving"
    if image.format not in ("PNG", "GIF") and not is_transparent(image):
        return "photo"
    return "photo" if _is_photograph(image, size) else "drawing"


def _is_photograph(image: Image.Image, size: int) -> bool:
    """Whether a PNG holds a photograph: many colours, none of them transparent, and few neighbours alike.

    One that is coded without losses in a quarter of a byte for each pixel is small enough, whatever it is.
    """
    amount = size / (image.width * image.height)
    if image.mode not in ("RGB", "RGBA", "L") or "transparency" in image.info or amount < LIGHT:
        return False
    if image.mode == "RGB" and amount > HEAVY:
        return True
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        return False
    pixels = image.convert("RGB") if image.mode == "RGBA" else image
    if pixels.getcolors(MANY_GREYS if pixels.mode == "L" else MANY_COLOURS) is not None:
        return False
    return amount > HEAVY or _share_of_equal_neighbours(pixels) < EQUAL_NEIGHBOURS


def _share_of_equal_neighbours(image: Image.Image) -> float:
    """The share of pixels in the middle of the picture that are as the one to the left."""
    across, down = min(image.width, PATCH), min(image.height, PATCH)
    left, top = (image.width - across) // 2, (image.height - down) // 2
    patch = image.crop((left, top, left + across, top + down)).convert("L")
    counts = ImageChops.difference(patch, ImageChops.offset(patch, 1, 0)).histogram()
    return counts[0] / (across * down)


def is_ready(image: Image.Image) -> bool:
    """Whether the picture needs nothing but to lose its metadata."""
    if shrunk(image) != image.size or orientation(image) != 1:
        return False
    if image.format == "GIF":
        return is_moving(image)
    return image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L") and foreign_profile(image) is None


def foreign_profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """The colour profile, None where the colours are sRGB already or the profile is unreadable."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        name = ImageCms.getProfileDescription(profile)
    except (ImageCms.PyCMSError, OSError, TypeError):
        return None  # no reason to refuse a photo: its colours are taken as they are
    return None if "sRGB" in name else profile
