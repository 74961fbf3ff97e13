"""Run a command and print what it took, as JSON: python -I -S stopwatch.py FOLDER LOG COMMAND…

A process of its own, because the kernel counts a program's memory from before its exec on: started by a large process,
a small one would look large. This one is about 10 MB.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

EVERY = 0.05
"""Seconds between two looks at the memory of all processes together."""


def main() -> None:
    """Run it; exit as it did."""
    folder, log, *command = sys.argv[1:]
    os.chdir(folder)
    with open(log, "wb") as file:  # noqa: PTH123
        to_log = [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number in (1, 2)]
        started = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=to_log)
        together = _Together(pid)
        together.start()
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - started
    largest = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
    figures = {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": largest,
        "memory_of_all": max(together.peak, largest) if together.peak else None,
        "exit_code": os.waitstatus_to_exitcode(status),
    }
    sys.stdout.write(json.dumps(figures))


class _Together(threading.Thread):
    """Watches the memory of a process and all that it started; `peak` stays 0 where there is no /proc."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pid = pid

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, _memory(self._pid))
            time.sleep(EVERY)


def _memory(pid: int) -> int:
    """Resident bytes of a process and its descendants; pages that two of them share count twice."""
    try:
        with open(f"/proc/{pid}/statm") as file:  # noqa: PTH123
            own = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        children: list[str] = []
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:  # noqa: PTH123
                children += file.read().split()
    except OSError:  # it has ended, or this is no Linux
        return 0
    return own + sum(_memory(int(child)) for child in children)


if __name__ == "__main__":
    main()
