"""Front matter that reads as it looks: nearly every report's.

Between two lines of exactly `---` stand lines `key: value`, each with a key exactly as a table has it, and beside them
at most blank lines, comments, and keys with nothing behind them. A value is plain text, or text in quotes without
escapes, or, for a list of names, a list in brackets. Neither YAML nor mending is needed for such a block.

Anything else is left to block.py, and so is whatever must be said about a line: what is read here is beyond doubt.
block.py reads every block, and these the same; tests/content/test_frontmatter_fast_path.py holds the two against each other.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from newsgen.content.frontmatter.keys import Key, Keys
from newsgen.core.model import Diagnostic
from newsgen.core.scalars import FieldError
from newsgen.core.yaml.nodes import Scalar, plain


class PlainBlock(NamedTuple):
    """The front matter of a file, and the rest of the file.

    `values` by field: a key that failed is there as None, one with nothing behind it is left out. `lines` tells where
    each key stands, whatever its value. `diagnostics` are about single lines.
    """

    values: dict[str, Any]
    lines: dict[str, int]
    body: str
    first_body_line: int
    diagnostics: tuple[Diagnostic, ...] = ()


_NOTHING = frozenset(("~", "null"))
# Items are cut at commas, by YAML and by parse_list alike: an item is not empty, starts neither with a space nor with
# `-`, and holds no character that means anything to YAML in any place.
_ITEM = r"[^][,{}?:#&*!|>'\"%@`\s-][^][,{}?:#&*!|>'\"%@`]*"
_LISTED = re.compile(rf"\[ *{_ITEM}(?:, *{_ITEM})*\]")
# A backslash is an escape between double quotes, two single quotes are one.
_QUOTED = re.compile(r"\"[^\"\\]*\"|'[^']*'")


class _NeedsFullParser(Exception):
    """A line that is to be read with care."""


def parse_fast(text: str, keys: Keys) -> PlainBlock | None:
    """The block on top of `text`, or None where it is not as plain as that."""
    end = text.find("\n---\n", 4) if text.startswith("---\n") else -1
    if end < 0:
        return None
    typed = text[4:end].split("\n")
    try:
        values, lines = _read(typed, keys)
    except (_NeedsFullParser, FieldError):
        return None
    return PlainBlock(values, lines, text[end + 5 :], len(typed) + 3)


def _read(typed: list[str], keys: Keys) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and lines by field."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(typed, 2):
        name, colon, text = line.partition(": ")
        key = (colon and keys.get(name)) or _bare(line, keys)
        if key is None:
            continue
        if key.name in lines or text in _NOTHING:
            raise _NeedsFullParser
        lines[key.name] = number
        if text:
            value = _value(key, text, number, len(name) + 3)
            if value != ():
                values[key.name] = value
    return values, lines


def _bare(line: str, keys: Keys) -> Key | None:
    """The key of a line with nothing behind its colon; None for a blank line and a comment."""
    if not line or line[0] == "#":
        return None
    key = keys.get(line[:-1])
    if key is None or line[-1] != ":":
        raise _NeedsFullParser
    return key


def _value(key: Key, text: str, line: int, column: int) -> object:
    if key.parse:
        return key.parse(text if plain(text) else _unwrapped(text, key))
    value, diagnostics = key.convert(f"front-matter.{key.name}", Scalar(text, line, column))
    if diagnostics or not plain(text):
        raise _NeedsFullParser
    return value


def _unwrapped(text: str, key: Key) -> str:
    """The text within quotes or brackets."""
    inner = text[1:-1].strip()
    sound = _QUOTED.fullmatch(text) or (key.shape == "list" and _LISTED.fullmatch(text))
    if not sound or not inner or not text.isprintable():
        raise _NeedsFullParser
    return inner
