"""HTML page + PageInfo -> the page with the preview's script in it. The only place where the preview touches a page.

The script shows everything outside of the body, in a shadow tree with its own style sheet: the site's theme does not
change the preview, nor the preview the page.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from newsgen.preview.client_files import SCRIPT
from newsgen.preview.page_info import PageInfo

PREFIX = "/.newsgen/"
"""Addresses that belong to the preview and never to the site: no folder of a site begins with a dot."""

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
    """A value as JSON in ASCII that may stand in a script element: whatever authors type neither ends it nor opens a comment."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
