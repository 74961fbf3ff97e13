"""The media types of a site's files, independent of the system's own tables."""

from __future__ import annotations

from posixpath import splitext

TEXT = "; charset=utf-8"
TYPES = {
    ".html": "text/html" + TEXT,
    ".css": "text/css" + TEXT,
    ".js": "text/javascript" + TEXT,
    ".mjs": "text/javascript" + TEXT,
    ".txt": "text/plain" + TEXT,
    ".csv": "text/csv" + TEXT,
    ".map": "application/json",
    ".conf": "text/plain" + TEXT,
    ".json": "application/json",
    ".xml": "application/xml" + TEXT,
    ".svg": "image/svg+xml" + TEXT,
    ".webmanifest": "application/manifest+json",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".bmp": "image/bmp",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".ogv": "video/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".7z": "application/x-7z-compressed",
    ".rar": "application/vnd.rar",
    ".rtf": "application/rtf",
    ".ofd": "application/ofd",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    **{f".{name}": f"application/wps-office.{name}" for name in ("wps", "et", "dps")},
    ".gz": "application/gzip",
    ".epub": "application/epub+zip",
    ".vtt": "text/vtt" + TEXT,
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OTHER = "application/octet-stream"


def media_type(path: str) -> str:
    """The media type (Content-Type) of a file, by the suffix of its name."""
    return TYPES.get(splitext(path)[1].lower(), OTHER)
