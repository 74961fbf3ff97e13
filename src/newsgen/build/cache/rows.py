"""Rows of the store: each has a key, and a value with a checksum over both that is compared at each reading."""

from __future__ import annotations

import zlib

import msgspec

_encode = msgspec.msgpack.Encoder().encode
CHECKSUM = 4
_LOWER_CASE = bytes(range(256)).lower()


class CorruptRecord(Exception):
    """A row of the store is not as it was written."""


def row_of(key: bytes, value: object) -> tuple[bytes, bytes]:
    """The key and the data (checksum and encoded value) of a row."""
    data = _encode(value)
    return key, checksum(key, data) + data


def checksum(key: bytes, data: bytes | memoryview) -> bytes:
    """CHECKSUM bytes over a key and what is kept under it: against damage, not against people."""
    return zlib.crc32(data, zlib.crc32(key)).to_bytes(CHECKSUM, "big")


def checked(key: object, data: object) -> memoryview:
    """The bytes of a row's value. Raises CorruptRecord where the checksum is wrong."""
    if not (isinstance(key, bytes) and isinstance(data, bytes)):  # damage may change the type as well
        raise CorruptRecord
    value = memoryview(data)[CHECKSUM:]
    if checksum(key, value) != data[:CHECKSUM]:
        raise CorruptRecord
    return value


def runs_nothing(data: object) -> bool:
    """Whether the bytes of a value hold no address that may run a script (`javascript:`, `vbscript:`).

    Browsers ignore tabs and line ends in it. A harmless text that holds these words is only parsed anew.
    """
    return not (isinstance(data, bytes) and b"script:" in data.translate(_LOWER_CASE, b"\t\r\n"))
