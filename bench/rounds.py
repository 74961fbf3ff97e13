"""The runs: every case with one tool after the other, so that a machine that grows slower does so for all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.cases import CASES, COLD, Built, Case, Corpus, expected_pages, restore
from bench.measure import Failed, Figures, timed
from bench.outputs import Snapshot, changed, snapshot
from bench.shapes import PLAIN
from bench.sites import Site
from bench.tools import TOOLS

PATIENCE = 120.0
"""Seconds: a tool whose cold build took longer is run once."""

ARTICLE = re.compile(r"[a-z]+/\d{4}/\d{4}-w\d{6}\.html")
Tell = Callable[[str], None]


class Refused(Exception):
    """A tool did not do the work, so that its figures mean nothing; the text says which and what."""


@dataclass(frozen=True, slots=True)
class Trial:
    """All runs of one corpus: tool -> case -> figures of each round, and what is to be said of a tool that fell behind."""

    reports: int
    figures: Mapping[str, Mapping[str, Sequence[Figures]]]
    remarks: Mapping[str, str]
    shape: str = PLAIN


@dataclass
class _Course:
    """A tool on its way through the rounds.

    `last` is the output folder after its last build; `is_out` after a failure; `remark` what the table has to say.
    """

    site: Site
    last: Snapshot = field(default_factory=dict)
    figures: dict[str, list[Figures]] = field(default_factory=lambda: {case.name: [] for case in CASES})
    is_out: bool = False
    remark: str = ""


def trial(
    tools: Sequence[str],
    corpus: Corpus,
    runs: int,
    work: Path,
    tell: Tell,
    cases: Sequence[Case] = CASES,
) -> Trial:
    """Measure the tools on a corpus, in a folder that is deleted then.

    Raises Refused when one of them builds something else than it should.
    """
    count = corpus.count
    courses = [_Course(Site(tool, work / "sites" / tool, corpus.shape)) for tool in tools]
    for course in courses:
        tell(f"{count:,} reports, {corpus.shape}: writing the site of {course.site.tool}")
        course.site.lay(count)
        if TOOLS[course.site.tool].photos:
            _make_photos(course, tell)
    for number in range(1, runs + 1):
        for course, case in _order(courses, cases):
            _run(course, case, corpus, f"第{number}轮", tell)
    kept = {course.site.tool: course for course in courses}
    shutil.rmtree(work / "sites")
    return Trial(
        reports=count,
        shape=corpus.shape,
        figures={tool: course.figures for tool, course in kept.items()},
        remarks={tool: course.remark for tool, course in kept.items() if course.remark},
    )


def _make_photos(course: _Course, tell: Tell) -> None:
    """A build that is not measured: a cold one finds the photos that it has made. Where it fails, a cold one will, too."""
    site, tool = course.site, TOOLS[course.site.tool]
    with suppress(Failed):
        timed(tool.build, site.folder, site.folder.with_suffix(".log"), tool.variables)
    tell(f"{tool.name}: has made its photos")


def _order(courses: Sequence[_Course], cases: Sequence[Case]) -> Iterator[tuple[_Course, Case]]:
    """One round. A tool with a remark from an earlier round is too slow for more of them, or out."""
    racing = [course for course in courses if not course.remark]
    return ((course, case) for case in cases for course in racing if not course.is_out)


def _run(course: _Course, case: Case, corpus: Corpus, mark: str, tell: Tell) -> None:
    """One build of one tool, from the edit to the look at the pages."""
    site, tool = course.site, TOOLS[course.site.tool]
    if case.name == COLD:
        restore(site, corpus)
    case.edit(site, corpus, mark)
    try:
        figures = timed(tool.build, site.folder, site.folder.with_suffix(".log"), tool.variables)
    except Failed as problem:
        _leave_out(course, case, problem)
        tell(f"{tool.name} {course.remark}")
        return
    before, course.last = {} if case.name == COLD else course.last, snapshot(site.out)
    paths = changed(before, course.last)
    _check(course, case, Built(site, corpus, mark, paths))
    course.figures[case.name].append(replace(figures, changed=len(paths)))
    tell(
        f"{corpus.count:,} reports, {corpus.shape}, {mark}, {case.name}, {tool.name}: {figures.wall:.2f} s, {len(paths):,} changed"
    )
    if case.name == COLD and figures.wall > PATIENCE:
        course.remark = f"run once: a cold build takes more than {PATIENCE:.0f} s"


def _leave_out(course: _Course, case: Case, problem: Failed) -> None:
    """A peer may fail, at a size that is too much for it; without newsgen there is nothing to compare."""
    if course.site.tool == "newsgen":
        raise Refused(f"newsgen, {case.name}: {problem}") from problem
    course.is_out, course.remark = True, f"left out from “{case.name}” on: {problem}"


def _check(course: _Course, case: Case, built: Built) -> None:
    """One page for each report, no more and no fewer, and the case's own look at them."""
    pages = {path for path in course.last if ARTICLE.fullmatch(path)}
    expected = expected_pages(built.corpus, case.name)
    name = TOOLS[course.site.tool].name
    if pages != expected:
        raise Refused(f"{name}, {case.name}: {len(pages):,} pages of articles for {len(expected):,} reports")
    try:
        case.check(built)
    except Failed as problem:
        raise Refused(f"{name}, {case.name}: {problem}") from problem
