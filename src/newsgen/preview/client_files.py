"""The script and the style sheet of the preview, as browsers get them."""

from __future__ import annotations

from pathlib import Path

SCRIPT, STYLE = "client.js", "client.css"
_FOLDER = Path(__file__).parent / "client"
_PARTS = ("connection.js", "shared_worker.js", "listening.js", "page_diff.js", "bar.js", "page.js")
"""What the script is made of. Each part may use what stands in those before it."""


def client_file(name: str) -> bytes | None:
    """One of the two; None for any other name, and while newsgen is being replaced by another version."""
    try:
        if name == STYLE:
            return (_FOLDER / STYLE).read_bytes()
        return _script() if name == SCRIPT else None
    except FileNotFoundError:
        return None


def _script() -> bytes:
    """The parts in one function: a page that is looked at gets no global names from them."""
    parts = b"\n".join((_FOLDER / part).read_bytes() for part in _PARTS)
    return b'(() => {\n"use strict";\n\n' + parts + b"})();\n"
