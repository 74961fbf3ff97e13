"""Thumbnails are made once for each state of a photo, and no more wait than may."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from newsgen.content.images import thumbnail
from newsgen.core.errors import HostError, UsageError
from newsgen.preview.desk import thumbnails
from newsgen.preview.desk.thumbnails import Thumbnails

PHOTOS = Path(__file__).parents[2] / "photos"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the photos of which thumbnails were made."""
    sizes: list[int] = []
    make = thumbnail

    def noted(data: bytes, *given: object) -> bytes:
        sizes.append(len(data))
        return make(data, *given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(thumbnails, "thumbnail", noted)
    return sizes


def copied(folder: Path, name: str) -> Path:
    file = folder / "photo.jpg"
    file.write_bytes((PHOTOS / name).read_bytes())
    return file


def test_a_thumbnail_is_made_once_however_many_ask_until_the_photo_changes(tmp_path: Path, made: list[int]) -> None:
    file = copied(tmp_path, "phone-upright.jpg")

    async def story() -> list[bytes]:
        small = Thumbnails()
        small.begin(file, "photo.jpg")
        first = await asyncio.gather(*(small.of(file, "photo.jpg") for _ in range(5)))
        first.append(await small.of(file, "photo.jpg"))
        copied(tmp_path, "print.jpg")
        return [*first, await small.of(file, "photo.jpg")]

    *same, other = asyncio.run(story())
    assert len(set(same)) == 1
    assert other not in same
    assert made == [(PHOTOS / name).stat().st_size for name in ("phone-upright.jpg", "print.jpg")]


def test_no_more_wait_than_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_WAITING", 0)
    with pytest.raises(HostError, match="一时做不过来"):
        asyncio.run(Thumbnails().of(copied(tmp_path, "print.jpg"), "photo.jpg"))


def test_what_is_no_photo_is_told_and_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff")

    async def story(small: Thumbnails) -> bytes:
        with pytest.raises(UsageError, match=r"合影\.jpg"):
            await small.of(file, "合影.jpg")
        file.unlink()
        with pytest.raises(HostError):
            await small.of(file, "合影.jpg")
        return await small.of(copied(tmp_path, "print.jpg"), "合影.jpg")

    assert asyncio.run(story(Thumbnails())).startswith(b"\xff\xd8")
