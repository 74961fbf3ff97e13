"""Readers for site.yaml: they turn a node of YAML into a typed value, or raise SchemaError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from newsgen.core.scalars import FieldError, parse_integer, parse_url
from newsgen.core.text import did_you_mean
from newsgen.core.yaml.nodes import Mapping, Node, Scalar


class SchemaError(Exception):
    """One wrong value, at `node`."""

    def __init__(self, node: Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.hint = node, message, hint


Reader = Callable[[Node, "list[SchemaError]"], Any]
"""A function that turns a node into a typed value. It raises SchemaError, or appends several faults to the list."""


def mapping(
    node: Node, table: dict[str, Reader], errors: list[SchemaError], required: dict[str, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """The typed values of a mapping; keys without a value are left out. `required` keys must have one: key -> (what it
    is, example).
    """
    if not isinstance(node, Mapping):
        raise SchemaError(node, "这里应是下一级的“键: 值”，每行一个，行首空两格", f"可用的键有：{'、'.join(table)}")
    values: dict[str, Any] = {}
    for key, value in node.entries:
        if key.text not in table:
            errors.append(unknown(key, table))
        elif key.text in values:
            errors.append(SchemaError(key, f"{key.text} 写了两次", "留下一处，删去另一处"))
        elif not is_empty(value):
            try:
                values[key.text] = table[key.text](value, errors)
            except SchemaError as error:
                errors.append(error)
        elif required and key.text in required:
            errors.append(SchemaError(key, f"{key.text} 后面是空的", f"例如：{key.text}: {required[key.text][1]}"))
    return values


def unknown(key: Scalar, table: dict[str, Reader]) -> SchemaError:
    guess = did_you_mean(key.text, table)
    hint = f"是不是想写 {guess}: ？" if guess else f"这里可用的键有：{'、'.join(table)}"
    return SchemaError(key, f"不认识的键 {key.text}", hint)


def is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.quoted and node.text in ("", "~", "null")


def line(node: Node, errors: list[SchemaError]) -> str:
    """One line of text."""
    if not isinstance(node, Scalar) or not node.text.strip():
        raise SchemaError(node, "这里应是一行文字", "写成 键: 文字")
    return " ".join(node.text.split())


def parsed(parse_text: Callable[[str], Any]) -> Reader:
    """A reader of a text by `parse_text`, which raises FieldError for a faulty one."""

    def read(node: Node, errors: list[SchemaError]) -> Any:
        try:
            return parse_text(line(node, errors))
        except FieldError as error:
            raise SchemaError(node, error.message, error.hint) from None

    return read


def folder_url(node: Node, errors: list[SchemaError]) -> str:
    """The URL of a folder; it ends with `/`."""
    url = str(parsed(parse_url)(node, errors))
    parts = urlsplit(url)
    if parts.query or parts.fragment or not parts.netloc.isascii():
        better = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"
        raise SchemaError(node, f"url 应是站点所在的地址，不带 ? 和 #：{url}", f"改成：{better}")
    return url if url.endswith("/") else url + "/"


def group(cls: Callable[..., Any], **table: Reader) -> Reader:
    """A reader of a nested mapping that becomes `cls`."""
    return lambda node, errors: cls(**mapping(node, table, errors))


def integer(low: int, high: int) -> Reader:
    """A reader of a whole number from `low` to `high`."""

    def read(node: Node, errors: list[SchemaError]) -> int:
        number = int(parsed(parse_integer)(node, errors))
        if not low <= number <= high:
            raise SchemaError(node, f"应在 {low} 到 {high} 之间，现在是 {number}", f"写 {low} 到 {high} 之间的一个数")
        return number

    return read


def choice(*words: str) -> Reader:
    """A reader of a text that must be one of `words`."""

    def read(node: Node, errors: list[SchemaError]) -> str:
        word = line(node, errors)
        if word not in words:
            raise SchemaError(node, f"这里不能是 {word}", f"可以写：{'、'.join(words)}")
        return word

    return read
