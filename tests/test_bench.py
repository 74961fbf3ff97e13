"""The benchmark: its corpus, its looks at what came out, its table. No peers are needed, and no timing decides."""

from __future__ import annotations

import hashlib
import io
import os
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bench import corpus, dialects, rounds, shapes, table, tools
from bench.albums import album_trial
from bench.cases import CASES, COLD, expected_pages, known
from bench.measure import Failed, Figures, timed
from bench.outputs import changed, snapshot
from bench.photos import photo
from bench.rounds import Refused, Trial, trial
from bench.sites import Site, clean
from site_test import SiteTest, tree

ROOT = Path(__file__).parents[1]

DIGEST = "952df0cd58396c98"
SHAPES_DIGEST = "2280579a5c7985dd"
"""Of 64 reports; of each shape. Figures taken with another corpus are no measure for each other: change this knowingly."""


# ---------------------------------------------------------------- the corpus


def test_the_reports_are_the_same_on_every_machine() -> None:
    typed = "".join(dialect(item) for item in corpus.reports(64) for dialect in (dialects.newsgen, dialects.hugo))
    assert hashlib.sha256(typed.encode()).hexdigest()[:16] == DIGEST


def test_a_site_laid_twice_has_the_same_bytes(tmp_path: Path) -> None:
    Site("newsgen", tmp_path / "once").lay(16)
    again = [sys.executable, "-m", "bench", "corpus", str(tmp_path / "again"), "--reports", "16"]
    subprocess.run(again, cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert tree(tmp_path / "once") == tree(tmp_path / "again")


def test_every_eighth_report_has_something_special_and_every_fourth_a_photo() -> None:
    found = list(corpus.reports(800))
    assert Counter(item.extra for item in found if item.extra) == dict.fromkeys(corpus.EXTRAS, 25)
    assert sum(item.photo is not None for item in found) == 200
    special = {item.number: item.extra for item in found if item.extra}
    shown = {item.number: block.kind for item in found for block in item.body if block.kind in corpus.EXTRAS}
    assert shown == special


MARKS = {
    "bold": "**",
    "links": "](https://",
    "lists": "\n2. ",
    "tables": "| :--- |",
    "quotations": "\n> ",
    "footnotes": "[^1]:",
}


def typed(number: int, shape: str) -> str:
    return dialects.newsgen(shapes.report(number, 2_000, shape))


def test_the_reports_of_real_shape_are_the_same_on_every_machine() -> None:
    every = "".join(typed(number, shape) for shape in shapes.SHAPES for number in range(64))
    assert hashlib.sha256(every.encode()).hexdigest()[:16] == SHAPES_DIGEST


def test_a_report_of_one_kind_holds_that_kind() -> None:
    for kind, mark in MARKS.items():
        assert all(mark in typed(number, kind).replace("\n- ", "\n2. ") for number in range(100))
    marked = typed(3, "marked")
    assert [marked.count(mark) >= 5 for mark in ("**", "`", "](https://")] == [True] * 3
    assert all("\n    - " in typed(number, "nested lists") for number in range(100))


def test_the_corpus_of_real_shape_holds_each_kind_as_often_as_reports_do() -> None:
    texts = [typed(number, "mixed") for number in range(2_000)]
    share = {kind: sum(mark in text for text in texts) / 20 for kind, mark in MARKS.items()}
    assert share["bold"] == pytest.approx(30, abs=3)
    assert share["links"] == pytest.approx(15, abs=3)
    assert share["tables"] == pytest.approx(8, abs=2)
    assert share["quotations"] == pytest.approx(5, abs=2)
    assert share["footnotes"] == pytest.approx(3, abs=1)
    bare = sum(typed(number, "mixed") == dialects.newsgen(_bare(number)) for number in range(2_000)) / 20
    assert bare == pytest.approx(45, abs=3)


def _bare(number: int) -> corpus.Report:
    made = corpus.report(number, 2_000, bare=True)
    return replace(made, body=tuple(replace(block, text=block.text.replace("**", "")) for block in made.body))


def test_a_report_has_about_1300_characters() -> None:
    lengths = [sum(len(block.text) for block in item.body) for item in corpus.reports(400)]
    assert 1250 < statistics.mean(lengths) < 1400


def test_the_reports_lie_in_order_over_six_years_and_the_added_one_is_the_newest() -> None:
    dates = [item.date for item in [*corpus.reports(500), corpus.report(500, 500)]]
    assert dates == sorted(set(dates))
    assert {date.year for date in dates} == {2019, 2020, 2021, 2022, 2023, 2024}


def test_the_corpus_without_bodies_knows_the_neighbours_in_a_section() -> None:
    seen, found = known(64), list(corpus.reports(64))
    for item in found:
        near = [found[number] for number in seen.neighbours(item.number)]
        assert all(other.section == item.section for other in near)
        passed = [other for other in found if other.section == item.section and other.number < item.number]
        assert (passed[-1] in near) if passed else all(other.number > item.number for other in near)


@pytest.mark.parametrize("tool", list(tools.TOOLS))
def test_an_edit_of_the_template_can_be_undone(tool: str, tmp_path: Path) -> None:
    site = Site(tool, tmp_path / "site")
    site.lay(1)
    template = site.folder / tools.TOOLS[tool].template
    before = template.read_text("utf-8")
    assert before.count('<header class="article-head"') == 1
    site.edit_template("marked")
    assert 'data-edit="marked"' in template.read_text("utf-8")
    site.edit_template("")
    assert template.read_text("utf-8") == before


def test_the_peers_are_pinned_without_any_address() -> None:
    for name in ("requirements.txt", "eleventy/package-lock.json"):
        pins = (ROOT / "bench" / "peers" / name).read_text("utf-8")
        assert "resolved" not in pins
        assert "index-url" not in pins
        assert "sha256:" in pins or "sha512-" in pins


# ---------------------------------------------------------------- the runs


@pytest.mark.parametrize("shape", shapes.SHAPES[1:])
def test_newsgen_builds_every_shape_without_a_word(
    shape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Site("newsgen", tmp_path / "site", shape).lay(24)
    built = SiteTest(tmp_path / "site", capsys).built(now="2025-06-01T08:00")
    assert built.document["diagnostics"] == []


def test_newsgen_builds_the_corpus_without_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Site("newsgen", tmp_path / "site").lay(64)
    built = SiteTest(tmp_path / "site", capsys).built(now="2025-06-01T08:00")
    assert built.document["diagnostics"] == []
    assert {path for path in built.addresses() if rounds.ARTICLE.fullmatch(path)} == expected_pages(known(64), COLD)
    special = next(item for item in corpus.reports(64) if item.extra == "table")
    page = built.text(special.address)
    assert "<table>" in page
    assert all(block.text in page for block in special.body if block.kind in ("heading", "signature"))


def test_a_round_measures_each_case_and_counts_the_outputs_that_changed(tmp_path: Path) -> None:
    told: list[str] = []
    seen = trial(["newsgen"], known(24), 1, tmp_path, told.append)
    counts = {case: runs[0].changed for case, runs in seen.figures["newsgen"].items()}
    assert list(counts) == [case.name for case in CASES]
    assert counts[COLD] > 24 + 40
    assert counts["nothing changed"] == 0
    assert counts["one body edited"] == 1
    assert 2 < counts["one title edited"] < 20
    assert 2 < counts["one article added"] < 20
    assert counts["one template edited"] == 25
    assert all(runs[0].memory > 1_000_000 for runs in seen.figures["newsgen"].values())


def test_a_tool_that_leaves_pages_out_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = replace(tools.TOOLS["newsgen"], build=(sys.executable, "-c", "pass"))
    monkeypatch.setitem(tools.TOOLS, "newsgen", idle)
    with pytest.raises(Refused, match="newsgen, cold: 0 pages of articles for 8 reports"):
        trial(["newsgen"], known(8), 1, tmp_path, lambda line: None)


def test_a_tool_that_leaves_an_old_page_standing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = "import pathlib, runpy; pathlib.Path('public').exists() or runpy.run_module('newsgen', run_name='__main__')"
    lazy = replace(tools.TOOLS["newsgen"], build=(sys.executable, "-c", once, "build", "-C", "."))
    monkeypatch.setitem(tools.TOOLS, "newsgen", lazy)
    with pytest.raises(Refused, match=r"newsgen, one body edited: .* does not show"):
        trial(["newsgen"], known(8), 1, tmp_path, lambda line: None)


def test_a_peer_that_fails_is_left_out_and_the_table_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(tools.TOOLS["pelican"], build=(sys.executable, "-c", "raise SystemExit('no more memory')"))
    monkeypatch.setitem(tools.TOOLS, "pelican", broken)
    seen = trial(["pelican"], known(8), 2, tmp_path, lambda line: None)
    assert seen.remarks == {"pelican": "left out from “cold” on: exit code 1: no more memory"}
    assert not any(seen.figures["pelican"].values())


def test_changed_outputs_are_the_added_the_deleted_and_those_with_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("same.html", "deep/edited.html", "deleted.html"):
        (tmp_path / name).write_text("before", encoding="utf-8")
    before = snapshot(tmp_path)
    (tmp_path / "same.html").write_text("before", encoding="utf-8")
    (tmp_path / "deep/edited.html").write_text("after!", encoding="utf-8")
    (tmp_path / "deleted.html").unlink()
    (tmp_path / "added.html").touch()
    (tmp_path / ".newsgen.json").touch()
    assert changed(before, snapshot(tmp_path)) == {"deep/edited.html", "deleted.html", "added.html"}


def test_the_memory_is_that_of_the_largest_process_of_all(tmp_path: Path) -> None:
    child = "data = b'x' * 80_000_000"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    figures = timed((sys.executable, "-c", parent), tmp_path, tmp_path / "log")
    assert 80_000_000 < figures.memory < 160_000_000


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="exit code 3: the last word"):
        timed(("sh", "-c", "echo first; echo the last word >&2; exit 3"), tmp_path, tmp_path / "log")


# ---------------------------------------------------------------- the table


def run(wall: float, changed: int = 0) -> Figures:
    """Figures with CPU and memory that follow from the time."""
    return Figures(wall, wall * 2, int(wall * 100e6), int(wall * 150e6), changed)


def test_the_table_holds_medians_and_ratios() -> None:
    nothing: dict[str, list[Figures]] = {case.name: [] for case in CASES}
    seen = Trial(
        reports=10_000,
        figures={
            "newsgen": nothing | {COLD: [run(2, 12_293), run(9, 12_293), run(1, 12_293)]},
            "hugo": nothing | {COLD: [run(25.04, 12_333)], "nothing changed": [run(0.5)]},
        },
        remarks={"hugo": "run once: it was too slow"},
    )
    lines = list(table.table(seen))
    assert lines[:10] == [
        "| | | newsgen | Hugo |",
        "| --- | --- | ---: | ---: |",
        "| cold | time | 2.00 s | 25.0 s ×13 |",
        "|  | CPU | 4.00 s | 50.1 s ×13 |",
        "|  | memory | 200 MB | 2,504 MB ×13 |",
        "|  | outputs changed | 12,293 | 12,333 |",
        "| nothing changed | time | – | 0.50 s |",
        "|  | CPU | – | 1.00 s |",
        "|  | memory | – | 50 MB |",
        "|  | outputs changed | – | 0 |",
    ]
    page = table.markdown({"CPU": "a fast one"}, "outputs on tmpfs", [seen])
    assert "| CPU | a fast one |" in page
    assert "### 10,000 reports, plain" in page
    assert "together: newsgen 300 MB, Hugo 3,756 MB." in page
    assert "\nHugo: run once: it was too slow.\n" in page
    assert "Medians of 3 runs" in page


def test_the_table_of_kinds_has_a_row_for_the_time_and_one_for_the_cpu_of_each() -> None:
    figures = {"newsgen": {COLD: [run(2)]}, "hugo-tuned": {COLD: [run(3)]}}
    seen = [Trial(1_000, figures, {}, shape) for shape in ("plain", "bold")]
    assert list(table.kinds_table(seen)) == [
        "| | | newsgen | Hugo, tuned |",
        "| --- | --- | ---: | ---: |",
        "| plain | time | 2.00 s | 3.00 s ×1.5 |",
        "|  | CPU | 4.00 s | 6.00 s ×1.5 |",
        "| bold | time | 2.00 s | 3.00 s ×1.5 |",
        "|  | CPU | 4.00 s | 6.00 s ×1.5 |",
    ]
    page = table.markdown({}, "outputs on tmpfs", [], seen)
    assert "### 1,000 reports of one kind, cold" in page
    assert "`GOGC=400`" in page


def test_the_table_of_photos_has_a_row_for_time_cpu_and_memory() -> None:
    seen = Trial(200, {"newsgen": {COLD: [run(2)]}, "hugo": {COLD: [run(20)]}}, {}, "photos")
    lines = table.album({"CPU": "a fast one"}, "outputs on tmpfs", seen).splitlines()
    assert lines[4:10] == [
        "### 200 photos of 24 megapixels, cold",
        "",
        "| | newsgen | Hugo |",
        "| --- | ---: | ---: |",
        "| time | 2.00 s | 20.0 s ×10 |",
        "| CPU | 4.00 s | 40.0 s ×10 |",
    ]


def test_the_json_holds_every_run() -> None:
    seen = Trial(64, {"newsgen": {COLD: [run(1, 5), run(2, 5)]}}, {})
    document = table.document({"CPU": "a fast one"}, "outputs on tmpfs", [seen])
    runs = document["trials"][0]["figures"]["newsgen"][COLD]
    assert [figures["wall"] for figures in runs] == [1, 2]
    assert runs[0] == {"wall": 1, "cpu": 2, "memory": 100e6, "memory_of_all": 150e6, "changed": 5}


# ---------------------------------------------------------------- photos


def test_a_cold_build_finds_the_photos_that_were_made_before_and_nothing_else(tmp_path: Path) -> None:
    site = Site("newsgen", tmp_path / "site")
    site.lay(8)
    kept, others = site.folder / ".newsgen" / "pictures" / "a", [site.folder / ".newsgen" / "store.db", site.out / "a"]
    for path in (kept, *others):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    site.clean()
    assert [path.exists() for path in (kept, *others)] == [True, False, False]
    clean(site.folder, tools.TOOLS["newsgen"], with_photos=True)
    assert not kept.exists()


def test_the_photos_of_a_corpus_are_made_before_the_first_cold_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []

    def noted(command: tuple[str, ...], folder: Path, *others: Any) -> Figures:
        found.append(len(list((folder / ".newsgen" / "pictures").glob("*"))))
        return timed(command, folder, *others)

    monkeypatch.setattr(rounds, "timed", noted)
    trial(["newsgen"], known(8), 1, tmp_path, lambda line: None, [case for case in CASES if case.name == COLD])
    assert found[0] == 0
    assert found[1] > 8


def test_an_album_counts_when_every_photo_has_all_its_files(tmp_path: Path) -> None:
    told: list[str] = []
    seen = album_trial(["newsgen"], 2, 1, tmp_path, told.append, (2100, 1400))
    (figures,) = seen.figures["newsgen"][COLD]
    assert figures.memory > 1_000_000
    assert list(tmp_path.iterdir()) == []


def test_a_tool_that_makes_too_few_files_of_a_photo_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = replace(tools.TOOLS["newsgen"], build=(sys.executable, "-c", "pass"))
    monkeypatch.setitem(tools.TOOLS, "newsgen", idle)
    with pytest.raises(Refused, match="newsgen, photos: not all have the files"):
        album_trial(["newsgen"], 1, 1, tmp_path, lambda line: None, (2100, 1400))


def test_the_photos_are_the_same_on_every_machine() -> None:
    image = Image.open(io.BytesIO(photo(3, (640, 426))))
    assert image.size == (640, 426)
    assert photo(3, (640, 426)) == photo(3, (640, 426)) != photo(4, (640, 426))
