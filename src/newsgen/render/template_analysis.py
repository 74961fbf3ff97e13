"""Analysis of templates by their syntax: which reach which, which theme files are asked for, what is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.core.text import did_you_mean
from newsgen.pages.kinds import TEMPLATES
from newsgen.render.partial_analysis import shared_fields
from newsgen.site.theme.templates import FOLDER, TemplateFacts, template_error

_REFERENCES = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)
_OF_INTEREST = (*_REFERENCES, nodes.Call)


def facts(trees: Mapping[str, nodes.Template]) -> TemplateFacts:
    """The facts about templates, by name, from their syntax trees.

    Raises ContentError where a template names one that is not there.
    """
    found = {name: list(tree.find_all(_OF_INTEREST)) for name, tree in trees.items()}
    shared = {name: fields for name in trees if (fields := shared_fields(name, trees)) is not None}
    return TemplateFacts({name: _reach(name, found) for name in TEMPLATES}, _assets(found), shared)


Found = Mapping[str, list[nodes.Node]]
"""The nodes of interest in each template."""


def _reach(name: str, found: Found) -> tuple[str, ...]:
    reached, todo = set(), [(name, "", 1)]
    while todo:
        item, user, line = todo.pop()
        if item not in found:
            raise ContentError([_missing(item, user or item, line, found)])
        if item not in reached:
            reached.add(item)
            todo += [(target, item, line) for target, line in _references(item, found)]
    return tuple(sorted(reached))


def _references(name: str, found: Found) -> Iterator[tuple[str, int]]:
    """The templates that one names, with the line; a missing one is left out where the template allows it."""
    for node in found[name]:
        if not isinstance(node, _REFERENCES):
            continue
        template: nodes.Expr = vars(node)["template"]
        try:
            value = template.as_const()
        except nodes.Impossible:
            yield from ((target, node.lineno) for target in found)
            continue
        names = [value] if isinstance(value, str) else list(value)
        may_miss = len(names) > 1 or getattr(node, "ignore_missing", False)
        yield from ((target, node.lineno) for target in names if target in found or not may_miss)


def _assets(found: Found) -> tuple[str, ...] | None:
    names = set()
    for call in (node for inner in found.values() for node in inner if isinstance(node, nodes.Call)):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "asset":
            if not (len(call.args) == 1 and isinstance(call.args[0], nodes.Const)):
                return None
            names.add(str(call.args[0].value))
    return tuple(sorted(names))


def _missing(name: str, user: str, line: int, found: Found) -> Diagnostic:
    guess = did_you_mean(name, found)
    hint = f"是不是想写 {guess} ？" if guess else f"在 {FOLDER}/ 里加上这个文件"
    return template_error("template.missing", user, line, f"没有这个模板：{name}", hint)
