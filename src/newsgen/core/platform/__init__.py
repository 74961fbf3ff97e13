"""What differs between operating systems: the one place that knows it.

`patience` moves and deletes files that others hold open for a moment, `reasons` has Chinese words for what the system
refuses, `paths` knows links, junctions, letter case and long paths, `shell` writes commands that can be typed as they
stand, `console` what a terminal can show, `process` the user, the processors and the event loop.
"""

from newsgen.core.platform.console import MODERN, Console, console_of
from newsgen.core.platform.paths import below, entry_is_link, extended, is_link, is_within, plain_path
from newsgen.core.platform.patience import patiently, remove_tree, rename, replace, rmdir, unlink
from newsgen.core.platform.process import most_processes, new_event_loop, processors, user_name
from newsgen.core.platform.reasons import reason
from newsgen.core.platform.shell import command_line, quoted

__all__ = [
    "MODERN",
    "Console",
    "below",
    "command_line",
    "console_of",
    "entry_is_link",
    "extended",
    "is_link",
    "is_within",
    "most_processes",
    "new_event_loop",
    "patiently",
    "plain_path",
    "processors",
    "quoted",
    "reason",
    "remove_tree",
    "rename",
    "replace",
    "rmdir",
    "unlink",
    "user_name",
]
