"""Stale outputs -> bytes: Jinja2 for pages and feeds, re-encoding for photos, the bytes themselves for other files.

A template sees its view and nothing else: no globals, no clock, no random, no files.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)

from newsgen import views
from newsgen.errors import ContentError
from newsgen.fingerprint import digest, digest_bytes
from newsgen.images import PictureProblem, probe, publishable
from newsgen.model import Diagnostic, Download, Output, Part, Picture
from newsgen.pages import BUILDERS, context
from newsgen.text import did_you_mean
from newsgen.urls import at

FOLDER = "templates"
RENDERING_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
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

_UNKNOWN_NAME = re.compile(r"no attribute '(\w+)'|'(\w+)' is undefined")
VIEW_NAMES = frozenset(field.name for view in vars(views).values() if is_dataclass(view) for field in fields(view))
"""Every name that some view holds: for "did you mean" only."""


@dataclass(frozen=True)
class Templates:
    """The templates by name; the site's own replace the defaults one by one."""

    sources: Mapping[str, str]

    @cached_property
    def environment(self) -> Environment:
        """Jinja2 with strict names, autoescape, and none of its own globals."""
        environment = Environment(
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
        del environment.filters["random"]
        environment.filters["at"] = at
        return environment

    def _source(self, name: str) -> tuple[str, str, None] | None:
        """For Jinja2: the source, and the file name by which tracebacks know the template."""
        return (self.sources[name], name, None) if name in self.sources else None

    @cached_property
    def trees(self) -> Mapping[str, nodes.Template]:
        """The syntax tree of every template. Raises ContentError with all syntax errors."""
        found, faults = {}, []
        for name, source in self.sources.items():
            try:
                found[name] = self.environment.parse(source, name)
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
        reach = sorted(self._reach(name))
        return Part("template", digest([(item, self.sources[item]) for item in reach]), name)

    def _reach(self, name: str) -> frozenset[str]:
        """The names of `name` and what it includes, extends or imports; all of them when a name is computed."""
        found, todo = set(), [(name, "", 1)]
        while todo:
            item, user, line = todo.pop()
            if item not in self.sources:
                raise ContentError([self._missing(item, user or item, line)])
            if item not in found:
                found.add(item)
                for reference in meta.find_referenced_templates(self.trees[item]):
                    names = [reference] if reference else list(self.sources)
                    todo += [(target, item, _line_of(self.sources[item], target)) for target in names]
        return frozenset(found)

    def _missing(self, name: str, user: str, line: int) -> Diagnostic:
        guess = did_you_mean(name, self.sources)
        hint = f"是不是想写 {guess} ？" if guess else f"在 {FOLDER}/ 里加上这个文件"
        return _fault("template.missing", user, line, f"没有这个模板：{name}", hint)


def load_templates(defaults: Path, own: Path) -> Templates:
    """Read both folders. Raises ContentError for a file that is not UTF-8 or cannot be read."""
    return Templates({**dict(_sources(defaults)), **dict(_sources(own))})


def _sources(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in (".html", ".xml", ".txt"):
            try:
                yield name, path.read_text("utf-8-sig")
            except UnicodeDecodeError:
                raise ContentError(
                    [_fault("template.encoding", name, 1, "模板不是 UTF-8 编码", "用编辑器另存为 UTF-8")]
                ) from None
            except OSError as error:
                message = f"读不了这个模板：{error.strerror}"
                raise ContentError([_fault("template.unreadable", name, 1, message, "检查读取权限")]) from None


def render(output: Output, templates: Templates, root: Path) -> bytes:
    """The bytes of one output.

    Raises ContentError for a fault in a template, a photo that cannot be decoded, a file that changed meanwhile.
    """
    values = output.values()
    if output.kind in BUILDERS:
        return _page(output, str(values["template"]), templates)
    if "file" in values:
        return _file(values["file"], root)
    found = values.get("bytes", values.get("text"))
    assert isinstance(found, bytes | str), "every other output holds its bytes or its text"
    return found.encode() if isinstance(found, str) else found


def _page(output: Output, name: str, templates: Templates) -> bytes:
    names = context(output)
    try:
        return templates.environment.get_template(name).render(names).encode()
    except RENDERING_FAULTS as error:
        place = _place(error, templates)
        if place is None:
            raise
        raise ContentError([_fault("template.render", *place, *_words(error, output))]) from error


def _words(error: Exception, output: Output) -> tuple[str, str]:
    """What is wrong in a template, and what to type instead."""
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


def _line_of(source: str, name: str) -> int:
    return source.count("\n", 0, max(0, source.find(name))) + 1


def _fault(code: str, name: str, line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, f"{FOLDER}/{name}", line)
