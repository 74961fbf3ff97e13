"""A snapshot of an output folder: its files, and those that are still as newsgen made them.

A file whose stamp is the one that it had when its bytes were right counts as unchanged; others are read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from newsgen.core.files import digest_file
from newsgen.core.platform import below, entry_is_link, extended
from newsgen.core.stamps import UNTRUSTED, Stamp, is_trustworthy, read_stamp, stamp_of

Stamps = Mapping[str, Stamp]


class FolderSnapshot:
    """The files below `out` as they are now; `known` are stamps, by path, of files whose bytes were right then.

    `clock` is the time of their file system before they are looked at. `unverified` are files that somebody may have
    written since they were put in place.
    """

    def __init__(self, out: Path, known: Stamps | None = None, clock: Stamp = UNTRUSTED) -> None:
        self._out = extended(out)
        self._clock = clock
        self.known = known or {}
        self.unverified: set[str] = set()

    @cached_property
    def stamps(self) -> dict[str, Stamp]:
        """The stamps of all files but newsgen's own, by path."""
        found: dict[str, Stamp] = {}
        _walk(self._out, found)
        return found

    @cached_property
    def untouched(self) -> frozenset[str]:
        """The files whose stamps are the known ones."""
        known = self.known
        return frozenset(path for path, stamp in self.stamps.items() if known.get(path) == stamp)

    def is_intact(self, path: str, digest: str) -> bool:
        """Whether the file exists with the bytes of this digest; it is read unless its stamp is the known one."""
        return path in self.untouched or (path in self.stamps and self.has_bytes(path, digest))

    def has_bytes(self, path: str, digest: str) -> bool:
        """Whether the file exists with the bytes of this digest; it is read."""
        try:
            return digest_file(below(self._out, path), sys.maxsize, follow=False) == digest
        except OSError:
            return False

    def with_changes(self, touched: Iterable[str], before: Stamp, clock: Stamp) -> FolderSnapshot:
        """The snapshot after files at these paths were put in place or deleted, between the times `before` and `clock`.

        A file that was put in place is the staged one, unless its time says that somebody has written it since.
        """
        found = FolderSnapshot(Path(self._out), self.known, clock)
        found.stamps = dict(self.stamps)
        # A stamp that could not be trusted when it was taken cannot be trusted later.
        found.unverified = {path for path, stamp in self.stamps.items() if not is_trustworthy(stamp, self._clock)}
        for path in touched:
            found.stamps.pop(path, None)
            found.unverified.discard(path)
            stamp = read_stamp(below(self._out, path))
            if stamp:
                found.stamps[path] = stamp
                if stamp[1] >= before[1]:
                    found.unverified.add(path)
        return found

    def rechecked(self, clock: Stamp, digest_of: Callable[[str], str]) -> FolderSnapshot:
        """The snapshot at the time `clock`: files whose stamps could not be trusted yet are stamped anew, and read.

        `digest_of` gives the digest that the file at a path should have, or ""; a file that has another is left out.
        """
        found = FolderSnapshot(Path(self._out), self.known, clock)
        found.stamps = {}
        for path, stamp in self.stamps.items():
            if is_trustworthy(stamp, self._clock) and path not in self.unverified:
                found.stamps[path] = stamp
            elif now := found.stamp_of(path, digest_of(path)):
                found.stamps[path] = now
        return found

    def stamp_of(self, path: str, digest: str | None = None) -> Stamp | None:
        """The stamp of the file at `path`; None where it cannot be trusted, or the bytes are not those of `digest`."""
        stamp = read_stamp(below(self._out, path))
        is_right = stamp and is_trustworthy(stamp, self._clock) and (digest is None or self.has_bytes(path, digest))
        return stamp if is_right else None

    def settled(self, paths: Iterable[str]) -> dict[str, Stamp]:
        """The stamps of the files at `paths`, as far as they can be trusted."""
        stamps = self.stamps
        return {
            path: stamps[path]
            for path in paths
            if path in stamps and is_trustworthy(stamps[path], self._clock) and path not in self.unverified
        }


def _walk(out: str, found: dict[str, Stamp]) -> None:
    """Note the stamps of all files below a folder."""
    waiting = [(out, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not prefix and entry.name.startswith(".newsgen"):
                        continue
                    if entry.is_file(follow_symlinks=False):
                        # Windows fills a DirEntry without inode and device.
                        seen = entry.stat(follow_symlinks=False) if os.name != "nt" else os.lstat(entry.path)
                        found[prefix + entry.name] = stamp_of(seen)
                    elif entry.is_dir(follow_symlinks=False) and not entry_is_link(entry):
                        waiting.append((entry.path, f"{prefix}{entry.name}/"))
        except FileNotFoundError:
            continue
