"""Earlier versions of a report can be looked at and brought back; what the disk refuses hinders nobody."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsgen.authoring import history
from newsgen.authoring.autosaves import Autosaves
from newsgen.authoring.history import keep, keep_file, read, versions
from newsgen.authoring.history_files import FOLDER, ids_in, path_in
from newsgen.authoring.history_pruning import folders_of_history, prune
from newsgen.authoring.new import STARTER
from newsgen.core.errors import ContentError
from newsgen.core.model import SHANGHAI
from site_test import SiteTest

NOW = datetime(2024, 3, 13, 9, 30, tzinfo=SHANGHAI)
PATH = "content/meetings/会议/index.md"


def text(words: str) -> bytes:
    return f"---\ntitle: 会议\n---\n\n{words}\n".encode()


def said(root: Path) -> list[tuple[str, str, bytes]]:
    return [(found.who, found.reason, read(root, PATH, found.id)) for found in versions(root, PATH)]


def test_a_version_is_kept_with_its_person_time_and_length(tmp_path: Path) -> None:
    kept = keep(tmp_path, PATH, text("正文 两"), "小王", "edited", NOW)
    assert kept.problem is None
    (found,) = versions(tmp_path, PATH)
    assert (found.id, found.time, found.who, found.characters) == (kept.id, "2024-03-13T09:30:00+08:00", "小王", 3)
    assert read(tmp_path, PATH, found.id) == text("正文 两")
    assert [path.read_text("utf-8") for path in tmp_path.rglob("path.txt")] == [PATH + "\n"]


def test_versions_of_one_moment_and_of_a_clock_set_back_stay_in_order(tmp_path: Path) -> None:
    for number in range(5):
        keep(tmp_path, PATH, text(str(number)), "", "edited", NOW - timedelta(seconds=number))
    assert [data for _, _, data in said(tmp_path)] == [text(str(number)) for number in reversed(range(5))]


def test_the_same_text_is_kept_once(tmp_path: Path) -> None:
    first = keep(tmp_path, PATH, text("一"), "", "edited", NOW)
    assert keep(tmp_path, PATH, text("一"), "", "found", NOW + timedelta(days=1)) == first


def test_an_edit_each_second_makes_a_version_each_minute_and_the_last_is_there(tmp_path: Path) -> None:
    autosaves, disk = Autosaves(tmp_path), text("开始")
    for second in range(150):
        now = NOW + timedelta(seconds=second)
        assert autosaves.before(PATH, disk, "小王", now, "窗口") is None
        disk = text(str(second))
        assert autosaves.after(PATH, disk, "小王", now, "窗口") is None
        found = versions(tmp_path, PATH)
        assert len(found) <= 4
        assert read(tmp_path, PATH, found[0].id) == disk
    assert said(tmp_path) == [
        ("小王", "edited", text("149")),
        ("小王", "edited", text("119")),
        ("小王", "edited", text("59")),
        ("", "found", text("开始")),
    ]


def test_the_last_state_before_another_ones_change_is_kept_and_the_change_as_well(tmp_path: Path) -> None:
    autosaves = Autosaves(tmp_path)
    autosaves.before(PATH, text("开始"), "小王", NOW)
    autosaves.after(PATH, text("小王写的"), "小王", NOW)
    now = NOW + timedelta(seconds=5)
    autosaves.before(PATH, text("记事本写的"), "小王", now)
    autosaves.after(PATH, text("小王又写"), "小王", now)
    autosaves.before(PATH, text("小王又写"), "小李", now)
    autosaves.after(PATH, text("小李写的"), "小李", now)
    assert [data for _, _, data in said(tmp_path)] == list(
        map(text, ["小李写的", "小王又写", "记事本写的", "小王写的", "开始"])
    )


def test_what_a_window_saved_within_the_minute_is_kept_when_another_program_saves_over_it(tmp_path: Path) -> None:
    autosaves = Autosaves(tmp_path)
    autosaves.before(PATH, text("开始"), "小王", NOW, "窗口")
    autosaves.after(PATH, text("小王写的"), "小王", NOW, "窗口")
    now = NOW + timedelta(seconds=5)
    autosaves.before(PATH, text("记事本写的"), "小王", now, "窗口")
    autosaves.after(PATH, text("小王又写"), "小王", now, "窗口")
    assert [data for _, _, data in said(tmp_path)] == list(map(text, ["小王又写", "记事本写的", "小王写的", "开始"]))


def test_what_one_window_saved_is_kept_when_another_of_the_same_person_saves_over_it(tmp_path: Path) -> None:
    autosaves, disk = Autosaves(tmp_path), text("开始")
    saves = [("甲", "一"), ("乙", "二"), ("乙", "二又"), ("甲", "三"), ("", "四"), ("", "五")]
    for second, (window, words) in enumerate(saves):
        autosaves.before(PATH, disk, "小王", NOW + timedelta(seconds=second), window)
        disk = text(words)
        autosaves.after(PATH, disk, "小王", NOW + timedelta(seconds=second), window)
    assert [data for _, _, data in said(tmp_path)] == list(map(text, ["五", "四", "三", "二又", "一", "开始"]))


def test_what_was_saved_a_moment_before_a_restore_is_kept(tmp_path: Path) -> None:
    autosaves = Autosaves(tmp_path)
    autosaves.before(PATH, text("旧"), "小王", NOW, "窗口")
    autosaves.after(PATH, text("刚写的"), "小王", NOW, "窗口")
    assert autosaves.before_restoring(PATH, text("刚写的"), NOW).problem is None
    autosaves.after(PATH, text("旧"), "小王", NOW, "窗口")
    autosaves.before(PATH, text("旧"), "小王", NOW, "窗口")
    autosaves.after(PATH, text("再写"), "小王", NOW, "窗口")
    assert [data for _, _, data in said(tmp_path)][1:] == [text("刚写的"), text("旧")]


def test_after_thirty_days_versions_go_but_the_newest(tmp_path: Path) -> None:
    for day in range(3):
        keep(tmp_path, PATH, text(str(day)), "", "edited", NOW + timedelta(days=day))
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + bytes(5_000_000))
    assert keep_file(tmp_path, "照片.jpg", "", NOW).problem is None
    assert prune(tmp_path, NOW + timedelta(days=29)) == 0
    assert prune(tmp_path, NOW + timedelta(days=31, hours=1)) == 3
    assert versions(tmp_path, "照片.jpg") == ()
    assert [data for _, _, data in said(tmp_path)] == [text("2")]
    assert prune(tmp_path, NOW + timedelta(days=400)) == 0


def test_pruning_sweeps_what_was_left_unfinished(tmp_path: Path) -> None:
    keep(tmp_path, PATH, text("新"), "", "edited", NOW)
    left = next(tmp_path.rglob("path.txt")).with_name(".0123.newsgen.tmp")
    left.write_bytes(b"")
    os.utime(left, (0, 0))
    prune(tmp_path, NOW)
    assert [data for _, _, data in said(tmp_path)] == [text("新")]
    assert not left.exists()


def test_pruning_goes_on_past_what_cannot_be_read_or_goes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (PATH, "content/meetings/b.md"):
        keep(tmp_path, path, text("一"), "", "edited", NOW)
        keep(tmp_path, path, text("二"), "", "edited", NOW + timedelta(days=1))
    first, second = folders_of_history(tmp_path)
    (first.parent / "0").write_bytes(b"no folder")
    refused, listed = first, os.listdir

    def refusing(place: Path) -> list[str]:
        if place == refused:
            raise PermissionError(13, "Permission denied")
        return listed(place)

    monkeypatch.setattr(os, "listdir", refusing)
    assert prune(tmp_path, NOW + timedelta(days=40)) == 1
    monkeypatch.undo()
    assert (len(ids_in(first)), len(ids_in(second))) == (2, 1)
    monkeypatch.setattr(Path, "iterdir", lambda _: refusing(refused))
    assert prune(tmp_path, NOW + timedelta(days=40)) == 0


def test_a_version_that_comes_while_its_empty_folder_is_pruned_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program writes at any moment: before the folder goes, and after it was found there."""
    keep(tmp_path, PATH, text("一"), "", "removed", NOW)
    (folder,) = folders_of_history(tmp_path)
    removed = Path.rmdir

    def meanwhile(place: Path) -> None:
        monkeypatch.undo()
        keep(tmp_path, PATH, text("二"), "", "edited", NOW)
        removed(place)

    monkeypatch.setattr(Path, "rmdir", meanwhile)
    prune(tmp_path, NOW + timedelta(days=40))
    assert [data for _, _, data in said(tmp_path)] == [text("二")]
    assert path_in(folder) == PATH

    made = Path.mkdir

    def gone(place: Path, *words: object, **options: object) -> None:
        made(place, parents=True, exist_ok=True)
        monkeypatch.undo()
        shutil.rmtree(folder)

    monkeypatch.setattr(Path, "mkdir", gone)
    assert keep(tmp_path, PATH, text("三"), "", "edited", NOW).problem is None
    assert [data for _, _, data in said(tmp_path)] == [text("三")]


def test_a_photo_that_another_program_is_writing_is_not_taken_for_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"half")
    monkeypatch.setattr(history, "read_chunks", lambda *_: iter([b"half and whole"]))
    assert keep_file(tmp_path, "照片.jpg", "", NOW).id is None
    assert versions(tmp_path, "照片.jpg") == ()


@pytest.mark.parametrize("damage", [b"", b"\x00" * 50, b"[" * 4000, b'{"who": 1}\n', b"{}\n"])
def test_a_damaged_version_is_told_and_the_others_are_read(tmp_path: Path, damage: bytes) -> None:
    broken = keep(tmp_path, PATH, text("一"), "", "edited", NOW).id
    keep(tmp_path, PATH, text("二"), "", "edited", NOW + timedelta(minutes=1))
    (place,) = tmp_path.rglob(str(broken))
    place.write_bytes(damage)
    assert [bool(found.fault) for found in versions(tmp_path, PATH)] == [False, True]
    with pytest.raises(ContentError, match="损坏"):
        read(tmp_path, PATH, str(broken))


@pytest.mark.parametrize("cut", [1, 10, -5])
def test_bytes_that_were_cut_or_changed_are_never_given(tmp_path: Path, cut: int) -> None:
    kept = keep(tmp_path, PATH, text("一" * 500), "", "edited", NOW).id
    (place,) = tmp_path.rglob(str(kept))
    head, _, packed = place.read_bytes().partition(b"\n")
    place.write_bytes(head + b"\n" + packed[:cut])
    with pytest.raises(ContentError, match="损坏"):
        read(tmp_path, PATH, str(kept))


def test_no_build_publishes_or_deletes_what_is_kept(site: SiteTest) -> None:
    site.article("meetings/a.md", title="会议")
    keep(site.root, "content/meetings/a.md", text("从前的话"), "", "edited", NOW)
    built = site.built("--full")
    assert [found.characters for found in versions(site.root, "content/meetings/a.md")] == [4]
    assert not [path for path in built.out.rglob("*") if path.is_file() and "从前的话".encode() in path.read_bytes()]
    assert ".newsgen/" in (STARTER / "dot_gitignore").read_text("utf-8").split()


@pytest.mark.parametrize("name", ["", "..", "../../../site.yaml", "path.txt", "20240313T013000000-00000000"])
def test_only_versions_are_read(tmp_path: Path, name: str) -> None:
    keep(tmp_path, PATH, text("一"), "", "edited", NOW)
    with pytest.raises(ContentError, match="没有这一版"):
        read(tmp_path, PATH, name)


def test_a_disk_that_refuses_is_told_as_a_warning(tmp_path: Path) -> None:
    tmp_path.joinpath(FOLDER[0]).write_text("这里是一个文件", "utf-8")
    kept = keep(tmp_path, PATH, text("一"), "", "edited", NOW)
    assert kept.id is None
    assert kept.problem is not None
    assert kept.problem.severity == "warning"
    assert "没有留下来" in kept.problem.message


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / FOLDER[0]).symlink_to(outside, target_is_directory=True)
    assert keep(tmp_path / "site", PATH, text("一"), "", "edited", NOW).problem is not None
    assert not list(outside.iterdir())
