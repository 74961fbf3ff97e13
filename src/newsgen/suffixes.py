"""Which files may be published, by the suffixes of their names."""

from __future__ import annotations

PICTURE_SUFFIXES = frozenset(
    [*(".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"), *(".heic", ".heif", ".avif")]
)
DOWNLOAD_SUFFIXES = frozenset(
    [
        ".pdf",
        ".ofd",
        ".doc",
        ".docx",
        ".wps",
        ".xls",
        ".xlsx",
        ".et",
        ".ppt",
        ".pptx",
        ".dps",
        ".csv",
        ".txt",
        ".rtf",
        ".zip",
        ".rar",
        ".7z",
        ".gz",
        ".mp4",
        ".m4v",
        ".webm",
        ".mov",
        ".ogv",
        ".mp3",
        ".m4a",
        ".wav",
        ".ogg",
        ".epub",
        ".vtt",
    ]
)
"""What may be published as it is. HTML, SVG, scripts and programs may not: they run on the college's host."""

FILE_SUFFIXES = DOWNLOAD_SUFFIXES | PICTURE_SUFFIXES
