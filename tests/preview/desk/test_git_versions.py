"""保存版本 and 提交 with real git: nobody gets stuck, nothing is lost, and nothing that a repository names is run."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desk_client import Client, desk_at_work, own_client
from newsgen.authoring.decisions import decisions_in
from newsgen.authoring.git_directory import GitError
from newsgen.authoring.git_repository import Repository
from running import LIMIT
from site_test import SITE_YAML, SiteTest

A, B = "content/meetings/a.md", "content/meetings/b.md"
HEAD = "---\ntitle: 一篇报道\ndate: 2024-03-13\n---\n\n"
TEXT = f"{HEAD}第一段。\n\n第二段。\n\n第三段。\n"


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git with a configuration of the person's own, and nothing of this machine."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n name = 王芳\n email = wangfang@example.edu.cn\n[init]\n defaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in (
        "GIT_CONFIG_GLOBAL",
        "XDG_CONFIG_HOME",
        "GIT_DIR",
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
    ):
        monkeypatch.delenv(name, raising=False)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository on a share."""
    folder = tmp_path / "share.git"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    return folder


@pytest.fixture
def mine(site: SiteTest, remote: Path) -> SiteTest:
    """The site of a member, with one version on the share."""
    site.write(A, TEXT).write(".gitignore", ".newsgen/\npublic/\n")
    git(site.root, "init", "-q")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "开始")
    git(site.root, "remote", "add", "origin", str(remote))
    git(site.root, "push", "-q", "-u", "origin", "main")
    return site


@pytest.fixture
def theirs(mine: SiteTest, remote: Path, tmp_path: Path) -> Path:
    """The copy of a colleague."""
    git(tmp_path, "clone", "-q", str(remote), "colleague")
    return tmp_path / "colleague"


def colleague_sends(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"改 {path}")
    git(folder, "push", "-q")


def repository(site: SiteTest) -> Repository:
    found = Repository.found(site.root)
    assert found
    return found


def save(site: SiteTest, message: str = "改动", *paths: str) -> str:
    return repository(site).save(message, "王芳", paths)


def no_leftovers(site: SiteTest) -> None:
    """Nobody has to finish anything: no merge under way, no markers, index and files as the last commit has them."""
    assert not [
        name for name in os.listdir(site.root / ".git") if name.endswith(("_HEAD", ".lock")) and name != "ORIG_HEAD"
    ]
    assert "<<<<<<<" not in "".join(path.read_text("utf-8") for path in (site.root / "content").rglob("*.md"))
    assert git(site.root, "status", "--porcelain", "--", "content") == ""
    git(site.root, "fsck", "--strict")


# ---------------------------------------------------------------- in plain words


def test_without_git_there_is_no_mention_of_it(site: SiteTest) -> None:
    assert Repository.found(site.root) is None
    with desk_at_work(site.root) as server:
        client = own_client(server)
        assert client.call("GET", "site").json["has_git"] is False
        assert client.call("GET", "git").status == 404


def test_a_version_is_a_commit_with_the_name_of_the_member(mine: SiteTest) -> None:
    mine.write(A, TEXT + "新的一段。\n").article("meetings/b.md").write("notes.txt", "mine alone")
    assert [tuple(item) for item in repository(mine).state().changes] == [(A, "changed"), (B, "new")]
    assert save(mine, "补上一段\n\n# 细节", A)
    assert git(mine.root, "log", "-1", "--format=%an|%ae|%s") == "王芳|wangfang@example.edu.cn|补上一段"
    assert git(mine.root, "show", "--format=", "--name-only") == A
    assert [item.path for item in repository(mine).state().changes] == [B]
    assert "notes.txt" in git(mine.root, "status", "--porcelain"), "what is no text of the site is left alone"


def test_the_last_report_of_a_folder_that_is_gone_is_gone_from_the_next_version(mine: SiteTest) -> None:
    kept = mine.root / "approved" / "a.md"
    mine.write("approved/a.md", "x")
    save(mine)
    kept.unlink()
    kept.parent.rmdir()
    assert [tuple(item) for item in repository(mine).state().changes] == [("approved/a.md", "deleted")]
    assert save(mine)
    assert git(mine.root, "ls-files", "approved") == ""


def test_nothing_new_is_no_version(mine: SiteTest) -> None:
    before = git(mine.root, "rev-parse", "HEAD")
    assert save(mine) == ""
    assert git(mine.root, "rev-parse", "HEAD") == before


def test_a_report_takes_its_photos_along_and_nothing_of_others(mine: SiteTest) -> None:
    mine.write("content/meetings/x/index.md", TEXT).write("content/meetings/x/1.jpg", b"x").article("meetings/b.md")
    save(mine, "新的一篇", "content/meetings/x/index.md")
    assert git(mine.root, "show", "--format=", "--name-only").split() == [
        "content/meetings/x/1.jpg",
        "content/meetings/x/index.md",
    ]


def test_what_a_killed_program_left_behind_gets_into_no_version(mine: SiteTest) -> None:
    left = "content/meetings/.0a1b.newsgen.tmp"
    mine.write(f"{left}/new/index.md", TEXT).write("content/meetings/.DS_Store", b"x").article("meetings/b.md")
    mine.write("content/meetings/.kept", b"x")
    git(mine.root, "add", "-f", "content/meetings/.kept")
    git(mine.root, "commit", "--quiet", "-m", "by hand")
    mine.write("content/meetings/.kept", b"y")
    assert [item.path for item in repository(mine).state().changes] == ["content/meetings/.kept", B]
    save(mine)
    assert git(mine.root, "show", "--format=", "--name-only").split() == ["content/meetings/.kept", B]


def test_what_was_staged_by_hand_stays_staged_and_out_of_the_version(mine: SiteTest) -> None:
    mine.write("site.yaml", SITE_YAML + "# mine\n").write(A, TEXT + "改。\n")
    git(mine.root, "add", "site.yaml")
    save(mine)
    assert git(mine.root, "show", "--format=", "--name-only") == A
    assert git(mine.root, "status", "--porcelain").startswith("M  site.yaml")


def test_a_first_version_in_a_new_repository(site: SiteTest) -> None:
    git(site.root, "init", "-q")
    assert save(site)
    no_leftovers(site)


def test_a_site_in_a_folder_of_a_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str], remote: Path) -> None:
    site = SiteTest(tmp_path / "repo" / "网站", capsys)
    site.write("site.yaml", SITE_YAML).section("meetings", "会议").write(A, TEXT)
    (tmp_path / "repo" / "other.txt").write_text("x")
    git(tmp_path / "repo", "init", "-q")
    git(tmp_path / "repo", "remote", "add", "origin", str(remote))
    assert {item.path for item in repository(site).state().changes} == {A, "content/meetings/_index.md"}
    save(site)
    assert repository(site).submit("王芳").sent == 1
    assert git(remote, "ls-tree", "-r", "--name-only", "-z", "main").rstrip("\0").split("\0")[-1] == f"网站/{A}"


# ---------------------------------------------------------------- with others


def test_a_submit_sends_what_was_saved(mine: SiteTest, remote: Path) -> None:
    mine.write(A, TEXT + "新的一段。\n")
    made = save(mine)
    done = repository(mine).submit("王芳")
    assert (done.sent, done.received, git(remote, "rev-parse", "main")) == (1, 0, made)
    assert repository(mine).state().waiting == 0


def test_a_submit_takes_in_what_others_sent(mine: SiteTest, theirs: Path, remote: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第一段", "同事的第一段"))
    colleague_sends(theirs, B, TEXT)
    mine.write(A, TEXT.replace("第三段", "我的第三段"))
    save(mine)
    done = repository(mine).submit("王芳")
    assert (done.received, done.conflicts) == (2, ())
    assert (mine.root / A).read_text("utf-8") == TEXT.replace("第一段", "同事的第一段").replace("第三段", "我的第三段")
    assert (mine.root / B).read_text("utf-8") == TEXT
    assert git(remote, "rev-parse", "main") == git(mine.root, "rev-parse", "HEAD")
    no_leftovers(mine)


def test_what_is_not_saved_yet_stays_beside_what_comes(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, B, TEXT)
    mine.write(A, TEXT + "还没有存。\n")
    assert repository(mine).submit("王芳").received == 1
    assert (mine.root / A).read_text("utf-8") == TEXT + "还没有存。\n"
    assert (mine.root / B).exists()


def test_what_is_not_saved_yet_is_never_overwritten(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第一段", "同事的"))
    mine.write(A, TEXT + "还没有存。\n")
    head = git(mine.root, "rev-parse", "HEAD")
    with pytest.raises(GitError, match="还没有存版本"):
        repository(mine).submit("王芳")
    assert (mine.root / A).read_text("utf-8") == TEXT + "还没有存。\n"
    assert git(mine.root, "rev-parse", "HEAD") == head
    save(mine)
    repository(mine).submit("王芳")
    no_leftovers(mine)


def test_a_new_file_that_a_colleague_has_sent_too_is_never_overwritten(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, B, TEXT)
    mine.write(B, "我的")
    with pytest.raises(GitError, match="还没有存版本"):
        repository(mine).submit("王芳")
    assert (mine.root / B).read_text("utf-8") == "我的"


def test_a_conflict_touches_nothing_until_it_is_settled(mine: SiteTest, theirs: Path, remote: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事的第二段"))
    mine.write(A, TEXT.replace("第二段", "我的第二段"))
    saved = save(mine)
    found = repository(mine).submit("王芳")
    (conflict,) = found.conflicts
    assert conflict.path == A
    assert [part and part.decode() for part in conflict[1:]] == [
        TEXT,
        TEXT.replace("第二段", "我的第二段"),
        TEXT.replace("第二段", "同事的第二段"),
    ]
    assert git(mine.root, "rev-parse", "HEAD") == saved
    no_leftovers(mine)
    both = TEXT.replace("第二段", "我们的第二段")
    done = repository(mine).submit("王芳", {A: both.encode()}, found.theirs)
    assert (done.conflicts, (mine.root / A).read_text("utf-8")) == ((), both)
    assert git(remote, "show", f"main:{A}") == both.strip()
    assert len(git(mine.root, "log", "--format=%s", "main").splitlines()) == 4, "both versions are in the history"
    no_leftovers(mine)


def test_one_deletes_and_the_other_edits(mine: SiteTest, theirs: Path, remote: Path) -> None:
    git(theirs, "rm", "-q", A)
    git(theirs, "commit", "-q", "-m", "删去")
    git(theirs, "push", "-q")
    mine.write(A, TEXT + "改。\n")
    save(mine)
    found = repository(mine).submit("王芳")
    assert found.conflicts[0].theirs is None
    repository(mine).submit("王芳", {A: found.conflicts[0].ours}, found.theirs)
    assert git(remote, "show", f"main:{A}").endswith("改。")
    no_leftovers(mine)


def test_what_was_chosen_does_not_count_for_a_newer_version_of_the_others(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事的第二段"))
    mine.write(A, TEXT.replace("第二段", "我的第二段"))
    save(mine)
    found = repository(mine).submit("王芳")
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事又改的第二段"))
    again = repository(mine).submit("王芳", {A: b"mine"}, found.theirs)
    assert again.conflicts
    assert again.theirs != found.theirs


# ---------------------------------------------------------------- what is missing


def test_each_hindrance_is_told_in_chinese(mine: SiteTest, tmp_path: Path) -> None:
    mine.write(A, TEXT + "改。\n")
    git(mine.root, "checkout", "-q", "--detach")
    with pytest.raises(GitError, match="不在任何一个分支上"):
        save(mine)
    git(mine.root, "checkout", "-q", "main")
    save(mine)
    git(mine.root, "remote", "set-url", "origin", str(tmp_path / "gone.git"))
    with pytest.raises(GitError, match=r"没有这个仓库|没有做成"):
        repository(mine).submit("王芳")
    git(mine.root, "remote", "set-url", "origin", "http://127.0.0.1:9/x.git")
    with pytest.raises(GitError, match="连不上服务器"):
        repository(mine).submit("王芳")
    git(mine.root, "remote", "remove", "origin")
    with pytest.raises(GitError, match="没有设远程地址"):
        repository(mine).submit("王芳")
    (mine.root / ".git/index.lock").touch()
    mine.write(A, TEXT + "再改。\n")
    with pytest.raises(GitError, match="别的程序正在用"):
        save(mine)


def test_a_name_that_git_does_not_know_is_asked_for(
    mine: SiteTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    mine.write(A, TEXT + "改。\n")
    with pytest.raises(GitError, match="姓名和邮箱"):
        save(mine)


def test_a_server_that_refuses_keeps_the_version_here(mine: SiteTest, remote: Path) -> None:
    git(remote, "config", "receive.hideRefs", "refs/heads")
    mine.write(A, TEXT + "改。\n")
    made = save(mine)
    with pytest.raises(GitError, match="没有做成"):
        repository(mine).submit("王芳")
    assert git(mine.root, "rev-parse", "HEAD") == made


# ---------------------------------------------------------------- a repository that was handed over


def test_no_program_that_the_repository_names_is_run(
    mine: SiteTest, theirs: Path, tmp_path: Path, remote: Path
) -> None:
    trap, marks = tmp_path / "trap.sh", tmp_path / "marks"
    marks.mkdir()
    trap.write_text(f'#!/bin/sh\ntouch "{marks}/$(basename "$0")-$1"\ncat\n')
    trap.chmod(0o755)
    hooks = mine.root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-commit", "pre-push", "post-merge", "post-checkout", "reference-transaction",
                 "post-index-change", "prepare-commit-msg", "fsmonitor-watchman", "pre-auto-gc"):  # fmt: skip
        (hooks / name).symlink_to(trap)
    for name in ("post-receive", "pre-receive", "update", "post-update"):
        (remote / "hooks").mkdir(exist_ok=True)
        (remote / "hooks" / name).symlink_to(trap)
    included = tmp_path / "more.config"
    included.write_text(f"[core]\n fsmonitor = {trap} included\n sshCommand = {trap} included\n")
    for key in ("filter.x.clean", "filter.x.smudge", "filter.x.process", "core.fsmonitor", "core.sshCommand", "core.editor",
                "core.askPass", "core.gitProxy", "core.alternateRefsCommand", "credential.helper", "merge.x.driver", "diff.x.textconv",
                "diff.external", "gpg.program", "remote.origin.uploadpack", "remote.origin.receivepack", "sequence.editor"):  # fmt: skip
        git(mine.root, "config", key, f"{trap} {key}")
    git(mine.root, "config", "include.path", str(included))
    git(mine.root, "config", "core.hooksPath", str(hooks))
    git(mine.root, "config", "commit.gpgSign", "true")
    (mine.root / ".gitattributes").write_text("*.md filter=x merge=x diff=x\n")
    (mine.root / ".git/info/attributes").write_text("*.md filter=x merge=x diff=x\n")
    colleague_sends(theirs, A, TEXT.replace("第一段", "同事的"))
    for mark in marks.iterdir():
        mark.unlink()  # what ran for the colleague, who has a configuration of their own
    mine.write(A, TEXT.replace("第三段", "我的"))
    assert save(mine)
    assert repository(mine).submit("王芳").sent
    assert list(marks.iterdir()) == []
    subprocess.run(["git", "-C", mine.root, "commit", "-qam", "as a person would", "--allow-empty"], check=False)
    assert list(marks.iterdir()), "the trap works"


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c 'touch pwned'",
        "--upload-pack=touch pwned",
        "-oProxyCommand=touch:x",
        "./evil.git",
        "file://{root}/evil.git",
        "fd::0",
    ],
)
def test_an_address_that_is_a_program_or_lies_in_the_folder_is_refused(mine: SiteTest, url: str) -> None:
    git(mine.root, "config", "remote.origin.url", url.format(root=mine.root))
    mine.write(A, TEXT + "改。\n")
    save(mine)
    with pytest.raises(GitError, match=r"用不了|不让|没有做成"):
        repository(mine).submit("王芳")
    assert not (mine.root / "pwned").exists()


# ---------------------------------------------------------------- at the desk


def test_the_desk_saves_submits_and_shows_a_conflict_side_by_side(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事的第二段"))
    with desk_at_work(mine.root) as server:
        client = own_client(server)
        opened = client.call("GET", f"report?path={A}").json
        body = opened["body"].replace("第二段", "我的第二段")
        assert client.call("PUT", f"report?path={A}", {"base": opened["version"], "body": body}).status == 200
        assert [item["path"] for item in client.call("GET", "git").json["changes"]] == [A]
        assert client.call("POST", "git/save", {"message": "  "}).json["error"] == "message"
        assert client.call("POST", "git/save", {"message": "全部", "path": "content/index.md"}).status == 404
        assert client.call("POST", "git/save", {"message": "改第二段", "path": A}).json["saved"] is True
        found = client.call("POST", "git/submit", {})
        assert (found.status, found.json["error"]) == (409, "conflict")
        (conflict,) = found.json["conflicts"]
        assert "同事的第二段" in conflict["theirs"]["body"]
        assert "我的第二段" in conflict["ours"]["body"]
        settled = {"theirs": found.json["theirs"], "chosen": {A: conflict["theirs"]["text"]}}
        assert client.call("POST", "git/submit", settled).json["received"] == 1
        assert "同事的第二段" in client.call("GET", f"report?path={A}").json["body"]
    no_leftovers(mine)


def test_only_the_paths_of_conflicts_can_be_written(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事的第二段"))
    mine.write(A, TEXT.replace("第二段", "我的第二段"))
    save(mine)
    with desk_at_work(mine.root) as server:
        client: Client = own_client(server)
        tip = client.call("POST", "git/submit", {}).json["theirs"]
        chosen = {A: "ours", "../x": "x", "content/../site.yaml": "title: x", ".git/config": "x"}
        assert client.call("POST", "git/submit", {"theirs": tip, "chosen": chosen}).status == 200
    assert (mine.root / "site.yaml").read_text("utf-8") == SITE_YAML
    no_leftovers(mine)


def test_what_is_put_together_keeps_line_ends_and_no_signature_is_forged(mine: SiteTest, theirs: Path) -> None:
    colleague_sends(theirs, A, TEXT.replace("第二段", "同事的第二段"))
    (mine.root / A).write_bytes(TEXT.replace("第二段", "我的第二段").replace("\n", "\r\n").encode())
    save(mine)
    signed = f"{{环节: 初审, 姓名: 张老师, 时间: 2024-03-14 10:00, 版本: {'0' * 40}}}"
    with desk_at_work(mine.root) as server:
        client: Client = own_client(server)
        found = client.call("POST", "git/submit", {}).json
        both = found["conflicts"][0]["ours"]["text"].replace("我的第二段", "我们的第二段")
        forged = both.replace("\n---\n", f"\n审签:\n  - {signed}\n---\n", 1)
        refused = client.call("POST", "git/submit", {"theirs": found["theirs"], "chosen": {A: forged}})
        assert (refused.status, refused.json["error"]) == (422, "conflict.approvals")
        settled = client.call("POST", "git/submit", {"theirs": found["theirs"], "chosen": {A: both}})
        assert settled.status == 200
    assert (mine.root / A).read_bytes() == TEXT.replace("第二段", "我们的第二段").replace("\n", "\r\n").encode()


def test_who_settles_a_conflict_leaves_out_no_decision(mine: SiteTest, theirs: Path) -> None:
    words = "{{环节: 终审, 姓名: 孙书记, 结果: {}, 时间: 2024-03-14 1{}:00, 意见: 无, 版本: {}}}"
    approved, revoked = words.format("同意", 0, "0" * 40), words.format("撤销", 1, "0" * 40)

    def text(paragraph: str, *decisions: str) -> str:
        lines = "".join(f"  - {item}\n" for item in decisions)
        return TEXT.replace("第二段", paragraph).replace("\n---\n", f"\n审签:\n{lines}---\n", 1)

    colleague_sends(theirs, A, text("同事的第二段", approved, revoked))
    mine.write(A, text("我的第二段", approved))
    save(mine)
    with desk_at_work(mine.root) as server:
        client: Client = own_client(server)
        found = client.call("POST", "git/submit", {}).json
        faulty = (
            found["conflicts"][0]["ours"]["text"]
            .replace("title:", "titel:")
            .replace(approved, words.format("同意", 3, "1" * 40))
        )
        refused = client.call("POST", "git/submit", {"theirs": found["theirs"], "chosen": {A: faulty}})
        assert (refused.status, refused.json["error"]) == (422, "conflict.approvals"), (
            "behind a fault it is forged as well"
        )
        assert client.call("POST", "git/submit", {"theirs": found["theirs"], "chosen": {A: "ours"}}).status == 200
    written = (mine.root / A).read_bytes()
    assert "我的第二段" in written.decode()
    assert [item.verdict for item in decisions_in(written)] == ["approve", "revoke"]


def test_a_server_that_does_not_answer_keeps_nobody_from_writing(
    mine: SiteTest, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, released = Event(), Event()
    fetch = Repository._fetched

    def slowly(*given: Any) -> str:
        asked.set()
        assert released.wait(LIMIT)
        return fetch(*given)

    monkeypatch.setattr(Repository, "_fetched", slowly)
    colleague_sends(theirs, B, TEXT)
    with desk_at_work(mine.root) as server, ThreadPoolExecutor(1) as pool:
        client: Client = own_client(server)
        submit = pool.submit(client.call, "POST", "git/submit", {})
        assert asked.wait(LIMIT)
        opened = client.call("GET", f"report?path={A}").json
        saved = client.call(
            "PUT", f"report?path={A}", {"base": opened["version"], "body": opened["body"] + "又一句。\n"}
        )
        assert saved.status == 200
        released.set()
        assert submit.result(LIMIT).json["received"] == 1
