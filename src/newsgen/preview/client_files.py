"""The script and the style sheet of the preview, as browsers get them."""

from __future__ import annotations

from pathlib import Path

SCRIPT, STYLE = "client.js", "client.css"
_FOLDER = Path(__file__).parent / "client"
_PARTS = ("connection.js", "shared_worker.js", "listening.js", "page_diff.js", "bar.js", "page.js")
"""The files of the script, in order: each may use names that an earlier one defines."""


def client_file(name: str) -> bytes | None:
    """The bytes of SCRIPT or STYLE; None for any other name, and while newsgen is upgraded and a file is missing."""
    try:
        if name == STYLE:
            return (_FOLDER / STYLE).read_bytes()
        return _script() if name == SCRIPT else None
    except FileNotFoundError:
        return None


def _script() -> bytes:
    """The parts in one function, so that they add no global names to the page."""
    parts = b"\n".join((_FOLDER / part).read_bytes() for part in _PARTS)
    return b'(() => {\n"use strict";\n\n' + parts + b"})();\n"
