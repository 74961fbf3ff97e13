"""`python -m newsgen` and the `newsgen` command."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    gc.disable()  # what is imported stays; the command line turns it on for what lasts
    leave_out_current_folder()
    try:
        from newsgen.core import pattern_cache

        pattern_cache.install()  # before anything that has patterns
        from newsgen.cli import leave, run
    except KeyboardInterrupt:  # Ctrl-C came before there was anything to interrupt
        sys.exit(2)
    code = run(sys.argv[1:])
    pattern_cache.save()
    leave(code)


def leave_out_current_folder() -> None:
    """Import nothing from the current folder, here and in Python processes that this one starts.

    `python -m` looks there first, and would run a `yaml.py` that lies beside a site's site.yaml.
    """
    if sys.path[:1] in ([""], [os.getcwd()]):  # noqa: PTH109 (pathlib would be imported from there)
        del sys.path[0]
    os.environ["PYTHONSAFEPATH"] = "1"


if __name__ == "__main__":
    main()
