"""The roster of names and posts, people.yaml: who holds which post, and since when.

    - name: 任海松
      post: 党委副书记
      from: 2021-09-01
      to: 2024-08-31

In the order in which they are named together.
"""

from __future__ import annotations

from pathlib import Path

from newsgen.check.lexicon import LIMIT, entries_of
from newsgen.config.schema import SchemaError, line, mapping, parsed
from newsgen.core.errors import ConfigError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Record
from newsgen.core.platform import reason
from newsgen.core.scalars import parse_moment
from newsgen.core.yaml.nodes import Node


class Person(Record, frozen=True):
    """One entry: a post and who holds it, from day to day (`2024-03-13`, "": no limit)."""

    name: str
    post: str
    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        """Whether the person has the post on this day ("": it is not known)."""
        return not day or (self.since <= day and (not self.until or day <= self.until))


def load_people(root: Path, name: str) -> tuple[Person, ...]:
    """The entries of a roster, none where there is no such file. Raises ConfigError with every fault found."""
    try:
        data = read_file(root / name, LIMIT)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError([_diagnostic(name, f"读不了 {name}：{reason(error)}", "检查它是不是一个文件")]) from None
    errors, found = list[SchemaError](), []
    for item in entries_of(name, data):
        try:
            found.append(_person(item, errors))
        except SchemaError as error:
            errors.append(error)
    if errors:
        raise ConfigError(_diagnostic(name, f.message, f.hint, f.node.line, f.node.column) for f in errors)
    return tuple(found)


def _person(node: Node, errors: list[SchemaError]) -> Person:
    values = mapping(node, {"name": line, "post": line, "from": _day, "to": _day}, errors)
    if "name" not in values or "post" not in values:
        raise SchemaError(
            node, "名册的一项要有 name（姓名）和 post（职务）", "例如：- {name: 任海松, post: 党委副书记}"
        )
    return Person(values["name"], values["post"], values.get("from", ""), values.get("to", ""))


def _day(node: Node, errors: list[SchemaError]) -> str:
    return str(parsed(parse_moment)(node, errors).day)


def _diagnostic(name: str, message: str, hint: str, line_number: int = 1, column: int = 1) -> Diagnostic:
    return Diagnostic("people", "error", message, hint, name, line_number, column)
