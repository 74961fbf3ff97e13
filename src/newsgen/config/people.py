"""The roster of names and posts, people.yaml: who holds which post, and since when.

    - name: 任海松
      post: 党委副书记
      from: 2021-09-01
      to: 2024-08-31
      key: ssh-ed25519 AAAA…
      role: 审稿

The order is that in which the people are named together. `key` is the public SSH key with which a reviewer signs during
that time; `role` sets the person's rights at a desk that several people use.
"""

from __future__ import annotations

import re
from typing import Literal

from newsgen.config.entry_file import EntryFile, day
from newsgen.config.schema import SchemaError, line, mapping
from newsgen.core.model import Record
from newsgen.core.yaml.nodes import Node

_KEY = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]{40,}(?: .*)?")


Role = Literal["writer", "reviewer", "keeper"]
ROLES: dict[Role, str] = {"writer": "撰稿", "reviewer": "审稿", "keeper": "值守"}
"""The roles at a desk, each with more rights than the one before it. They are typed in Chinese or English."""


class Person(Record, frozen=True):
    """One entry: a person's post from `since` to `until` (days such as `2024-03-13`, "": no limit). `key` "": the
    person signs without a key; `role` "": a writer.
    """

    name: str
    post: str
    since: str = ""
    until: str = ""
    key: str = ""
    role: Role | Literal[""] = ""

    def holds(self, day: str) -> bool:
        """Whether the person has the post on `day` ("", an unknown day: yes)."""
        return not day or (self.since <= day and (not self.until or day <= self.until))


def _person(node: Node, errors: list[SchemaError]) -> Person:
    values = mapping(node, {"name": line, "post": line, "from": day, "to": day, "key": _key, "role": _role}, errors)
    if "name" not in values or "post" not in values:
        raise SchemaError(
            node, "名册的一项要有 name（姓名）和 post（职务）", "例如：- {name: 任海松, post: 党委副书记}"
        )
    more = (values.get(key, "") for key in ("from", "to", "key", "role"))
    return Person(values["name"], values["post"], *more)


def _role(node: Node, errors: list[SchemaError]) -> Role:
    """A role, as typed in either language."""
    typed = line(node, errors)
    found = next((role for role, label in ROLES.items() if typed in (role, label)), None)
    if found is None:
        raise SchemaError(node, f"role 后面不能是 {typed}", f"可以写：{'、'.join(ROLES.values())}")
    return found


def _key(node: Node, errors: list[SchemaError]) -> str:
    """A public key as ssh-keygen writes it: the kind, the key, a comment."""
    typed = line(node, errors)
    if not _KEY.fullmatch(typed):
        hint = "写公钥文件（id_ed25519.pub）里的那一行，例如：key: ssh-ed25519 AAAA…；私钥不能写在这里"
        raise SchemaError(node, "key 后面应是 SSH 的公钥", hint)
    return " ".join(typed.split()[:2])


PEOPLE = EntryFile("people", "- {name: 任海松, post: 党委副书记}", _person)
