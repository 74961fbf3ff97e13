"""core.files: regular files alone are read, up to a limit, and only inside their folder. Nothing ever waits."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from newsgen.core.digest import digest_bytes, digest_chunks
from newsgen.core.files import (
    FileChanged,
    FileRefused,
    FileTooLarge,
    digest_file,
    is_inside,
    is_regular,
    measure_file,
    read_chunks,
    read_file,
    remove_leftovers,
    size_in_words,
    temporary_folder,
    temporary_in,
    visible,
    walk,
    write_whole,
)
from newsgen.core.text import is_device

LIMIT = 1000


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    for size in (0, 1, 999, LIMIT):
        (tmp_path / "a").write_bytes(b"x" * size)
        assert read_file(tmp_path / "a", LIMIT) == b"x" * size
        assert b"".join(read_chunks(tmp_path / "a", LIMIT)) == b"x" * size
        assert digest_file(tmp_path / "a", LIMIT) == digest_bytes(b"x" * size)


def test_pieces_have_the_name_of_the_whole() -> None:
    data = bytes(range(256)) * 20
    for size in (1, 7, 256, len(data), len(data) + 1):
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        assert digest_chunks(pieces) == digest_bytes(data)
    assert digest_chunks([]) == digest_bytes(b"")


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    for read in (read_file, digest_file):
        with pytest.raises(FileTooLarge) as refusal:
            read(tmp_path / "sparse", LIMIT)
        assert refusal.value.size == 1 << 40
        assert refusal.value.strerror == "文件有 1099.5 GB，最多 1 KB"


def test_a_file_that_says_it_is_empty_is_read_to_its_end() -> None:
    assert read_file("/proc/self/status", 1 << 20).startswith(b"Name:")
    with pytest.raises(FileTooLarge):
        read_file("/proc/self/status", 10)


def test_a_file_that_grows_while_it_is_read_does_not_pass_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"x" * LIMIT)
    real = os.read

    def growing(descriptor: int, size: int) -> bytes:
        with (tmp_path / "a").open("ab") as file:
            file.write(b"y" * 600)
        return real(descriptor, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(FileTooLarge):
        read_file(tmp_path / "a", LIMIT)
    with pytest.raises(FileTooLarge):
        list(read_chunks(tmp_path / "a", LIMIT * 4))


def test_pipes_devices_sockets_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name, kind in (("pipe", "管道"), ("folder", "文件夹"), ("link", "管道"), ("zero", "设备")):
        for read in (read_file, digest_file):
            with pytest.raises(FileRefused, match=kind) as refusal:
                read(tmp_path / name, LIMIT)
            assert refusal.value.errno is None
            assert refusal.value.filename == str(tmp_path / name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(OSError, match="No such device or address"):
            read_file(tmp_path / "s", LIMIT)


def test_a_refused_file_leaves_no_open_descriptor(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (LIMIT + 1))
    before = len(os.listdir("/proc/self/fd"))
    for name in ("pipe", "large", "missing"):
        with pytest.raises(OSError):  # noqa: PT011 (whichever it is)
            read_file(tmp_path / name, LIMIT)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_link_is_refused_where_none_may_be_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "nowhere").symlink_to("missing")
    assert read_file(tmp_path / "link", LIMIT) == b"x"
    for name in ("link", "nowhere"):
        with pytest.raises(FileRefused, match="符号链接"):
            read_file(tmp_path / name, LIMIT, follow=False)
    assert read_file(tmp_path / "a", LIMIT, follow=False) == b"x"
    assert is_regular(tmp_path / "a")
    assert not any(is_regular(tmp_path / name) for name in ("link", "nowhere", "missing", "", "a/b", "x\0"))


def test_links_are_followed_when_it_is_asked_where_a_file_lies(tmp_path: Path) -> None:
    inside, outside = tmp_path / "site" / "content", tmp_path / "elsewhere"
    (inside / "a").mkdir(parents=True)
    outside.mkdir()
    (inside / "a" / "same.txt").symlink_to("../b.txt")
    (inside / "a" / "twice.txt").symlink_to("same.txt")
    (inside / "a" / "out.txt").symlink_to("../../site.yaml")
    (inside / "a" / "beside.txt").symlink_to("../../content-2/x.txt")
    (inside / "folder").symlink_to(outside)
    for name, expected in {
        "a/x.md": True,
        "a/same.txt": True,
        "a/twice.txt": True,
        ".": True,
        "a/out.txt": False,
        "a/beside.txt": False,
        "folder/x.txt": False,
        "../site.yaml": False,
    }.items():
        assert is_inside(inside / name, inside) is expected, name


def test_a_folder_that_is_a_link_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "theme").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "same-site").symlink_to("site")
    (tmp_path / "site" / "content").mkdir()
    assert not is_inside(tmp_path / "site" / "theme" / "x.css", tmp_path / "site" / "theme")
    assert is_inside(tmp_path / "same-site" / "content" / "x.md", tmp_path / "same-site" / "content")


def test_sizes_are_said_as_people_say_them() -> None:
    sizes = {0: "0 字节", 999: "999 字节", 1000: "1 KB", 1536: "1.5 KB", 2_000_000: "2 MB", 1_500_000_000: "1.5 GB"}
    assert {size: size_in_words(size) for size in sizes} == sizes


def test_a_file_that_was_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * LIMIT)
    before = len(os.listdir("/proc/self/fd"))
    read_file(tmp_path / "a", LIMIT)
    assert measure_file(tmp_path / "a", LIMIT) == (digest_bytes(b"x" * LIMIT), LIMIT)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_name_that_windows_takes_for_a_device_is_known_with_any_suffix() -> None:
    devices = {"con": True, "NUL.html": True, "con .md": True, "LPT9.a.b": True, "com0": True}
    others = {"console.md": False, "con-1": False, " con": False, "": False, "com": False, "com10": False}
    assert {name: is_device(name) for name in devices | others} == devices | others


def test_a_name_is_shown_with_the_codes_of_what_cannot_be_printed() -> None:
    assert visible("党建 a\x07\u202e.md") == "党建 a\\x07\\u202e.md"


def test_everything_below_a_folder_is_found_in_the_order_of_the_names(tmp_path: Path) -> None:
    for name in ("b/2.css", "b/1.css", "a.css", "b/c/d.css", "c.css", ".git/x", "b/_y.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link").symlink_to("b")
    names = [name for name, path in walk(tmp_path, "._") if path == str(tmp_path / name)]
    assert names == ["a.css", "c.css", "link", "b/1.css", "b/2.css", "b/c/d.css"]
    assert list(walk(tmp_path / "nowhere")) == []


def test_a_file_is_written_whole_and_what_a_killed_program_left_hinders_nobody(tmp_path: Path) -> None:
    place = tmp_path / "a.md"
    left = temporary_in(tmp_path)
    left.write_bytes("写了一".encode())
    write_whole(place, "一".encode())
    place.chmod(0o640)
    write_whole(place, "二".encode(), instead_of="一".encode())
    assert place.read_bytes() == "二".encode()
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    remove_leftovers(tmp_path)
    assert left.exists()
    os.utime(left, (0, 0))
    (tmp_path / ".别人的.tmp").write_bytes(b"")
    os.utime(tmp_path / ".别人的.tmp", (0, 0))
    outside = tmp_path.with_name("outside.newsgen.tmp")
    outside.mkdir()
    (outside / "b.md").write_bytes(b"")
    temporary_in(tmp_path).symlink_to(outside)
    remove_leftovers(tmp_path)
    assert (outside / "b.md").exists()
    next(path for path in tmp_path.iterdir() if path.is_symlink()).unlink()
    remove_leftovers(tmp_path / "missing")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".别人的.tmp", "a.md"]


def test_a_folder_that_a_killed_program_left_goes_when_it_is_an_hour_old(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        (folder / "photos").mkdir()
        (folder / "photos/1.jpg").write_bytes(b"x")
        assert folder.name.startswith(".")
        remove_leftovers(tmp_path)
        assert (folder / "photos/1.jpg").exists(), "somebody works in it"
        os.utime(folder, (0, 0))
        remove_leftovers(tmp_path)
        assert list(tmp_path.iterdir()) == []
    with temporary_folder(tmp_path) as folder:
        (folder / "1.jpg").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_wrote_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    place = tmp_path / "a.md"
    place.write_bytes("别人写的".encode())
    with pytest.raises(FileChanged):
        write_whole(place, "我写的".encode(), instead_of="原来的".encode())
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ["别人写的".encode()]
