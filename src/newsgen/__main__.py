"""`python -m newsgen` and the `newsgen` command."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    gc.disable()  # what is imported stays; the command line turns it on for what lasts
    try:
        from newsgen.cli import leave, run
    except KeyboardInterrupt:  # Ctrl-C came before there was anything to interrupt
        sys.exit(2)
    leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
