"""How the site looks: theme and templates, the site's own over the defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from newsgen import assets, render
from newsgen.assets import Asset
from newsgen.defaults import defaults
from newsgen.errors import ContentError
from newsgen.fingerprint import digest
from newsgen.model import Diagnostic, Part
from newsgen.settings import Config
from newsgen.text import did_you_mean


@dataclass(frozen=True)
class Looks:
    """Theme files by name, and templates. `faults` are those of reading them; where there are any, the rest is empty."""

    theme: Mapping[str, Asset]
    templates: render.Templates
    faults: tuple[Diagnostic, ...]

    @cached_property
    def digest(self) -> str:
        """Names all that outputs can be made of here."""
        files = sorted((asset.name, asset.address, asset.digest) for asset in self.theme.values())
        return digest(files, sorted(self.templates.sources.items()), self.faults)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """The part that stands for each template with all it can reach. Raises ContentError for faulty templates."""
        return self.templates.parts()

    @cached_property
    def named(self) -> Mapping[str, Asset]:
        """The theme files that templates name: pages know the addresses of these alone."""
        names = self.templates.assets()
        return {name: asset for name, asset in self.theme.items() if names is None or name in names}

    def remarks(self, config: Config) -> Iterator[Diagnostic]:
        """Everything that is wrong with theme and templates."""
        yield from self.faults
        try:
            assert self.parts or self.faults, "there are always templates"
        except ContentError as error:
            yield from error.diagnostics
        emblem = config.emblem
        if emblem and self.theme and emblem.text not in self.theme:
            guess = did_you_mean(emblem.text, self.theme)
            hint = f"是不是想写 {guess} ？" if guess else "把图片放进 theme 文件夹"
            message = f"theme 里没有这个文件：{emblem.text}"
            yield Diagnostic("config.emblem", "error", message, hint, "site.yaml", emblem.line, emblem.column)


def load(root: Path) -> Looks:
    """Theme and templates of the site at `root`, with what is wrong with their files."""
    theme: Mapping[str, Asset] = {}
    templates = render.Templates({})
    faults: list[Diagnostic] = []
    try:
        theme = assets.load(defaults("theme"), root / "theme")
    except ContentError as error:
        faults += error.diagnostics
    try:
        templates = render.load_templates(defaults("templates"), root / "templates")
    except ContentError as error:
        faults += error.diagnostics
    return Looks(theme, templates, tuple(faults))
