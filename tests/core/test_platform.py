"""core.platform: what Windows does is simulated by errors with its numbers; every table is looked at row by row."""

from __future__ import annotations

import errno
import io
import os
import re
import shlex
import shutil
import socket
import stat
from collections.abc import Callable
from http.client import RemoteDisconnected
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.core import platform
from newsgen.core.platform import console, os_errors, paths, process, retries, shell

MOVES: dict[str, Callable[[Path, Path], None]] = {
    "replace": lambda source, target: platform.replace(source, target),
    "rename": lambda source, target: platform.rename(source, target),
}


def refusal(number: int | None, path: str = "a", code: int = errno.EACCES) -> PermissionError:
    """An error as Windows raises it; without a number, as open() does there and as Linux does."""
    error = PermissionError(code, "Zugriff verweigert", path)
    if number is not None:
        error.winerror = number  # type: ignore[attr-defined]  # there on Windows alone
    return error


class Refusing:
    """A function of os that is refused `times` times before it works; `path` is what the error names."""

    def __init__(self, function: Callable[..., None], times: int, number: int | None, path: str = "a") -> None:
        self.function, self.left, self.number, self.path = function, times, number, path
        self.calls = 0

    def __call__(self, *arguments: object, **options: object) -> None:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise refusal(self.number, self.path)
        self.function(*arguments, **options)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, which pass at once."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


# ---------------------------------------------------------------- patience


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("number", sorted(retries.HELD))
def test_a_file_that_is_open_elsewhere_is_moved_as_soon_as_it_is_closed(
    name: str, number: int, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("new")
    monkeypatch.setattr(os, name, Refusing(getattr(os, name), 9, number))
    MOVES[name](tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "new"
    assert not (tmp_path / "a").exists()
    assert len(pauses) == 9
    assert pauses == sorted(pauses)


def test_patience_with_an_open_file_ends_after_ten_seconds(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", Refusing(os.replace, 1000, 32))
    with pytest.raises(PermissionError):
        platform.replace(tmp_path / "a", tmp_path / "b")
    assert 9 < sum(pauses) < 11


@pytest.mark.parametrize("number", [5, None])
def test_what_looks_like_a_missing_permission_is_told_after_a_second(
    number: int | None, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", Refusing(os.replace, 1000, number))
    with pytest.raises(PermissionError):
        platform.replace(tmp_path / "a", tmp_path / "b")
    assert 0.9 < sum(pauses) < 1.1


def test_a_refusal_with_number_5_is_told_apart_by_asking_for_the_file(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """MoveFileEx says 5 where the file to be replaced is open, and 32 when it is asked to move that file itself."""
    held = str(tmp_path / "b")
    monkeypatch.setattr(retries, "WINDOWS", True)
    monkeypatch.setattr(os, "replace", Refusing(os.replace, 1000, 5, held))
    monkeypatch.setattr(os, "rename", Refusing(os.rename, 1000, 32, held))
    with pytest.raises(PermissionError) as refused:
        platform.replace(tmp_path / "a", held)
    assert platform.reason(refused.value) == "它正被别的程序打开着"
    assert 9 < sum(pauses) < 11


@pytest.mark.parametrize(("code", "number"), [(errno.ENOENT, None), (errno.ENOSPC, 112), (errno.EXDEV, 17)])
def test_what_waiting_does_not_mend_is_told_at_once(
    code: int, number: int | None, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*names: object) -> None:
        error = OSError(code, "no")
        if number:
            error.winerror = number  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no"):
        platform.replace(tmp_path / "a", tmp_path / "b")
    assert pauses == []


def test_files_and_folders_are_deleted_as_soon_as_they_are_closed(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a").write_text("")
    monkeypatch.setattr(os, "unlink", Refusing(os.unlink, 3, 32))
    monkeypatch.setattr(os, "rmdir", Refusing(os.rmdir, 3, 32))
    platform.unlink(tmp_path / "d/a")
    platform.rmdir(tmp_path / "d")
    assert not (tmp_path / "d").exists()
    assert len(pauses) == 6


def test_a_file_that_goes_while_it_is_waited_for_is_deleted(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "unlink", Refusing(os.unlink, 2, 303))
    platform.unlink(tmp_path / "gone")
    assert len(pauses) == 2


def test_a_missing_file_is_an_error_unless_it_may_be_missing(tmp_path: Path) -> None:
    platform.unlink(tmp_path / "gone", missing_ok=True)
    with pytest.raises(FileNotFoundError):
        platform.unlink(tmp_path / "gone")


def test_a_folder_that_is_not_empty_is_no_reason_to_wait(tmp_path: Path, pauses: list[float]) -> None:
    (tmp_path / "d/e").mkdir(parents=True)
    with pytest.raises(OSError, match="d"):
        platform.rmdir(tmp_path / "d")
    assert pauses == []


def test_a_tree_is_deleted_though_a_file_in_it_is_open_for_a_moment(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("d/a", "d/e/b", "d/e/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/x").write_text("")
    (tmp_path / "d/link").symlink_to(tmp_path / "kept")
    monkeypatch.setattr(shutil, "rmtree", Refusing(shutil.rmtree, 2, retries.NOT_EMPTY))
    platform.remove_tree(tmp_path / "d")
    assert not (tmp_path / "d").exists()
    assert (tmp_path / "kept/x").exists()
    assert len(pauses) == 2


def test_the_mark_read_only_is_taken_from_a_file_that_is_to_be_replaced(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux replaces such a file; Windows refuses with 5."""
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")
    (tmp_path / "b").chmod(0o444)
    monkeypatch.setattr(os, "replace", Refusing(os.replace, 1, 5, str(tmp_path / "b")))
    platform.replace(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "new"
    assert pauses == []


# ---------------------------------------------------------------- reasons


def test_every_error_number_of_this_system_has_chinese_words() -> None:
    for code in (*errno.errorcode, 0, 99999):
        words = platform.reason(OSError(code, os.strerror(code)))
        assert words, code
        assert not re.search("[A-Za-z]|。$", words.replace("OneDrive", "")), code
        assert ("编号" in words) == (code not in os_errors.ERRNO), code


@pytest.mark.parametrize("number", sorted({*os_errors.WINERROR, 1, 9999}))
def test_every_error_number_of_windows_has_chinese_words(number: int) -> None:
    words = platform.reason(refusal(number))
    assert words
    assert "verweigert" not in words
    assert not re.search("[A-Za-z]", words.replace("OneDrive", ""))
    assert ("编号" in words) == (number not in os_errors.WINERROR)


SOCKETS = {
    "EACCES": 10013, "EAFNOSUPPORT": 10047, "EADDRINUSE": 10048, "EADDRNOTAVAIL": 10049, "ENETDOWN": 10050,
    "ENETUNREACH": 10051, "ENETRESET": 10052, "ECONNABORTED": 10053, "ECONNRESET": 10054, "ENOTCONN": 10057,
    "ETIMEDOUT": 10060, "ECONNREFUSED": 10061, "EHOSTUNREACH": 10065,
}  # fmt: skip
"""The errors of Windows Sockets are called like those of other systems (learn.microsoft.com, Windows Sockets Error Codes)."""


@pytest.mark.parametrize(("name", "number"), SOCKETS.items())
def test_windows_gives_the_same_reason_for_a_connection_that_fails(name: str, number: int) -> None:
    assert platform.reason(refusal(number)) == platform.reason(OSError(getattr(errno, name), "x"))


def test_common_refusals_are_told_apart() -> None:
    assert platform.reason(FileNotFoundError(errno.ENOENT, "x")) == "找不到这个文件或文件夹"
    assert platform.reason(PermissionError(errno.EACCES, "x")) == "没有权限"
    assert platform.reason(OSError(errno.ENOSPC, "x")) == "磁盘满了"
    assert platform.reason(refusal(32)) == "它正被别的程序打开着"
    assert platform.reason(refusal(5)) == "没有权限，或者它正被别的程序打开着"
    assert platform.reason(refusal(206)) == "名字或路径太长"
    assert platform.reason(refusal(225)) == "被杀毒软件拦下了"
    assert "云盘" in platform.reason(refusal(362))
    assert platform.reason(socket.gaierror(-2, "Name or service not known")) == "找不到这台主机"
    assert platform.reason(ConnectionRefusedError(errno.ECONNREFUSED, "x")) == "对方拒绝连接"
    assert platform.reason(TimeoutError()) == "等了很久没有回音"
    assert platform.reason(RemoteDisconnected("Remote end closed connection without response")) == "连接断了"
    assert platform.reason(OSError("cannot identify image file")) == "系统报错"
    assert platform.reason(OSError(None, "文件有 3 GB，最多 1 MB", "a")) == "文件有 3 GB，最多 1 MB"


def test_open_says_on_windows_no_more_than_that_access_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os_errors, "WINDOWS", True)
    assert platform.reason(refusal(None)) == "没有权限，或者它正被别的程序打开着"


def test_a_path_that_is_too_long_for_windows_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "WINDOWS", True)
    long = "/" + "/".join(["栏目" * 10] * 15)
    words = platform.reason(FileNotFoundError(errno.ENOENT, "x", long))
    assert words.startswith(f"路径太长（{len(long)} 个字")
    assert "改短" in words
    assert platform.reason(FileNotFoundError(errno.ENOENT, "x", "/a")) == "找不到这个文件或文件夹"
    assert platform.reason(PermissionError(errno.EACCES, "x", long)) == "没有权限"
    assert [paths.is_too_long("/" + "a" * length) for length in (246, 247)] == [False, True]  # a folder's limit
    assert not paths.is_too_long(paths.PREFIX + long)


def test_a_number_that_no_table_has_is_told_as_a_number() -> None:
    assert platform.reason(refusal(987654)) == "系统报错，编号 987654"
    assert platform.reason(OSError(987654, "x")) == "系统报错，编号 987654"


# ---------------------------------------------------------------- paths


def test_links_are_told_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "f").write_text("")
    (tmp_path / "to-d").symlink_to("d")
    (tmp_path / "to-nothing").symlink_to("nothing")
    links = {"to-d", "to-nothing"}
    assert {name for name in os.listdir(tmp_path) if platform.is_link(tmp_path / name)} == links
    with os.scandir(tmp_path) as entries:
        assert {entry.name for entry in entries if platform.entry_is_link(entry)} == links
    assert not platform.is_link(tmp_path / "missing")
    assert not platform.is_link("a\0b")


class Found:
    """What lstat() gives on Windows, where it has a reparse tag as well."""

    def __init__(self, tag: int, mode: int = stat.S_IFDIR) -> None:
        self.st_reparse_tag, self.st_mode = tag, mode


@pytest.mark.parametrize(
    ("tag", "is_one"),
    [
        (stat.IO_REPARSE_TAG_MOUNT_POINT if hasattr(stat, "IO_REPARSE_TAG_MOUNT_POINT") else 0xA0000003, True),
        (0xA000000C, True),  # a symbolic link
        (0, False),
        (0x9000001A, False),  # a file that OneDrive has in the cloud
        (0x9000701A, False),
        (0x80000013, False),  # deduplicated
    ],
)
def test_junctions_are_links_and_placeholders_of_onedrive_are_none(
    tag: int, is_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "lstat", lambda path: Found(tag))
    assert platform.is_link("C:\\a") == is_one


@pytest.mark.parametrize(("tag", "is_one"), [(0xA0000003, True), (0x9000001A, False)])
def test_an_entry_of_a_folder_is_a_link_where_it_is_a_junction(
    tag: int, is_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Entry:
        def is_symlink(self) -> bool:
            return False

        def stat(self, *, follow_symlinks: bool) -> Found:
            assert not follow_symlinks
            return Found(tag)

    assert not platform.entry_is_link(Entry())  # type: ignore[arg-type]  # as much of an entry as is asked
    monkeypatch.setattr(paths, "WINDOWS", True)
    assert platform.entry_is_link(Entry()) is is_one  # type: ignore[arg-type]


def test_a_path_lies_in_a_folder_as_the_system_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content/a").mkdir(parents=True)
    (tmp_path / "link").symlink_to("content")
    for path in ("content", "content/a", "content/new/deep", "link", "link/new", "content/../content/a"):
        assert platform.is_within(tmp_path / path, tmp_path / "content"), path
    for path in ("", "contents", "Content/new", "other/content"):
        assert not platform.is_within(tmp_path / path, tmp_path / "content"), path
    samefile = os.path.samefile
    monkeypatch.setattr(os.path, "samefile", lambda one, other: samefile(str(one).lower(), str(other).lower()))
    monkeypatch.chdir(tmp_path)
    assert platform.is_within(tmp_path / "Content/new", tmp_path / "content")


def test_long_paths_have_a_prefix_on_windows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platform.extended("/a/b") == "/a/b"
    assert paths._extended("C:\\站点\\public") == "\\\\?\\C:\\站点\\public"
    assert paths._extended("\\\\server\\share\\a") == "\\\\?\\UNC\\server\\share\\a"
    for path in ("C:\\站点\\public", "\\\\server\\share\\a"):
        assert paths._extended(paths._extended(path)) == paths._extended(path)
        assert platform.plain_path(paths._extended(path)) == path
        assert platform.plain_path(path) == path


# ---------------------------------------------------------------- commands

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(WORDS, min_size=1))
def test_a_suggested_command_is_read_by_sh_as_it_was_meant(words: list[str]) -> None:
    assert shlex.split(platform.command_line(*words)) == words


def test_words_that_need_no_quotes_have_none() -> None:
    for word in ("newsgen", "党群工作/2024-03-13.md", "--now=2024-03-13T08:00", "a_b+c"):
        assert platform.quoted(word) == word
    assert platform.quoted("党群 网站") == "'党群 网站'"
    assert platform.quoted("") == "''"


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("C:\\用户\\网站", "C:\\用户\\网站"),
        ("D:\\OneDrive - 学院\\党群 网站", '"D:\\OneDrive - 学院\\党群 网站"'),
        ("D:\\党群 网站\\", '"D:\\党群 网站\\\\"'),
        ("a&b", '"a&b"'),
        ("a,b", '"a,b"'),
        ("it's", '"it\'s"'),
        ('说 "好"', '"说 \\"好\\""'),
        ("学习“两会”", "'学习“两会”'"),
        ("$x ‘y’ z", "'$x ‘‘y’’ z'"),
        ("", '""'),
    ],
)
def test_commands_on_windows_can_be_typed_into_cmd_and_powershell(
    word: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "WINDOWS", True)
    assert platform.quoted(word) == typed


# ---------------------------------------------------------------- consoles, processes


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2


def test_a_terminal_has_colours_and_a_file_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    assert platform.console_of(terminal) == console.Console(has_colours=True, narrow_blocks=True)
    assert not platform.console_of(None).has_colours
    with (tmp_path / "a").open("w") as file:
        assert not platform.console_of(file).has_colours
    assert not platform.console_of(file).has_colours  # closed by now
    monkeypatch.setenv("TERM", "dumb")
    assert not platform.console_of(terminal).has_colours


@pytest.mark.parametrize("enabled", [True, False])
def test_the_old_console_of_windows_draws_half_blocks_too_wide(enabled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "WINDOWS", True)
    monkeypatch.setattr(console, "_enabled", lambda stream: enabled)
    monkeypatch.delenv("WT_SESSION", raising=False)
    assert platform.console_of(Terminal()) == console.Console(has_colours=enabled, narrow_blocks=False)
    monkeypatch.setenv("WT_SESSION", "1")
    assert platform.console_of(Terminal()) == console.Console(has_colours=enabled, narrow_blocks=True)


@pytest.mark.parametrize("error", [KeyError("uid"), OSError(), ModuleNotFoundError("pwd"), ImportError()])
def test_a_user_without_a_name_has_a_number(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", fail)
    assert platform.user_name() == str(os.getuid())
    monkeypatch.delattr(os, "getuid")
    assert platform.user_name() == "?"


def test_the_event_loop_selects() -> None:
    loop = process.new_event_loop()
    try:
        assert "Selector" in type(loop).__mro__[1].__name__ or "Selector" in type(loop).__name__
    finally:
        loop.close()
