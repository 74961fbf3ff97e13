"""The pyramid of a picture: small files made from reduced ones, with no visible loss."""

from __future__ import annotations

import math
import random

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from newsgen.content.images.pyramid import LEVELS, Pyramid

NOT_TO_BE_SEEN = 45
"""Decibels: a peak signal-to-noise ratio from which on the eye sees no difference."""


def detailed(width: int, height: int) -> Image.Image:
    """Hard edges and grain, which show every loss."""
    dice = random.Random(7)
    image = Image.frombytes("RGB", (64, 48), dice.randbytes(64 * 48 * 3)).resize(
        (width, height), Image.Resampling.NEAREST
    )
    grain = Image.frombytes("L", (width, height), dice.randbytes(width * height)).point(
        [value // 12 for value in range(256)]
    )
    return ImageChops.add(image.filter(ImageFilter.GaussianBlur(1)), Image.merge("RGB", (grain, grain, grain)))


def decibels(one: Image.Image, other: Image.Image) -> float:
    squares = ImageStat.Stat(ImageChops.difference(one, other)).sum2
    return 10 * math.log10(255**2 * one.width * one.height * 3 / max(1, sum(squares)))


@pytest.mark.parametrize("width", [240, 480, 700, 720, 960, 1440])
def test_a_small_picture_looks_as_if_it_were_made_from_the_whole(width: int) -> None:
    whole = detailed(2000, 1500)
    direct = whole.resize((width, round(1500 * width / 2000)), Image.Resampling.LANCZOS)
    assert decibels(Pyramid(lambda: whole).at(width), direct) > NOT_TO_BE_SEEN


@pytest.mark.parametrize("whole", [(2000, 1500), (1280, 853), (640, 900)])
def test_a_width_is_the_same_whatever_was_asked_for_before(whole: tuple[int, int]) -> None:
    image = detailed(*whole)
    widths = [width for width in (1440, 1000, 960, 500, 480, 240, 24) if width <= whole[0]]
    together = Pyramid(lambda: image)
    for width in widths:
        assert together.at(width).tobytes() == Pyramid(lambda: image).at(width).tobytes(), width


def test_the_picture_is_decoded_once_and_reduced_once() -> None:
    decoded: list[int] = []

    def load() -> Image.Image:
        decoded.append(1)
        return detailed(2000, 1500)

    pyramid = Pyramid(load)
    assert not pyramid.is_decoded
    assert pyramid.at(480) is pyramid.at(480)
    assert pyramid.at(2000) is pyramid.whole
    assert decoded == [1]
    assert pyramid.is_decoded


@pytest.mark.parametrize(
    ("width", "level"), [(24, 480), (480, 480), (481, 720), (945, 960), (1441, 2000), (3000, 2000)]
)
def test_the_smallest_level_that_is_wide_enough_is_found(width: int, level: int) -> None:
    assert Pyramid(lambda: Image.new("L", (2000, 10))).at_least(width).width == level


def test_a_picture_that_is_hardly_wider_than_a_level_has_no_such_level() -> None:
    assert LEVELS[-1] == 1440
    assert Pyramid(lambda: Image.new("L", (1600, 10))).at_least(1000).width == 1600
