"""The differences between operating systems, in one place.

`retries` moves and deletes files that other programs hold open for a moment, `os_errors` has the Chinese messages for
errors of the system, `paths` treats links, junctions, letter case and long paths, `sync_folders` finds folders of sync
programs, `shell` quotes commands for people, `console` finds out what a terminal can show, `process` has the user, the
processors and the event loop, `window_close` takes the closing of a window for Ctrl-C.
"""

from newsgen.core.platform.console import MODERN, Console, console_of
from newsgen.core.platform.os_errors import is_full, reason
from newsgen.core.platform.paths import below, entry_is_link, extended, is_link, is_within, plain_path
from newsgen.core.platform.process import limit_memory, may_fork, new_event_loop, processors, user_name
from newsgen.core.platform.retries import remove_tree, rename, replace, rmdir, unlink, with_retries
from newsgen.core.platform.shell import command_line, quoted
from newsgen.core.platform.window_close import ENDING, interrupt_at_end, wait_at_close

__all__ = [
    "ENDING",
    "MODERN",
    "Console",
    "below",
    "command_line",
    "console_of",
    "entry_is_link",
    "extended",
    "interrupt_at_end",
    "is_full",
    "is_link",
    "is_within",
    "limit_memory",
    "may_fork",
    "new_event_loop",
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
    "wait_at_close",
    "with_retries",
]
