"""A YAML file that the publicity office keeps as a list of entries: lexicon.yaml and people.yaml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from newsgen.config.schema import SchemaError, parsed
from newsgen.core.errors import ConfigError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic
from newsgen.core.platform import reason
from newsgen.core.scalars import parse_moment
from newsgen.core.text import decode
from newsgen.core.yaml.nodes import ForbiddenCharacters, Node, Scalar, Sequence, YamlError

LIMIT = 2_000_000
"""The maximum size of such a file in bytes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntryFile(Generic[T]):
    """A kind of entry file: the code of its diagnostics, an example of an entry, and the reader of one entry."""

    code: str
    example: str
    read_entry: Callable[[Node, list[SchemaError]], T]

    def read(self, root: Path, name: str) -> bytes:
        """The bytes of a file, b"" if it does not exist. Raises ConfigError."""
        try:
            return read_file(root / name, LIMIT)
        except FileNotFoundError:
            return b""
        except OSError as error:
            message = f"读不了 {name}：{reason(error)}"
            raise ConfigError([self._diagnostic(name, message, "检查它是不是一个文件")]) from None

    def parse(self, name: str, data: bytes) -> tuple[T, ...]:
        """The entries in the bytes of a file. Raises ConfigError with every error found."""
        errors, found = list[SchemaError](), []
        for node in self._nodes(name, data):
            try:
                found.append(self.read_entry(node, errors))
            except SchemaError as error:
                errors.append(error)
        if errors:
            raise ConfigError(
                self._diagnostic(name, error.message, error.hint, error.node.line, error.node.column)
                for error in errors
            )
        return tuple(found)

    def _nodes(self, name: str, data: bytes) -> tuple[Node, ...]:
        from newsgen.core.yaml.parser import parse

        text, diagnostics = decode(data) if data.strip() else ("", ())
        if text is None or diagnostics:
            raise ConfigError(self._diagnostic(name, item.message, item.hint, item.line) for item in diagnostics)
        try:
            node = parse(text) if text.strip() else Sequence((), 1, 1)
        except (YamlError, ForbiddenCharacters) as error:
            raise ConfigError([self._diagnostic(name, error.message, error.hint, error.line, error.column)]) from None
        if isinstance(node, Scalar) and not node.text.strip():
            return ()
        if not isinstance(node, Sequence):
            message = f"{name} 应是列表，每项以减号开头"
            raise ConfigError([self._diagnostic(name, message, f"例如：\n{self.example}", node.line)])
        return node.items

    def _diagnostic(self, name: str, message: str, hint: str, line_number: int = 1, column: int = 1) -> Diagnostic:
        return Diagnostic(self.code, "error", message, hint, name, line_number, column)


def day(node: Node, errors: list[SchemaError]) -> str:
    """The day that a value names, as `2024-03-13`."""
    return str(parsed(parse_moment)(node, errors).day)
