"""Insertion of a PageInfo and the preview's script into an HTML page.

The script shows everything outside of the body, in a shadow tree with its own style sheet: the site's theme does not
restyle the preview, nor the preview the page.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from newsgen.preview.client_files import SCRIPT
from newsgen.preview.page_info import PageInfo

PREFIX = "/.newsgen/"
"""Prefix of the preview's own addresses. A site has none of them, because no folder of a site begins with a dot."""

END = b"</body"


def inject(page: bytes, facts: PageInfo) -> bytes:
    """The page with its information and the script before its last `</body>`, or at its end where it has none."""
    at = page.lower().rfind(END)
    at = len(page) if at < 0 else at
    return b"".join((page[:at], _tags(facts), page[at:]))


def _tags(facts: PageInfo) -> bytes:
    data = embedded(asdict(facts))
    return (
        f'<script type="application/json" id="newsgen-preview">{data}</script>'
        f'<script src="{PREFIX}{SCRIPT}" defer></script>'
    ).encode("ascii")


def embedded(value: object) -> str:
    """A value as ASCII JSON for a script element. `<` is escaped: no text can end the element or open a comment."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
