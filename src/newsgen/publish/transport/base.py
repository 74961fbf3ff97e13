"""The interface of a transport; `local`, `ssh` and `sftp` implement it.

The protocols (`symlink`, `flat`) are written once against it. Paths are POSIX and relative to the target's folder. Every
operation is done when it returns, and may be done twice without harm; a file is never written in place, but under a
name of its own that is then renamed over the old one (rename(2)), so that whoever reads it finds it whole, and a hard
link of it elsewhere keeps the old bytes. Every operation raises TransportError.

A publisher may be suspended at any moment and go on when another has long taken over. So what readers or other publishers
depend on is changed only through a folder that the publisher loses together with its turn (`guard`): new things are made
in it and renamed out of it, old ones are renamed into it and deleted there. Once the folder is gone no such rename can
succeed, however late it comes: the check and the change are one step of the far side's file system.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

STATE = ".newsgen"
"""Where newsgen keeps what it must know of a target, inside the target's folder."""
LISTS = f"{STATE}/lists"
MOST_READ = 64_000_000
"""Bytes that a file of newsgen's own there has at most: whoever alters it can't fill this machine's memory."""

Step = Callable[[int], None]
"""Told, after each file that was sent, its size."""


class FileList(Protocol):
    """Files to compare: path -> SHA-256 in `files`; `lists` are the names in LISTS that hold them there, `digest` names
    those lists' bytes, one after another.
    """

    @property
    def files(self) -> Mapping[str, str]: ...
    @property
    def lists(self) -> Sequence[str]: ...
    @property
    def digest(self) -> str: ...


class Transport(Protocol):
    """A target's folder."""

    shown: str
    """The target as a person knows it."""
    hashes_there: bool
    """Whether the far side can hash its files itself; else they must be fetched to be compared."""

    def close(self) -> None:
        """Let the connection go."""

    def guard(self, folder: str) -> None:
        """Make a folder (its parent exists) through which write, set_link, take, link, remove and remove_tree pass from now on;
        "" ends that.

        Where the folder is gone they raise TransportError `publish.lost-lock`, and nothing has changed.
        """

    def open_folder(self) -> None:
        """Make the target's folder where it is missing."""

    def entries(self, folder: str) -> Mapping[str, str] | None:
        """What lies in a folder ("" is the target's own): name -> `file`, `folder` or `link`. None: no such folder."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is none."""

    def read_all(self, paths: Sequence[str]) -> bytes:
        """The bytes of several files, one after another; those that are missing give none."""

    def write(self, path: str, data: bytes) -> None:
        """Put a file in place; its folder is made. Guarded."""

    def make_dir_exclusive(self, folder: str) -> bool:
        """Make a folder (its parent exists); False where it is there already. One of several who try succeeds."""

    def set_link(self, path: str, target: str) -> bool:
        """Make `path` a symbolic link to `target`, by a rename over what `path` was. False: none can be made there. Guarded."""

    def read_link(self, path: str) -> str | None:
        """Where a symbolic link leads; None where `path` is none."""

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Rename files or folders over what is there, in this order; folders are made, a source that is gone is no fault.

        Not guarded: for what nobody but its publisher has any use of.
        """

    def take(self, source: str, target: str) -> None:
        """Rename a folder that others may have use of. Guarded."""

    def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Give files a second name that replaces what was there: a hard link, or a copy where none can be made. Guarded."""

    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """Make the folder `target` with at least the files `names` of the folder `source`, by hard links where possible.

        False: nothing could be copied there without a journey through this machine.
        """

    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """Put files below the local folder `source` in place below `folder`; the number of bytes that travelled."""

    def remove(self, paths: Iterable[str]) -> None:
        """Delete files, and the folders that they leave empty (never the target's own). Guarded."""

    def remove_tree(self, folder: str) -> None:
        """Delete a folder with all that is in it, or a file; links are deleted, not followed. Guarded."""

    def mismatched(self, folder: str, listing: FileList) -> set[str]:
        """The files of a listing that are not below `folder` with those bytes."""

    def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        """All that is no folder below a folder, and whether it is a plain file; STATE in the target's own is left out.

        Bytes of a name that are no UTF-8 are surrogates. `expected` are the plain files that are probably there: it saves
        the journey of the list.
        """
