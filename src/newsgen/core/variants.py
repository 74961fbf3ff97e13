"""Variants of pictures: in which widths and formats a picture is published, and at which addresses.

A variant is a pure function of the picture, a width and a format, so that its address names its bytes:
`media/a-1a2b3c4d5e.jpg` is the largest file of a.jpg, `media/a-1a2b3c4d5e.480.webp` the one that is 480 pixels wide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from posixpath import splitext

from newsgen.core.model import Download, Picture, PictureKind, Variant

MAX_WIDTH = 2000
"""Pixels of the width of the largest file of a picture."""
NEARLY: Mapping[PictureKind, float] = {"photo": 0.75, "drawing": 0.33, "moving": 1.0}
"""From which share of a picture's width on a smaller width is left out: the picture itself takes its place. A drawing that is
made smaller has more colours, so that without losses one of half the width weighs twice as much."""
WEBP_SIDE = 16_383
"""Pixels of a side of a WebP file at most; a 长图 may be higher."""
MOVING_WIDTH = 960
"""Animations weigh by their frames: no wider file is made of them."""
SHARE = (1200, 630)
"""Pixels of what Open Graph asks for: the picture that WeChat and others show beside a link."""
GROUND = 24
"""Pixels of the width of a file that is stretched behind a photo."""
_SHARE = ".share.jpg"
_POSTER = ".poster.jpg"
_VARIANT = re.compile(r"(?:\.\d+|\.share|\.poster)(\.[a-z]+)$")


def fitting(picture: Picture, widths: Sequence[int]) -> tuple[int, ...]:
    """The widths in which the picture is published, its own among them where it is smaller: never enlarged.

    A drawing is always published in its own width, unless it has been made smaller to be the largest file.
    """
    kind = "photo" if picture.width == MAX_WIDTH else picture.kind
    if picture.width > widths[-1] and kind != "drawing":
        return tuple(widths)
    return (*(width for width in widths if width < picture.width * NEARLY[kind]), picture.width)


def largest(picture: Picture) -> Variant:
    """The file that is shown when readers enlarge the picture."""
    return Variant(picture.address, picture.width, picture.height)


def webp(picture: Picture, widths: Sequence[int]) -> tuple[Variant, ...]:
    """The WebP files in the fitting `widths`; of an animation the largest that is not too heavy."""
    if picture.kind == "moving":
        widths = [max((width for width in widths if width <= MOVING_WIDTH), default=min(MOVING_WIDTH, picture.width))]
    found = (_variant(picture, width, ".webp") for width in widths)
    return tuple(variant for variant in found if variant.height <= WEBP_SIDE)


def fallback(picture: Picture, widths: Sequence[int]) -> Variant:
    """The file for browsers without WebP: a JPEG of medium width; drawings and animations are shown as they are."""
    width = widths[len(widths) // 2]
    if picture.kind != "photo" or width >= picture.width:
        return largest(picture)
    return _variant(picture, width, ".jpg")


def variants(picture: Picture, widths: Sequence[int]) -> tuple[Variant, ...]:
    """All files in which a picture is published that is shown in the fitting `widths`."""
    return (*webp(picture, widths), fallback(picture, widths))


def share(picture: Picture) -> Variant:
    """The file that others show beside a link to the article."""
    return Variant(f"{splitext(picture.address)[0]}{_SHARE}", *SHARE)


def poster(video: Download, width: int, height: int) -> Variant:
    """The file that a player shows before it plays."""
    return Variant(f"{splitext(video.address)[0]}{_POSTER}", width, height)


def form_of(variant: Variant) -> tuple[int, str]:
    """The width of a file with its suffix, from which it is known how to make it."""
    return variant.width, _SHARE if variant.address.endswith(_SHARE) else splitext(variant.address)[1]


def ground(picture: Picture) -> Variant | None:
    """A tiny file that fills the rest of a frame with the colours of a photo; None where white paper is meant."""
    return _variant(picture, GROUND, ".webp") if picture.kind == "photo" and picture.width > GROUND else None


def name_of_picture(address: str) -> str:
    """The beginning of the addresses of all files of a picture, or of a video: `media/a-1a2b3c4d5e`."""
    return splitext(_VARIANT.sub(r"\1", address))[0]


def _variant(picture: Picture, width: int, suffix: str) -> Variant:
    height = max(1, round(picture.height * width / picture.width))
    return Variant(f"{splitext(picture.address)[0]}.{width}{suffix}", width, height)
