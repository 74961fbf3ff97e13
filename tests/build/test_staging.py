"""Writing: all or nothing, nothing of others, and a killed build is finished by the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.build.output.manifest import JOURNAL, MANIFEST, STAGING, read_manifest
from newsgen.build.output.snapshot import FolderSnapshot
from newsgen.build.output.staging import Stager, Staging, WriteCounts, open_output
from newsgen.core.digest import digest, digest_bytes
from newsgen.core.errors import UsageError
from newsgen.core.model import Output
from site_test import next_tick, tree


def output(path: str, made_of: str = "a") -> Output:
    return Output(path, "text", (), digest(made_of), digest(made_of))


def put(staging: Staging, path: str, text: str) -> None:
    """Stage a file, unless it stands there already."""
    data = text.encode()
    is_new = staging.digest_on_disk(path) != digest_bytes(data)
    if is_new:
        Stager(staging.folder).stage(path, [data])
    staging.accept(output(path, text), digest_bytes(data), is_new)


def write(out: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> WriteCounts:
    with open_output(out, "public") as staging:
        for path, text in files.items():
            put(staging, path, text)
        return staging.commit([output(path) for path in kept])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


def test_new_files_appear_with_a_manifest_that_holds_no_times(out: Path) -> None:
    assert write(out, {"index.html": "一", "a/b.html": "二"}) == WriteCounts(2, 0)
    assert tree(out) == {"index.html": "一".encode(), "a/b.html": "二".encode()}
    stored = json.loads((out / MANIFEST).read_text("utf-8"))
    assert stored.keys() == {"format", "outputs"}


def test_the_same_bytes_are_not_written_again(out: Path) -> None:
    write(out, {"index.html": "一"})
    before = (out / "index.html").stat().st_mtime_ns
    assert write(out, {"index.html": "一"}) == WriteCounts(0, 0)
    assert (out / "index.html").stat().st_mtime_ns == before


def test_what_is_no_longer_planned_goes_with_the_folders_it_leaves_empty(out: Path) -> None:
    write(out, {"index.html": "一", "a/b/c.html": "二"})
    assert write(out, {"index.html": "一"}) == WriteCounts(0, 1)
    assert [path.name for path in out.iterdir() if path.is_dir()] == []


def test_files_that_newsgen_did_not_make_stay(out: Path) -> None:
    write(out, {"a/b.html": "一"})
    (out / "a" / "note.txt").write_text("mine", "utf-8")
    write(out, {"index.html": "二"})
    assert tree(out) == {"index.html": "二".encode(), "a/note.txt": b"mine"}


def test_a_planned_path_that_is_someone_elses_file_is_refused(out: Path) -> None:
    write(out, {"index.html": "一"})
    (out / "b.html").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="不能覆盖"):
        write(out, {"index.html": "二", "b.html": "三"})
    assert tree(out) == {"index.html": "一".encode(), "b.html": b"mine"}


def test_a_folder_with_other_files_and_no_manifest_is_refused(out: Path) -> None:
    out.mkdir()
    (out / "thesis.docx").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="不是 newsgen 生成的"):
        write(out, {})
    assert tree(out) == {"thesis.docx": b"mine"}
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]


def test_a_fault_while_staging_leaves_everything_as_it_was(out: Path) -> None:
    write(out, {"index.html": "一"})
    with pytest.raises(ZeroDivisionError), open_output(out, "public") as staging:
        put(staging, "index.html", "new")
        raise ZeroDivisionError
    assert tree(out) == {"index.html": "一".encode()}
    assert not (out / STAGING).exists()


def test_a_first_build_that_fails_leaves_no_folder(out: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_output(out, "public"):
        raise ZeroDivisionError
    assert not out.exists()


def killed(out: Path, moves: list[str], deletes: list[str], moved: int = 0) -> None:
    """Leave `out` as a build does that is killed after its journal and `moved` of its moves."""
    for number, path in enumerate(moves):
        staged = (out if number < moved else out / STAGING / "new-0") / path
        staged.parent.mkdir(exist_ok=True, parents=True)
        staged.write_text(f"new {path}", "utf-8")
    (out / STAGING).mkdir(exist_ok=True)
    outputs = {path: [digest(path), digest(path)] for path in moves}
    journal = {"format": 2, "staged": "new-0", "moves": moves, "deletes": deletes, "outputs": outputs}
    (out / STAGING / JOURNAL).write_text(json.dumps(journal), "utf-8")


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_build_killed_after_its_journal_is_finished_by_the_next(out: Path, moved: int) -> None:
    write(out, {"old.html": "旧", "index.html": "一"})
    killed(out, ["index.html", "a/new.html"], ["old.html"], moved)
    with open_output(out, "public") as staging:
        assert staging.previous.keys() == {"index.html", "a/new.html"}
    assert tree(out) == {"index.html": b"new index.html", "a/new.html": b"new a/new.html"}
    assert not (out / STAGING).exists()


def test_a_first_build_killed_while_it_moves_files_is_finished_by_the_next(out: Path) -> None:
    out.mkdir()
    killed(out, ["index.html", "a/new.html"], [], moved=1)
    with open_output(out, "public") as staging:
        assert staging.previous.keys() == {"index.html", "a/new.html"}
    assert tree(out) == {"index.html": b"new index.html", "a/new.html": b"new a/new.html"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": 2}', '{"format": 2, "staged": "new-0", "moves": 3, "deletes": [], "outputs": {}}'],
)
def test_a_damaged_journal_is_told_and_nothing_is_touched(out: Path, text: str) -> None:
    write(out, {"index.html": "一"})
    (out / STAGING).mkdir()
    (out / STAGING / JOURNAL).write_text(text, "utf-8")
    with pytest.raises(UsageError, match="清单"):
        write(out, {"index.html": "二"})
    assert tree(out) == {"index.html": "一".encode()}


@pytest.mark.parametrize(
    ("moves", "deletes"),
    [(["../victim.txt"], []), (["a/../../x.txt"], []), ([], ["../victim.txt"]), ([], ["/victim.txt"])],
)
def test_a_journal_that_names_a_path_outside_is_not_believed(
    out: Path, tmp_path: Path, moves: list[str], deletes: list[str]
) -> None:
    (tmp_path / "victim.txt").write_text("mine", "utf-8")
    write(out, {"index.html": "一"})
    (out / STAGING).mkdir()
    journal = {"format": 2, "staged": "new-0", "moves": moves, "deletes": deletes, "outputs": {}}
    (out / STAGING / JOURNAL).write_text(json.dumps(journal), "utf-8")
    with pytest.raises(UsageError, match="清单"):
        write(out, {"index.html": "二"})
    assert (tmp_path / "victim.txt").read_text("utf-8") == "mine"
    assert tree(out) == {"index.html": "一".encode()}


def test_a_file_may_become_a_folder_and_a_folder_a_file(out: Path) -> None:
    write(out, {"old.html": "一"})
    write(out, {"old.html/index.html": "二"})
    assert tree(out) == {"old.html/index.html": "二".encode()}
    write(out, {"old.html": "三"})
    assert tree(out) == {"old.html": "三".encode()}


def test_a_folder_with_someone_elses_file_does_not_become_a_file(out: Path) -> None:
    write(out, {"old.html/index.html": "一"})
    (out / "old.html" / "note.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="不能覆盖"):
        write(out, {"old.html": "二"})
    assert tree(out) == {"old.html/index.html": "一".encode(), "old.html/note.txt": b"mine"}


def test_only_the_case_of_a_name_may_change(out: Path) -> None:
    write(out, {"Abc.html": "一"})
    write(out, {"abc.html": "二"})
    assert tree(out) == {"abc.html": "二".encode()}


def test_a_second_build_at_the_same_time_is_sent_away(out: Path) -> None:
    with open_output(out, "public") as staging:
        put(staging, "a.html", "一")
        with pytest.raises(UsageError, match="另一个 newsgen"):
            write(out, {"b.html": "二"})
        staging.commit([])
    assert tree(out) == {"a.html": "一".encode()}


def test_a_file_is_not_deleted_through_a_link_to_elsewhere(out: Path, tmp_path: Path) -> None:
    write(out, {"index.html": "一", "old/b.html": "二"})
    (out / "old" / "b.html").unlink()
    (out / "old").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.html").write_text("mine", "utf-8")
    (out / "old").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="通向别处"):
        write(out, {"index.html": "一"})
    assert (tmp_path / "elsewhere" / "b.html").read_text("utf-8") == "mine"


def test_a_killed_build_is_not_finished_through_a_link_to_elsewhere(out: Path, tmp_path: Path) -> None:
    write(out, {"index.html": "一"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.html").write_text("mine", "utf-8")
    (out / "old").symlink_to(tmp_path / "elsewhere")
    killed(out, [], ["old/b.html"])
    with pytest.raises(UsageError, match="通向别处"):
        write(out, {"index.html": "一"})
    assert (tmp_path / "elsewhere" / "b.html").read_text("utf-8") == "mine"


def test_a_build_killed_before_its_journal_leaves_the_old_site(out: Path) -> None:
    write(out, {"index.html": "一"})
    (out / STAGING).mkdir()
    (out / STAGING / "0").write_text("half", "utf-8")
    write(out, {"index.html": "一"})
    assert tree(out) == {"index.html": "一".encode()}


@pytest.mark.parametrize("path", ["../x.html", "/etc/passwd", "a/../../x", "C:/x", "a\\..\\x"])
def test_a_manifest_that_names_a_path_outside_is_not_believed(out: Path, path: str) -> None:
    write(out, {"index.html": "一"})
    (out / MANIFEST).write_text(json.dumps({"format": 1, "outputs": {path: ["a", "b"]}}), "utf-8")
    with pytest.raises(UsageError, match="清单"):
        write(out, {"index.html": "二"})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99, "outputs": {}}', '{"format": 1, "outputs": {"a": 3}}'])
def test_a_damaged_manifest_is_told_and_nothing_is_touched(out: Path, text: str) -> None:
    write(out, {"index.html": "一"})
    (out / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(UsageError, match="清单"):
        write(out, {"index.html": "二"})
    assert tree(out) == {"index.html": "一".encode()}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(out: Path, tmp_path: Path) -> None:
    write(out, {"index.html": "一"})
    (tmp_path / "elsewhere").mkdir()
    (out / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="通向别处"):
        write(out, {"index.html": "一", "a/b.html": "二"})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_altered_or_deleted_file_is_noticed(out: Path) -> None:
    write(out, {"index.html": "一"})
    digest = read_manifest(out, "public")["index.html"].digest
    assert FolderSnapshot(out).is_intact("index.html", digest)
    (out / "index.html").write_text("altered", "utf-8")
    assert not FolderSnapshot(out).is_intact("index.html", digest)
    (out / "index.html").unlink()
    assert not FolderSnapshot(out).is_intact("index.html", digest)


def test_a_file_that_nobody_touched_is_not_read_again(out: Path) -> None:
    write(out, {"index.html": "一"})
    known = dict(FolderSnapshot(out).stamps)
    assert FolderSnapshot(out, known).is_intact("index.html", "digest of other bytes"), (
        "the stamp answers for the bytes"
    )
    next_tick(out.parent)
    (out / "index.html").write_text("二", "utf-8")
    assert not FolderSnapshot(out, known).is_intact("index.html", "digest of other bytes")
