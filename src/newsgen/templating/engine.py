"""Jinja2 as newsgen runs it: strict names, autoescape, no globals; what many pages share is rendered once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from operator import attrgetter
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from newsgen import views
from newsgen.urls import at

REMEMBERED = 4096
"""Texts of partials that are kept: more than a site has sections, times the depths at which its pages lie."""

ADDRESS = b" at 0x"
"""What Python says of an object that has no text."""

Shared = Mapping[str, tuple[str, ...]]
"""The partials that read `site`, `root` and some fields of `page` alone, with these fields."""


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


class _Generator(CodeGenerator):
    """Python code for a template, as Jinja2 writes it but for three things.

    Shared partials are asked for by name. A root or a block yields its text at once: handed up piece by piece, some two
    hundred pieces of a page would pass three generators each. A text without special characters needs no Markup.
    """

    environment: Engine

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  # Jinja2's name
        """A shared partial is asked for by name, unless a local name hides what it reads."""
        fields = self.environment.shared_by(node)
        hidden = {"site", "page", "root"}.intersection(frame.symbols.dump_stores())
        if fields is None or hidden:
            super().visit_Include(node, frame)
        else:
            found = f"environment.partial({node.template.as_const()!r}, {fields!r}, context)"
            if frame.toplevel:  # as an event of its own: it is encoded already
                self.writeline(f"yield concat({frame.buffer})")
                self.writeline(f"{frame.buffer}.clear()")
                self.writeline(f"yield {found}", node)
            else:
                self.simple_write(found, frame, node)

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """What is outermost, a root or a block, collects its pieces as a macro does."""
        outermost = frame.buffer is None
        if outermost:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if outermost:
            self.writeline(f"yield concat({frame.buffer})")

    def write_commons(self) -> None:
        """The names that every function begins with."""
        super().write_commons()
        self.writeline("escaped = environment.escaped")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escaped(")


class _Kept(str):
    """A text that is kept, with its bytes."""

    __slots__ = ("data",)
    data: bytes

    def __new__(cls, text: str) -> _Kept:
        """Raises UnicodeEncodeError."""
        kept = super().__new__(cls, text)
        kept.data = text.encode()
        return kept


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
        """What `import` gives. Jinja2 would keep it for the next page, with all that macros have put into its lists."""
        return self.make_module()


def without_address(value: object) -> object:
    """The value. Raises TypeError for one that prints as `<generator object … at 0x7f…>`."""
    if not isinstance(value, str) and ADDRESS.decode() in str(value):
        raise TypeError(f"这里得到的不是文字（{type(value).__name__}），是不是少了 | join 或 ()？")
    return value


class Engine(Environment):
    """The environment of one set of templates. `code` gives a template's, or raises TemplateNotFound.

    `finalize` sees every value before it is printed; None: nobody does.
    """

    code_generator_class = _Generator
    template_class = _Template

    def __init__(
        self,
        code: Callable[[str], CodeType],
        shared: Shared,
        finalize: Callable[[object], object] | None = None,
    ) -> None:
        super().__init__(
            loader=_Loader(code),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            finalize=finalize,
        )
        self.globals.clear()
        for name in ("random", "attr"):  # not the same twice; a way past the check of names
            del self.filters[name]
        self.filters["at"] = at
        self._shared = shared
        self._found: dict[str, Template] = {}
        self._site: views.Frame | None = None
        self._kept: dict[tuple[object, ...], _Kept] = {}
        self._fields: dict[tuple[str, ...], Callable[[views.Page], object]] = {(): lambda page: None}

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As Jinja2's, for names without a leading `_`: a computed name must not lead out of the view."""
        if isinstance(argument, str) and argument.startswith("_"):
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """As Jinja2's, where one name always means the same template."""
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
        """The bytes of a page. Raises RENDERING_FAULTS, as from the line of the template."""
        template = self.get_template(name)
        try:
            texts = template.root_render_func(template.new_context(names))
            return b"".join([text.data if type(text) is _Kept else text.encode() for text in texts])
        except RENDERING_FAULTS:
            self.handle_exception()

    def partial(self, name: str, fields: tuple[str, ...], context: Context) -> str:
        """The text of a shared partial: the same for pages that agree in `site`, `root` and these fields."""
        site, root, page = map(context.resolve_or_missing, ("site", "root", "page"))
        if type(site) is not views.Frame or type(root) is not str or type(page) is not views.Page:
            return self._rendered(name, context)  # a template has set one of them to something else
        if site is not self._site:  # one build has one frame; to digest it for each page would take longer
            self._site = site
            self._kept.clear()
        read = self._fields.get(fields) or self._fields.setdefault(fields, attrgetter(*fields))
        key = (name, root, read(page))
        text = self._kept.get(key)
        if text is None:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            text = self._kept[key] = _Kept(self._rendered(name, context))
        return text

    def _rendered(self, name: str, context: Context) -> str:
        template = self.get_template(name)
        return self.concat(template.root_render_func(template.new_context(context.get_all(), shared=True)))

    @staticmethod
    def escaped(value: object) -> str:
        """What stands for a value in a page. A text without special characters is itself: a Markup of it costs more."""
        if type(value) is not str:
            return value if type(value) is Markup else escape(value)
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape(value)
        return value
