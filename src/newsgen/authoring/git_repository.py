"""保存版本 and 提交: a member's texts as commits, saved, merged with those of others, and sent.

A site may be handed over with its `.git`, whose settings name programs: hooks, filters, transports, merge drivers. None of
them is run. Git commands that could run one work in a temporary git directory, on the objects, the index and the files
of the repository, and are given only those of its settings that name no program. Programs that the person's own
configuration names (credentials, the ssh command, Git LFS) are run.

Two histories are merged in memory (git merge-tree). Files change only when the merge is finished, and only if no unsaved
file is in the way, so nobody has to undo a half-done merge, a rebase or conflict markers. Nothing is ever forced: a
branch only moves to a commit that has its old one as an ancestor.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from newsgen.authoring.git_directory import OwnDirectory, git_error, refused, version
from newsgen.authoring.new_files import DISK_CODE, FULL_CODE
from newsgen.content.approval import KEPT
from newsgen.content.scan import FOLDER
from newsgen.core.git import git

TRIES = 3
"""Attempts to merge and push, since somebody else may push in between."""
_PLAIN_SETTINGS = re.compile(
    r"user\.(?:name|email)|i18n\.commitencoding|core\.(?:autocrlf|eol|safecrlf|filemode|ignorecase|symlinks|longpaths"
    r"|precomposeunicode|protecthfs|protectntfs)",
    re.IGNORECASE,
)
_UNDER_WAY = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG")
_URL = re.compile(
    r"(?:https?|ssh|file)://[^\s]+|[\w.-]+@[\w.-]+:[^\s]+|[\w.-]{2,}:[^\s\\]+|(?:/|\.\.?/|[A-Za-z]:[\\/]|\\\\).+"
)
_ZERO = "0" * 40

How = Literal["new", "changed", "deleted"]


class ChangedFile(NamedTuple):
    """A file that differs from the last version, by its path below the site root."""

    path: str
    how: How


class Conflict(NamedTuple):
    """A file that both sides changed: the bytes of each version, None if that lacks the file. `path` is below the site root."""

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


class RepositoryState(NamedTuple):
    """The state of a repository. `problem` and `hint` say, in Chinese, why nothing can be saved or submitted."""

    branch: str
    changes: tuple[ChangedFile, ...]
    waiting: int
    problem: str = ""
    hint: str = ""


class Submitted(NamedTuple):
    """The result of a submit: commits sent and received; `conflicts` are to be settled first, with the tip `theirs`."""

    sent: int = 0
    received: int = 0
    conflicts: tuple[Conflict, ...] = ()
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that holds the site at `root`: its git directory, the folder of its files, and the site below it."""

    root: Path
    git_dir: Path
    common: Path
    top: Path
    prefix: str

    @staticmethod
    def found(root: Path) -> Repository | None:
        """The repository around a site; None if there is none, or git is older than 2.38, which can merge in memory."""
        if shutil.which("git") is None:
            return None
        words = ("rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-toplevel", "--show-prefix")
        lines = git(root, *words).decode("utf-8", "surrogateescape").split("\n")
        if len(lines) < 4 or version() < (2, 38):
            return None
        common = (root / lines[1]).resolve()
        return Repository(root, Path(lines[0]), common, Path(lines[2]), lines[3])

    # ------------------------------------------------------------ questions

    def state(self) -> RepositoryState:
        """The branch, the changed files, the number of versions still to be sent, and the problem, if any."""
        branch = self._ask("symbolic-ref", "--quiet", "--short", "HEAD")
        problem, hint = self._problem(branch)
        remote = self._remote(branch)
        upstream = f"refs/remotes/{remote[0]}/{remote[2]}" if remote else ""
        known = bool(upstream) and bool(self._ask("rev-parse", "--verify", "--quiet", upstream))
        span = f"{upstream}..HEAD" if known else "HEAD"
        waiting = (
            self._ask("rev-list", "--count", span) if self._ask("rev-parse", "--verify", "--quiet", "HEAD") else "0"
        )
        return RepositoryState(branch, tuple(self._changes()), int(waiting or 0), problem, hint)

    def _problem(self, branch: str) -> tuple[str, str]:
        keeper = "请网站管理员看一下；写的内容都在文件里，照常可以写"
        if not branch:
            return "现在不在任何一个分支上，存不了版本", keeper
        if any((self.git_dir / name).exists() for name in _UNDER_WAY):
            return "有一次合并没有做完，存不了版本", keeper
        if self._setting("extensions.partialclone"):
            return "这个仓库是部分克隆的，写稿台存不了版本", keeper
        if not self._setting("user.email"):
            hint = "在命令行里运行：git config --global user.name 姓名，再运行：git config --global user.email 邮箱"
            return "Git 还不知道您的姓名和邮箱", hint
        return "", ""

    def _changes(self) -> Iterator[ChangedFile]:
        """The files that differ from the last version, without new hidden ones: programs leave these behind."""
        words = (
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--ignore-submodules=all",
            "--",
        )
        entries = git(self.root, *words, *self._own_folders()).decode("utf-8", "surrogateescape").split("\0")
        for entry in filter(None, entries):
            how: How = "new" if entry[:2] in ("??", "A ", "AM") else "deleted" if "D" in entry[:2] else "changed"
            path = entry[3:].removeprefix(self.prefix)
            if how != "new" or not any(name.startswith(".") for name in path.split("/")):
                yield ChangedFile(path, how)

    def _own_folders(self) -> list[str]:
        return [name for name in (FOLDER, KEPT) if (self.root / name).exists() or self._ask("ls-files", "--", name)]

    def _ask(self, *words: str) -> str:
        return git(self.root, *words).decode("utf-8", "surrogateescape").strip()

    def _setting(self, name: str) -> str:
        return self._ask("config", "--get", name)

    def _remote(self, branch: str) -> tuple[str, str, str] | None:
        """Name and URL of the remote of a branch, and the branch there."""
        name = self._setting(f"branch.{branch}.remote") or self._ask("remote").partition("\n")[0]
        url = self._setting(f"remote.{name}.url") if name else ""
        merge = self._setting(f"branch.{branch}.merge").removeprefix("refs/heads/")
        return (name, url, merge or branch) if url and name != "." else None

    # ------------------------------------------------------------ versions

    def save(self, message: str, name: str, paths: Sequence[str] = ()) -> str:
        """Commit all changes in content/ and approved/, or those of `paths`; return the commit's id, "" if nothing changed.

        Raises GitError.
        """
        state = self._ready()
        chosen = [item.path for item in state.changes if not paths or _is_among(item.path, paths)]
        if not chosen:
            return ""
        before = self._ask("rev-parse", "--verify", "--quiet", "HEAD")
        with self._own_directory(name) as own:
            listed = "\0".join(chosen).encode("utf-8", "surrogateescape")
            adding = ("add", "-A", "--pathspec-from-file=-", "--pathspec-file-nul")
            own.run(*adding, given=listed, index=self.git_dir / "index")
            scratch = own.folder / "index.new"
            if before:
                own.run("read-tree", before, index=scratch)
            own.run(*adding, given=listed, index=scratch)
            tree = own.run("write-tree", index=scratch).line
            if before and tree == self._ask("rev-parse", f"{before}^{{tree}}"):
                return ""
            parents = ["-p", before] if before else []
            made = own.run("commit-tree", tree, *parents, "-F", "-", given=_message(message).encode()).line
        self._move(f"refs/heads/{state.branch}", made, before or _ZERO[: len(made)])
        return made

    def submit(
        self,
        name: str,
        chosen: Mapping[str, bytes | None] | None = None,
        theirs: str = "",
        files: AbstractContextManager[object] = nullcontext(),  # noqa: B008 (it holds nothing)
    ) -> Submitted:
        """Merge the versions that others sent, and send the saved ones.

        `chosen` settles the conflicts with the tip `theirs`; `files` is entered while files are written. Raises GitError;
        the files are then as they were, or, if sending failed, as they are after the merge.
        """
        state = self._ready()
        remote = self._remote(state.branch)
        if remote is None:
            raise refused(
                "这个仓库没有设远程地址，没有地方提交", "请网站管理员设好：git remote add origin 地址", "git.remote"
            )
        self._check_url(remote[1])
        received = 0
        with self._own_directory(name) as own:
            for _ in range(TRIES):
                tip = self._fetched(own, remote)
                head = self._ask("rev-parse", "HEAD")
                found = self._merged(own, head, tip, chosen if tip == theirs else None)
                if isinstance(found, Submitted):
                    return found
                received += self._count(own, head, found)
                with files:
                    self._take_over(own, state.branch, head, found)
                sent = int(own.run("rev-list", "--count", f"{tip}..{found}" if tip else found).line)
                if not sent or self._pushed(own, remote, found):
                    return Submitted(sent, received)
        raise refused("一直有人在提交，没有轮到", "过一会儿再点一次“提交”；版本都存在这台电脑上", "git.busy")

    def _ready(self) -> RepositoryState:
        state = self.state()
        if state.problem:
            raise refused(state.problem, state.hint, "git.state")
        return state

    def _check_url(self, url: str) -> None:
        """Refuse a malformed address, and a local one inside this repository, which may have been handed over with it."""
        is_inside = os.path.realpath(self.top / url.removeprefix("file://")).startswith(
            f"{os.path.realpath(self.top)}{os.sep}"
        )
        if "::" in url or url.startswith("-") or not _URL.fullmatch(url) or (is_inside and _is_local(url)):
            raise refused(f"远程地址 {url[:200]} 用不了", "请网站管理员检查：git remote -v", "git.remote")

    # ------------------------------------------------------------ what a submit does

    def _fetched(self, own: OwnDirectory, remote: tuple[str, str, str]) -> str:
        """The tip of the branch on the server, fetched; "" if the server has no such branch."""
        name, url, branch = remote
        listed = own.run("ls-remote", "--heads", "--", url, f"refs/heads/{branch}", is_remote=True)
        if not listed.line:
            return ""
        own.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--", url,
                f"+refs/heads/{branch}:refs/newsgen/theirs", is_remote=True)  # fmt: skip
        tip = own.run("rev-parse", "refs/newsgen/theirs").line
        known = self._ask("rev-parse", "--verify", "--quiet", f"refs/remotes/{name}/{branch}")
        self._move(f"refs/remotes/{name}/{branch}", tip, known or _ZERO[: len(tip)])
        return tip

    def _merged(
        self, own: OwnDirectory, head: str, tip: str, chosen: Mapping[str, bytes | None] | None
    ) -> str | Submitted:
        """The commit that joins both histories, or the conflicts between them."""
        if not tip or own.run("merge-base", "--is-ancestor", tip, head, may_fail=True).code == 0:
            return head
        if own.run("merge-base", "--is-ancestor", head, tip, may_fail=True).code == 0:
            return tip
        found = own.run("merge-tree", "--write-tree", "-z", "--allow-unrelated-histories", head, tip, may_fail=True)
        if found.code not in (0, 1):
            raise git_error(found)
        tree, *entries = found.out.decode("utf-8", "surrogateescape").split("\0")
        if found.code == 1:
            conflicts = self._conflicts(own, entries)
            if chosen is None or {item.path for item in conflicts} - chosen.keys():
                return Submitted(conflicts=conflicts, theirs=tip)
            tree = self._settled(own, tree, chosen)
        words = ("commit-tree", tree, "-p", head, "-p", tip, "-F", "-")
        return own.run(*words, given="合并别人的改动\n".encode()).line

    def _conflicts(self, own: OwnDirectory, entries: Sequence[str]) -> tuple[Conflict, ...]:
        stages: dict[str, dict[str, str]] = {}
        for entry in entries:
            if not entry:
                break
            match = re.fullmatch(r"(\d+) ([0-9a-f]+) ([123])\t(.*)", entry, re.DOTALL)
            if match:
                stages.setdefault(match[4], {})[match[3]] = match[2]
        found = []
        for path, objects in stages.items():
            if not path.startswith(f"{self.prefix}{FOLDER}/"):
                hint = "请网站管理员来合并；版本都存在这台电脑上，照常可以写"
                raise refused(f"别人和您都改了 {path}，写稿台合不了", hint, "git.conflict")
            parts = [own.run("cat-file", "blob", objects[stage]).out if stage in objects else None for stage in "123"]
            found.append(Conflict(path.removeprefix(self.prefix), *parts))
        return tuple(found)

    def _settled(self, own: OwnDirectory, tree: str, chosen: Mapping[str, bytes | None]) -> str:
        """The tree with what was chosen for each conflict."""
        index = own.folder / "index.merged"
        own.run("read-tree", tree, index=index)
        for path, data in chosen.items():
            inside = f"{self.prefix}{path}"
            if data is None:
                own.run("update-index", "--force-remove", "--", inside, index=index, at_top=True)
            else:
                made = own.run("hash-object", "-w", "--stdin", given=data).line
                own.run("update-index", "--add", "--cacheinfo", f"100644,{made},{inside}", index=index, at_top=True)
        return own.run("write-tree", index=index).line

    def _take_over(self, own: OwnDirectory, branch: str, head: str, found: str) -> None:
        """Move files, index and branch from one commit to another; unsaved changes stay.

        Raises GitError if an unsaved change is in the way.
        """
        if found == head:
            return
        index = self.git_dir / "index"
        own.run("update-index", "-q", "--refresh", index=index, at_top=True, may_fail=True)
        answer = own.run("read-tree", "-m", "-u", head, found, index=index, at_top=True, may_fail=True)
        if answer.code and git_error(answer).diagnostics[0].code in (FULL_CODE, DISK_CODE):
            raise git_error(answer)
        if answer.code:
            hint = "先点“保存版本”，再点“提交”"
            raise refused("有的文件您改过还没有存版本，别人也改了", hint, "git.unsaved")
        self._move(f"refs/heads/{branch}", found, head)

    def _pushed(self, own: OwnDirectory, remote: tuple[str, str, str], tip: str) -> bool:
        """Push a commit; False if somebody else pushed first."""
        name, url, branch = remote
        receive = "git -c core.hooksPath= -c receive.autogc=false -c core.alternateRefsCommand= receive-pack"
        local = ["--receive-pack", receive] if _is_local(url) else []
        answer = own.run(
            "push", "--porcelain", *local, "--", url, f"{tip}:refs/heads/{branch}", is_remote=True, may_fail=True
        )
        if answer.code == 0:
            known = self._ask("rev-parse", "--verify", "--quiet", f"refs/remotes/{name}/{branch}")
            self._move(f"refs/remotes/{name}/{branch}", tip, known or _ZERO[: len(tip)])
            return True
        if b"[rejected]" in answer.out:
            return False
        raise git_error(answer)

    def _count(self, own: OwnDirectory, head: str, found: str) -> int:
        return int(own.run("rev-list", "--count", "--no-merges", f"{head}..{found}").line)

    def _move(self, ref: str, to: str, before: str) -> None:
        """Move a branch to another commit. Raises GitError if it no longer names the commit `before`."""
        if to != before and not (
            git(self.root, "update-ref", "-m", "newsgen desk", ref, to, before) == b""
            and self._ask("rev-parse", ref) == to
        ):
            raise refused("别的程序正在用这个仓库", "过一会儿再点一次；写的内容都在文件里", "git.busy")

    @contextmanager
    def _own_directory(self, name: str) -> Iterator[OwnDirectory]:
        """A temporary git directory, on the objects of this repository."""
        form = self._setting("extensions.objectformat") or "sha1"
        with tempfile.TemporaryDirectory(prefix="newsgen-git-", ignore_cleanup_errors=True) as folder:
            who = name or self._setting("user.name")
            own = OwnDirectory(self.root, self.top, self.common, Path(folder, "git"), who, self._setting("user.email"))
            own.make(form, list(self._plain_settings()))
            yield own

    def _plain_settings(self) -> Iterator[str]:
        """The repository's settings that name no program."""
        listed = git(self.root, "config", "--local", "--no-includes", "--list", "-z").decode("utf-8", "surrogateescape")
        for entry in listed.split("\0"):
            key, _, value = entry.partition("\n")
            if _PLAIN_SETTINGS.fullmatch(key):
                yield f"{key}={value}"


def _is_among(path: str, chosen: Sequence[str]) -> bool:
    """Whether a file is among those chosen, or lies in the own folder of a chosen report."""
    return any(
        path == name or (name.endswith("/index.md") and path.startswith(name[: -len("index.md")])) for name in chosen
    )


def _message(typed: str) -> str:
    lines = [" ".join(line.split()) for line in typed.strip().splitlines()]
    return "\n".join(lines)[:2000].lstrip("#") + "\n"


def _is_local(url: str) -> bool:
    return url.startswith("file://") or ("://" not in url and not re.match(r"[\w.-]+@|[\w.-]{2,}:", url))
