"""Where the figures were taken."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.tools import Tool, version

A_REPORT = 45_000
"""Bytes that a report takes for one tool: text, page, shares of lists, caches, all in whole blocks."""
A_PHOTO = 8_000_000
"""Bytes that a photo of 24 megapixels takes, and again for each tool: what is made of it, twice, and Hugo's copy."""


def described(tools: Iterable[Tool]) -> dict[str, str]:
    """CPU, memory, system and versions, as lines of a table."""
    known = {
        "CPU": f"{_processor()}, {_cores()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": _system(),
        "Python": platform.python_version(),
    }
    return known | {tool.name: version(tool) for tool in tools}


def workplace(needed: int) -> tuple[Path, str]:
    """A folder on tmpfs with room for that many bytes, else the usual temporary one; and what to say of it."""
    needed += 200_000_000
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and min(shutil.disk_usage(memory).free, _available()) > needed:
        return Path(tempfile.mkdtemp(prefix="newsgen-bench-", dir=memory)), "sites and outputs on tmpfs"
    folder = Path(tempfile.mkdtemp(prefix="newsgen-bench-"))
    return folder, f"sites and outputs on the disk of {folder.parent}: no tmpfs with {needed / 1e9:.1f} GB to spare"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    told = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or platform.processor() or platform.machine()


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.platform(terse=True)
    return f"{name}, {platform.system()} {platform.release()}"


def _available() -> float:
    """Bytes of memory that tmpfs may take: most of what is free."""
    try:
        lines = Path("/proc/meminfo").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 * 0.7 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return float("inf")
