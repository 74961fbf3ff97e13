"""A cache of release lists in `.newsgen/published`: a list that was sent or read need not be fetched again.

The site's folder may come from somebody else: nothing is read, written or deleted through a link in it, and only lists
are deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsgen.core.files import read_file
from newsgen.core.platform import is_link, replace
from newsgen.publish.release import sha256
from newsgen.publish.transport.base import MOST_READ

FOLDER = (".newsgen", "published")
MOST = 8192
"""The number of lists above which the cache is emptied."""
_LIST = re.compile(r"[0-9a-f]{64}(?:\.new)?")


@dataclass(frozen=True, slots=True)
class ListCache:
    """The cached lists of the site at `root`, by the SHA-256 of their bytes."""

    root: Path

    @property
    def folder(self) -> Path:
        """The folder of the cache."""
        return self.root.joinpath(*FOLDER)

    def get(self, name: str) -> bytes | None:
        """The bytes of a list; None if they are missing or damaged."""
        try:
            data = read_file(self.folder / name, MOST_READ, follow=False) if self._is_ours() else b""
        except OSError:
            return None
        return data if sha256(data) == name else None

    def put(self, texts: Mapping[str, bytes]) -> None:
        """Save lists. Errors are ignored: a list that was not saved is fetched again."""
        if not self._is_ours():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room()
            for name, text in texts.items():
                self._write(name, text)
        except OSError:
            return

    def _is_ours(self) -> bool:
        """Whether neither the folder nor its parent is a link."""
        return not is_link(self.folder.parent) and not is_link(self.folder)

    def _make_room(self) -> None:
        lists = [path for path in self.folder.iterdir() if _LIST.fullmatch(path.name)]
        if len(lists) > MOST:
            for path in lists:
                path.unlink()

    def _write(self, name: str, text: bytes) -> None:
        temporary = self.folder / f"{name}.new"
        temporary.unlink(missing_ok=True)  # a link that somebody put there is never written through
        with temporary.open("xb") as file:
            file.write(text)
        replace(temporary, self.folder / name)
