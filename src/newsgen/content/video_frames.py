"""The first frame of a video, which its player shows until it is asked to play: taken by ffmpeg where that is installed.

A video can be made to name other files. ffmpeg may read nothing but the one file, in the format of its suffix.
"""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from newsgen.content.images import ImageError, probe, publishable
from newsgen.core.programs import ffmpeg

MAX_WIDTH = 960
"""Pixels: enough for the column of a text; the video itself is a click away."""
LIMIT = 60.0
"""Seconds after which ffmpeg is stopped."""
PLAIN = "#22201f"
"""The ground of a player (theme/style.css)."""
_MAX_PIXELS = 60_000_000
_FORMATS = {".mp4": "mov", ".m4v": "mov", ".webm": "matroska"}


class VideoFrame(NamedTuple):
    """A frame as a JPEG, with its size in pixels."""

    data: bytes
    width: int
    height: int


def first_frame(video: Path) -> VideoFrame | None:
    """The first frame of a video, upright; None where ffmpeg is missing or makes nothing of the file."""
    program = ffmpeg()
    if program is None:
        return None
    limits = ["-protocol_whitelist", "file", "-max_pixels", str(_MAX_PIXELS), "-f", _FORMATS[video.suffix.lower()]]
    square = f"scale=trunc(iw*sar):ih,scale='min({MAX_WIDTH},iw)':-1"
    made = ["-frames:v", "1", "-an", "-vf", square, "-c:v", "bmp", "-f", "image2pipe", "-"]
    command = [program, "-nostdin", "-v", "error", *limits, "-i", f"file:{video}", *made]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _coded(done.stdout) if done.returncode == 0 else None


def _coded(data: bytes) -> VideoFrame | None:
    try:
        seen = probe(data)
        return VideoFrame(publishable(data, seen), seen.width, seen.height)
    except ImageError:
        return None


def plain_frame(width: int, height: int) -> bytes:
    """A dark ground, in place of a frame that could be taken once and cannot any more."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), PLAIN).save(target, "JPEG")
    return target.getvalue()
