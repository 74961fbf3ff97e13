"""The interface of a transport; `local`, `ssh` and `sftp` implement it.

The layouts (`symlink`, `flat`) are written once against it. Paths are POSIX and relative to the target's folder. Every
operation is done when it returns, and may be done twice without harm. A file is never written in place, but under a
temporary name that is then renamed over the old file (rename(2)): readers find it whole, and a hard link of it
elsewhere keeps the old bytes. Every operation raises TransportError.

A publisher may be suspended at any moment and go on when another has long taken over. So files that readers or other
publishers depend on are changed only through a folder that the publisher loses together with its lock (`guard`): new
ones are made in it and renamed out of it, old ones are renamed into it and deleted there. Once the folder is gone no
such rename can succeed: the check and the change are one step of the target's file system.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from newsgen.publish.release import ReleaseFiles

STATE = ".newsgen"
"""The folder of newsgen's own files, inside the target's folder."""
LISTS = f"{STATE}/lists"
MOST_READ = 64_000_000
"""The maximum size in bytes of newsgen's own files, so that an altered one can't fill this machine's memory."""

Step = Callable[[int], None]
"""A function that is called after each file was sent, with its size."""


class Transport(Protocol):
    """The access to a target's folder."""

    shown: str
    """The target as a person knows it."""
    hashes_there: bool
    """Whether the target can hash its files itself; else they must be fetched to be compared."""

    def close(self) -> None:
        """Close the connection."""

    def guard(self, folder: str) -> None:
        """Make a folder (its parent exists), the guard: write, set_link, take, link, remove and remove_tree make their
        changes through it from now on. "" ends that.

        Where the folder is gone they raise TransportError `publish.lost-lock`, and nothing has changed.
        """

    def open_folder(self) -> None:
        """Make the target's folder if it is missing."""

    def entries(self, folder: str) -> Mapping[str, str] | None:
        """The entries of a folder ("": the target's own): name -> `file`, `folder` or `link`. None: no such folder."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None if there is none."""

    def read_all(self, paths: Sequence[str]) -> bytes:
        """The bytes of several files, one after another; missing files are skipped."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place; its folder is made. Guarded."""

    def make_dir_exclusive(self, folder: str) -> bool:
        """Make a folder (its parent exists); False if it exists. Of several publishers that try, one succeeds."""

    def set_link(self, path: str, target: str) -> bool:
        """Make `path` a symbolic link to `target`, renamed over the old one. False: links are unsupported. Guarded."""

    def read_link(self, path: str) -> str | None:
        """The target of a symbolic link; None where `path` is no link."""

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Rename files or folders over what is there, in this order; folders are made, a missing source is skipped.

        Not guarded: for files that no other publisher uses.
        """

    def take(self, source: str, target: str) -> None:
        """Rename a folder that other publishers may use. Guarded."""

    def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Give files a second name that replaces what was there: a hard link, or a copy where none can be made. Guarded."""

    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """Make the folder `target` with at least the files `names` of the folder `source`, by hard links where possible.

        False: the files would have to be fetched and sent again.
        """

    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """Put files below the local folder `source` in place below `folder`; return the number of bytes sent."""

    def remove(self, paths: Iterable[str]) -> None:
        """Delete files, and the folders that they leave empty (never the target's own). Guarded."""

    def remove_tree(self, folder: str) -> None:
        """Delete a folder with all that is in it, or a file; links are deleted, not followed. Guarded."""

    def mismatched(self, folder: str, listing: ReleaseFiles) -> set[str]:
        """The files of a listing that are missing below `folder`, or have other bytes there."""

    def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        """The paths of all entries below a folder except folders -> whether each is a plain file. In the target's own
        folder STATE is left out.

        Bytes of a name that are not UTF-8 become surrogates. `expected` are the plain files that are probably there: if
        these are all, the list need not be fetched.
        """
