"""An address as a QR code (ISO/IEC 18004), drawn at build time: a tiny PNG inside the page, so that nothing is fetched.

Every step from the bits of a text to the modules of its symbol is affine over GF(2): header and padding depend on the
length alone, the check codewords are sums (XOR) of multiples of the data's, laying them out moves bits, the mask is
added, and the rest of the symbol is fixed. So for texts of one length

    symbol(text) = symbol(zeros) XOR letters[0][text[0]] XOR letters[1][text[1]] XOR …

where `letters[i][byte]` are the modules that turn when character i is `byte` instead of zero. The bits of a symbol are the
rows of its PNG, quiet zone and all (encoder.py): some twenty XORs and two checksums make the image of an address.

Of what the standard leaves open we take error correction level M, byte mode, the smallest version, and one mask for all.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from functools import cache, lru_cache, reduce
from itertools import chain, cycle, groupby, islice
from operator import getitem, xor
from struct import pack

from markupsafe import Markup

from newsgen.pages.qrcode.encoder import VERSIONS, Modules, Version


def qr_lines(address: str, half_blocks: bool = True) -> list[str]:
    """The symbol for a terminal; [] for an address that no symbol holds.

    Light modules are drawn white on black, whatever the terminal's own colours are: with `half_blocks` two rows of modules
    to a line, else, where those are drawn too wide, a module is two blanks with a colour behind them.
    """
    text = address.encode()
    version = _smallest(len(text))
    if version is None:
        return []
    side = version.canvas
    image = reduce(xor, map(getitem, version.letters, text), _begun(version, len(text), b""))
    bits = f"{image:0{8 * _frame(side)[0]}b}"
    width = len(bits) // side
    rows = [bits[start + 8 : start + 8 + side] for start in range(0, len(bits), width)] + ["0" * side]
    if not half_blocks:
        return [_blanks(row) + "\x1b[0m" for row in rows[:side]]
    pairs = (zip(rows[n], rows[n + 1], strict=True) for n in range(0, side, 2))
    return ["\x1b[97;40m" + "".join(_HALVES[upper + lower] for upper, lower in pair) + "\x1b[0m" for pair in pairs]


def _blanks(row: str) -> str:
    return "".join(_BEHIND[bit] + "  " * len(list(run)) for bit, run in groupby(row))


_BEHIND = {"0": "\x1b[40m", "1": "\x1b[107m"}
_HALVES = {"00": " ", "01": "▄", "10": "▀", "11": "█"}


def qr_image(address: str) -> Markup | None:
    """An <img> of class "qr" that phones can read; None for an address that no symbol holds (from 2332 bytes)."""
    text = address.encode()
    version = _smallest(len(text))
    if version is None:
        return None
    start = text.rfind(b"/") + 1
    turned = map(getitem, version.letters[start:], text[start:])
    return _img(version.canvas, reduce(xor, turned, _begun(version, len(text), text[:start])))


@lru_cache(maxsize=4096)
def _smallest(length: int) -> Version | None:
    """The smallest version that holds a text of `length` bytes."""
    return next((version for version in VERSIONS if version.header + 8 * length <= 8 * version.data), None)


@lru_cache(maxsize=4096)
def _begun(version: Version, length: int, folder: bytes) -> Modules:
    """The symbol of a text that begins with `folder`, then zeros: the pages of a folder differ in their ends alone."""
    header = (0b0100 << version.header | length << 4).to_bytes(version.header // 8 + 1, "big")
    padding = islice(cycle((0xEC, 0x11)), version.data - len(header) - length)
    turned = map(getitem, version.codewords, chain(header, bytes(length), padding))
    return reduce(xor, chain(turned, map(getitem, version.letters, folder)), version.blank)


# ---------------------------------------------------------------- PNG


@cache
def _frame(side: int) -> tuple[int, bytes, bytes, str]:
    """The frame that all images of one size share: bytes of the rows, and what stands before them in the PNG and in the page."""
    size = side * (1 + -(-side // 8))
    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + _checked(b"IHDR" + header) + pack(">I", 2 + 5 + size + 4)
    data = b"IDAT\x78\x01" + pack("<BHH", 1, size, size ^ 0xFFFF)
    tag = f'<img class="qr" src="data:image/png;base64,%s" width="{side}" height="{side}" alt="本页网址的二维码">'
    return size, start, data, tag


def _img(side: int, image: Modules) -> Markup:
    """A square PNG of one bit a pixel (W3C PNG, colour type 0) as an <img>.

    Its zlib stream is one stored block (RFC 1950, 1951): the same bytes with every version of zlib.
    """
    size, start, data, tag = _frame(side)
    rows = image.to_bytes(size, "big")
    png = start + _checked(data + rows + pack(">I", zlib.adler32(rows))) + _END
    return Markup(tag % b64encode(png).decode())


def _checked(chunk: bytes) -> bytes:
    """Name and content of a chunk with their checksum."""
    return chunk + pack(">I", zlib.crc32(chunk))


_END = pack(">I", 0) + _checked(b"IEND")
