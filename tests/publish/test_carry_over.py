"""What a release carries along of the one before it: hashed files, photos in all their widths, and nothing withdrawn."""

from __future__ import annotations

import pytest

from newsgen.publish.release import _HASHED, CarryOver

WITHDRAWN = CarryOver(3, frozenset({"media/a-0123456789.jpg"}))


@pytest.mark.parametrize(
    ("path", "is_withdrawn"),
    [
        ("media/a-0123456789.jpg", True),
        ("media/a-0123456789.480.webp", True),
        ("media/a-0123456789.960.jpg", True),
        ("media/a-0123456789.share.jpg", True),
        ("media/a-9876543210.480.webp", False),
        ("media/b-0123456789.480.webp", False),
    ],
)
def test_a_withdrawn_photo_is_carried_in_none_of_its_widths(path: str, is_withdrawn: bool) -> None:
    assert WITHDRAWN.is_withdrawn(path) is is_withdrawn
    assert _HASHED.fullmatch(path)


@pytest.mark.parametrize(
    "path", ["media/a.jpg", "media/a-012345678.jpg", "news/2024/0313-0123456789.html", "media/x/y"]
)
def test_a_file_whose_name_does_not_tell_its_bytes_is_not_carried(path: str) -> None:
    assert _HASHED.fullmatch(path) is None
