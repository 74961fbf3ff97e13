"""Commands that are suggested to people: they work when they are typed, or copied, as they stand."""

from __future__ import annotations

import os
import re

WINDOWS = os.name == "nt"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:./")
_POWERSHELL = frozenset("$`“”„")
"""What PowerShell takes for its own within double quotes; Chinese quotation marks are quotes to it."""


def command_line(*words: object) -> str:
    """The words as one line for the shell of this system: `newsgen build -C "D:\\党群 网站"`."""
    return " ".join(quoted(str(word)) for word in words)


def quoted(word: str) -> str:
    """One word of a command: as it is where any shell takes it so, else in quotes. Chinese letters need none."""
    plain = word.replace("\\", "/") if WINDOWS else word
    if plain and all(letter in _PLAIN or (letter.isalnum() and not letter.isascii()) for letter in plain):
        return word
    return _for_windows(word) if WINDOWS else _for_sh(word)


def _for_sh(word: str) -> str:
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _for_windows(word: str) -> str:
    """In double quotes, which cmd and PowerShell both take; a backslash before a quote is doubled, as programs read it.

    In single quotes, which PowerShell alone takes, where it would read something else between double ones.
    """
    if not _POWERSHELL.isdisjoint(word):
        return "'" + re.sub("['‘’‚‛]", r"\g<0>\g<0>", word) + "'"
    end = len(word) - len(word.rstrip("\\"))
    return '"' + word.replace('"', '\\"') + "\\" * end + '"'
