"""What somebody planted in an output folder: nothing is followed, nothing is half done, and there is always a way on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from test_staging import killed, write

from newsgen.build.cache.state import BuildState
from newsgen.build.output import obstacles
from newsgen.build.output.manifest import JOURNAL, LOCK, MANIFEST, STAGING
from newsgen.build.output.staging import open_output
from newsgen.core.errors import NewsgenError
from newsgen.site import assemble
from site_test import SiteTest, tree


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a site."""
    folder = tmp_path / "public"
    write(folder, {"index.html": "一", "a/b.html": "二"})
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with somebody's files, to which links lead."""
    folder = tmp_path / "elsewhere"
    (folder / "x").mkdir(parents=True)
    for name in ("index.html", "b.html", "lock", "journal.json", "x/c.html", "thesis.docx"):
        (folder / name).write_text("mine", "utf-8")
    return folder


def include_hidden(folder: Path) -> dict[str, object]:
    """Every name below a folder; what a file holds, and where a link leads."""
    return {
        path.relative_to(folder).as_posix(): path.readlink()
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


def journal(out: Path, moves: list[str], deletes: list[str], staged: str = "new-00") -> None:
    """Plant a journal."""
    (out / STAGING).mkdir(exist_ok=True)
    outputs = {path: ["fingerprint", "digest"] for path in moves}
    planted = {"format": 2, "staged": staged, "moves": moves, "deletes": deletes, "outputs": outputs}
    (out / STAGING / JOURNAL).write_text(json.dumps(planted), "utf-8")


def plant_staging(out: Path, elsewhere: Path) -> None:
    (out / STAGING).symlink_to(elsewhere)


def plant_staging_in_a_loop(out: Path, elsewhere: Path) -> None:
    (out / STAGING).symlink_to(STAGING)


def plant_lock(out: Path, elsewhere: Path) -> None:
    (out / STAGING).mkdir()
    (out / STAGING / LOCK).symlink_to(elsewhere / "new-file")


def plant_staged(out: Path, elsewhere: Path) -> None:
    journal(out, ["index.html", "b.html", "lock", "journal.json", "x/c.html", "thesis.docx"], [])
    (out / STAGING / "new-00").symlink_to(elsewhere)


def plant_staged_file(out: Path, elsewhere: Path) -> None:
    journal(out, ["index.html"], [])
    (out / STAGING / "new-00").mkdir()
    (out / STAGING / "new-00" / "index.html").symlink_to(elsewhere / "thesis.docx")


def plant_staged_folder(out: Path, elsewhere: Path) -> None:
    journal(out, ["x/c.html"], [])
    (out / STAGING / "new-00").mkdir()
    (out / STAGING / "new-00" / "x").symlink_to(elsewhere)


def plant_what_the_journal_does_not_move(out: Path, elsewhere: Path) -> None:
    journal(out, ["index.html"], [])
    (out / STAGING / "new-00" / "x").mkdir(parents=True)
    (out / STAGING / "new-00" / "x" / "index.html").write_text("planted", "utf-8")
    (out / "x").symlink_to(elsewhere)


def plant_an_empty_folder(out: Path, elsewhere: Path) -> None:
    journal(out, ["index.html"], [])
    (out / STAGING / "new-00" / "x").mkdir(parents=True)


def plant_journal(out: Path, elsewhere: Path) -> None:
    (out / STAGING).mkdir()
    (out / STAGING / JOURNAL).symlink_to(elsewhere / "journal.json")


def plant_target_folder(out: Path, elsewhere: Path) -> None:
    killed(out, ["x/c.html"], [])
    (out / "x").symlink_to(elsewhere / "x")


def plant_folder_above(out: Path, elsewhere: Path) -> None:
    killed(out, ["deep/x/c.html"], [])
    (out / "deep").symlink_to(elsewhere)


def plant_deletion(out: Path, elsewhere: Path) -> None:
    killed(out, [], ["deep/x/c.html"])
    (out / "deep").symlink_to(elsewhere)


def plant_manifest(out: Path, elsewhere: Path) -> None:
    (elsewhere / "manifest").write_bytes((out / MANIFEST).read_bytes())
    (out / MANIFEST).unlink()
    (out / MANIFEST).symlink_to(elsewhere / "manifest")


def plant_foreign_target(out: Path, elsewhere: Path) -> None:
    killed(out, ["new.html"], [])
    (out / "new.html").write_text("mine", "utf-8")


PLANTED: list[Callable[[Path, Path], None]] = [
    plant_staging,
    plant_staging_in_a_loop,
    plant_lock,
    plant_staged,
    plant_staged_file,
    plant_staged_folder,
    plant_what_the_journal_does_not_move,
    plant_an_empty_folder,
    plant_journal,
    plant_target_folder,
    plant_folder_above,
    plant_deletion,
    plant_manifest,
    plant_foreign_target,
]


@pytest.mark.parametrize("plant", PLANTED)
def test_what_was_planted_is_refused_by_name_and_nothing_is_touched(
    out: Path, elsewhere: Path, plant: Callable[[Path, Path], None]
) -> None:
    plant(out, elsewhere)
    site, others = include_hidden(out), include_hidden(elsewhere)
    with pytest.raises(NewsgenError) as refusal:
        write(out, {"index.html": "三"})
    assert include_hidden(elsewhere) == others
    left = include_hidden(out)
    left.pop(f"{STAGING}/{LOCK}", None) if f"{STAGING}/{LOCK}" not in site else None
    assert left == site
    (diagnostic,) = refusal.value.diagnostics
    assert diagnostic.message.startswith(("public", "输出文件夹 public"))
    assert diagnostic.hint


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
@pytest.mark.parametrize("name", [MANIFEST, f"{STAGING}/{LOCK}", f"{STAGING}/{JOURNAL}"])
def test_our_own_files_are_regular_files_or_refused_at_once(out: Path, name: str, kind: str) -> None:
    (out / STAGING).mkdir()
    (out / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(out / name)
    elif kind == "folder":
        (out / name).mkdir()
    else:
        (out / name).symlink_to("/dev/zero")
    with pytest.raises(NewsgenError, match=name.rpartition("/")[2]) as refusal:
        write(out, {"index.html": "三"})
    assert "清空" in refusal.value.diagnostics[0].hint
    assert (out / "index.html").read_text("utf-8") == "一"


def test_a_link_that_waits_for_the_manifest_to_be_written_is_not_followed(out: Path, elsewhere: Path) -> None:
    killed(out, ["index.html"], [])
    (out / STAGING / f"{MANIFEST}.new").symlink_to(elsewhere / "thesis.docx")
    write(out, {"index.html": "三"})
    assert (elsewhere / "thesis.docx").read_text("utf-8") == "mine"
    assert (out / "index.html").read_text("utf-8") == "三"


def test_a_journal_deletes_only_what_the_manifest_lists(out: Path) -> None:
    (out / "thesis.docx").write_text("mine", "utf-8")
    killed(out, ["index.html"], ["thesis.docx", "a/b.html"])
    with open_output(out, "public") as staging:
        assert staging.previous.keys() == {"index.html"}
    assert tree(out) == {"index.html": b"new index.html", "thesis.docx": b"mine"}


@pytest.mark.parametrize(
    "path",
    [
        "../victim.txt",
        "/victim.txt",
        "a/../../x",
        "a\\..\\x",
        "C:/x",
        "a\nb",
        "a\tb",
        "a\x7fb",
        "a\u202eb",
        "",
        ".",
        ".newsgen.json",
        ".newsgen-staging/lock",
        "./.newsgen.json",
        "x\udc80",
    ],
)
def test_a_journal_with_a_hostile_path_is_refused(out: Path, path: str) -> None:
    before = include_hidden(out)
    for moves, deletes in (([path], []), ([], [path])):
        journal(out, moves, deletes)
        with pytest.raises(NewsgenError, match="清单"):
            write(out, {"index.html": "三"})
    assert {name: data for name, data in include_hidden(out).items() if not name.startswith(STAGING)} == before


@pytest.mark.parametrize("staged", ["..", "new-00/../../..", "/", "", "lock", "new-", "new-00\n"])
def test_a_journal_that_stages_somewhere_else_is_refused(out: Path, staged: str) -> None:
    journal(out, ["index.html"], [], staged)
    with pytest.raises(NewsgenError, match="清单"):
        write(out, {"index.html": "三"})


# ------------------------------------------------------------ folders, mounts, and other people's files


def test_a_folder_in_a_files_place_is_told_before_anything_is_moved(out: Path) -> None:
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    before = include_hidden(out)
    with pytest.raises(NewsgenError, match=r"public/index\.html 是一个文件夹"):
        write(out, {"0.html": "零", "index.html": "三", "z.html": "末"})
    assert include_hidden(out) == before
    (out / "index.html").rmdir()
    write(out, {"0.html": "零", "index.html": "三"})
    assert tree(out) == {"0.html": "零".encode(), "index.html": "三".encode()}


def test_a_folder_that_came_while_a_build_was_killed_is_told_and_then_the_build_is_finished(out: Path) -> None:
    killed(out, ["0.html", "index.html"], ["a/b.html"], moved=1)
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    for _ in range(2):
        with pytest.raises(NewsgenError, match=r"public/index\.html 是一个文件夹"):
            write(out, {})
    (out / "index.html").rmdir()
    with open_output(out, "public") as staging:
        assert staging.previous.keys() == {"0.html", "index.html"}
    assert tree(out) == {"0.html": b"new 0.html", "index.html": b"new index.html"}


def test_a_folder_in_the_place_of_a_file_to_be_deleted_stays(out: Path) -> None:
    (out / "a" / "b.html").unlink()
    (out / "a" / "b.html").mkdir()
    write(out, {"index.html": "三"})
    assert include_hidden(out).keys() == {"index.html", "a", "a/b.html", MANIFEST}


def test_a_folder_of_ours_with_an_empty_folder_of_others_does_not_become_a_file(out: Path) -> None:
    (out / "a" / "mine").mkdir()
    before = include_hidden(out)
    with pytest.raises(NewsgenError, match="public/a 是一个文件夹"):
        write(out, {"a": "三"})
    assert include_hidden(out) == before


@pytest.mark.parametrize("place", ["a", "a/b.html", "index.html"])
def test_a_mount_is_told_before_anything_is_moved(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 35 98:0 / / rw - ext3 /dev/root rw\n37 35 98:0 /x {out}/{place} rw - ext3 /dev/root rw\n")
    before = include_hidden(out)
    monkeypatch.setattr(obstacles, "_MOUNTS", str(mounts))
    with pytest.raises(NewsgenError, match=f"public/{place} 是挂载") as refusal:
        write(out, {"a/b.html": "三"})
    assert "-o" in refusal.value.diagnostics[0].hint
    assert include_hidden(out) == before


def test_another_device_below_the_output_folder_is_a_mount(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.lstat

    def lstat(path: str | Path) -> os.stat_result:
        found = real(path)
        if Path(path) == out / "a":
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))
        return found

    monkeypatch.setattr(os, "lstat", lstat)
    with pytest.raises(NewsgenError, match="public/a 是挂载"):
        write(out, {"a/b.html": "三"})


def test_somebody_elses_file_that_differs_in_case_is_not_overwritten(out: Path) -> None:
    (out / "A").mkdir()
    (out / "INDEX.html").write_text("mine", "utf-8")
    before = include_hidden(out)
    with pytest.raises(NewsgenError, match=r"public/INDEX\.html 不是 newsgen 生成的"):
        write(out, {"INDEX.html": "三"})
    assert include_hidden(out) == before


def test_on_a_disk_that_does_not_tell_case_only_our_own_name_is_overwritten(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.lstat

    def lstat(path: str | Path) -> os.stat_result:
        """As on Windows: any case finds the file."""
        plain = Path(path)
        same = [
            name
            for name in (os.listdir(plain.parent) if plain.parent.is_dir() else ())
            if name.lower() == plain.name.lower()
        ]
        return real(plain.with_name(same[0]) if same else plain)

    (out / "a" / "b.html").unlink()
    (out / "a" / "B.html").write_text("mine", "utf-8")
    monkeypatch.setattr(os, "lstat", lstat)
    with pytest.raises(NewsgenError, match=r"public/a/b\.html 不是 newsgen 生成的"):
        write(out, {"a/b.html": "三"})
    write(out, {"Index.html": "三"})
    assert tree(out) == {"Index.html": "三".encode(), "a/B.html": b"mine"}


# ------------------------------------------------------------ names


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/x", "a\\x", "a:b", "a\tb", "a\nb", "a\x7f", "a\u202eb", "con", "a/aux.css", "NUL.txt", "com1.x",
     "a.", "a /b", "a?", "a*", 'a"', "a|b", "<a", "", "a//b", "./a", "a/./b", ".newsgen.json", ".newsgen-staging/x", "x" * 256],
)  # fmt: skip
def test_no_output_is_written_at_a_path_that_is_no_file_everywhere(out: Path, tmp_path: Path, path: str) -> None:
    before = include_hidden(tmp_path)
    with pytest.raises(NewsgenError) as refusal:
        write(out, {"good.html": "三", path: "四"})
    assert refusal.value.diagnostics[0].code == "output.name"
    assert refusal.value.diagnostics[0].message.isprintable()
    assert include_hidden(tmp_path) == before


def test_a_manifest_of_older_builds_with_a_name_that_is_no_file_everywhere_is_read(out: Path) -> None:
    stored = json.loads((out / MANIFEST).read_text("utf-8"))
    stored["outputs"] |= {"aux.css": ["f", "d"], "a/./b.html": ["f", "d"]}
    (out / MANIFEST).write_text(json.dumps(stored), "utf-8")
    write(out, {"index.html": "三", "a/b.html": "二"})
    assert tree(out) == {"index.html": "三".encode(), "a/b.html": "二".encode()}


def test_a_manifest_with_a_name_that_locks_the_folder_is_told_with_the_remedy(out: Path) -> None:
    stored = json.loads((out / MANIFEST).read_text("utf-8"))
    stored["outputs"]["assets/x.a\nb"] = ["f", "d"]
    (out / MANIFEST).write_text(json.dumps(stored), "utf-8")
    with pytest.raises(NewsgenError, match=r"assets/x\.a\\nb") as refusal:
        write(out, {"index.html": "三"})
    assert "清空 public 文件夹" in refusal.value.diagnostics[0].hint


# ------------------------------------------------------------ whole builds


def test_a_name_in_another_encoding_in_the_output_folder_disturbs_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    folder = os.fsencode(site.root / "public")
    for name in (b"\xb5\xb3\xbd\xa8.txt", b"meetings/\xff.html"):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 (pathlib has no bytes)
            file.write(b"mine")
    for number in range(3):
        built = site.article("meetings/a.md", f"正文{number // 2}。").built()
        assert f"正文{number // 2}" in built.text("meetings/2024/0313-a.html")
        assert built.stderr == ""


def test_an_older_manifest_put_back_leaves_no_stale_page(site: SiteTest) -> None:
    first = site.article("meetings/a.md", "第一稿。").built()
    older = (first.out / MANIFEST).read_bytes()
    site.article("meetings/a.md", "第二稿。").built()
    (first.out / MANIFEST).write_bytes(older)
    built = site.article("meetings/a.md", "第一稿。").built()
    assert "第一稿" in built.text("meetings/2024/0313-a.html")
    assert "第一稿" in site.built().text("meetings/2024/0313-a.html")


def test_nothing_after_the_commit_fails_the_build(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("save_reasons", "save_outputs", "save_last_build", "save_cached_plan"):
        monkeypatch.setattr(BuildState, name, refused)
    built = site.article("meetings/a.md").built()
    assert "一篇报道" in built.text("meetings/2024/0313-a.html")


def test_a_planned_name_that_no_file_can_have_is_told_and_nothing_is_replaced(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(site.article("meetings/a.md").built().out)
    monkeypatch.setattr(assemble, "article_address", lambda *_: "meetings/2024/a:b.html")
    built = site.article("meetings/a.md", "别的正文。").build("--jobs", "1")
    assert built.code == 1
    assert built.said("error") == ["output.name :1"]
    assert tree(built.out) == before
