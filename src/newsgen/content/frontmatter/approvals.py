"""`approvals:` (审签): the decisions that `newsgen approve`, `reject` and `revoke` write down, one item each.

    审签:
      - {环节: 初审, 姓名: 张老师, 时间: 2025-03-14 09:30, 版本: 0f3a…}

Names typed by hand stand under `reviews:` (审核): they are printed and prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.content.frontmatter.converters import Converted, ValueErrorAt, error_at, parts_of
from newsgen.core.model import Decision, Verdict
from newsgen.core.scalars import FieldError, parse_moment
from newsgen.core.yaml.nodes import Mapping, Node, Scalar, items_of, plain, quoted

VERDICTS: dict[str, Verdict] = {
    "同意": "approve", "退回": "reject", "撤销": "revoke",
    "approve": "approve", "reject": "reject", "revoke": "revoke",
}  # fmt: skip
WORDS = {"approve": "同意", "reject": "退回", "revoke": "撤销"}
APPROVAL_PARTS = (
    ("环节", "stage"), ("stage", "stage"), ("姓名", "name"), ("name", "name"), ("结果", "verdict"), ("verdict", "verdict"),
    ("时间", "time"), ("time", "time"), ("文号", "number"), ("oa", "number"), ("number", "number"),
    ("意见", "note"), ("note", "note"), ("版本", "digest"), ("digest", "digest"), ("签名", "proof"), ("proof", "proof"),
)  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{40}")
_BY_COMMAND = "审签由 newsgen approve、reject、revoke 写入，不用手写；只是要印出审核人的姓名，写 审核: 姓名"


def approvals(code: str, node: Node) -> Converted:
    """A converter for `approvals`."""
    try:
        return tuple(_decisions(node)), ()
    except FieldError as error:
        return None, (error_at(code, error, node),)


def _decisions(node: Node) -> Iterator[Decision]:
    for item in items_of(node):
        if not isinstance(item, Mapping):
            raise ValueErrorAt("审签的一项应有环节、姓名、时间和版本", _BY_COMMAND, item)
        yield _decision(item)


def _decision(node: Mapping) -> Decision:
    parts = parts_of(node, APPROVAL_PARTS, "审签")
    verdict = _verdict(parts.get("verdict"))
    needed = {"name": "姓名", "time": "时间", "digest": "版本"} | ({} if verdict == "revoke" else {"stage": "环节"})
    missing = next((word for part, word in needed.items() if part not in parts), None)
    if missing:
        raise ValueErrorAt(f"审签的这一项缺少{missing}", _BY_COMMAND, node)
    if not _DIGEST.fullmatch(parts["digest"].text):
        raise ValueErrorAt("审签的版本应是 40 个数字和字母", _BY_COMMAND, parts["digest"])
    texts = {part: scalar.text for part, scalar in parts.items()}
    return Decision(
        verdict,
        texts.get("stage"),
        texts["name"],
        _minute(parts["time"]),
        texts["digest"],
        texts.get("note"),
        texts.get("number"),
        texts.get("proof"),
        node.line,
    )


def _verdict(typed: Scalar | None) -> Verdict:
    if typed is None:
        return "approve"
    if typed.text not in VERDICTS:
        raise ValueErrorAt(f"审签的结果不能是「{typed.text}」", "结果只有：同意、退回、撤销", typed)
    return VERDICTS[typed.text]


def _minute(typed: Scalar) -> str:
    try:
        return parse_moment(typed.text).minute
    except FieldError as error:
        raise ValueErrorAt(error.message, error.hint, typed) from error


def as_line(decision: Decision) -> str:
    """The decision as one item of a YAML list, without indentation."""
    parts = {
        "环节": decision.stage,
        "姓名": decision.name,
        "结果": None if decision.verdict == "approve" else WORDS[decision.verdict],
        "时间": decision.time,
        "文号": decision.number,
        "意见": decision.note,
        "版本": decision.digest,
        "签名": decision.proof,
    }
    return "- {" + ", ".join(f"{name}: {_scalar(text)}" for name, text in parts.items() if text) + "}"


def _scalar(text: str) -> str:
    """The text within a flow mapping: brackets and commas end a plain scalar there."""
    is_plain = plain(text) and not set(text) & set("[]{},") and text not in ("~", "null")
    return text if is_plain else quoted(text)
