"""Screenshots of a whole page, sliced at blank rows, so that WeChat shows each slice in its full size."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from PIL import Image

TALLEST = 4_000
"""Pixels of a part at most: at 750 wide, one that phones still show sharp when it is opened."""
LOWEST_CUT = 0.6
"""The share of TALLEST above which no cut is looked for."""
CLEAR = 16
"""Rows of which each is as the one above, around a cut: neither text nor photo."""


def sliced(strips: Sequence[bytes], width: int, height: int) -> Iterator[bytes]:
    """Slice a page, of which `strips` are PNG screenshots from top to bottom; `width` and `height` are those of the page, in pixels."""
    page = _joined(strips, width, height)
    top = 0
    while top < height:
        bottom = _cut(page, top)
        target = io.BytesIO()
        page.crop((0, top, width, bottom)).save(target, "PNG", optimize=True)
        yield target.getvalue()
        top = bottom


def _joined(strips: Sequence[bytes], width: int, height: int) -> Image.Image:
    page = Image.new("RGB", (width, height), "white")
    top = 0
    for strip in strips:
        with Image.open(io.BytesIO(strip)) as image:
            page.paste(image.convert("RGB"), (0, top))
            top += image.height
    return page


def _cut(page: Image.Image, top: int) -> int:
    """Where the part that begins at `top` ends: in the lowest clear rows, else after TALLEST."""
    if page.height - top <= TALLEST:
        return page.height
    lowest, highest = top + TALLEST, top + int(TALLEST * LOWEST_CUT)
    clear = 0
    for row in range(lowest, highest, -1):
        clear = clear + 1 if _is_clear(page, row) else 0
        if clear == CLEAR:
            return row + CLEAR // 2
    return lowest


def _is_clear(page: Image.Image, row: int) -> bool:
    """Whether a row is as the one above it: background, with the edges of a frame at most."""
    return page.crop((0, row, page.width, row + 1)).tobytes() == page.crop((0, row - 1, page.width, row)).tobytes()
