"""`python -m newsgen` and the `newsgen` command."""

from __future__ import annotations

import sys

from newsgen.cli import leave, run


def main() -> None:
    """Run the command line and exit with its code."""
    leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
