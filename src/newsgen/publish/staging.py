"""Staging on the server: new files are gathered in a folder that no reader sees, and compared with their hashes.

The folder is `next-<release>` in STATE. An interrupted publish leaves such a folder of its own: files in it whose hash
is right are taken over by hard links. The folder itself is never used again, since a process of the interrupted publish
may still be writing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.publish.release import ReleaseFiles
from newsgen.publish.transport.base import STATE, Step, Transport
from newsgen.publish.transport.errors import UNDELETABLE, TransportError

ByteProgress = Callable[[int, int], AbstractContextManager[Step]]
"""A progress display: takes the numbers of files and bytes, returns a context manager of a function that takes the size
of each sent file."""
TRIES = 2
"""The number of times that a file is sent until its hash at the target is right."""


def staging_dir(release: str) -> str:
    """The folder in which the files of a release are gathered."""
    return f"{STATE}/next-{release}"


@dataclass(frozen=True, slots=True)
class BuiltFiles:
    """The built site in `folder` that a release is sent from, with `sizes` in bytes by path.

    `progress` shows what is sent. `afresh`: the files of the live release are verified before they are used again.
    `spare` is a release that will be pruned: its folder may become the new one's.
    """

    folder: Path
    sizes: Mapping[str, int]
    progress: ByteProgress
    afresh: bool = False
    spare: str | None = None


class AlteredFiles(Exception):
    """Files at the target that cannot be sent again: assets carried along that somebody has changed."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        super().__init__(", ".join(sorted(self.paths)))


def reuse_leftovers(transport: Transport, release: str, wanted: ReleaseFiles) -> set[str]:
    """Take over files that unfinished publishes have sent; return the paths of `wanted` that are still missing."""
    found = (transport.entries(STATE) or {}).items()
    own = f"next-{release}"
    leftovers = [name for name, kind in found if name.startswith("next-") and name != own and kind == "folder"]
    missing = set(wanted.files)
    for name in leftovers:
        transport.link([(f"{STATE}/{name}/{path}", f"{staging_dir(release)}/{path}") for path in sorted(missing)])
        missing = transport.mismatched(staging_dir(release), wanted.only(missing))
    drop_leftovers(transport, keep=release)  # before anything is sent: they may be what fills the disk
    return missing


def drop_leftovers(transport: Transport, keep: str = "") -> None:
    """Remove the staging and trash folders of killed publishers. `keep` is the release that is being staged now."""
    for name in transport.entries(STATE) or ():
        if name.startswith(("next-", "trash-")) and name != f"next-{keep}":
            _drop(transport, f"{STATE}/{name}")


def _drop(transport: Transport, path: str) -> None:
    try:
        transport.remove_tree(path)
    except TransportError as error:
        if error.code in UNDELETABLE:  # somebody else's
            raise TransportError("publish.leftover", f"{transport.shown}/{path}") from None
        raise


def send(transport: Transport, folder: str, names: Iterable[str], files: BuiltFiles) -> int:
    """Send files of the built site; return the number of bytes sent. Raises AlteredFiles for files not in it."""
    wanted = sorted(names)
    strange = [name for name in wanted if name not in files.sizes]
    if strange:
        raise AlteredFiles(strange)
    if not wanted:
        return 0
    try:
        with files.progress(len(wanted), sum(files.sizes[name] for name in wanted)) as step:
            return transport.send(files.folder, folder, wanted, step)
    except TransportError as error:
        if error.code == "publish.no-space":
            transport.remove_tree(folder)  # a full disk would keep the next publish from even beginning
        raise


def transfer_corrupted(shown: str, paths: Iterable[str]) -> ContentError:
    """The error for files that did not arrive as they were sent."""
    found = sorted(paths)
    message = f"传到服务器后内容不对：{found[0]}" + (f" 等 {len(found)} 个文件" if len(found) > 1 else "")
    hint = f"线上的网站没有改动；再发布一次，还是这样就请服务器管理员检查磁盘（{shown}）"
    return ContentError([Diagnostic("publish.unequal", "error", message, hint)])
