"""The figures as a table in Markdown, and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.cases import CASES, COLD
from bench.measure import Figures
from bench.rounds import Trial
from bench.tools import TOOLS

BASE = "newsgen"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of figure: its name, where it is found, how it is written, and whether a ratio says something."""

    name: str
    value: Callable[[Figures], float | None]
    written: Callable[[float], str]
    has_ratio: bool = True


def seconds(value: float) -> str:
    """Three figures at most: 0.38 s, 9.91 s, 27.4 s, 312 s."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"


def megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f} MB"


ROWS = (
    Row("time", lambda run: run.wall, seconds),
    Row("CPU", lambda run: run.cpu, seconds),
    Row("memory", lambda run: run.memory, megabytes),
    Row("outputs changed", lambda run: run.changed, lambda value: f"{value:,.0f}", has_ratio=False),
)


TOGETHER = Row("memory of all processes", lambda run: run.memory_of_all, megabytes)


def album(machine: Mapping[str, str], place: str, trial: Trial) -> str:
    """The report of a trial of photos."""
    title = f"### {trial.reports:,} photos of 24 megapixels, cold"
    lines = [*_machine(machine), title, "", *album_table(trial), "", *_together(trial)]
    return "\n".join(
        [*lines, f"Medians of {_runs([trial])}, taken in turns; ×: as many times newsgen's. {place.capitalize()}."]
    )


def markdown(machine: Mapping[str, str], place: str, trials: Sequence[Trial], kinds: Sequence[Trial] = ()) -> str:
    """The whole report: the machine, a table for each corpus, one for the single kinds, and how the tools were run."""
    lines = _machine(machine)
    for trial in trials:
        title = f"### {trial.reports:,} reports, {trial.shape}"
        lines += [title, "", *table(trial), "", *_together(trial), *_remarks(trial)]
    if kinds:
        lines += [f"### {kinds[0].reports:,} reports of one kind, cold", "", *kinds_table(kinds), ""]
    used = dict.fromkeys(tool for trial in [*trials, *kinds] for tool in trial.figures)
    lines += [
        f"Medians of {_runs([*trials, *kinds])}, taken in turns; ×: as many times newsgen's. {place.capitalize()}.",
        "",
    ]
    return "\n".join([*lines, *(f"- {TOOLS[tool].name}: {TOOLS[tool].setting}." for tool in used)])


def _machine(machine: Mapping[str, str]) -> list[str]:
    return ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in machine.items()), ""]


def table(trial: Trial) -> Iterator[str]:
    """One table: a group of rows for each case, a column for each tool."""
    yield "| | | " + " | ".join(TOOLS[tool].name for tool in trial.figures) + " |"
    yield "| --- | --- |" + " ---: |" * len(trial.figures)
    for case in CASES:
        for row in ROWS:
            cells = " | ".join(_cells(trial, case.name, row))
            yield f"| {case.name if row is ROWS[0] else ''} | {row.name} | {cells} |"


def kinds_table(trials: Sequence[Trial]) -> Iterator[str]:
    """A row for each kind of mark and figure of a cold build: time and CPU."""
    yield "| | | " + " | ".join(TOOLS[tool].name for tool in trials[0].figures) + " |"
    yield "| --- | --- |" + " ---: |" * len(trials[0].figures)
    for trial in trials:
        for row in ROWS[:2]:
            cells = " | ".join(_cells(trial, COLD, row))
            yield f"| {trial.shape if row is ROWS[0] else ''} | {row.name} | {cells} |"


def album_table(trial: Trial) -> Iterator[str]:
    """A row for the time, the CPU and the memory of cold builds."""
    yield "| | " + " | ".join(TOOLS[tool].name for tool in trial.figures) + " |"
    yield "| --- |" + " ---: |" * len(trial.figures)
    for row in ROWS[:3]:
        yield f"| {row.name} | {' | '.join(_cells(trial, COLD, row))} |"


def document(machine: Mapping[str, str], place: str, trials: Sequence[Trial]) -> dict[str, Any]:
    """All that was measured, run by run, as values for JSON."""
    return {
        "machine": dict(machine),
        "place": place,
        "trials": [
            {
                "reports": trial.reports,
                "shape": trial.shape,
                "remarks": dict(trial.remarks),
                "figures": {
                    tool: {case: [asdict(run) for run in runs] for case, runs in cases.items()}
                    for tool, cases in trial.figures.items()
                },
            }
            for trial in trials
        ],
    }


def _cells(trial: Trial, case: str, row: Row) -> Iterator[str]:
    base = _median(trial.figures.get(BASE, {}).get(case, ()), row)
    for tool in trial.figures:
        value = _median(trial.figures[tool][case], row)
        if value is None:
            yield "–"
        elif tool == BASE or not base or not row.has_ratio:
            yield row.written(value)
        else:
            yield f"{row.written(value)} {_ratio(value / base)}"


def _median(runs: Sequence[Figures], row: Row) -> float | None:
    values = [value for value in map(row.value, runs) if value is not None]
    return statistics.median(values) if values else None


def _ratio(value: float) -> str:
    """Two figures: ×0.26, ×1.3, ×13."""
    return f"×{value:.2f}" if value < 1 else f"×{value:.1f}" if value < 10 else f"×{value:,.0f}"


def _together(trial: Trial) -> Iterator[str]:
    """What all processes of a cold build take; the table has the largest alone."""
    medians = {tool: _median(trial.figures[tool][COLD], TOGETHER) for tool in trial.figures}
    told = [f"{TOOLS[tool].name} {megabytes(value)}" for tool, value in medians.items() if value is not None]
    if told:
        yield f"Memory is that of the largest process. All processes of a cold build together: {', '.join(told)}."
        yield ""


def _remarks(trial: Trial) -> Iterator[str]:
    for tool, remark in trial.remarks.items():
        yield f"{TOOLS[tool].name}: {remark}."
        yield ""


def _runs(trials: Sequence[Trial]) -> str:
    most = max(
        (len(runs) for trial in trials for cases in trial.figures.values() for runs in cases.values()), default=0
    )
    return f"{most} runs" if most > 1 else "one run"
