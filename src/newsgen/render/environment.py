"""Jinja2 as newsgen runs it: strict names, autoescape, no globals; what many pages share is rendered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from operator import attrgetter
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateError, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from newsgen.core.urls import at
from newsgen.pages import views
from newsgen.render.guards import (
    FORMAT_METHODS,
    MARKUP_METHODS,
    TEXT_FUNCTIONS,
    difference,
    format_method,
    guarded,
    is_internal,
    markup_method,
    modulo,
)

REMEMBERED = 16_000_000
"""Characters of partials that are kept: those of some hundred sections, at all depths at which their pages lie."""

Shared = Mapping[str, tuple[str, ...]]
"""The partials that read `site`, `root` and some fields of `page` alone, with these fields."""


RENDERING_ERRORS = (
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


class _Generator(CodeGenerator):
    """Python code for a template, as Jinja2 writes it but for what makes text (guards.py), and for includes.

    A shared partial is asked for by name. What is included without context is one text: Jinja2 would hand its pieces up past
    the block, macro or filter that collects them.
    """

    environment: Engine

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """A shared partial is asked for by name, unless a local name hides what it reads."""
        fields = self.environment.shared_by(node)
        hidden = {"site", "page", "root"}.intersection(frame.symbols.dump_stores())
        if not node.with_context:
            self.start_write(frame, node)
            self.write("environment.isolated(")
            self.visit(node.template, frame)
            self.write(f", {self.name!r}, {node.ignore_missing!r})")
            self.end_write(frame)
        elif fields is None or hidden:
            super().visit_Include(node, frame)
        else:
            self.simple_write(f"environment.partial({node.template.as_const()!r}, {fields!r}, context)", frame, node)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        """What is computed is computed when a page is made, where text is guarded; never while Jinja2 compiles."""
        if not isinstance(node, nodes.TemplateData | nodes.Const):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def write_commons(self) -> None:
        """The names that every function begins with."""
        super().write_commons()
        self.writeline("escape, str, markup_join, str_join = environment.text_functions")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """Methods that make text are looked up as computed names are."""
        if node.attr in FORMAT_METHODS or node.attr in MARKUP_METHODS:
            self.visit_Getitem(nodes.Getitem(node.node, nodes.Const(node.attr), node.ctx), frame)
        else:
            super().visit_Getattr(node, frame)

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """Names in the filter of a `{% set %}` block are named in its body as well: Jinja2 looks for them there alone."""
        if node.filter is not None:
            names = [nodes.Name(name.name, "load") for name in node.filter.find_all(nodes.Name)]
            node.body.append(nodes.If(nodes.Const(False), [nodes.Output(names)], [], []))
        super().visit_AssignBlock(node, frame)

    def visit_Mod(self, node: nodes.BinExpr, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """`%` formats a text, too."""
        self._call("modulo", node, frame)

    def visit_Sub(self, node: nodes.BinExpr, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """`-` makes sets of the keys of a mapping."""
        self._call("difference", node, frame)

    def _call(self, function: str, node: nodes.BinExpr, frame: Frame) -> None:
        self.write(f"environment.{function}(")
        self.visit(node.left, frame)
        self.write(", ")
        self.visit(node.right, frame)
        self.write(")")


class _Loader(BaseLoader):
    """Templates by name, from their code."""

    def __init__(self, code: Callable[[str], CodeType]) -> None:
        self._code = code

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """The template. Raises TemplateNotFound."""
        return environment.template_class.from_code(environment, self._code(name), {})


class _Template(Template):
    """A template that knows nothing of the pages that were rendered before."""

    def _get_default_module(self, ctx: object = None) -> TemplateModule:
        """The result of `import`. Jinja2 would keep it for the next page, with all that macros have put into its lists."""
        return self.make_module()


class Engine(Environment):
    """The environment of one set of templates. `code` gives a template's, or raises TemplateNotFound."""

    code_generator_class = _Generator
    template_class = _Template
    text_functions = TEXT_FUNCTIONS
    modulo = staticmethod(modulo)
    difference = staticmethod(difference)

    def __init__(self, code: Callable[[str], CodeType], shared: Shared) -> None:
        super().__init__(
            loader=_Loader(code),
            undefined=StrictUndefined,
            optimized=False,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.globals.clear()
        for name in ("random", "attr"):  # not the same twice; a way past the check of names
            del self.filters[name]
        self.filters = guarded(self.filters) | {"at": at}
        self._shared = shared
        self._found: dict[str, Template] = {}
        self._site: views.Frame | None = None
        self._kept: dict[tuple[object, ...], str] = {}
        self._room = REMEMBERED
        self._fields: dict[tuple[str, ...], Callable[[views.Page], object]] = {(): lambda page: None}

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up as Jinja2 does, but a computed name must not lead out of the view, and neither must the pattern of a format."""
        if isinstance(argument, str):
            if is_internal(argument):
                return self.undefined(obj=obj, name=argument)
            if argument in FORMAT_METHODS and isinstance(obj, str):
                return format_method(obj, argument, self.getitem)
            if argument in MARKUP_METHODS and isinstance(obj, Markup):
                return markup_method(obj, argument)
        return super().getitem(obj, argument)

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template, as Jinja2 gives it; one name always means the same one."""
        found = self._found.get(name) if type(name) is str else None
        if found is None:
            found = super().get_template(name, parent, globals)
            self._found[str(found.name)] = found
        return found

    def shared_by(self, node: nodes.Include) -> tuple[str, ...] | None:
        """The fields of `page` that an included partial reads; None where it is not shared."""
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        return self._shared.get(name) if node.with_context and isinstance(name, str) else None

    def page(self, name: str, names: dict[str, object]) -> bytes:
        """The bytes of a page. Raises RENDERING_ERRORS, as from the line of the template."""
        template = self.get_template(name)
        try:
            return self.concat(template.root_render_func(template.new_context(names))).encode()
        except RENDERING_ERRORS:
            self.handle_exception()

    def partial(self, name: str, fields: tuple[str, ...], context: Context) -> str:
        """The text of a shared partial: the same for pages that agree in `site`, `root` and these fields."""
        site, root, page = map(context.resolve_or_missing, ("site", "root", "page"))
        if type(site) is not views.Frame or type(root) is not str or type(page) is not views.Page:
            return self._rendered(name, context)  # a template has set one of them to something else
        if site is not self._site:  # one build has one frame; to digest it for each page would take longer
            self._site = site
            self._forget()
        read = self._fields.get(fields) or self._fields.setdefault(fields, attrgetter(*fields))
        key = (name, root, read(page))
        text = self._kept.get(key)
        if text is None:
            text = self._kept[key] = self._rendered(name, context)
            self._room -= len(text)
            if self._room < 0:
                self._forget()
        return text

    def _forget(self) -> None:
        self._kept.clear()
        self._room = REMEMBERED

    def _rendered(self, name: str, context: Context) -> str:
        template = self.get_template(name)
        return self.concat(template.root_render_func(template.new_context(context.get_all(), shared=True)))

    def isolated(self, template: str | Sequence[str] | Template, parent: str | None, may_miss: bool) -> str:
        """The text of a template that is included without context. Raises TemplateNotFound, unless it may miss."""
        try:
            found = self.get_or_select_template(template, parent)  # type: ignore[arg-type]  # Jinja2 asks for a list, takes any
        except TemplateNotFound:
            if may_miss:
                return ""
            raise
        return self.concat(found.root_render_func(found.new_context()))
