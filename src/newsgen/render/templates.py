"""Templates: their sources, what their syntax tells, and the pages that Jinja2 makes with them.

A template sees its view and nothing else: no globals, no clock, no random, no files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes

from newsgen.core.digest import digest
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Part, changed
from newsgen.render.environment import RENDERING_ERRORS, Engine
from newsgen.render.guards import is_internal
from newsgen.render.precompiled import PrecompiledTemplates, is_wanted, load, save
from newsgen.render.syntax_messages import in_chinese
from newsgen.render.template_analysis import facts
from newsgen.site.theme.templates import FOLDER, TemplateFacts, template_error

__all__ = ["FOLDER", "RENDERING_ERRORS", "TemplateFacts", "Templates", "UndefinedError", "template_error"]


@dataclass(frozen=True)
class Templates:
    """The templates by name; the site's own replace the defaults one by one.

    `known`: their facts, where somebody has kept them under a digest of all sources; the sources were sound then.
    """

    sources: Mapping[str, str]
    known: TemplateFacts | None = None

    def __reduce__(self) -> tuple[type[Templates], tuple[dict[str, str], TemplateFacts | None]]:
        """The parts that go to another process: not the code, which cannot."""
        return Templates, (dict(self.sources), vars(self).get("facts", self.known))

    @cached_property
    def engine(self) -> Engine:
        """The engine that renders them. Raises ContentError with what is wrong in their syntax."""
        return Engine(self._code, self.facts.shared)

    def warm(self) -> None:
        """Compile what a report's page takes, before it is asked for. Faults are left to whoever renders one."""
        with suppress(ContentError, *RENDERING_ERRORS):
            for name in self.facts.reach["article.html"]:
                self.engine.get_template(name)

    def _code(self, name: str) -> CodeType:
        if self.precompiled and name in self.precompiled.codes:
            return self.precompiled.codes[name]
        return self.engine.compile(self._source(name), name, name)

    @cached_property
    def precompiled(self) -> PrecompiledTemplates | None:
        """The compiled form of exactly these templates, where an earlier build has saved it."""
        return load(self.sources)

    def compile_ahead(self, is_asked: bool) -> None:
        """Compile and save all of them for later builds, unless that is done; not `is_asked`: only if Python does so, too."""
        if self.precompiled is None and (is_asked or is_wanted()):
            codes = {name: self._code(name) for name in self.sources}
            save(self.sources, PrecompiledTemplates(self.facts, codes))
            del self.__dict__["precompiled"]  # it may be there now

    def _source(self, name: str) -> str | nodes.Template:
        """The source to compile: the syntax tree, where the template has been parsed anyway."""
        if name not in self.sources:
            raise TemplateNotFound(name)
        return self.sources[name] if self.known else self.trees[name]

    @cached_property
    def trees(self) -> Mapping[str, nodes.Template]:
        """The syntax tree of every template. Raises ContentError with all that is wrong in them."""
        parser = Engine(self._code, {})
        found: dict[str, nodes.Template] = {}
        diagnostics: list[Diagnostic] = []
        for name, source in self.sources.items():
            try:
                found[name] = parser.parse(source, name)
                diagnostics += _private(name, found[name])
            except TemplateSyntaxError as error:
                message, hint, line, column = in_chinese(error, source)
                diagnostics.append(changed(template_error("template.syntax", name, line, message, hint), column=column))
        if diagnostics:
            raise ContentError(diagnostics)
        return found

    @cached_property
    def facts(self) -> TemplateFacts:
        """The facts that their syntax tells. Raises ContentError with what is wrong."""
        if self.known:
            return self.known
        return self.precompiled.facts if self.precompiled else facts(self.trees)

    def parts(self) -> dict[str, Part]:
        """The part of an output for each template of a page kind, which stands for it and all that it can reach.

        Raises ContentError where templates are at fault.
        """
        return {name: self._part(name, reach) for name, reach in self.facts.reach.items()}

    def _part(self, name: str, reach: tuple[str, ...]) -> Part:
        inputs = tuple((f"{FOLDER}/{item}", digest(self.sources[item])) for item in reach)
        return Part("template", digest(inputs), name, inputs)

    def assets(self) -> frozenset[str] | None:
        """The theme files that templates ask for by `site.asset('…')`; None when a name is computed."""
        return None if self.facts.assets is None else frozenset(self.facts.assets)


def _private(name: str, tree: nodes.Template) -> Iterator[Diagnostic]:
    """The errors about names that lead out of the view, to Python itself."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        word = node.attr if isinstance(node, nodes.Getattr) else getattr(vars(node)["arg"], "value", None)
        if isinstance(word, str) and is_internal(word):
            message = f"模板不能用 Python 内部的名字：{word}"
            yield template_error("template.private", name, node.lineno, message, "只用 docs/themes.md 里列出的名字")
