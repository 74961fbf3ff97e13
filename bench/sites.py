"""A tool's site on disk: its settings and templates, the corpus in its dialect, the photos."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import dialects, phrases
from bench.corpus import PHOTOS_A_SECTION, Report, reports
from bench.photos import photo

PEERS = Path(__file__).parent / "peers"
THEME = Path(__file__).parent.parent / "theme"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a tool wants its files, as paths below the site; `{section}` stands for the folder of a section.

    `index` is what a section's page is typed as, with {title} and {weight}; None where the tool has settings for that.
    """

    write: dialects.Dialect
    content: str
    photos: str
    index: str | None = None
    theme: str | None = None


LAYOUTS = {
    "newsgen": Layout(
        dialects.newsgen, "content", "content/{section}/photos", "---\ntitle: {title}\nweight: {weight}\n---\n"
    ),
    "hugo": Layout(
        dialects.hugo,
        "content",
        "static/media/{section}",
        "---\ntitle: {title}\nweight: {weight}\n---\n",
        "static/theme",
    ),
    "pelican": Layout(dialects.pelican, "content", "content/media/{section}", None, "content/theme"),
    "eleventy": Layout(dialects.eleventy, "content", "media/{section}", None, "theme"),
}


def lay(tool: str, count: int, folder: Path) -> None:
    """Make the tool's site with that many reports. The folder must not exist yet."""
    layout = LAYOUTS[tool]
    shutil.copytree(PEERS / tool, folder)
    _lay_sections(layout, folder)
    write_reports(tool, folder, reports(count))
    if layout.theme:
        shutil.copytree(THEME, folder / layout.theme)


def write_reports(tool: str, folder: Path, written: Iterable[Report]) -> None:
    """Write reports as the tool's authors would type them."""
    layout, made = LAYOUTS[tool], set[Path]()
    for report in written:
        path = folder / layout.content / report.source_path
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(layout.write(report), encoding="utf-8")


def _lay_sections(layout: Layout, folder: Path) -> None:
    for place, (section, title) in enumerate(phrases.SECTIONS):
        content, photos = folder / layout.content / section, folder / layout.photos.format(section=section)
        content.mkdir(parents=True)
        photos.mkdir(parents=True)
        if layout.index:
            (content / "_index.md").write_text(
                layout.index.format(title=title, weight=10 * place + 10), encoding="utf-8"
            )
        for number in range(1, PHOTOS_A_SECTION + 1):
            (photos / f"p{number}.jpg").write_bytes(photo(100 * place + number))
