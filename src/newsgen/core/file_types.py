"""File types that may be published: by the suffixes of their names, and by their sizes."""

from __future__ import annotations

import posixpath

PICTURE_SUFFIXES = frozenset(
    [*(".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"), *(".heic", ".heif", ".avif")]
)
DOWNLOAD_SUFFIXES = frozenset(
    [
        *(".pdf", ".ofd", ".doc", ".docx", ".wps", ".rtf", ".txt", ".epub"),
        *(".xls", ".xlsx", ".et", ".csv", ".ppt", ".pptx", ".dps"),
        *(".zip", ".rar", ".7z", ".gz"),
        *(".mp4", ".m4v", ".webm", ".mov", ".ogv", ".vtt"),
        *(".mp3", ".m4a", ".wav", ".ogg"),
    ]
)
"""Suffixes of files that may be published as they are. HTML, SVG, scripts and programs may not: they run on the
college's host.
"""

VIDEO_SUFFIXES = frozenset((".mp4", ".m4v", ".webm"))
"""Those that all browsers play."""
PLAYED_SUFFIXES = frozenset((".mp4", ".m4v", ".webm", ".mov", ".ogv", ".mp3", ".m4a", ".wav", ".ogg", ".vtt", ".txt"))
"""Those that browsers show or play at once."""

CLEANED_SUFFIXES = frozenset((".docx", ".xlsx", ".pptx", ".pdf"))
"""Those from which the names of their writers can be taken out."""

FILE_SUFFIXES = DOWNLOAD_SUFFIXES | PICTURE_SUFFIXES

MOST_BYTES = 2_000_000_000
"""Bytes of a file that is published as it is at most: an hour of video. It is streamed, never held in memory."""
MOST_OF_A_PICTURE = 200_000_000
"""Bytes of a photo at most, since it is held in memory; those of cameras have 50 million at most."""


def suffix_of(path: str) -> str:
    """The suffix of a file's name in lower case: `.jpg`; "" where it has none."""
    return posixpath.splitext(path)[1].lower()


def is_picture(path: str) -> bool:
    """Whether the file is a photo by its name."""
    return suffix_of(path) in PICTURE_SUFFIXES


def is_video(path: str) -> bool:
    """Whether the file is a video that browsers play, by its name."""
    return suffix_of(path) in VIDEO_SUFFIXES
