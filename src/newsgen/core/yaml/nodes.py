"""Nodes of YAML with their places, the errors of its parser, and rules for quoting."""

from __future__ import annotations

from newsgen.core.model import Record


class Scalar(Record, frozen=True):
    """A scalar as typed. `quoted` is true for '…', "…" and block scalars; line and column count from 1."""

    text: str
    line: int
    column: int
    quoted: bool = False


class Sequence(Record, frozen=True):
    """A list, written `- a` or `[a, b]`."""

    items: tuple[Node, ...]
    line: int
    column: int


class Mapping(Record, frozen=True):
    """A mapping, as keys with values in the order typed; a key that was typed twice is here twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int


Node = Scalar | Sequence | Mapping


def items_of(node: Node) -> tuple[Node, ...]:
    """The items of a list; a node that is none is the only item."""
    return node.items if isinstance(node, Sequence) else (node,)


class YamlError(Exception):
    """An error in YAML, for its author: `message` and `hint` in Chinese, and the place."""

    def __init__(self, message: str, line: int, column: int, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


class ForbiddenCharacters(Exception):
    """A quoted scalar stands for characters that no page may hold (`"\\x10"`).

    `message` is Chinese; `corrected` is the line as it should be typed, `line` its number.
    """

    def __init__(self, message: str, line: int, column: int, corrected: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.corrected = corrected

    @property
    def hint(self) -> str:
        """The hint: the line as it should be typed."""
        return f"改成：{self.corrected.rstrip()}"


INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
"""Characters that no plain scalar may start with (YAML 1.1, 9.1.2), and "-", "?" and ":", which it may at times."""
_NO_START = INDICATORS | {"", " "}


def plain(value: str) -> bool:
    """Whether YAML surely reads a value after `key: ` as exactly this text.

    Excluded are an indicator in front, `: ` and a colon at the end (a key), ` #` (a comment), spaces at either end
    (dropped), and all that is not printable: tabs, line breaks, odd spaces, characters that no YAML may hold.
    """
    return (
        value[:1] not in _NO_START
        and value[-1] not in ": "
        and value.isprintable()
        and ": " not in value
        and " #" not in value
    )


def quoted(text: str) -> str:
    """`text` as a quoted scalar that YAML reads back unchanged (one line)."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
