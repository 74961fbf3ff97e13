"""Records of the store: each under a key, with a checksum over both, and checked before it is used."""

from __future__ import annotations

import zlib

import msgspec

_encode = msgspec.msgpack.Encoder().encode
_LOWER_CASE = bytes(range(256)).lower()


class CorruptRecord(Exception):
    """A value that is not what was written."""


def row_of(key: bytes, value: object) -> tuple[bytes, bytes]:
    """Key and data of a row."""
    data = _encode(value)
    return key, zlib.crc32(data, zlib.crc32(key)).to_bytes(4, "big") + data


def checked(key: object, data: object) -> memoryview:
    """The value's bytes. Raises CorruptRecord where they are not those that were written under this key."""
    if not (isinstance(key, bytes) and isinstance(data, bytes)):  # damage may change the type as well
        raise CorruptRecord
    value = memoryview(data)[4:]
    if zlib.crc32(value, zlib.crc32(key)) != int.from_bytes(data[:4], "big"):
        raise CorruptRecord
    return value


def runs_nothing(data: object) -> bool:
    """Whether there is no address among the bytes of a value that may run something (`javascript:`, `vbscript:`).

    Browsers take no notice of tabs and line ends in it. A text may say as much and mean no harm: it is parsed anew then.
    """
    return not (isinstance(data, bytes) and b"script:" in data.translate(_LOWER_CASE, b"\t\r\n"))
