"""Programs of others that are used where they are installed, and never required."""

from __future__ import annotations

import shutil
from pathlib import Path


def ffmpeg() -> str | None:
    """The program; None where it is not installed. Windows looks in the working folder first: what lies there does not count."""
    found = shutil.which("ffmpeg")
    return found if found and Path(found).is_absolute() else None
