"""Photos made by noise, with the grain that makes a JPEG as large as one from a camera; those of the corpus are 1,280 by 853."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw

SIZE = (1280, 853)
GRAIN = 20
"""How far the grain goes from dark to bright, of 255."""


def photo(number: int, size: tuple[int, int] = SIZE) -> bytes:
    """One picture, without metadata: with the same Pillow always the same bytes."""
    dice = random.Random(number)
    picture = Image.new("RGB", size, _color(dice))
    draw = ImageDraw.Draw(picture)
    for _ in range(9):
        left, top = int(dice.random() * size[0]), int(dice.random() * size[1])
        radius = (80 + int(dice.random() * 400)) * size[0] // SIZE[0]
        draw.ellipse((left - radius, top - radius, left + radius, top + radius), fill=_color(dice))
    grain = Image.frombytes("L", size, dice.randbytes(size[0] * size[1])).point(
        [value * GRAIN // 255 for value in range(256)]
    )
    target = io.BytesIO()
    ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain))).save(target, "JPEG", quality=85)
    return target.getvalue()


def _color(dice: random.Random) -> tuple[int, int, int]:
    return int(dice.random() * 200) + 50, int(dice.random() * 200) + 50, int(dice.random() * 200) + 50
