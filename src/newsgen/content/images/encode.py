"""Encoding of pictures: upright, shrunk, in sRGB with 8 bits, as JPEG, PNG or animated GIF."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from newsgen.content.images.probe import DEEP, foreign_profile, is_transparent, orientation, shrunk

QUALITY = 85
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


def upright(image: Image.Image, suffix: str) -> Image.Image:
    """The picture in its published size, colours and position. A palette is kept where nothing else changes."""
    publish_lock, size, profile = _TURNS.get(orientation(image)), shrunk(image), foreign_profile(image)
    image.draft(None, size)  # JPEG alone: decodes at a half, a quarter or an eighth
    image.load()
    is_kept = suffix == ".png" and image.mode in ("1", "P") and image.size == size and not profile
    pixels = image if is_kept else _converted(image, size, profile)
    return pixels.transpose(publish_lock) if publish_lock is not None else pixels


def _converted(image: Image.Image, size: tuple[int, int], profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    pixels = image if profile and image.mode == "CMYK" else _plain(image)
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _in_srgb(pixels, profile) if profile else pixels


def _plain(image: Image.Image) -> Image.Image:
    """Without palette, 8 bits a channel: L, LA, RGB or RGBA."""
    if image.mode in DEEP:
        return image.convert("F").point(lambda value: value * (255 / 65535) + 0.5).convert("L")
    if is_transparent(image):
        return image if image.mode == "LA" else image.convert("RGBA")
    mode = "L" if image.mode in ("1", "L") else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except ImageCms.PyCMSError:  # a profile for other colours than the picture has
        converted = None
    return converted or _plain(image)


def _bare(image: Image.Image) -> Image.Image:
    """The pixels and palette in a new picture: Pillow would write some of the old one's metadata again."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if image.mode == "P":
        bare.putpalette(image.getpalette() or [])
        if "transparency" in image.info:
            bare.info["transparency"] = image.info["transparency"]
    return bare


def coded(image: Image.Image, suffix: str) -> bytes:
    target = io.BytesIO()
    if suffix == ".jpg":
        _bare(image).save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        _bare(image).save(target, "PNG", optimize=True)
    return target.getvalue()


def animation(image: Image.Image, size: tuple[int, int]) -> bytes:
    """An animated GIF with the frames, their times, the number of rounds, and nothing else."""
    frames, times = [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        image.load()
        times.append(image.info.get("duration", 100))
        frame = image.convert("RGBA" if is_transparent(image) else "RGB")
        frames.append(_bare(frame.resize(size, Image.Resampling.LANCZOS) if frame.size != size else frame))
    loop = {"loop": image.info["loop"]} if "loop" in image.info else {}
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=times, disposal=2, **loop)
    return target.getvalue()
