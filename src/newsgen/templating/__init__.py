"""Templates: their sources, what their syntax tells, and the pages that Jinja2 makes with them.

A template sees its view and nothing else: no globals, no clock, no random, no files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes

from newsgen.errors import ContentError
from newsgen.fingerprint import digest
from newsgen.model import Diagnostic, Part
from newsgen.templating.engine import RENDERING_FAULTS, Engine
from newsgen.templating.facts import TEMPLATES, Facts, facts
from newsgen.templating.sources import FOLDER, fault, read

__all__ = ["FOLDER", "RENDERING_FAULTS", "TEMPLATES", "Facts", "Templates", "UndefinedError", "fault", "load_templates"]


@dataclass(frozen=True)
class Templates:
    """The templates by name; the site's own replace the defaults one by one."""

    sources: Mapping[str, str]

    @cached_property
    def engine(self) -> Engine:
        """What renders them."""
        return Engine(self._code, lambda: self.facts.shared)

    def _code(self, name: str) -> CodeType:
        if name not in self.sources:
            raise TemplateNotFound(name)
        return self.engine.compile(self.sources[name], name, name)

    @cached_property
    def trees(self) -> Mapping[str, nodes.Template]:
        """The syntax tree of every template. Raises ContentError with all that is wrong in them."""
        found: dict[str, nodes.Template] = {}
        faults: list[Diagnostic] = []
        for name, source in self.sources.items():
            try:
                found[name] = self.engine.parse(source, name)
                faults += _private(name, found[name])
            except TemplateSyntaxError as error:
                message = f"模板写法有误：{error.message}"
                faults.append(
                    fault("template.syntax", name, error.lineno, message, "检查这一行的 {% %} 和 {{ }} 是否成对")
                )
        if faults:
            raise ContentError(faults)
        return found

    @cached_property
    def facts(self) -> Facts:
        """What their syntax tells. Raises ContentError with what is wrong."""
        return facts(self.trees)

    def parts(self) -> dict[str, Part]:
        """For each of TEMPLATES, the part of an output that stands for it and all that it can reach.

        Raises ContentError where templates are at fault.
        """
        return {name: self._part(name, reach) for name, reach in self.facts.reach.items()}

    def _part(self, name: str, reach: tuple[str, ...]) -> Part:
        return Part("template", digest([(item, self.sources[item]) for item in reach]), name)

    def assets(self) -> frozenset[str] | None:
        """The theme files that templates ask for by `site.asset('…')`; None when a name is computed."""
        return None if self.facts.assets is None else frozenset(self.facts.assets)


def _private(name: str, tree: nodes.Template) -> Iterator[Diagnostic]:
    """Names that begin with `_` lead out of the view, to Python itself."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        word = node.attr if isinstance(node, nodes.Getattr) else getattr(vars(node)["arg"], "value", None)
        if isinstance(word, str) and word.startswith("_"):
            message = f"模板不能用下划线开头的名字：{word}"
            yield fault("template.private", name, node.lineno, message, "只用 docs/themes.md 里列出的名字")


def load_templates(defaults: Path, own: Path) -> Templates:
    """Read both folders. Raises ContentError for a file that is not UTF-8 or cannot be read."""
    return Templates({**dict(read(defaults)), **dict(read(own))})
