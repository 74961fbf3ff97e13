"""`reviews:` of site.yaml -> ReviewPolicy: the stages that an article passes before readers see it, and their
reviewers.

reviews:
  since: 2025-01-01
  stages:
    初审: [张老师, 李老师]
    复审: {meetings: 王老师, 其他: 赵老师}
    终审: [{name: 孙书记, until: 2026-08-31}, 周书记]
  author: 否
  people: 2
"""

from __future__ import annotations

from newsgen.config.schema import SchemaError, integer, line, mapping, parsed
from newsgen.core.model import Located, Record
from newsgen.core.scalars import FieldError, parse_bool, parse_list, parse_moment
from newsgen.core.yaml.nodes import Mapping, Node, Sequence, items_of

OTHERS = "其他"
"""The key for all sections that the same stage does not name."""
_OTHERS = frozenset((OTHERS, "其它", "*"))
KEYS = ("since", "stages", "author", "people", "pages", "name", "until")
_EXAMPLE = "例如：\n  stages:\n    初审: 张老师、李老师\n    终审: 孙书记"


class Reviewer(Record, frozen=True):
    """A person who may sign a stage. `until` is the last day for that (`2026-08-31`, "": no limit)."""

    name: str
    until: str = ""

    def may_sign(self, day: str) -> bool:
        """Whether a signature made on `day` counts."""
        return not self.until or day <= self.until


class Stage(Record, frozen=True):
    """A stage of review. `reviewers` are by section (its folder below content/); those of "" sign for all other
    sections.
    """

    name: str
    reviewers: dict[str, tuple[Reviewer, ...]]

    def of_section(self, section: str) -> tuple[Reviewer, ...]:
        """The people who may sign for a section: its own, else those of the nearest section above, else of ""."""
        while section and section not in self.reviewers:
            section = section.rpartition("/")[0]
        return self.reviewers.get(section, ())


class ReviewPolicy(Record, frozen=True):
    """`reviews:`. It applies to articles dated `since` or later ("": to all), and to standing pages if `pages`.

    `by_author`: authors may sign their own articles. `people` is the minimum number of different people who sign.
    `sections` are the sections named in it, with their places in site.yaml.
    """

    stages: tuple[Stage, ...]
    since: str = ""
    by_author: bool = False
    people: int = 1
    pages: bool = True
    sections: tuple[Located, ...] = ()

    def stages_of(self, section: str) -> tuple[Stage, ...]:
        """The stages that an article of a section passes: those that have a reviewer for it."""
        return tuple(stage for stage in self.stages if stage.of_section(section))


def review_policy(node: Node, errors: list[SchemaError]) -> ReviewPolicy:
    """The typed value of `reviews:`."""
    values = mapping(
        node,
        {
            "since": _day,
            "stages": _stages,
            "author": parsed(parse_bool),
            "people": integer(1, 20),
            "pages": parsed(parse_bool),
        },
        errors,
    )
    stages: tuple[Stage, ...] = values.get("stages", ())
    if not stages:
        if not errors:
            raise SchemaError(node, "reviews 里没有写环节（stages）", _EXAMPLE)
        return ReviewPolicy(())
    people = values.get("people", 1)
    if people > len(stages):
        message = f"people: {people} 办不到：一共只有 {len(stages)} 个环节，一个环节一个人签字"
        errors.append(SchemaError(_value(node, "people"), message, f"改成 people: {len(stages)}，或者加环节"))
    return ReviewPolicy(
        stages,
        values.get("since", ""),
        values.get("author", False),
        people,
        values.get("pages", True),
        tuple(_named_sections(_value(node, "stages"))),
    )


def _value(node: Node, name: str) -> Node:
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((value for key, value in entries if key.text == name), node)


def _day(node: Node, errors: list[SchemaError]) -> str:
    try:
        return str(parse_moment(line(node, errors)).day)
    except FieldError as error:
        raise SchemaError(node, error.message, error.hint) from None


def _stages(node: Node, errors: list[SchemaError]) -> tuple[Stage, ...]:
    if not isinstance(node, Mapping) or not node.entries:
        raise SchemaError(node, "stages 里应是一行一个环节：环节的名称，冒号后面写谁可以签字", _EXAMPLE)
    found: dict[str, Stage] = {}
    for key, value in node.entries:
        name = key.text.strip()
        if name in found:
            errors.append(SchemaError(key, f"环节「{name}」写了两次", "合成一行，几个人用顿号隔开"))
            continue
        try:
            found[name] = Stage(name, _reviewers_by_section(name, value, errors))
        except SchemaError as error:
            errors.append(error)
    return tuple(found.values())


def _reviewers_by_section(stage: str, node: Node, errors: list[SchemaError]) -> dict[str, tuple[Reviewer, ...]]:
    if not isinstance(node, Mapping):
        return {"": _reviewers(stage, node, errors)}
    found: dict[str, tuple[Reviewer, ...]] = {}
    for key, value in node.entries:
        name = _section(key.text)
        if name in found:
            errors.append(SchemaError(key, f"「{stage}」里 {key.text} 写了两次", "合成一行，几个人用顿号隔开"))
            continue
        try:
            found[name] = _reviewers(stage, value, errors)
        except SchemaError as error:
            errors.append(error)
    return found


def _section(typed: str) -> str:
    name = typed.strip().strip("/").removeprefix("content/")
    return "" if name in _OTHERS else name


def _reviewers(stage: str, node: Node, errors: list[SchemaError]) -> tuple[Reviewer, ...]:
    found = [person for item in items_of(node) for person in _each(item, errors)]
    if not found:
        raise SchemaError(node, f"「{stage}」没有写谁可以签字", f"写成：{stage}: 姓名、姓名")
    names = [person.name for person in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SchemaError(node, f"「{stage}」里 {twice} 写了两次", "留下一处")
    return tuple(found)


def _each(node: Node, errors: list[SchemaError]) -> list[Reviewer]:
    if not isinstance(node, Mapping):
        return [Reviewer(name) for name in parse_list(line(node, errors))] if _is_typed(node) else []
    values = mapping(node, {"name": line, "until": _day}, errors)
    if "name" not in values:
        raise SchemaError(node, "这一项没有写姓名", "写成：{name: 姓名, until: 2026-08-31}，until 是最后一天，可以不写")
    return [Reviewer(values["name"], values.get("until", ""))]


def _is_typed(node: Node) -> bool:
    return isinstance(node, Sequence) or bool(getattr(node, "text", "").strip())


def _named_sections(node: Node) -> list[Located]:
    stages = node.entries if isinstance(node, Mapping) else ()
    keys = [key for _, value in stages if isinstance(value, Mapping) for key, _ in value.entries]
    return [Located(name, key.line, key.column) for key in keys if (name := _section(key.text))]
