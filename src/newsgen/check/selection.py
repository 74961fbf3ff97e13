"""The files to check: those named on the command line, those changed since a git revision, or all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from newsgen.content.scan import FOLDER, ScannedFile, ScanResult, scan, scan_files
from newsgen.core.errors import UsageError
from newsgen.core.git import git
from newsgen.core.model import Record


class CheckRequest(Record, frozen=True):
    """A request to check the `files` named on the command line (none: all), or those changed `since` a git revision.

    `now` decides which articles are public. `external`: links to other sites are requested, too. `jobs` is the maximum
    number of processes, None: one for each processor.
    """

    root: Path
    now: datetime
    files: tuple[str, ...] = ()
    since: str | None = None
    jobs: int | None = None
    external: bool = False

    @property
    def is_whole_site(self) -> bool:
        """Whether all files are checked, and with them the site as a whole."""
        return not self.files and not self.since


def files_to_look_at(request: CheckRequest) -> ScanResult:
    """All files of content/, or only the named ones if files and no folders are named."""
    paths = [[path for path in _names(request.root, name) if (request.root / path).is_file()] for name in request.files]
    named = scan_files(request.root, list(chain.from_iterable(paths))) if paths and all(paths) else None
    return named or scan(request.root)


def selected(request: CheckRequest, found: Sequence[ScannedFile]) -> list[ScannedFile]:
    """The files of the request. Raises UsageError for a name that matches none, and for an unknown revision."""
    if request.since:
        changed = frozenset(_changed_since(request.root, request.since))
        return [item for item in found if item.path in changed]
    if not request.files:
        return list(found)
    chosen: dict[str, ScannedFile] = {}
    for name in request.files:
        names = _names(request.root, name)
        inside = {item.path: item for item in found if _is_named(names, item)}
        if not inside:
            hint = f"写 {FOLDER} 里的文件或文件夹，例如：{FOLDER}/meetings"
            raise UsageError(f"{name} 不在 {FOLDER} 里", hint)
        chosen |= inside
    return list(chosen.values())


def _names(root: Path, name: str) -> frozenset[str]:
    """The paths that a name may mean below the site's folder: relative to the current folder, or to the site's."""
    here = os.path.relpath(Path(name).absolute(), root).replace(os.sep, "/")
    return frozenset((here, name.replace("\\", "/").strip("/").removeprefix("./")))


def _is_named(names: frozenset[str], item: ScannedFile) -> bool:
    """Whether one of the names is that of the file, of a folder above it, or of the site."""
    return bool({item.path, item.real, "."} & names) or any(item.path.startswith(f"{folder}/") for folder in names)


def _changed_since(root: Path, revision: str) -> list[str]:
    """The files of content/ that differ from a git revision, untracked ones included. Raises UsageError."""
    if revision.startswith("-") or not git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"):
        raise UsageError(f"git 里没有这个版本：{revision}", "例如：--since HEAD~1，或者分支、标签的名字")
    options = ("--relative", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff", "--no-textconv")
    listed = git(root, "diff", *options, revision, "--", FOLDER)
    new = git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", FOLDER)
    return [path.decode("utf-8", "surrogateescape") for path in (*listed.split(b"\0"), *new.split(b"\0")) if path]
