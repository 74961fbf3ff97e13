"""Encoding of pictures: upright, shrunk, in sRGB with 8 bits, as JPEG, PNG, WebP or animated GIF."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image, ImageCms

from newsgen.content.images.probe import DEEP, foreign_profile, is_transparent, orientation, shrunk
from newsgen.core.model import PictureKind

LARGE = {"quality": 85, "progressive": True}
SMALL = {"quality": 80}
"""A JPEG: the file that readers look at closely, and those for browsers without WebP and for other sites, which few load: to
be progressive would take three times as long, for 5 % fewer bytes."""
WEBP, MOVING = {"quality": 76, "method": 2}, {"quality": 70, "method": 2}
"""A WebP: of a photo or drawing, and the frames of an animation. `method` is libwebp's effort, of 6. Of 14 photos, 0 takes
0.64 of the time of 2 and 25 % more bytes for the same loss, 4 takes 2.4 times as long for 4 % fewer bytes."""
PNG = {"compress_level": 7}
"""A quarter of the time of `optimize`, and 2 % more bytes."""
FRAME, BLUR = (1200, 630), (8, 5)
"""Pixels of the picture for Open Graph, and of what its ground is made of."""
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
    turn, size, profile = _TURNS.get(orientation(image)), shrunk(image), foreign_profile(image)
    image.draft(None, size)  # JPEG alone: decodes at a half, a quarter or an eighth
    image.load()
    is_kept = suffix == ".png" and image.mode in ("1", "P") and image.size == size and not profile
    pixels = image if is_kept else _converted(image, size, profile)
    if suffix == ".jpg" and pixels.mode not in ("L", "RGB"):  # opaque all the same, as probing has seen
        pixels = pixels.convert("RGB")
    return pixels.transpose(turn) if turn is not None else pixels


def _rounds(image: Image.Image) -> int:
    """How often an animation runs, 0 for ever. A GIF says how often it is repeated, or nothing where it runs once."""
    loop = image.info.get("loop")
    if image.format != "GIF":
        return int(loop or 0)
    return 1 if loop is None else int(loop) + 1 if loop else 0


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
    bare = image.copy()
    bare.info = (
        {"transparency": image.info["transparency"]} if image.mode == "P" and "transparency" in image.info else {}
    )
    return bare


def resized(image: Image.Image, width: int) -> Image.Image:
    """The picture at a smaller width."""
    if width == image.width:
        return image
    pixels = image if image.mode in ("L", "RGB", "RGBA", "LA") else _plain(image)
    size = width, max(1, round(image.height * width / image.width))
    return pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def opaque(image: Image.Image) -> Image.Image:
    """The picture in RGB, on white where it is transparent."""
    if not is_transparent(image):
        return image.convert("RGB")
    pixels = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(pixels, mask=pixels.getchannel("A"))
    return ground


def framed(image: Image.Image) -> Image.Image:
    """The whole picture in the frame for Open Graph, on a ground of its own colours, blurred; it is never enlarged."""
    across, down = FRAME
    scale = max(across / image.width, down / image.height)
    wide, high = across / scale, down / scale
    left, top = (image.width - wide) / 2, (image.height - high) / 2
    blurred = image.resize(BLUR, Image.Resampling.BOX, (left, top, left + wide, top + high))
    ground = blurred.resize(FRAME, Image.Resampling.BICUBIC)
    width = width_in_frame(*image.size)
    size = width, max(1, min(down, round(image.height * width / image.width)))
    whole = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0) if size != image.size else image
    ground.paste(whole, ((across - whole.width) // 2, (down - whole.height) // 2))
    return ground


def width_in_frame(width: int, height: int) -> int:
    """The width of a picture of this size in the frame for Open Graph."""
    return max(1, round(width * min(1.0, FRAME[0] / width, FRAME[1] / height)))


def jpeg(image: Image.Image, options: Mapping[str, int] = SMALL) -> bytes:
    """The picture as a JPEG, LARGE or SMALL."""
    return _saved(image, "JPEG", {"optimize": True, **options})


def webp(image: Image.Image, kind: PictureKind) -> bytes:
    """A photo or drawing as WebP."""
    return _saved(image, "WEBP", {**WEBP, "lossless": kind == "drawing"})


def png(image: Image.Image) -> bytes:
    """A drawing as PNG."""
    return _saved(image, "PNG", PNG)


def _saved(image: Image.Image, form: str, options: Mapping[str, int]) -> bytes:
    target = io.BytesIO()
    _bare(image).save(target, form, **options)
    return target.getvalue()


def animation(image: Image.Image, size: tuple[int, int], suffix: str = ".gif") -> bytes:
    """An animated GIF or WebP with the frames, their times, the number of rounds, and nothing else."""
    frames, times = [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        image.load()
        times.append(image.info.get("duration", 100))
        frame = image.convert("RGBA" if is_transparent(image) else "RGB")
        frames.append(_bare(frame.resize(size, Image.Resampling.LANCZOS) if frame.size != size else frame))
    target = io.BytesIO()
    if suffix == ".webp":
        rounds = _rounds(image)
        frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=rounds, **MOVING)
        return target.getvalue()
    loop = {"loop": image.info["loop"]} if "loop" in image.info else {}
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=times, disposal=2, **loop)
    return target.getvalue()
