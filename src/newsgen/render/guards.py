"""Guards of templates: what they may make text of, and the names that they may not use.

A page is the same in every build, so what has no text of its own is refused wherever it would become text: printed,
joined by `~`, formatted, or given to a filter that makes text. Python would write `<generator object … at 0x7f…>` for it.
A template sees its view alone, so names that lead from a value into Python (`gi_frame`, `f_builtins`, `mro`) are no names
of a template, be they written, computed, or a field in the pattern of `str.format`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, cast

from jinja2 import Environment
from jinja2.filters import do_join, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import markup_join, str_join
from jinja2.sandbox import SandboxedEscapeFormatter, SandboxedFormatter
from markupsafe import Markup, escape

_MEMORY_ADDRESS = " at 0x"
"""What Python says of an object that has no text."""
_INTERNAL = re.compile(r"_|(?:ag|co|cr|f|func|gi|im|tb)_|mro$")
"""Names of Python's own: with a leading `_`, and those of frames, code, generators, coroutines, tracebacks, classes."""
FORMAT_METHODS = ("format", "format_map")
MARKUP_METHODS = ("escape", "join", "replace")
"""Methods of markup that make text of whatever they are given; those of a plain text take texts alone."""


def is_internal(name: str) -> bool:
    """Whether a name leads out of the view, to Python itself."""
    return _INTERNAL.match(name) is not None


def printable(value: object) -> object:
    """The value. Raises TypeError for one that has no text of its own, UndefinedError for one that is not there."""
    if not isinstance(value, str | int | float | None):
        text = str(value)
        if callable(value) or isinstance(value, Iterator) or _MEMORY_ADDRESS in text:
            raise TypeError(f"这里得到的不是文字（{type(value).__name__}），是不是少了 | join 或 ()？")
    return value


def escaped(value: object) -> str:
    """The text of a value in a page. A text without special characters is itself: a Markup of it costs more."""
    if type(value) is not str:
        return value if type(value) is Markup else escape(printable(value))
    if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
        return escape(value)
    return value


def _text(value: object) -> str:
    return str(printable(value))


def _markup_joined(values: Iterable[object]) -> str:
    return markup_join(map(printable, values))


def _joined(values: Iterable[object]) -> str:
    return str_join(map(printable, values))


TEXT_FUNCTIONS = (escaped, _text, _markup_joined, _joined)
"""In the place of `escape`, `str`, `markup_join` and `str_join` in the code of a template."""


def modulo(left: Any, right: Any) -> Any:
    """`left % right`, which formats a text."""
    return left % (printable(right) if isinstance(left, str) else right)


def difference(left: Any, right: Any) -> Any:
    """`left - right`. Raises TypeError for a set, which Python puts into another order in each build."""
    found = left - right
    if isinstance(found, Set):
        raise TypeError("这样得到的一组值没有固定的顺序，用 reject 或 select 来挑选")
    return found


# ---------------------------------------------------------------- filters

# fmt: off
TEXT_FILTERS = frozenset({
    "capitalize", "center", "e", "escape", "forceescape", "format", "indent", "lower", "pprint", "replace", "safe", "string",
    "striptags", "title", "trim", "truncate", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr",
})
# fmt: on
"""Filters that make text of what they are given. `join` looks at each value; all others give values on, take numbers, or
refuse what is no text."""


def guarded(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Jinja2's filters; those that make text refuse what has none."""
    found = {name: _guarded(filter) if name in TEXT_FILTERS else filter for name, filter in filters.items()}
    return found | {"join": _join}


def _guarded(filter: Callable[..., Any]) -> Callable[..., Any]:
    """The filter. One that asks for the context, which functools.wraps passes on, gets that as its first argument."""
    first = 1 if hasattr(filter, "jinja_pass_arg") else 0

    @functools.wraps(filter)
    def checked(*args: Any, **named: Any) -> Any:
        for value in (*args[first:], *named.values()):
            printable(value)
        return filter(*args, **named)

    return checked


@functools.wraps(do_join)
def _join(eval_ctx: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> Any:
    if attribute is not None:
        value = map(make_attrgetter(eval_ctx.environment, attribute), value)
    return do_join(eval_ctx, [printable(item) for item in value], cast(str, printable(d)))


# ---------------------------------------------------------------- methods of texts


def markup_method(text: Markup, name: str) -> Callable[..., Markup]:
    """One of MARKUP_METHODS, which refuses what has no text."""
    method: Callable[..., Markup] = getattr(text, name)

    def joined(values: Iterable[object]) -> Markup:
        return method([printable(value) for value in values])

    def checked(*args: object) -> Markup:
        return method(*map(printable, args))

    return joined if name == "join" else checked


def format_method(text: str, name: str, getitem: Callable[[Any, Any], Any]) -> Callable[..., str]:
    """`text.format` or `text.format_map`, whose fields are looked up by `getitem`: `{0.__class__}` leads nowhere."""
    lookup = cast(Environment, _Lookup(getitem))  # all that the formatter asks of an environment
    is_markup = isinstance(text, Markup)
    formatter = _EscapeFormatter(lookup, escape=Markup.escape) if is_markup else _Formatter(lookup)

    def formatted(*args: Any, **named: Any) -> str:
        return type(text)(formatter.vformat(text, args, named))

    def formatted_map(values: Mapping[str, Any]) -> str:
        return type(text)(formatter.vformat(text, (), values))

    return formatted if name == "format" else formatted_map


class _Lookup:
    """The part of an environment that Jinja2's formatter asks for the fields of a pattern."""

    def __init__(self, getitem: Callable[[Any, Any], Any]) -> None:
        self.getitem = self.getattr = getitem


class _Formatter(SandboxedFormatter):
    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value, first = super().get_field(field_name, args, kwargs)
        return printable(value), first


class _EscapeFormatter(_Formatter, SandboxedEscapeFormatter):
    pass
