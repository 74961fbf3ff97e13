"""Kept pictures: published files by what they were made of, in the store's folder, so that none is encoded twice.

A file is named by the digest of its source, the digest of the encoders (content/images/encoder_digest.py), width and format. It begins with a
checksum over its name and bytes; one that is damaged is made anew. The folder can be deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.build.cache.rows import CHECKSUM, checksum
from newsgen.core.errors import ContentError
from newsgen.core.model import Picture, PictureFile, Variant
from newsgen.core.platform import is_link, replace, unlink
from newsgen.core.variants import GROUND, SHARE, form_of
from newsgen.render.pictures import encoded

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

FOLDER = "pictures"
NEW = ".new"
"""The end of the name of a file that is being written."""


class PictureCache:
    """The published files of the pictures of the site at `root`; kept in `folder` (None: nowhere).

    `one_by_one`, for a preview: makes the file that is asked for at once, and the others of the picture afterwards, in a thread
    of its own; else all that are made of the picture at once.
    """

    def __init__(self, root: Path, folder: Path | None, *, one_by_one: bool = False) -> None:
        self._root, self._folder = root, folder and folder / FOLDER
        self._made: dict[str, bytes] = {}  # by address, of the picture that was encoded last
        self._afterwards = _thread() if one_by_one else None

    def __call__(self, file: PictureFile) -> bytes:
        """The bytes of a picture's file. Raises ContentError where they cannot be made."""
        address = file.variant.address
        found = self._made.pop(address, None) or self._kept(file.picture, file.variant)
        return found if found is not None else self._encoded(file)

    def _encoded(self, file: PictureFile) -> bytes:
        others = () if self._afterwards else self._missing(file)
        wanted = (file.variant, *others)
        made = encoded(self._root, file.picture, wanted)
        for variant, data in zip(wanted, made, strict=True):
            self._keep(file.picture, variant, data)
        self._made = {variant.address: data for variant, data in zip(others, made[1:], strict=True)}
        if self._afterwards and self._folder is not None:
            self._afterwards.submit(self._complete, file)
        return made[0]

    def _complete(self, file: PictureFile) -> None:
        """Make the other files of a picture; faults are reported when a file is asked for."""
        others = self._missing(file)
        with suppress(ContentError):
            for variant, data in zip(others, encoded(self._root, file.picture, others), strict=True):
                self._keep(file.picture, variant, data)

    def close(self) -> None:
        """Make no further files."""
        if self._afterwards:
            self._afterwards.shutdown(cancel_futures=True)

    def _missing(self, file: PictureFile) -> Sequence[Variant]:
        """The other files of the picture that are not kept yet."""
        others = (variant for variant in file.others if variant != file.variant)
        return [variant for variant in others if not self._has(file.picture, variant)]

    def _has(self, picture: Picture, variant: Variant) -> bool:
        return self._folder is not None and (self._folder / _name(picture.digest, variant)).is_file()

    def _kept(self, picture: Picture, variant: Variant) -> bytes | None:
        if self._folder is None or is_link(self._folder):
            return None
        name = _name(picture.digest, variant)
        try:
            data = (self._folder / name).read_bytes()
        except OSError:
            return None
        value = data[CHECKSUM:]
        return value if data[:CHECKSUM] == checksum(name.encode(), value) else None

    def _keep(self, picture: Picture, variant: Variant, data: bytes) -> None:
        """Keep a file, whole or not at all; where that fails, it costs time alone."""
        if self._folder is None or is_link(self._folder):
            return
        name = _name(picture.digest, variant)
        place, new = self._folder / name, self._folder / f"{name}.{os.getpid()}{NEW}"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            new.write_bytes(checksum(name.encode(), data) + data)
            replace(str(new), str(place))

    def sweep(self, pictures: Collection[Picture], widths: Collection[int]) -> None:
        """Drop what is not of these pictures in these widths, or of another encoder."""
        if self._folder is None or is_link(self._folder):
            return
        kept = {_start(picture.digest) for picture in pictures}
        own = {picture.width for picture in pictures}
        for name in _names(self._folder):
            start, _, rest = name.rpartition("-")
            width = rest.partition(".")[0]
            is_wanted = width.isdigit() and int(width) in {*widths, *own, SHARE[0], GROUND} and not name.endswith(NEW)
            if start not in kept or not is_wanted:
                with suppress(OSError):
                    unlink(self._folder / name)


def _thread() -> ThreadPoolExecutor:
    """A thread that starts with its first task."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "newsgen-pictures")


def _names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from [entry.name for entry in entries]
    except OSError:
        return


def _start(digest: str) -> str:
    from newsgen.content.images import encoder_digest

    return f"{digest}-{encoder_digest()[:8]}"


def _name(digest: str, variant: Variant) -> str:
    return f"{_start(digest)}-{''.join(map(str, form_of(variant)))}"
