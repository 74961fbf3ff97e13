"""The lock of an output folder: one build at a time, on every kind of drive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from newsgen.build.output import lock
from newsgen.build.output.lock import TRIES, locked
from newsgen.core.files import FileRefused


def test_a_lock_is_held_by_one_and_gone_afterwards(tmp_path: Path) -> None:
    place = tmp_path / "staging" / "lock"
    with locked(place) as alone:
        assert alone
        with locked(place) as second:
            assert not second
    assert not place.parent.exists()


def test_a_drive_that_numbers_files_anew_each_time_can_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: Iterator[int] = count(1)
    real = os.lstat

    def lstat(path: str | Path) -> os.stat_result:
        found = real(path)
        return os.stat_result((found.st_mode, next(numbers), *found[2:]))

    monkeypatch.setattr(os, "lstat", lstat)
    with locked(tmp_path / "lock") as alone:
        assert alone
    assert next(numbers) <= 4 * TRIES


def test_a_lock_whose_file_was_deleted_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "lock"
    take = lock._take
    taken = []

    def take_late(descriptor: int) -> None:
        """As if whoever held the lock had deleted the file meanwhile."""
        take(descriptor)
        taken.append(descriptor)
        if len(taken) < 3:
            place.unlink()

    monkeypatch.setattr(lock, "_take", take_late)
    with locked(place) as alone:
        assert alone
        assert len(taken) == 3
        assert os.path.samestat(place.stat(), os.fstat(taken[-1]))


def test_a_lock_is_never_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "theirs")
    with pytest.raises(FileRefused, match="符号链接"), locked(tmp_path / "lock"):
        pass
    assert not (tmp_path / "theirs").exists()
