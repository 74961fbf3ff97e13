"""Albums: reports with large photos, of which newsgen and Hugo make the same widths and formats."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bench.cases import COLD
from bench.measure import Failed, Figures, timed
from bench.photos import photo
from bench.rounds import Refused, Tell, Trial
from bench.sites import PEERS, SECTION_PAGE, clean
from bench.tools import TOOLS

LARGE = (6000, 4000)
"""Pixels: 24 megapixels, as a camera makes them."""
IN_A_REPORT = 8
"""Photos in one report."""
ALBUM_TOOLS = ("newsgen", "hugo", "hugo-tuned")
FORMS = (("JPEG", 2000), ("JPEG", 960), ("WEBP", 480), ("WEBP", 720), ("WEBP", 960), ("WEBP", 1440))
"""What has to be made of each photo: format and width."""


def album_trial(
    tools: Sequence[str], count: int, runs: int, work: Path, tell: Tell, size: tuple[int, int] = LARGE
) -> Trial:
    """Measure cold builds of a site with that many photos, the tools in turns. Raises Refused when a file is missing."""
    tell(f"{count:,} photos: making them")
    photos = _made(count, work / "photos", size)
    folders = {tool: work / "albums" / tool for tool in tools}
    for tool, folder in folders.items():
        _lay(tool, folder, photos)
    figures: dict[str, dict[str, list[Figures]]] = {tool: {COLD: []} for tool in tools}
    for _ in range(runs):
        for tool, folder in folders.items():
            figures[tool][COLD].append(_run(tool, folder, count, tell))
    for folder in (work / "photos", work / "albums"):
        shutil.rmtree(folder)
    return Trial(count, figures, {}, "photos")


def _made(count: int, folder: Path, size: tuple[int, int]) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(photo(number, size))
    return paths


def _lay(tool: str, folder: Path, photos: Sequence[Path]) -> None:
    """A site with a report for every eight photos, in a folder with them."""
    shutil.copytree(PEERS / f"{TOOLS[tool].site}-photos", folder)
    section = folder / "content" / "meetings"
    section.mkdir(parents=True)
    (section / "_index.md").write_text(SECTION_PAGE.format(title="会议动态", weight=10), encoding="utf-8")
    for first in range(0, len(photos), IN_A_REPORT):
        report = section / f"2024-03-13-w{first:06}"
        report.mkdir()
        shown = photos[first : first + IN_A_REPORT]
        for path in shown:
            os.link(path, report / path.name)
        body = "\n\n".join(f"![会场，第{path.stem}张]({path.name})" for path in shown)
        text = f"---\ntitle: 第{first}次会议\ndate: 2024-03-13\n---\n\n会议现场的照片。\n\n{body}\n"
        (report / "index.md").write_text(text, encoding="utf-8", newline="\n")


def _run(tool: str, folder: Path, count: int, tell: Tell) -> Figures:
    made = TOOLS[tool]
    clean(folder, made, with_photos=True)
    try:
        figures = timed(made.build, folder, folder.with_suffix(".log"), made.variables)
    except Failed as problem:
        raise Refused(f"{made.name}, photos: {problem}") from problem
    found = Counter(map(_form, _pictures(folder / "public")))
    if missing := [form for form in FORMS if found[form] < count]:
        raise Refused(f"{made.name}, photos: not all have the files {missing}")
    tell(f"{count:,} photos, {made.name}: {figures.wall:.2f} s, CPU {figures.cpu:.2f} s")
    return figures


def _pictures(out: Path) -> list[Path]:
    return [path for path in out.rglob("*") if path.suffix in (".jpg", ".webp")]


def _form(path: Path) -> tuple[str | None, int]:
    with Image.open(path) as image:
        return image.format, image.width
