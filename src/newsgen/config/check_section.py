"""`check:` of site.yaml -> CheckSettings: active rules, their severities, limits of the rules over the whole site."""

from __future__ import annotations

from newsgen.config.schema import SchemaError, integer, line, mapping
from newsgen.core.model import Located, Record, Severity, field
from newsgen.core.scalars import parse_list
from newsgen.core.text import did_you_mean
from newsgen.core.yaml.nodes import Mapping, Node, items_of

LEVELS: dict[str, Severity | None] = {
    "错误": "error", "提醒": "warning", "说明": "info", "关": None, "关闭": None,
    "error": "error", "warning": "warning", "info": "info", "off": None, "false": None, "no": None, "否": None,
}  # fmt: skip


_EXAMPLE = "content/notices/a.md: {忽略: [personal.identity], 理由: 本人书面同意公开}"


class RuleSetting(Record, frozen=True):
    """The setting of one rule in site.yaml: its severity (None: it is switched off), and the reason."""

    rule: Located
    severity: Severity | None
    why: str = ""


class CheckException(Record, frozen=True):
    """The codes of rules that do not apply to one file of content/, and the reason."""

    path: Located
    codes: tuple[str, ...]
    why: str


class CheckSettings(Record, frozen=True):
    """`check:`. `rules` are by code. `news_days` and `notice_days` are the days that a section may be without news.
    `allow` are hosts that `--external` asks although they are in the college's own network. `exceptions` are files
    to which some rules do not apply.
    """

    rules: dict[str, RuleSetting] = field(default_factory=dict)
    news_days: int = 14
    notice_days: int = 180
    lexicon: str = "lexicon.yaml"
    people: str = "people.yaml"
    allow: tuple[str, ...] = ()
    exceptions: tuple[CheckException, ...] = ()


def check_settings(node: Node, errors: list[SchemaError]) -> CheckSettings:
    """The typed value of `check:`."""
    return CheckSettings(
        **mapping(
            node,
            {
                "rules": _rules,
                "news_days": integer(1, 3650),
                "notice_days": integer(1, 3650),
                "lexicon": line,
                "people": line,
                "allow": _words,
                "exceptions": _exceptions,
            },
            errors,
        )
    )


def _rules(node: Node, errors: list[SchemaError]) -> dict[str, RuleSetting]:
    if not isinstance(node, Mapping):
        raise SchemaError(node, "这里应是一行一条规则：代码和级别", "例如：\n  rules:\n    punctuation.blank: 关")
    found = {}
    for key, value in node.entries:
        try:
            found[key.text] = _rule(Located(key.text, key.line, key.column), value, errors)
        except SchemaError as error:
            errors.append(error)
    return found


def _rule(rule: Located, node: Node, errors: list[SchemaError]) -> RuleSetting:
    if not isinstance(node, Mapping):
        return RuleSetting(rule, _level(node, errors))
    values = mapping(node, {"级别": _level, "理由": line, "level": _level, "why": line}, errors)
    if "级别" not in values and "level" not in values:
        raise SchemaError(node, f"{rule.text} 没有写级别", f"写成：{rule.text}: {{级别: 关, 理由: 为什么}}")
    return RuleSetting(rule, values.get("级别", values.get("level")), values.get("理由", values.get("why", "")))


def _exceptions(node: Node, errors: list[SchemaError]) -> tuple[CheckException, ...]:
    if not isinstance(node, Mapping):
        raise SchemaError(
            node, "这里应是一行一个文件：路径、忽略的代码和理由", f"例如：\n  exceptions:\n    {_EXAMPLE}"
        )
    found = []
    for key, value in node.entries:
        try:
            found.append(_exception(Located(key.text, key.line, key.column), value, errors))
        except SchemaError as error:
            errors.append(error)
    return tuple(found)


def _exception(path: Located, node: Node, errors: list[SchemaError]) -> CheckException:
    values = mapping(node, {"忽略": _words, "理由": line, "ignore": _words, "why": line}, errors)
    codes, why = values.get("忽略", values.get("ignore", ())), values.get("理由", values.get("why", ""))
    if not codes or not why:
        raise SchemaError(node, f"{path.text} 要写明忽略哪些规则、为什么", f"写成：{_EXAMPLE}")
    return CheckException(path, codes, why)


def _words(node: Node, errors: list[SchemaError]) -> tuple[str, ...]:
    return tuple(word.lower() for item in items_of(node) for word in parse_list(line(item, errors)))


def _level(node: Node, errors: list[SchemaError]) -> Severity | None:
    word = line(node, errors)
    if word.casefold() not in LEVELS:
        guess = did_you_mean(word, LEVELS)
        hint = f"是不是「{guess}」？" if guess else ""
        raise SchemaError(node, f"没有「{word}」这个级别", f"{hint}可以写：错误、提醒、说明、关")
    return LEVELS[word.casefold()]
