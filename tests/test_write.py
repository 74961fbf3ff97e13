"""Writing: all or nothing, nothing of others, and a killed build is finished by the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.errors import UsageProblem
from newsgen.fingerprint import digest
from newsgen.model import Output
from newsgen.write import JOURNAL, MANIFEST, STAGING, Staging, Written, is_intact, open_output
from site_test import tree


def output(path: str, made_of: str = "a") -> Output:
    return Output(path, "text", (), digest(made_of))


def write(out: Path, files: dict[str, str], kept: tuple[str, ...] = ()) -> Written:
    with Staging(out, "public", open_output(out, "public")) as staging:
        for path, text in files.items():
            staging.add(output(path, text), text.encode())
        return staging.commit([output(path) for path in kept])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


def test_new_files_appear_with_a_manifest_that_holds_no_times(out: Path) -> None:
    assert write(out, {"index.html": "一", "a/b.html": "二"}) == Written(2, 0)
    assert tree(out) == {"index.html": "一".encode(), "a/b.html": "二".encode()}
    stored = json.loads((out / MANIFEST).read_text("utf-8"))
    assert stored.keys() == {"format", "outputs"}


def test_the_same_bytes_are_not_written_again(out: Path) -> None:
    write(out, {"index.html": "一"})
    before = (out / "index.html").stat().st_mtime_ns
    assert write(out, {"index.html": "一"}) == Written(0, 0)
    assert (out / "index.html").stat().st_mtime_ns == before


def test_what_is_no_longer_planned_goes_with_the_folders_it_leaves_empty(out: Path) -> None:
    write(out, {"index.html": "一", "a/b/c.html": "二"})
    assert write(out, {"index.html": "一"}) == Written(0, 1)
    assert [path.name for path in out.iterdir() if path.is_dir()] == []


def test_files_that_newsgen_did_not_make_stay(out: Path) -> None:
    write(out, {"a/b.html": "一"})
    (out / "a" / "note.txt").write_text("mine", "utf-8")
    write(out, {"index.html": "二"})
    assert tree(out) == {"index.html": "二".encode(), "a/note.txt": b"mine"}


def test_a_planned_path_that_is_someone_elses_file_is_refused(out: Path) -> None:
    write(out, {"index.html": "一"})
    (out / "b.html").write_text("mine", "utf-8")
    with pytest.raises(UsageProblem, match="不能覆盖"):
        write(out, {"index.html": "二", "b.html": "三"})
    assert tree(out) == {"index.html": "一".encode(), "b.html": b"mine"}


def test_a_folder_with_other_files_and_no_manifest_is_refused(out: Path) -> None:
    out.mkdir()
    (out / "thesis.docx").write_text("mine", "utf-8")
    with pytest.raises(UsageProblem, match="不是 newsgen 生成的"):
        open_output(out, "public")
    assert tree(out) == {"thesis.docx": b"mine"}


def test_a_fault_while_staging_leaves_everything_as_it_was(out: Path) -> None:
    write(out, {"index.html": "一"})
    with pytest.raises(ZeroDivisionError), Staging(out, "public", open_output(out, "public")) as staging:
        staging.add(output("index.html", "二"), b"new")
        raise ZeroDivisionError
    assert tree(out) == {"index.html": "一".encode()}
    assert not (out / STAGING).exists()


def test_a_first_build_that_fails_leaves_no_folder(out: Path) -> None:
    with pytest.raises(ZeroDivisionError), Staging(out, "public", {}):
        raise ZeroDivisionError
    assert not out.exists()


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_build_killed_after_its_journal_is_finished_by_the_next(out: Path, moved: int) -> None:
    write(out, {"old.html": "旧", "index.html": "一"})
    (out / STAGING).mkdir()
    moves = [["0", "index.html"], ["1", "a/new.html"]]
    for name, path in moves:
        (out / STAGING / name).write_text(f"new {path}", "utf-8")
    for name, path in moves[:moved]:
        (out / path).parent.mkdir(exist_ok=True)
        (out / STAGING / name).rename(out / path)
    outputs = {path: [digest(path), digest(path)] for _, path in moves}
    journal = {"format": 1, "moves": moves, "deletes": ["old.html"], "outputs": outputs}
    (out / JOURNAL).write_text(json.dumps(journal), "utf-8")
    manifest = open_output(out, "public")
    assert tree(out) == {"index.html": b"new index.html", "a/new.html": b"new a/new.html"}
    assert manifest.keys() == {"index.html", "a/new.html"}
    assert not (out / JOURNAL).exists()
    assert not (out / STAGING).exists()


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
    with pytest.raises(UsageProblem, match="清单"):
        open_output(out, "public")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99, "outputs": {}}', '{"format": 1, "outputs": {"a": 3}}'])
def test_a_damaged_manifest_is_told_and_nothing_is_touched(out: Path, text: str) -> None:
    write(out, {"index.html": "一"})
    (out / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(UsageProblem, match="清单"):
        open_output(out, "public")
    assert tree(out) == {"index.html": "一".encode()}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(out: Path, tmp_path: Path) -> None:
    write(out, {"index.html": "一"})
    (tmp_path / "elsewhere").mkdir()
    (out / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageProblem, match="之外"):
        write(out, {"index.html": "一", "a/b.html": "二"})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_altered_or_deleted_file_is_noticed(out: Path) -> None:
    write(out, {"index.html": "一"})
    entry = open_output(out, "public")["index.html"]
    assert is_intact(out, "index.html", entry)
    (out / "index.html").write_text("altered", "utf-8")
    assert not is_intact(out, "index.html", entry)
    (out / "index.html").unlink()
    assert not is_intact(out, "index.html", entry)
