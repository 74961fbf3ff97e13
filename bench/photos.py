"""The photos of the corpus: 1,280 by 853, with the grain that makes a JPEG as large as one from a camera."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw

SIZE = (1280, 853)
GRAIN = 20
"""How far the grain goes from dark to bright, of 255."""


def photo(number: int) -> bytes:
    """One picture, without metadata: with the same Pillow always the same bytes."""
    dice = random.Random(number)
    picture = Image.new("RGB", SIZE, _color(dice))
    draw = ImageDraw.Draw(picture)
    for _ in range(9):
        left, top = int(dice.random() * SIZE[0]), int(dice.random() * SIZE[1])
        size = 80 + int(dice.random() * 400)
        draw.ellipse((left - size, top - size, left + size, top + size), fill=_color(dice))
    grain = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1])).point(
        [value * GRAIN // 255 for value in range(256)]
    )
    target = io.BytesIO()
    ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain))).save(target, "JPEG", quality=85)
    return target.getvalue()


def _color(dice: random.Random) -> tuple[int, int, int]:
    return int(dice.random() * 200) + 50, int(dice.random() * 200) + 50, int(dice.random() * 200) + 50
