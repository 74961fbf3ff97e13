"""Long pictures are cut where nothing is written."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from newsgen.content.images import page_slices


def png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def page(height: int, lines: Sequence[int]) -> Image.Image:
    """A page in a frame, with lines of text that begin at these rows, 30 rows high."""
    image = Image.new("RGB", (100, height), "white")
    draw = ImageDraw.Draw(image)
    draw.line((5, 0, 5, height), "gray")
    for top in lines:
        for row in range(top, top + 30, 2):
            draw.line((20, row, 80, row), "black")
    return image


def cut(image: Image.Image) -> list[Image.Image]:
    middle = image.height // 3
    above, below = image.crop((0, 0, 100, middle)), image.crop((0, middle, 100, image.height))
    return [Image.open(io.BytesIO(part)) for part in page_slices.sliced([png(above), png(below)], 100, image.height)]


def test_the_parts_are_the_page_and_no_line_is_cut() -> None:
    lines = range(7, 9950, 50)
    whole = page(10_000, lines)
    found = cut(whole)
    assert [part.height <= page_slices.TALLEST for part in found] == [True] * 3
    again = Image.new("RGB", whole.size)
    top = 0
    for part in found:
        again.paste(part, (0, top))
        top += part.height
        assert not any(line < top < line + 30 for line in lines)
    assert again.tobytes() == whole.tobytes()


@pytest.mark.parametrize("height", [1, page_slices.TALLEST])
def test_a_short_page_is_one_part(height: int) -> None:
    assert [part.height for part in cut(page(max(height, 3), []))] == [max(height, 3)]


def test_where_no_row_is_clear_a_part_is_as_high_as_may_be() -> None:
    found = cut(page(5_000, range(0, 5_000, 30)))
    assert [part.height for part in found] == [4_000, 1_000]
