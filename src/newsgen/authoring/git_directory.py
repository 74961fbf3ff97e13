"""A temporary git directory, in which git reads no settings of the repository it works on, and the errors of git."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from newsgen.authoring.new_files import DISK_CODE, FULL_CODE, HINTS
from newsgen.core.errors import UsageError

TIMEOUT = 120.0
"""Seconds to wait for a server."""
_PROTOCOLS = "file:https:http:ssh"
_OF_THE_PERSON = frozenset(
    {
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_ASKPASS",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_SSL_CAINFO",
    }
)
"""Environment variables of git for the person's own configuration; others could point to another repository."""
_NETWORK = re.compile(
    r"could not resolve|unable to access|could not connect|connection (?:refused|timed out|reset|closed)|network is unreachable"
    r"|timed out|no route to host|operation timed out",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"authentication failed|permission denied|could not read (?:username|password)|terminal prompts disabled|403|access denied"
    r"|host key verification failed",
    re.IGNORECASE,
)
_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_UNWRITABLE = re.compile(
    r"read-only file system|unable to (?:create|write|open|unlink)[^:]*: permission denied"
    r"|insufficient permission for adding an object",
    re.IGNORECASE,
)


class GitError(UsageError):
    """Git could not do what was asked; the message says why, in Chinese."""


class GitAnswer(NamedTuple):
    """The result of a git command: exit code, output and messages."""

    code: int
    out: bytes
    err: str

    @property
    def line(self) -> str:
        """The output as one line."""
        return self.out.decode("utf-8", "surrogateescape").strip()


@dataclass(slots=True)
class OwnDirectory:
    """A git directory at `folder`, outside the site, whose settings are ours.

    It works on the objects below `common` and the files below `top` of a repository, for the site at `root`.
    """

    root: Path
    top: Path
    common: Path
    folder: Path
    name: str
    email: str
    settings: tuple[str, ...] = ()

    def make(self, form: str, settings: Sequence[str]) -> None:
        """Create the directory from an empty template, so without hooks. Raises GitError."""
        self.settings = (f"core.hooksPath={os.devnull}", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
                         "submodule.recurse=false", "core.bare=false", "push.followTags=false", *settings)  # fmt: skip
        words = ["git", "init", "--quiet", "--bare", "--template=", f"--object-format={form}", str(self.folder)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        try:
            done = subprocess.run(words, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment)
        except OSError:
            raise refused("运行不了 Git", "请网站管理员检查 Git 还在不在", "git.missing") from None
        if done.returncode:
            raise git_error(GitAnswer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")))
        excluded = self.common / "info" / "exclude"
        if excluded.is_file():
            (self.folder / "info").mkdir(exist_ok=True)
            shutil.copyfile(excluded, self.folder / "info" / "exclude")

    def run(self, *words: str, index: Path | None = None, given: bytes = b"", is_remote: bool = False,
            at_top: bool = False, may_fail: bool = False) -> GitAnswer:  # fmt: skip
        """Run a git command. `is_remote`: it contacts a server, for at most TIMEOUT, without asking for a password.

        Raises GitError if it fails, unless it `may_fail`.
        """
        own = {
            "GIT_DIR": str(self.folder),
            "GIT_WORK_TREE": str(self.top),
            "GIT_OBJECT_DIRECTORY": str(self.common / "objects"),
            "GIT_SHALLOW_FILE": str(self.common / "shallow"),
            "GIT_INDEX_FILE": str(index or self.folder / "index"),
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_ALLOW_PROTOCOL": _PROTOCOLS if is_remote else "",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "LC_ALL": "C.UTF-8",
            **{f"GIT_{role}_NAME": self.name for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": self.email for role in ("AUTHOR", "COMMITTER")},
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _OF_THE_PERSON}
        options = [word for setting in self.settings for word in ("-c", setting)]
        try:
            done = subprocess.run(
                ["git", "--no-pager", *options, *words],
                cwd=self.top if at_top else self.root,
                env={**kept, **own},
                input=given,
                capture_output=True,
                check=False,
                timeout=TIMEOUT if is_remote else None,
                start_new_session=os.name != "nt",  # no terminal, on which ssh would ask
            )
        except subprocess.TimeoutExpired:
            raise refused(
                "等了很久，服务器没有回答", "检查网络，过一会儿再试；版本都存在这台电脑上", "git.network"
            ) from None
        except OSError:
            raise refused("运行不了 Git", "请网站管理员检查 Git 还在不在", "git.missing") from None
        answer = GitAnswer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))
        if answer.code and not may_fail:
            raise git_error(answer)
        return answer


def git_error(answer: GitAnswer) -> GitError:
    """The error for the messages of a failed command, in Chinese if they are known."""
    detail = " ".join(answer.err.split())[-300:]
    kept = "版本都存在这台电脑上，过后再提交也不会丢"
    if "index.lock" in answer.err or "cannot lock ref" in answer.err:
        return refused(
            "别的程序正在用这个仓库", "等它做完；它早就结束了的话，请网站管理员删去 .git/index.lock", "git.busy"
        )
    own = "\n".join(
        line for line in answer.err.splitlines() if not line.startswith("remote:")
    )  # others are the server's
    unsaved = "写的内容都在文件里，没有丢"
    if _FULL.search(own):
        return refused("Git 没有做成：磁盘满了", f"{HINTS[1]}；{unsaved}", FULL_CODE)
    if _UNWRITABLE.search(own):
        return refused("Git 没有做成：仓库的文件夹写不了", f"检查 .git 文件夹能不能写，再试一次；{unsaved}", DISK_CODE)
    if _DENIED.search(answer.err):
        return refused(
            "服务器不让提交：没有登录，或者没有权限", f"请网站管理员检查账号和密钥；{kept}（{detail}）", "git.denied"
        )
    if _NETWORK.search(answer.err):
        return refused("连不上服务器", f"检查网络；{kept}（{detail}）", "git.network")
    if "does not appear to be a git repository" in answer.err or "repository not found" in answer.err.lower():
        return refused("服务器上没有这个仓库", f"请网站管理员检查远程地址；{kept}（{detail}）", "git.remote")
    return refused("Git 没有做成", f"{kept}；请把这一行发给网站管理员：{detail}", "git.failed")


def refused(message: str, hint: str, code: str) -> GitError:
    """An error with a message and a hint in Chinese."""
    return GitError(message, hint, code)


def version() -> tuple[int, ...]:
    """Git's version; (0,) if git is not installed."""
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, check=False, timeout=TIMEOUT).stdout.decode()
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    match = re.search(r"(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0,)
