"""Analysis of partials: one that reads only what many pages share is rendered once for them all.

A template sees its context alone, and in that frozen values; filters and tests are pure. So the text of a partial is a
function of the names that it reads from outside, or of fields of them where it reads no more. What is not understood here
counts as a name that is never shared, and then the partial is rendered on every page, as it always was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import nodes

from newsgen.core.model import Record, changed
from newsgen.pages.views import SHARED

Read = tuple[str, ...]
"""A name from outside, (`site`,), or a field of it, (`page`, `kind`)."""
Trees = Mapping[str, nodes.Template]

UNKNOWN: Read = ("?",)
WHOLE = ("site", "root")
"""Names that are the same on so many pages that it does not matter which fields of them are read."""


def shared_fields(name: str, trees: Trees) -> tuple[str, ...] | None:
    """The fields of `page` that a partial reads, where these, `site` and `root` are all it reads; else None."""
    own = [read for read in set(_template(name, _Scope(trees))) if read[0] not in WHOLE]
    fields = sorted({field for first, *rest in own for field in rest if first == "page"})
    return tuple(fields) if len(fields) == len(own) and SHARED.issuperset(fields) else None


class _Scope(Record, frozen=True):
    """The scope of a node: the names that are set around it, the templates that it was included by."""

    trees: Trees
    bound: frozenset[str] = frozenset()
    above: tuple[str, ...] = ()

    def within(self, names: Iterable[str]) -> _Scope:
        """The same, with these names set."""
        return changed(self, bound=self.bound.union(names))


def _template(name: str, scope: _Scope) -> Iterator[Read]:
    if name in scope.above or name not in scope.trees:
        yield UNKNOWN
    else:
        yield from _body(scope.trees[name].body, changed(scope, above=(*scope.above, name)))


def _body(body: Iterable[nodes.Node], scope: _Scope) -> Iterator[Read]:
    """Nodes one after the other: what one of them sets, the next ones no longer read from outside.

    Names that are set in an inner body only, as in an {% if %}, still count as read from outside after it.
    """
    for node in body:
        yield from _node(node, scope)
        scope = scope.within(_set_by(node))


def _node(node: nodes.Node, scope: _Scope) -> Iterator[Read]:
    statement = _STATEMENTS.get(type(node))
    if statement:
        yield from statement(node, scope)
    elif isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in scope.bound:
            yield (node.name,)
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        if node.node.name not in scope.bound:
            yield node.node.name, node.attr
    elif isinstance(node, (nodes.Expr, nodes.Helper, nodes.Output)) and not isinstance(node, _OUTSIDE):
        for child in node.iter_child_nodes():
            yield from _node(child, scope)
    else:
        yield UNKNOWN


_OUTSIDE = (
    nodes.NSRef,
    nodes.ContextReference,
    nodes.DerivedContextReference,
    nodes.EnvironmentAttribute,
    nodes.ExtensionAttribute,
    nodes.ImportedName,
    nodes.InternalName,
)
"""Expressions that reach more than names."""


def _all(found: Iterable[nodes.Node], scope: _Scope) -> Iterator[Read]:
    for node in found:
        yield from _node(node, scope)


def _if(node: nodes.If, scope: _Scope) -> Iterator[Read]:
    yield from _node(node.test, scope)
    yield from _body(node.body, scope)
    yield from _all(node.elif_, scope)
    yield from _body(node.else_, scope)


def _for(node: nodes.For, scope: _Scope) -> Iterator[Read]:
    inner = scope.within({"loop", *_names(node.target)})
    yield from _node(node.iter, scope)
    yield from _all([node.test] if node.test else [], inner)
    yield from _body(node.body, inner)
    yield from _body(node.else_, scope)


def _macro(node: nodes.Macro, scope: _Scope) -> Iterator[Read]:
    """A default is read outside; inside, the macro knows itself."""
    yield from _all(node.defaults, scope)
    yield from _body(node.body, scope.within({node.name, *_PARAMETERS, *(arg.name for arg in node.args)}))


def _call_block(node: nodes.CallBlock, scope: _Scope) -> Iterator[Read]:
    yield from _all([node.call, *node.defaults], scope)
    yield from _body(node.body, scope.within({*_PARAMETERS, *(arg.name for arg in node.args)}))


_PARAMETERS = ("caller", "varargs", "kwargs")


def _filter_block(node: nodes.FilterBlock | nodes.AssignBlock, scope: _Scope) -> Iterator[Read]:
    yield from _all([node.filter] if node.filter else [], scope)
    yield from _body(node.body, scope)


def _with(node: nodes.With, scope: _Scope) -> Iterator[Read]:
    yield from _all(node.values, scope)
    yield from _body(node.body, scope.within(name for target in node.targets for name in _names(target)))


def _assign(node: nodes.Assign, scope: _Scope) -> Iterator[Read]:
    yield from _all([node.node, *node.target.find_all(nodes.NSRef)], scope)


def _include(node: nodes.Include, scope: _Scope) -> Iterator[Read]:
    """An included template sees what its includer does, names set there as well."""
    if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str) and node.with_context:
        yield from _template(node.template.value, scope)
    else:
        yield UNKNOWN


def _import(node: nodes.Import | nodes.FromImport, scope: _Scope) -> Iterator[Read]:
    """Imported macros see no context: what they write depends on their arguments."""
    named = isinstance(node.template, nodes.Const) and node.template.value in scope.trees
    if node.with_context or not named:
        yield UNKNOWN


_STATEMENTS: Mapping[type[nodes.Node], Callable[[Any, _Scope], Iterator[Read]]] = {
    nodes.If: _if,
    nodes.For: _for,
    nodes.Macro: _macro,
    nodes.CallBlock: _call_block,
    nodes.FilterBlock: _filter_block,
    nodes.AssignBlock: _filter_block,
    nodes.With: _with,
    nodes.Assign: _assign,
    nodes.Include: _include,
    nodes.Import: _import,
    nodes.FromImport: _import,
}


def _set_by(node: nodes.Node) -> Iterator[str]:
    """The names that a node sets for those after it, whatever happens."""
    if isinstance(node, nodes.Assign | nodes.AssignBlock):
        yield from _names(node.target)
    elif isinstance(node, nodes.Macro):
        yield node.name
    elif isinstance(node, nodes.Import):
        yield node.target
    elif isinstance(node, nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in node.names)


def _names(target: nodes.Node) -> Iterator[str]:
    """The names in the target of an assignment or a loop."""
    yield from (name.name for name in (target, *target.find_all(nodes.Name)) if isinstance(name, nodes.Name))
