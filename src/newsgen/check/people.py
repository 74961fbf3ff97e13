"""The roster of names and posts, people.yaml: who holds which post, and since when.

    - name: 任海松
      post: 党委副书记
      from: 2021-09-01
      to: 2024-08-31

In the order in which they are named together.
"""

from __future__ import annotations

from newsgen.check.entry_file import EntryFile, day
from newsgen.config.schema import SchemaError, line, mapping
from newsgen.core.model import Record
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


def _person(node: Node, errors: list[SchemaError]) -> Person:
    values = mapping(node, {"name": line, "post": line, "from": day, "to": day}, errors)
    if "name" not in values or "post" not in values:
        raise SchemaError(
            node, "名册的一项要有 name（姓名）和 post（职务）", "例如：- {name: 任海松, post: 党委副书记}"
        )
    return Person(values["name"], values["post"], values.get("from", ""), values.get("to", ""))


PEOPLE = EntryFile("people", "- {name: 任海松, post: 党委副书记}", _person)
