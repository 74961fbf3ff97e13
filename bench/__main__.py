"""`python -m bench run`, which `make bench` calls, and `python -m bench corpus`."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from bench import machine, table
from bench.rounds import Refused, trial
from bench.sites import Site
from bench.tools import TOOLS


def main() -> int:
    """Do what the command line says; the exit code is 1 when a tool did not do its work, 2 when one is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="measure, and print the table")
    run.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], metavar="N", help="numbers of reports")
    run.add_argument("--runs", type=int, default=3, help="how often; the medians count")
    run.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    run.add_argument("--json", type=Path, metavar="FILE", help="write every run's figures there, too")
    run.set_defaults(does=_run)
    corpus = commands.add_parser("corpus", help="write one tool's site, to look at or to work with")
    corpus.add_argument("folder", type=Path, help="must not exist yet")
    corpus.add_argument("--reports", type=int, default=1_000)
    corpus.add_argument("--tool", choices=list(TOOLS), default="newsgen")
    corpus.set_defaults(does=_corpus)
    chosen = parser.parse_args()
    code: int = chosen.does(chosen)
    return code


def _corpus(chosen: argparse.Namespace) -> int:
    Site(chosen.tool, chosen.folder).lay(chosen.reports)
    return 0


def _run(chosen: argparse.Namespace) -> int:
    try:
        known = machine.described(TOOLS[tool] for tool in chosen.tools)
    except (OSError, subprocess.CalledProcessError) as problem:
        _tell(f"a tool is not installed, which `make bench` would do: {problem}")
        return 2
    work, place = machine.workplace(max(chosen.sizes), len(chosen.tools))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # gigabytes of memory must not stay behind
    trials = []
    try:
        for size in chosen.sizes:
            trials.append(trial(chosen.tools, size, chosen.runs, work, _tell))
            shutil.rmtree(work / f"{size}")
    except Refused as problem:
        _tell(f"refused: {problem}")
        return 1
    finally:
        shutil.rmtree(work)
    sys.stdout.write(table.markdown(known, place, trials) + "\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(table.document(known, place, trials), ensure_ascii=False, indent=1) + "\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
