"""Kinds of files by their bytes: a published file must be of the kind that its suffix says, and no program."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from posixpath import splitext

from newsgen.content.images.errors import AVIF_BRANDS, HEIC_BRANDS
from newsgen.core.text import unreadable
from newsgen.core.zip_archives import opened

HEAD = 4096
"""Bytes that tell the kind of most files."""
_MOST_OF_A_DIRECTORY = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (
    ("WordDocument", (".doc", ".wps")),
    ("Workbook", (".xls", ".et")),
    ("PowerPoint Document", (".ppt", ".dps")),
    ("Book", (".xls", ".et")),
)
"""Names of streams in the older office files, and their suffixes."""
_OFFICE = (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx"))
_STARTS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x1f\x8b", ".gz"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"ID3", ".mp3"),
    (b"WEBVTT", ".vtt"),
)
_RIFF = {b"WEBP": ".webp", b"WAVE": ".wav"}
_MP4_BRANDS = (b"isom", b"iso", b"mp4", b"avc", b"M4V", b"3gp", b"MSNV", b"dash", b"hvc", b"f4v")
_TEXTS = (".txt", ".csv")
_PROGRAM = re.compile(
    rb"(?:MZ|\x7fELF|#!|\xca\xfe\xba\xbe|(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|script|\?php|\?xml[^>]*>\s*<svg))",
    re.IGNORECASE,
)
"""The first bytes of programs and of pages that can run scripts."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WEB_PAGE = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"#!")


def is_program(name: str, data: bytes) -> bool:
    """Whether a file that begins with `data` is a program or a web page, whatever its name. A text may begin with `MZ`."""
    return _PROGRAM.match(data[:200]) is not None and not (splitext(name)[1].lower() in _TEXTS and data[:2] == b"MZ")


def suffix_of(head: bytes, given: str, place: Path) -> str | None:
    """The suffix for the file at `place` that begins with `head`; None if its kind is not published.

    `given`, the name that the file came with, decides only between kinds with the same bytes, such as `.txt` and `.csv`.
    """
    typed = splitext(given)[1].lower()
    start = next((suffix for magic, suffix in _STARTS if head.startswith(magic)), None)
    if start:
        return start
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(place)
    if head.startswith(_OLE):
        return _of_old_office(place, typed)
    return _of_media(head, typed) or _of_text(head, typed)


def _of_archive(place: Path) -> str | None:
    """The suffix of a ZIP; None if it holds macros, cannot be opened, or has a list of files that is too long."""
    try:
        with place.open("rb") as file, opened(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "[Content_Types].xml" in names:
        return next((suffix for folder, suffix in _OFFICE if any(name.startswith(folder) for name in names)), ".zip")
    if "OFD.xml" in names:
        return ".ofd"
    return ".epub" if "META-INF/container.xml" in names and "mimetype" in names else ".zip"


def _of_old_office(place: Path, typed: str) -> str | None:
    with place.open("rb") as file:
        found = b""
        while chunk := file.read(_MOST_OF_A_DIRECTORY):
            found = found[-128:] + chunk
            for name, suffixes in _OLE_KINDS:
                if name.encode("utf-16-le") + b"\0\0" in found:
                    return typed if typed in suffixes else suffixes[0]
    return None


def _of_media(head: bytes, typed: str) -> str | None:
    """The suffix of a photo, a video or a sound by the format's mark in its first bytes; None for any other."""
    brand = head[8:12]
    if head[4:8] == b"ftyp":
        if brand in AVIF_BRANDS or brand in HEIC_BRANDS:
            return ".avif" if brand in AVIF_BRANDS else ".heic"
        if brand == b"qt  ":
            return ".mov"
        if brand == b"M4A ":
            return ".m4a"
        return (".m4v" if typed == ".m4v" else ".mp4") if brand.startswith(_MP4_BRANDS) else None
    if head.startswith(b"RIFF"):
        return _RIFF.get(brand)
    if head.startswith(b"OggS"):
        return ".ogv" if b"theora" in head else ".ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return ".webm" if b"webm" in head[:64] else None
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return ".bmp"
    return ".mp3" if typed == ".mp3" and head[:1] == b"\xff" and head[1:2] >= b"\xe0" else None


def _of_text(head: bytes, typed: str) -> str | None:
    """The suffix in a text's name, if it is one of a text; None for all others, for web pages and for programs."""
    sound = head[:-4] if len(head) == HEAD else head  # the last character may be cut
    if (
        typed not in _TEXTS
        or b"\0" in head
        or sound.removeprefix(_BYTE_ORDER_MARK).lstrip().lower().startswith(_WEB_PAGE)
    ):
        return None
    return None if unreadable(sound) else typed
