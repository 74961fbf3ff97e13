"""Commands that messages suggest: they work where the user is, with the site's folder when he named it by -C."""

from __future__ import annotations

import re
from contextvars import ContextVar

from newsgen.core.platform import quoted

_NAMES = "build|check|fix|serve|new|why|withdraw|publish|rollback|releases|verify|unlock"
_COMMAND = re.compile(rf"(?<!照 )\bnewsgen (?:{_NAMES})\b(?! -C)(?: [!-~]+)*")
"""A command up to the first Chinese letter; not one that is spoken of (照 newsgen withdraw 写下的样子)."""
_folder: ContextVar[str | None] = ContextVar("folder", default=None)


def named(folder: str | None) -> None:
    """Take note of the site's folder as it was typed after -C; None where it was not."""
    _folder.set(folder)


def as_typed_here(text: str) -> str:
    """The text, its commands with the folder that the user named."""
    folder = _folder.get()
    if folder is None or "newsgen " not in text:
        return text
    return _COMMAND.sub(lambda command: f"{command[0]} -C {quoted(folder)}", text)
