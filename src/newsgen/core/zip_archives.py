"""ZIP archives that come from anywhere: opened only where their list of files is short, and read only as far as asked.

zipfile makes an object of each entry before anybody can count them, and unpacks bzip2 and LZMA to their end, however few
bytes are wanted: two kilobytes fill gigabytes.
"""

from __future__ import annotations

import os
import zipfile
from typing import BinaryIO

MOST_DIRECTORY = 10_000_000
"""Bytes of the list of files: some 100,000 of them."""
_END, _END_SIZE = b"PK\x05\x06", 22
_LARGE_LOCATOR, _LARGE_LOCATOR_SIZE = b"PK\x06\x07", 20
_LARGE_END, _LARGE_END_SIZE = b"PK\x06\x06", 56
_LONGEST_COMMENT = 65_535
_IN_LARGE_END = 0xFFFFFFFF
"""What stands in a field whose number is in the record of ZIP64."""
_BOUNDED = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))


class LongDirectory(zipfile.BadZipFile):
    """The list of files in an archive is too long to be read."""


def opened(source: BinaryIO, most_directory: int = MOST_DIRECTORY) -> zipfile.ZipFile:
    """An archive to be read. Raises LongDirectory before it reads the list of files, else as zipfile.ZipFile()."""
    size = directory_size(source)
    if size is not None and size > most_directory:
        raise LongDirectory
    source.seek(0)
    return zipfile.ZipFile(source)


def entry_name(entry: zipfile.ZipInfo) -> tuple[str, bool]:
    """The name of an entry as its writer meant it, and whether it was in GBK: Windows, and some phones, do not say."""
    if entry.flag_bits & 0x800:
        return entry.orig_filename, False
    raw = entry.orig_filename.encode("cp437")
    for encoding in ("ascii", "utf-8", "gb18030"):
        try:
            return raw.decode(encoding), encoding == "gb18030"
        except UnicodeDecodeError:
            continue
    return entry.orig_filename, False


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry, `most` at most: what its header says of their number is not believed.

    Raises NotImplementedError for a method that cannot be stopped there, else as zipfile.ZipFile.open().
    """
    if entry.compress_type not in _BOUNDED:
        raise NotImplementedError(entry.compress_type)
    with archive.open(entry) as file:
        return file.read(most)


def directory_size(source: BinaryIO) -> int | None:
    """Bytes of the list of files of an archive, where zipfile looks for it (APPNOTE 4.3.12 to 4.3.16); None for no archive."""
    length = source.seek(0, os.SEEK_END)
    before = _LONGEST_COMMENT + _END_SIZE + _LARGE_LOCATOR_SIZE + _LARGE_END_SIZE
    source.seek(max(0, length - before))
    tail = source.read(before)
    end = len(tail) - _END_SIZE
    if not (tail[end : end + 4] == _END and tail.endswith(b"\0\0")):  # a comment stands behind it
        end = tail.rfind(_END, max(0, len(tail) - _LONGEST_COMMENT - _END_SIZE))
    if end < 0 or len(tail) < end + _END_SIZE:
        return None
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    large = _large_size(tail[:end])
    if large is None:
        return size
    return large if size == _IN_LARGE_END else max(size, large)


def _large_size(before: bytes) -> int | None:
    """The size in the record of ZIP64 that stands before the end; None where there is none."""
    if not before[-_LARGE_LOCATOR_SIZE:].startswith(_LARGE_LOCATOR):
        return None
    record = before[-_LARGE_LOCATOR_SIZE - _LARGE_END_SIZE : -_LARGE_LOCATOR_SIZE]
    return int.from_bytes(record[40:48], "little") if record.startswith(_LARGE_END) else None
