"""`python -m bench run`, which `make bench` calls, `python -m bench photos` and `python -m bench corpus`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import machine, table
from bench.albums import ALBUM_TOOLS, album_trial
from bench.cases import CASES, COLD, known
from bench.rounds import Refused, Trial, trial
from bench.shapes import KINDS, MIXED, PLAIN, SHAPES
from bench.sites import Site
from bench.tools import TOOLS


def main() -> int:
    """Do what the command line says; the exit code is 1 when a tool did not do its work, 2 when one is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="measure, and print the table")
    run.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], metavar="N", help="numbers of reports")
    run.add_argument(
        "--shapes", nargs="*", choices=SHAPES, default=[PLAIN, MIXED], help="of the reports; see shapes.py"
    )
    run.add_argument(
        "--kinds", type=int, default=1_000, metavar="N", help="reports of each single-kind corpus; 0: none"
    )
    run.add_argument("--runs", type=int, default=3, help="how often; the medians count")
    run.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    run.add_argument("--json", type=Path, metavar="FILE", help="write every run's figures there, too")
    run.set_defaults(does=_run)
    photos = commands.add_parser("photos", help="measure what large photos take, and print the table")
    photos.add_argument("--count", type=int, default=200, metavar="N", help="photos of 24 megapixels")
    photos.add_argument("--runs", type=int, default=3, help="how often; the medians count")
    photos.add_argument("--tools", nargs="+", choices=ALBUM_TOOLS, default=["newsgen", "hugo"])
    photos.add_argument("--json", type=Path, metavar="FILE", help="write every run's figures there, too")
    photos.set_defaults(does=_photos)
    corpus = commands.add_parser("corpus", help="write one tool's site, to look at or to work with")
    corpus.add_argument("folder", type=Path, help="must not exist yet")
    corpus.add_argument("--reports", type=int, default=1_000)
    corpus.add_argument("--shape", choices=SHAPES, default=PLAIN)
    corpus.add_argument("--tool", choices=list(TOOLS), default="newsgen")
    corpus.set_defaults(does=_corpus)
    chosen = parser.parse_args()
    code: int = chosen.does(chosen)
    return code


def _corpus(chosen: argparse.Namespace) -> int:
    Site(chosen.tool, chosen.folder, chosen.shape).lay(chosen.reports)
    return 0


def _run(chosen: argparse.Namespace) -> int:
    needed = max(*chosen.sizes, chosen.kinds) * len(chosen.tools) * machine.A_REPORT
    with _workplace(chosen, needed) as (described, place, work):
        trials = [
            trial(chosen.tools, known(size, shape), chosen.runs, work, _tell)
            for size in chosen.sizes
            for shape in chosen.shapes
        ]
        kinds = _kinds(chosen, work)
        text = table.markdown(described, place, trials, kinds)
        _write(chosen, text, table.document(described, place, [*trials, *kinds]))
    return 0


def _photos(chosen: argparse.Namespace) -> int:
    needed = chosen.count * (1 + len(chosen.tools)) * machine.A_PHOTO
    with _workplace(chosen, needed) as (described, place, work):
        made = album_trial(chosen.tools, chosen.count, chosen.runs, work, _tell)
        _write(chosen, table.album(described, place, made), table.document(described, place, [made]))
    return 0


@contextmanager
def _workplace(chosen: argparse.Namespace, needed: int) -> Iterator[tuple[dict[str, str], str, Path]]:
    """The machine with its tools, where the sites lie, and the folder for them, which is deleted then."""
    try:
        described = machine.described(TOOLS[tool] for tool in chosen.tools)
    except (OSError, subprocess.CalledProcessError) as problem:
        _tell(f"a tool is not installed, which `make bench` would do: {problem}")
        sys.exit(2)
    work, place = machine.workplace(needed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # gigabytes of memory must not stay behind
    try:
        yield described, place, work
    except Refused as problem:
        _tell(f"refused: {problem}")
        sys.exit(1)
    finally:
        shutil.rmtree(work)


def _write(chosen: argparse.Namespace, text: str, document: dict[str, Any]) -> None:
    sys.stdout.write(f"{text}\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _kinds(chosen: argparse.Namespace, work: Path) -> list[Trial]:
    """Cold builds of one kind of mark after the other, by newsgen and Hugo."""
    tools = [tool for tool in chosen.tools if TOOLS[tool].site in ("newsgen", "hugo")]
    cold = [case for case in CASES if case.name == COLD]
    kinds = (PLAIN, *KINDS) if chosen.kinds else ()
    return [trial(tools, known(chosen.kinds, kind), chosen.runs, work, _tell, cold) for kind in kinds]


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
