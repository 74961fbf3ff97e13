"""`python -m bench`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.sites import LAYOUTS, lay


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    commands = parser.add_subparsers(required=True)
    corpus = commands.add_parser("corpus", help="write one tool's site, to look at or to work with")
    corpus.add_argument("folder", type=Path)
    corpus.add_argument("--reports", type=int, default=1000)
    corpus.add_argument("--tool", choices=list(LAYOUTS), default="newsgen")
    corpus.set_defaults(run=lambda chosen: lay(chosen.tool, chosen.reports, chosen.folder))
    chosen = parser.parse_args()
    chosen.run(chosen)


if __name__ == "__main__":
    main()
