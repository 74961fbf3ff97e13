"""Stale outputs -> bytes: Jinja2 for pages and feeds, re-encoding for photos, the bytes themselves for other files.

A template sees its view and nothing else: no globals, no clock, no random, no files.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.environment import TemplateModule

from newsgen import views
from newsgen.errors import ContentError
from newsgen.fingerprint import digest, digest_bytes
from newsgen.images import PictureProblem, probe, publishable
from newsgen.library import Task
from newsgen.model import Body, Diagnostic, Download, Output, Part, Picture
from newsgen.pages import BUILDERS, context
from newsgen.text import did_you_mean
from newsgen.urls import at

FOLDER = "templates"
RENDERING_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What an expression in a template can raise; anything else is a fault of newsgen."""


TEMPLATES = (
    "home.html",
    "section.html",
    "article.html",
    "page.html",
    "tag.html",
    "archive.html",
    "404.html",
    "feed.xml",
    "sitemap.xml",
)
"""The templates that outputs are rendered with; base.html and the partials are reached from these."""

_ADDRESS = " at 0x"
"""What Python says of an object that has no text."""
_UNKNOWN_NAME = re.compile(r"no attribute '(\w+)'|'(\w+)' is undefined")
VIEW_NAMES = frozenset(name for view in views.VIEWS for name in views.names_of(view))
"""Every name that some view holds: for "did you mean" only."""


@dataclass(frozen=True)
class Templates:
    """The templates by name; the site's own replace the defaults one by one."""

    sources: Mapping[str, str]

    @cached_property
    def environment(self) -> Environment:
        """Jinja2 with strict names, autoescape, and none of its own globals."""
        environment = _Environment(
            loader=FunctionLoader(self._source),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.globals.clear()
        for name in ("random", "attr"):  # not the same twice; a way past the check of names
            del environment.filters[name]
        environment.filters["at"] = at
        return environment

    @cached_property
    def wary_environment(self) -> Environment:
        """The same, slower: it refuses to print what shows as a place in memory, which differs from build to build."""
        return self.environment.overlay(finalize=_without_address)

    def _source(self, name: str) -> tuple[str, str, None] | None:
        """For Jinja2: the source, and the file name by which tracebacks know the template."""
        return (self.sources[name], name, None) if name in self.sources else None

    @cached_property
    def trees(self) -> Mapping[str, nodes.Template]:
        """The syntax tree of every template. Raises ContentError with all syntax errors."""
        found: dict[str, nodes.Template] = {}
        faults: list[Diagnostic] = []
        for name, source in self.sources.items():
            try:
                found[name] = self.environment.parse(source, name)
                faults += _private(name, found[name])
            except TemplateSyntaxError as error:
                message = f"模板写法有误：{error.message}"
                faults.append(
                    _fault("template.syntax", name, error.lineno, message, "检查这一行的 {% %} 和 {{ }} 是否成对")
                )
        if faults:
            raise ContentError(faults)
        return found

    def parts(self) -> dict[str, Part]:
        """For each of TEMPLATES, the part of an output that stands for it and all that it can reach.

        Raises ContentError where a template names one that is not there.
        """
        return {name: self._part(name) for name in TEMPLATES}

    def _part(self, name: str) -> Part:
        inputs = tuple((f"{FOLDER}/{item}", digest(self.sources[item])) for item in sorted(self._reach(name)))
        return Part("template", digest(inputs), name, inputs)

    def _reach(self, name: str) -> frozenset[str]:
        """The names of `name` and what it includes, extends or imports; all of them when a name is computed."""
        found, todo = set(), [(name, "", 1)]
        while todo:
            item, user, line = todo.pop()
            if item not in self.sources:
                raise ContentError([self._missing(item, user or item, line)])
            if item not in found:
                found.add(item)
                todo += [(target, item, line) for target, line in self._references(item)]
        return frozenset(found)

    def _references(self, name: str) -> Iterator[tuple[str, int]]:
        """The templates that one names, with the line; a missing one is left out where the template allows it."""
        for node in self.trees[name].find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)):
            template: nodes.Expr = vars(node)["template"]
            try:
                value = template.as_const()
            except nodes.Impossible:
                yield from ((target, node.lineno) for target in self.sources)
                continue
            names = [value] if isinstance(value, str) else list(value)
            may_miss = len(names) > 1 or getattr(node, "ignore_missing", False)
            yield from ((target, node.lineno) for target in names if target in self.sources or not may_miss)

    def assets(self) -> frozenset[str] | None:
        """The theme files that templates ask for by `site.asset('…')`; None when a name is computed."""
        names = set()
        for tree in self.trees.values():
            for call in tree.find_all(nodes.Call):
                if isinstance(call.node, nodes.Getattr) and call.node.attr == "asset":
                    if not (len(call.args) == 1 and isinstance(call.args[0], nodes.Const)):
                        return None
                    names.add(str(call.args[0].value))
        return frozenset(names)

    def _missing(self, name: str, user: str, line: int) -> Diagnostic:
        guess = did_you_mean(name, self.sources)
        hint = f"是不是想写 {guess} ？" if guess else f"在 {FOLDER}/ 里加上这个文件"
        return _fault("template.missing", user, line, f"没有这个模板：{name}", hint)


def _private(name: str, tree: nodes.Template) -> Iterator[Diagnostic]:
    """Names that begin with `_` lead out of the view, to Python itself."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        word = node.attr if isinstance(node, nodes.Getattr) else getattr(vars(node)["arg"], "value", None)
        if isinstance(word, str) and word.startswith("_"):
            message = f"模板不能用下划线开头的名字：{word}"
            yield _fault("template.private", name, node.lineno, message, "只用 docs/themes.md 里列出的名字")


class _Template(Template):
    """A template that knows nothing of the pages that were rendered before."""

    def _get_default_module(self, ctx: object = None) -> TemplateModule:
        """What `import` gives. Jinja2 would keep it for the next page, with all that macros have put into its lists."""
        return self.make_module()


class _Environment(Environment):
    """Jinja2 that does not follow a computed name out of the view."""

    template_class = _Template

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As Jinja2's, for names without a leading `_`."""
        if isinstance(argument, str) and argument.startswith("_"):
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)


Bodies = Callable[[str, Task], Body]
"""The body of a document by its digest; the task tells how to parse its file again."""


def render(output: Output, templates: Templates, root: Path, bodies: Bodies) -> bytes:
    """The bytes of one output.

    Raises ContentError for a fault in a template, a photo that cannot be decoded, a file that changed meanwhile.
    """
    values = output.values()
    if output.kind in BUILDERS:
        text = output.parts[-1]
        body = bodies(text.digest, text.value) if isinstance(text.value, Task) else None
        return _page(output, str(values["template"]), templates, body)
    if "file" in values:
        return _file(values["file"], root)
    found = values.get("bytes", values.get("text"))
    assert isinstance(found, bytes | str), "every other output holds its bytes or its text"
    return found.encode() if isinstance(found, str) else found


def _page(output: Output, name: str, templates: Templates, body: Body | None) -> bytes:
    names = context(output, body)
    try:
        text = templates.environment.get_template(name).render(names)
        if _ADDRESS in text:
            text = templates.wary_environment.get_template(name).render(names)
        return text.encode()
    except RENDERING_FAULTS as error:
        place = (name, 1) if isinstance(error, UnicodeEncodeError) else _place(error, templates)
        if place is None:
            raise
        raise ContentError([_fault("template.render", *place, *_words(error, output))]) from error


def _without_address(value: object) -> object:
    """The value. Raises TypeError for one that prints as `<generator object … at 0x7f…>`."""
    if not isinstance(value, str) and _ADDRESS in str(value):
        raise TypeError(f"这里得到的不是文字（{type(value).__name__}），是不是少了 | join 或 ()？")
    return value


def _words(error: Exception, output: Output) -> tuple[str, str]:
    """What is wrong in a template, and what to type instead."""
    if isinstance(error, KeyError) and isinstance(frame := output.values().get("frame"), views.Frame):
        guess = did_you_mean(str(error.args[0]), [asset for asset, _ in frame.assets])
        hint = f"是不是想写 {guess} ？" if guess else "检查文件名"
        return f"模板在生成 {output.path} 时用到了 theme 里没有的文件：{error.args[0]}", hint
    match = _UNKNOWN_NAME.search(str(error)) if isinstance(error, UndefinedError) else None
    if match is None:
        return f"模板在生成 {output.path} 时出错：{error}", "检查这一行的写法"
    name = match[1] or match[2]
    guess = did_you_mean(name, VIEW_NAMES)
    hint = f"是不是想写 {guess} ？" if guess else "docs/themes.md 列出了每个模板能用的名字"
    return f"模板在生成 {output.path} 时用到了不存在的名字：{name}", hint


def _place(error: BaseException, templates: Templates) -> tuple[str, int] | None:
    """The template and line where an error arose; None when it did not arise in a template."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in templates.sources]
    return (frames[-1].filename, frames[-1].lineno or 1) if frames else None


def _file(file: object, root: Path) -> bytes:
    assert isinstance(file, Picture | Download), "the part `file` holds one of these"
    try:
        data = (root / file.path).read_bytes()
    except OSError as error:
        fault = Diagnostic("file.unreadable", "error", f"读不了这个文件：{error.strerror}", "检查它还在不在", file.path)
        raise ContentError([fault]) from None
    if digest_bytes(data) != file.digest:
        raise ContentError([Diagnostic("file.changed", "error", "生成网站时这个文件正好变了", "再运行一次", file.path)])
    if isinstance(file, Download):
        return data
    try:
        return publishable(data, probe(data))
    except PictureProblem as problem:
        raise ContentError([Diagnostic(problem.code, "error", problem.message, problem.hint, file.path)]) from None


def _fault(code: str, name: str, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, f"{FOLDER}/{name}", line)
