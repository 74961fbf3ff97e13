"""The pages that readers have online, by publishing target: `.newsgen/released.json`, so that a check need not ask a server.

It is written when a release goes live. Where it is missing, as on another computer, nobody knows what is online.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from newsgen.core.files import read_file, write_whole
from newsgen.core.platform import is_link

PLACE = (".newsgen", "released.json")
_MOST = 100_000_000
_decode = msgspec.json.Decoder(dict[str, list[str]]).decode


def released_bytes(root: Path) -> bytes:
    """The bytes of the record; none where there is none, and none through a link: a site may have been handed over."""
    path = root.joinpath(*PLACE)
    try:
        return b"" if is_link(path.parent) else read_file(path, _MOST, follow=False)
    except OSError:
        return b""


def released_pages(root: Path) -> frozenset[str]:
    """The paths of all pages of the last release of each target."""
    return frozenset(page for pages in _read(root).values() for page in pages)


def save_released(root: Path, target: str, paths: Iterable[str]) -> None:
    """Record the pages of the release that is live at a target now; where that cannot be done, they stay unknown."""
    path = root.joinpath(*PLACE)
    pages = sorted(page for page in paths if page.endswith(".html"))
    record = {**_read(root), target: pages}
    try:
        if not is_link(path.parent) and not is_link(path):
            path.parent.mkdir(exist_ok=True)
            write_whole(path, msgspec.json.encode(record))
    except OSError:
        return


def _read(root: Path) -> dict[str, list[str]]:
    try:
        return _decode(released_bytes(root))
    except msgspec.DecodeError:
        return {}
