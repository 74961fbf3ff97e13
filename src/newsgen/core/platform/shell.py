"""Commands that are suggested to people, quoted so that they can be copied as they are."""

from __future__ import annotations

import os
import re

WINDOWS = os.name == "nt"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:./")
_POWERSHELL = frozenset("$`“”„")
"""Characters with a meaning for PowerShell within double quotes; it takes Chinese quotation marks for quotes."""


def command_line(*words: object) -> str:
    """The words as one line for the shell of this system: `newsgen build -C "D:\\党群 网站"`."""
    return " ".join(quoted(str(word)) for word in words)


def quoted(word: str) -> str:
    """One word of a command, in quotes where a shell needs them. Chinese characters need none."""
    plain = word.replace("\\", "/") if WINDOWS else word
    if plain and all(letter in _PLAIN or (letter.isalnum() and not letter.isascii()) for letter in plain):
        return word
    return _for_windows(word) if WINDOWS else _for_sh(word)


def _for_sh(word: str) -> str:
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _for_windows(word: str) -> str:
    """The word in double quotes, for cmd and PowerShell; a backslash before a quote is doubled, as programs expect.

    Where PowerShell would change it between double quotes, it is in single ones, which cmd does not know.
    """
    if not _POWERSHELL.isdisjoint(word):
        return "'" + re.sub("['‘’‚‛]", r"\g<0>\g<0>", word) + "'"
    end = len(word) - len(word.rstrip("\\"))
    return '"' + word.replace('"', '\\"') + "\\" * end + '"'
