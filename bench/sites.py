"""A tool's site on disk: its settings and templates, the corpus in its dialect, the photos, and the edits to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import dialects, phrases
from bench.corpus import PHOTOS_A_SECTION, Report
from bench.photos import photo
from bench.shapes import PLAIN, reports
from bench.tools import NODE_MODULES, ROOT, TOOLS, Tool

PEERS = Path(__file__).parent / "peers"
SECTION_PAGE = "---\ntitle: {title}\nweight: {weight}\n---\n"
HEAD = '<header class="article-head"'
"""Stands once in the template of an article of every tool, and in its pages."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tool wants its site; paths are below the site, `{section}` stands for the folder of a section.

    dialect       how its authors type
    photos        where photos lie
    section_page  what a section's _index.md holds; None where the tool knows the sections by its settings
    copied        what else of this repository it needs, by the place where it needs it
    """

    dialect: dialects.Dialect
    photos: str
    section_page: str | None
    copied: tuple[tuple[str, Path], ...]


LAYOUTS = {
    "newsgen": Layout(
        dialects.newsgen,
        "content/{section}/photos",
        SECTION_PAGE,
        (("templates/article.html", ROOT / "templates" / "article.html"),),
    ),
    "hugo": Layout(dialects.hugo, "static/media/{section}", SECTION_PAGE, (("static/theme", ROOT / "theme"),)),
    "pelican": Layout(dialects.pelican, "content/media/{section}", None, (("theme/static", ROOT / "theme"),)),
    "eleventy": Layout(dialects.eleventy, "media/{section}", None, (("theme", ROOT / "theme"),)),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One tool's site. `tool` is a key of TOOLS, `shape` that of its reports."""

    tool: str
    folder: Path
    shape: str = PLAIN

    @property
    def out(self) -> Path:
        """Its output folder."""
        return self.folder / "public"

    @property
    def layout(self) -> Layout:
        """How the tool wants it."""
        return LAYOUTS[TOOLS[self.tool].site]

    def lay(self, count: int) -> None:
        """Make the site with that many reports. The folder must not exist yet."""
        layout = self.layout
        shutil.copytree(PEERS / TOOLS[self.tool].site, self.folder)
        for place, (section, title) in enumerate(phrases.SECTIONS):
            self._lay_section(layout, section, title, place)
        for target, source in layout.copied:
            (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, self.folder / target)
        if self.tool == "eleventy":  # what its settings import is looked for beside them
            (self.folder / "node_modules").symlink_to(NODE_MODULES)
        self.write(reports(count, self.shape))

    def write(self, written: Iterable[Report]) -> None:
        """Write reports as the tool's authors would type them."""
        dialect, made = self.layout.dialect, set[Path]()
        for report in written:
            path = self._path(report)
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_text(dialect(report), encoding="utf-8", newline="\n")

    def remove(self, report: Report) -> None:
        """Delete a report, if it is there."""
        self._path(report).unlink(missing_ok=True)

    def edit_template(self, mark: str) -> None:
        """Let the mark stand in the page of every article; without a mark, the template is as it was."""
        path = self.folder / TOOLS[self.tool].template
        before, _, after = path.read_text("utf-8").partition(HEAD)
        _, _, rest = after.partition(">")
        path.write_text(f"{before}{HEAD}{mark_in_page(mark)}>{rest}", encoding="utf-8")

    def clean(self) -> None:
        """Delete the output and all that the tool kept, but for finished photos."""
        clean(self.folder, TOOLS[self.tool])

    def _lay_section(self, layout: Layout, section: str, title: str, place: int) -> None:
        content, photos = self.folder / "content" / section, self.folder / layout.photos.format(section=section)
        content.mkdir(parents=True, exist_ok=True)
        photos.mkdir(parents=True)
        if layout.section_page:
            page = layout.section_page.format(title=title, weight=10 * place + 10)
            (content / "_index.md").write_text(page, encoding="utf-8")
        for number in range(1, PHOTOS_A_SECTION + 1):
            (photos / f"p{number}.jpg").write_bytes(photo(100 * place + number))

    def _path(self, report: Report) -> Path:
        return self.folder / "content" / report.source_path


def clean(folder: Path, tool: Tool, *, with_photos: bool = False) -> None:
    """Delete what a cold build in a site's folder must not find; finished photos only where that is asked for."""
    kept = folder / tool.photos if tool.photos and not with_photos else None
    for name in tool.leftovers:
        _delete(folder / name, kept)


def _delete(path: Path, kept: Path | None) -> None:
    if path == kept:
        return
    if kept is not None and path in kept.parents and path.is_dir():
        for entry in path.iterdir():
            _delete(entry, kept)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def mark_in_page(mark: str) -> str:
    """What an edit of the template puts into a page."""
    return f' data-edit="{mark}"' if mark else ""
