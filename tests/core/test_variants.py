"""Variants: which files are made of a picture, and where they live."""

from __future__ import annotations

import pytest

from newsgen.core.model import Download, Picture, PictureKind, Variant
from newsgen.core.variants import fallback, fitting, largest, name_of_picture, poster, variants, webp

WIDTHS = (480, 720, 960, 1440)


def picture(width: int, height: int, kind: PictureKind = "photo") -> Picture:
    suffix = {"photo": ".jpg", "drawing": ".png", "moving": ".gif"}[kind]
    return Picture("content/a.jpg", "0" * 32, f"media/a-1a2b3c4d5e{suffix}", width, height, kind)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (2000, (480, 720, 960, 1440)),
        (1441, (480, 720, 960, 1440)),
        (1440, (480, 720, 960, 1440)),
        (1400, (480, 720, 960, 1400)),
        (1280, (480, 720, 1280)),
        (1600, (480, 720, 960, 1440)),
        (1000, (480, 720, 1000)),
        (700, (480, 700)),
        (640, (640,)),
        (480, (480,)),
        (60, (60,)),
    ],
)
def test_a_picture_is_published_in_the_widths_that_fit_and_never_enlarged(
    width: int, expected: tuple[int, ...]
) -> None:
    assert fitting(picture(width, 100), WIDTHS) == expected


@pytest.mark.parametrize(
    ("width", "expected"), [(2000, WIDTHS), (1900, (480, 1900)), (1280, (1280,)), (600, (600,)), (60, (60,))]
)
def test_a_drawing_has_its_own_width_since_a_smaller_one_would_have_more_colours(
    width: int, expected: tuple[int, ...]
) -> None:
    assert fitting(picture(width, 900, "drawing"), WIDTHS) == expected


def test_an_address_says_which_picture_it_is_and_how_wide() -> None:
    photo = picture(2000, 1500)
    assert webp(photo, (480, 720)) == (
        Variant("media/a-1a2b3c4d5e.480.webp", 480, 360),
        Variant("media/a-1a2b3c4d5e.720.webp", 720, 540),
    )
    assert fallback(photo, WIDTHS) == Variant("media/a-1a2b3c4d5e.960.jpg", 960, 720)
    assert {name_of_picture(item.address) for item in (*variants(photo, WIDTHS), largest(photo))} == {
        "media/a-1a2b3c4d5e"
    }


@pytest.mark.parametrize("kind", ["drawing", "moving"])
def test_a_drawing_and_an_animation_are_shown_as_they_are_where_there_is_no_webp(kind: PictureKind) -> None:
    assert fallback(picture(2000, 1500, kind), WIDTHS) == largest(picture(2000, 1500, kind))


def test_an_animation_has_one_smaller_file_since_all_its_frames_weigh() -> None:
    assert [item.width for item in webp(picture(1400, 700, "moving"), (480, 720, 960, 1400))] == [960]
    assert [item.width for item in webp(picture(300, 200, "moving"), (300,))] == [300]


def test_a_picture_that_is_too_high_for_webp_has_the_narrow_ones_alone() -> None:
    long = picture(1080, 20_000)
    assert [item.width for item in webp(long, (480, 720, 1080))] == [480, 720]
    assert fallback(long, (480, 720, 1080)).address.endswith(".720.jpg")


@pytest.mark.parametrize("name", ["media/1a2b3c4d5e.pdf", "media/a.b-1a2b3c4d5e.png", "media/480-1a2b3c4d5e.jpg"])
def test_the_name_of_a_file_that_is_no_variant_is_left_alone(name: str) -> None:
    assert name_of_picture(name) == name.rpartition(".")[0]


def test_a_poster_goes_with_its_video() -> None:
    video = Download("content/a.mp4", "0" * 32, "media/a-1a2b3c4d5e.mp4", 1)
    found = poster(video, 960, 540)
    assert found == Variant("media/a-1a2b3c4d5e.poster.jpg", 960, 540)
    assert name_of_picture(found.address) == name_of_picture(video.address)
