"""A disk that is full, or refuses to be written, in the middle of anything: it is told with what to do, and nothing half-written stays."""

from __future__ import annotations

import base64
import errno
import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from desk_client import Client, desk_served
from disks import AS_ROOT, fill, mounted, read_only
from newsgen.authoring.git_directory import GitAnswer, git_error
from newsgen.authoring.new_files import write_folder
from newsgen.core.platform import is_full, reason
from running import Answer
from signed_site import POLICY
from site_test import SITE_YAML, SiteTest, photo
from word_files import centred, drawing, paragraph, picture, word_file

FOLDER = "content/meetings/2024-03-13-会议"
A, LONE = f"{FOLDER}/index.md", "content/meetings/lone.md"
HEAD = "---\ntitle: 工作会议\ndate: 2024-03-13\nauthor: 王芳\n---\n\n"
LONG = "会议强调，要把学习贯彻落到实处。\n" * 2000
"""More than the last block of any file has room for."""
WORD = word_file(
    centred("学院党委召开工作会议") + paragraph("正文。") + paragraph(drawing("image1.jpg")),
    media={"image1.jpg": picture()},
)


def zipped(text: str, name: str = "2024-03-13-会议") -> bytes:
    """A report as a member packs it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(f"{name}/index.md", text)
        archive.writestr(f"{name}/new.jpg", photo() + os.urandom(50_000))
    return target.getvalue()


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


class Prepared:
    """A desk at which everything has been begun before the disk is full; each of the methods is what a person does then."""

    def __init__(self, site: SiteTest, desk: Client) -> None:
        self.site, self.desk = site, desk
        self.base = desk.get("report", path=A)["version"]
        self.save("第一版。\n")
        self.old = desk.get("history", path=A)["versions"][-1]["id"]
        self.save("第二版。\n")
        put = desk.call("PUT", "file", photo() + bytes(40_000), path=A, name="p.jpg").json["file"]["name"]
        desk.call("PUT", "file", photo() + os.urandom(40_000), path=A, name="r.jpg")
        self.removed = put, desk.call("DELETE", "file", path=A, name=put).json["id"]
        kept = desk.call("POST", "reports", {"kind": "news", "section": "meetings", "title": "删掉的", "name": "gone"})
        self.gone = str(kept.json["path"])
        opened = desk.get("report", path=self.gone)
        desk.call("PUT", "report", {"base": opened["version"], "body": LONG}, path=self.gone)
        (site.root / self.gone).unlink()
        (site.root / self.gone).parent.rmdir()
        (self.deleted,) = desk.get("deleted")["reports"]
        self.word = desk.call("POST", "import", WORD, name="稿件.docx").json["id"]
        self.new = desk.call("POST", "receive", zipped(HEAD + LONG, "2024-05-01-新的"), name="a.zip").json["id"]
        self.again = desk.call("POST", "receive", zipped(HEAD + LONG), name="b.zip").json["id"]
        self.base = desk.get("report", path=A)["version"]
        self.decide("张老师")

    def save(self, body: str) -> Answer:
        found = self.desk.call("PUT", "report", {"base": self.base, "body": body}, path=A)
        if found.status == 200:
            self.base = found.json["version"]
        return found

    def save_long(self) -> Answer:
        return self.save(LONG)

    def write_new(self) -> Answer:
        title = "新的一篇" * 2000
        return self.desk.call("POST", "reports", {"kind": "news", "section": "meetings", "title": title, "name": "new"})

    def put_photo(self) -> Answer:
        return self.desk.call("PUT", "file", photo() + os.urandom(50_000), path=A, name="q.jpg")

    def put_attachment(self) -> Answer:
        return self.desk.call("PUT", "file", b"%PDF-1.4\n" + os.urandom(50_000), path=LONE, name="q.pdf")

    def paste(self) -> Answer:
        url = f"data:image/jpeg;base64,{base64.b64encode(photo() + os.urandom(50_000)).decode()}"
        return self.desk.call("POST", "paste", {"html": f"<p>一</p><p><img src='{url}'></p>"}, path=A)

    def remove_photo(self) -> Answer:
        return self.desk.call("DELETE", "file", path=A, name="r.jpg")

    def restore_photo(self) -> Answer:
        name, version = self.removed
        return self.desk.call("POST", "file/restore", {"path": A, "name": name, "id": version})

    def restore_version(self) -> Answer:
        return self.desk.call("POST", "history/restore", {"path": A, "id": self.old, "base": self.base})

    def restore_deleted(self) -> Answer:
        return self.desk.call("POST", "deleted/restore", {"path": self.gone, "id": self.deleted["id"]})

    def write_import(self) -> Answer:
        parts = {"section": "meetings", "title": "学院党委召开工作会议", "date": "2024-03-13"}
        return self.desk.call("POST", "import/confirm", {"id": self.word, **parts})

    def receive_new(self) -> Answer:
        return self.desk.call("POST", "receive/confirm", {"id": self.new})

    def receive_again(self) -> Answer:
        return self.desk.call("POST", "receive/confirm", {"id": self.again, "replaces": True})

    def sign(self) -> Answer:
        return self.decide("孙书记")

    def decide(self, name: str) -> Answer:
        found = self.desk.get("standing", path=LONE)
        body = {"path": LONE, "verdict": "approve", "digest": found["digest"], "stage": found["next"], "name": name}
        return self.desk.call("POST", "sign", {**body, "note": "同意。" * 3000})

    def save_version(self) -> Answer:
        return self.desk.call("POST", "git/save", {"message": "改了"})


def lying(root: Path) -> dict[str, bytes | None]:
    """All files and folders of a site that are not newsgen's own."""
    names = [name for name in ("content", "approved") if (root / name).exists()]
    found = [path for name in names for path in (root / name, *(root / name).rglob("*"))]
    return {path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes() for path in found}


STEPS = [name for name in vars(Prepared) if not name.startswith("_") and name not in ("save", "decide")]
"""What a person may do while the disk is full."""


def written(site: SiteTest) -> SiteTest:
    """A site with two reports, one of which waits for signatures, in a Git repository."""
    git(site.root, "init", "--quiet")
    site.write("site.yaml", SITE_YAML + POLICY).section("meetings", "会议动态").write(A, HEAD + "正文。\n")
    site.write("content/meetings/lone--p.jpg", photo() + bytes(9_000))
    return site.article("meetings/lone.md", f"{LONG}\n![会场](lone--p.jpg)\n")


@contextmanager
def filled(site: SiteTest) -> Iterator[Path]:
    """A disk that is full for a while."""
    filler = site.root / "占满"
    fill(filler)
    yield filler
    filler.unlink(missing_ok=True)


def refuses(do: Callable[[], Answer], status: int, code: str, words: str, root: Path, what: str) -> None:
    """Expect that something is refused with what to do, and that no file or folder of the site is another one then."""
    before = lying(root)
    answer = do()
    found: dict[str, Any] = answer.json
    assert (answer.status, found["error"]) == (status, code), (what, found)
    assert words in found["message"], (what, found)
    assert found["hint"], (what, found)
    assert lying(root) == before, what


def test_a_full_disk_is_told_whatever_one_does_and_leaves_nothing_half_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mounted(tmp_path / "disk", "16m") as is_small:
        if not is_small:
            assert reason(OSError(errno.ENOSPC, "")) == "磁盘满了"
            return
        site = written(SiteTest(tmp_path / "disk", capsys))
        with desk_served(site.root) as desk:
            prepared = Prepared(site, desk)
            with filled(site):
                for step in STEPS:
                    refuses(getattr(prepared, step), 507, "desk.full", "磁盘满了", site.root, step)
            prepared.base = desk.get("report", path=A)["version"]
            for step in STEPS:
                expected = 409 if step == "receive_again" else 200  # it is another text by then, which is shown first
                assert getattr(prepared, step)().status == expected, f"{step}, once there is room"


def test_what_was_changed_by_another_program_is_not_replaced_where_it_cannot_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mounted(tmp_path / "disk", "16m") as is_small:
        if not is_small:
            return
        site = written(SiteTest(tmp_path / "disk", capsys))
        with desk_served(site.root) as desk:
            old = desk.get("report", path=A)["version"]
            desk.call("PUT", "report", {"base": old, "body": "一。\n"}, path=A)
            version = desk.get("history", path=A)["versions"][-1]["id"]
            site.write(A, f"{HEAD}{os.urandom(9000).hex()}\n")
            arrived = desk.call("POST", "receive", zipped(HEAD + "短。\n"), name="a.zip").json["id"]
            base = desk.get("report", path=A)["version"]
            with filled(site):
                for name, do in {
                    "receive": lambda: desk.call("POST", "receive/confirm", {"id": arrived, "replaces": True}),
                    "restore": lambda: desk.call("POST", "history/restore", {"path": A, "id": version, "base": base}),
                }.items():
                    refuses(do, 507, "desk.full", "旧的版本留不下来：磁盘满了", site.root, name)


def test_a_folder_that_is_read_only_is_told_whatever_one_does(site: SiteTest) -> None:
    written(site)
    with desk_served(site.root) as desk:
        prepared = Prepared(site, desk)
        with read_only(site.root / "content"):
            for step in STEPS:
                if step not in ("save_version", "sign"):  # which write elsewhere first
                    refuses(getattr(prepared, step), 503, "desk.disk", "不能写" if AS_ROOT else "", site.root, step)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_of_which_ones_own_share_is_used_up_is_full(number: int) -> None:
    assert is_full(OSError(number, os.strerror(number)))
    assert not is_full(OSError(errno.EROFS, os.strerror(errno.EROFS)))


def test_a_folder_appears_with_all_its_files_or_leaves_none_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    left = [2]

    def full(_: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise refused

    monkeypatch.setattr(os, "fsync", full)
    files = {"index.md": b"a", "p.jpg": b"b"}
    with pytest.raises(OSError, match="No space") as told:
        write_folder(tmp_path / "2024" / "03" / "a", files)
    assert told.value is refused
    assert list(tmp_path.iterdir()) == []
    write_folder(tmp_path / "2024" / "03" / "a", files)
    assert sorted(path.name for path in (tmp_path / "2024" / "03").rglob("*")) == ["a", "index.md", "p.jpg"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("fatal: unable to write loose object file: No space left on device", "desk.full"),
        ("error: file write error: Disk quota exceeded", "desk.full"),
        ("fatal: Unable to create '/x/.git/objects/a': Read-only file system", "desk.disk"),
        ("error: insufficient permission for adding an object to repository database .git/objects", "desk.disk"),
        ("remote: fatal: write error: No space left on device\nerror: remote unpack failed", "git.failed"),
        ("git@host: Permission denied (publickey).", "git.denied"),
    ],
)
def test_what_git_says_of_this_computers_disk_is_told_apart_from_the_servers(said: str, code: str) -> None:
    assert git_error(GitAnswer(128, b"", said)).diagnostics[0].code == code
