"""The theme of a site: style sheets and templates, the site's own over the defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.core.defaults import defaults
from newsgen.core.digest import digest
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Located, Part
from newsgen.core.text import did_you_mean
from newsgen.site.theme import assets
from newsgen.site.theme.assets import Asset
from newsgen.site.theme.templates import TemplateFacts
from newsgen.site.theme.templates import read as read_templates

if TYPE_CHECKING:
    from newsgen.render.renderer import Templates


@dataclass(frozen=True)
class Theme:
    """Theme files and the texts of templates, by name.

    `file_diagnostics` are those of reading them; where there are any, the rest is empty. `known` are the facts of the templates,
    where these texts were seen before. `are_default`: the site has no templates of its own.
    """

    assets: Mapping[str, Asset]
    sources: Mapping[str, str]
    file_diagnostics: tuple[Diagnostic, ...]
    known: TemplateFacts | None = None
    are_default: bool = False

    @cached_property
    def templates(self) -> Templates:
        """The templates, ready to be rendered."""
        from newsgen.render.renderer import Templates

        found = Templates(self.sources, self.known)
        if self.are_default:
            found.compile_ahead(is_asked=False)
        return found

    @cached_property
    def templates_digest(self) -> str:
        """The digest of the texts of all templates."""
        return digest(sorted(self.sources.items()))

    @cached_property
    def digest(self) -> str:
        """The digest of all that outputs can be made of here."""
        files = sorted((asset.name, asset.address, asset.digest) for asset in self.assets.values())
        return digest(files, self.templates_digest, self.file_diagnostics)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """The part that stands for each template with all it can reach. Raises ContentError for faulty templates."""
        return self.templates.parts()

    @cached_property
    def referenced_assets(self) -> Mapping[str, Asset]:
        """The theme files that templates name: pages know the addresses of these alone."""
        names = self.templates.assets()
        return {name: asset for name, asset in self.assets.items() if names is None or name in names}

    def reusing(self, before: Theme) -> Theme:
        """This theme; `before`, where the two are the same, and its templates, where these are: they are compiled already."""
        if self.digest == before.digest:
            return before
        if self.templates_digest != before.templates_digest:
            return self
        found = replace(self, known=before.known)
        vars(found)["templates"] = before.templates  # as if it had been asked for
        return found

    def diagnostics(self, emblem: Located | None) -> Iterator[Diagnostic]:
        """Everything that is wrong with theme and templates; `emblem` is the theme file that site.yaml names."""
        yield from self.file_diagnostics
        try:
            assert not self.sources or self.parts, "there are always templates"
        except ContentError as error:
            yield from error.diagnostics
        if emblem and self.assets and emblem.text not in self.assets:
            guess = did_you_mean(emblem.text, self.assets)
            hint = f"是不是想写 {guess} ？" if guess else "把图片放进 theme 文件夹"
            message = f"theme 里没有这个文件：{emblem.text}"
            yield Diagnostic("config.emblem", "error", message, hint, "site.yaml", emblem.line, emblem.column)


def load(root: Path) -> Theme:
    """Theme and templates of the site at `root`, with what is wrong with their files."""
    theme: Mapping[str, Asset] = {}
    templates: Mapping[str, str] = {}
    usual: Mapping[str, str] = {}
    file_diagnostics: list[Diagnostic] = []
    try:
        theme = assets.load(defaults("theme"), root / "theme")
    except ContentError as error:
        file_diagnostics += error.diagnostics
    try:
        usual = dict(read_templates(defaults("templates"), is_ours=True))
        templates = {**usual, **dict(read_templates(root / "templates"))}
    except ContentError as error:
        file_diagnostics += error.diagnostics
    return Theme(theme, templates, tuple(file_diagnostics), are_default=templates == usual and not file_diagnostics)


def compile_defaults() -> None:
    """Compile the default templates for all builds of this installation, as `python -m compileall` compiles modules."""
    from newsgen.render.renderer import Templates

    Templates(dict(read_templates(defaults("templates"), is_ours=True))).compile_ahead(is_asked=True)
