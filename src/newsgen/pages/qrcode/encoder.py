"""The symbols of QR Code (ISO/IEC 18004) at error correction level M, as sums of what each bit of the data turns.

A symbol is an int whose bits are the rows of its PNG, so that adding two (XOR) and writing one out are a single step each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from itertools import chain, compress, islice, product

QUIET_ZONE = 4
"""Light modules around the symbol, as the standard demands."""

MASK = 2
"""The mask of every symbol: it turns each third column. Readers take any of the eight. The standard's encoder tries all of
them for the lowest penalty, which would cost eight symbols; for over half of a site's addresses it is this one, and
for the others it comes near (tests/pages/test_qrcode.py)."""

CHECKS = (
    *(10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26),
    *(26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28),
)
BLOCKS = (
    *(1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16),
    *(17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49),
)
"""Check codewords of a block, and blocks, in versions 1 to 40 at level M (table 9 of the standard)."""

Modules = int
"""A set of modules, or an image: the bits of the PNG's rows, each after its filter byte, the first one highest."""
Place = tuple[int, int]
"""Row and column of a module, from the upper left corner of the symbol."""


class Turns(dict[int, Modules]):
    """Byte -> what it turns in a symbol when its first bit is bit `first` of the data. Made when first asked for."""

    def __init__(self, version: Version, first: int) -> None:
        super().__init__({0: 0})
        self._version, self._first = version, first

    def __missing__(self, byte: int) -> Modules:
        lowest = byte & -byte
        if byte == lowest:
            found = self._version.turned(self._first + 8 - byte.bit_length())
        else:
            found = self[lowest] ^ self[byte ^ lowest]
        self[byte] = found
        return found


@dataclass(frozen=True, eq=False)
class Version:
    """A size of symbol, from 1 to 40. An address rarely needs more than 4 or 5."""

    number: int

    @property
    def side(self) -> int:
        """Modules of a row."""
        return 17 + 4 * self.number

    @property
    def canvas(self) -> int:
        """Pixels of a row of the image."""
        return self.side + 2 * QUIET_ZONE

    @property
    def header(self) -> int:
        """Bits before the text: the mode, and the text's length in bytes."""
        return 12 if self.number < 10 else 20

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Codewords of data in each block, the shorter blocks first."""
        blocks = BLOCKS[self.number - 1]
        modules = 16 * (self.number + 8) * self.number + 64 - 36 * (self.number > 6)
        if patterns := len(_centres(self.number)):
            modules -= 5 * (5 * patterns - 2) * patterns - 55
        short, longer = divmod(modules // 8, blocks)
        return tuple(short + (block >= blocks - longer) - CHECKS[self.number - 1] for block in range(blocks))

    @cached_property
    def data(self) -> int:
        """Codewords for header, text and padding."""
        return sum(self.sizes)

    @cached_property
    def codewords(self) -> tuple[Turns, ...]:
        """The turns of each codeword of the data."""
        return tuple(Turns(self, 8 * index) for index in range(self.data))

    @cached_property
    def letters(self) -> tuple[Turns, ...]:
        """The turns of each character of a text."""
        return tuple(Turns(self, self.header + 8 * index) for index in range(self.data - self.header // 8 - 1))

    @cached_property
    def fixed(self) -> dict[Place, bool]:
        """The function patterns: whether each of their modules is dark."""
        return dict(chain(_timing(self.side), _finders(self.side), _alignment(self.number), _formats(self.number)))

    @cached_property
    def path(self) -> list[Place]:
        """The modules of the message in its order: up and down in columns of two, from the right."""
        found: list[Place] = []
        for turn, right in enumerate((*range(self.side - 1, 6, -2), 5, 3, 1)):
            rows = range(self.side) if turn % 2 else range(self.side - 1, -1, -1)
            found += product(rows, (right, right - 1))
        return [place for place in found if place not in self.fixed]

    @cached_property
    def blank(self) -> Modules:
        """The image without data: function patterns, mask, quiet zone."""
        row = ((1 << self._bits) - 1) >> 8
        light = reduce(lambda rows, _: rows << self._bits | row, range(self.canvas), 0)
        dark = [place for place, is_dark in self.fixed.items() if is_dark]
        masked = [(row, column) for row, column in self.path if column % 3 == 0]
        return light - sum(self._modules(dark + masked))

    @cached_property
    def layout(self) -> tuple[list[tuple[Modules, int, int]], list[list[Modules]]]:
        """Each bit of the data: its module, its block, the codewords of the block that follow; each block's check bits."""
        modules = self._modules(self.path)
        data: dict[tuple[int, int], list[Modules]] = {}
        for position, (block, size) in product(range(max(self.sizes)), enumerate(self.sizes)):
            if position < size:
                data[block, position] = list(islice(modules, 8))
        checks: list[list[Modules]] = [[] for _ in self.sizes]
        for _, check in product(range(CHECKS[self.number - 1]), checks):
            check += islice(modules, 8)
        bits = [(bit, block, self.sizes[block] - 1 - at) for (block, at), byte in sorted(data.items()) for bit in byte]
        return bits, checks

    @cached_property
    def remainders(self) -> list[int]:
        """The check codewords of 1 as the last codeword of a block, the last but one, …: powers of x divided."""
        size = CHECKS[self.number - 1]
        found = [_generator(size)]
        for _ in range(max(self.sizes) - 1):
            found.append(_divided(found[-1] << 8, size))
        return found

    def turned(self, bit: int) -> Modules:
        """What one bit of the data turns: its own module and the check bits of its block that are sums with it."""
        bits, checks = self.layout
        own, block, degree = bits[bit]
        sums = _times(128 >> bit % 8, self.remainders[degree])
        digits = f"{sums:0{len(checks[block])}b}".encode().translate(_TRUTH)
        return own + sum(compress(checks[block], digits))

    @property
    def _bits(self) -> int:
        """Bits of a row of the PNG, with its filter byte."""
        return 8 * (1 + -(-self.canvas // 8))

    def _modules(self, places: Iterable[Place]) -> Iterator[Modules]:
        bits, last = self._bits, self.canvas * self._bits - 1
        corner = QUIET_ZONE * bits + 8 + QUIET_ZONE
        return (1 << last - corner - row * bits - column for row, column in places)


# ---------------------------------------------------------------- what is fixed


def _timing(side: int) -> Iterator[tuple[Place, bool]]:
    for index in range(side):
        yield from (((6, index), index % 2 == 0), ((index, 6), index % 2 == 0))


def _finders(side: int) -> Iterator[tuple[Place, bool]]:
    """The three squares in the corners, with their light rims."""
    for top, left in ((3, 3), (3, side - 4), (side - 4, 3)):
        for row, column in product(range(-4, 5), repeat=2):
            if 0 <= top + row < side and 0 <= left + column < side:
                yield (top + row, left + column), max(abs(row), abs(column)) not in (2, 4)


def _centres(number: int) -> tuple[int, ...]:
    """Rows (and columns) of the alignment patterns' centres (annex E)."""
    if number == 1:
        return ()
    count, last = number // 7 + 2, 10 + 4 * number
    step = (8 * number + 3 * count + 5) // (4 * count - 4) * 2
    return (6, *(last - step * index for index in range(count - 1)))


def _alignment(number: int) -> Iterator[tuple[Place, bool]]:
    """The small squares; none where a finder stands."""
    last = 10 + 4 * number
    for top, left in product(_centres(number), repeat=2):
        if (top, left) not in ((6, 6), (6, last), (last, 6)):
            for row, column in product(range(-2, 3), repeat=2):
                yield (top + row, left + column), max(abs(row), abs(column)) != 1


def _formats(number: int) -> Iterator[tuple[Place, bool]]:
    """Level and mask, twice, with the one module that is always dark; from version 7 on the version, twice."""
    side = 17 + 4 * number
    bits = _with_remainder(MASK, 10, 0x537) ^ 0x5412  # level M is 00
    beside = [0, 1, 2, 3, 4, 5, 7, 8, *range(side - 7, side)]
    below = [*range(side - 1, side - 9, -1), 7, 5, 4, 3, 2, 1, 0]
    for bit in range(15):
        yield from ((place, bits >> bit & 1 == 1) for place in ((beside[bit], 8), (8, below[bit])))
    yield (side - 8, 8), True
    if number > 6:
        version = _with_remainder(number, 12, 0x1F25)
        for bit in range(18):
            here, there = bit // 3, side - 11 + bit % 3
            yield from ((place, version >> bit & 1 == 1) for place in ((here, there), (there, here)))


def _with_remainder(value: int, length: int, divisor: int) -> int:
    """`value` and the `length` bits of its BCH code."""
    rest = value << length
    while rest.bit_length() > length:
        rest ^= divisor << rest.bit_length() - length - 1
    return value << length | rest


# ---------------------------------------------------------------- check codewords: GF(256), modulo x^8 + x^4 + x^3 + x^2 + 1


def _times(factor: int, codewords: int) -> int:
    """Every byte of `codewords` times `factor`."""
    found, ones = 0, int.from_bytes(b"\1" * (codewords.bit_length() // 8 + 1))
    while factor:
        found ^= codewords * (factor & 1)
        high = codewords >> 7 & ones
        codewords = (codewords ^ high << 7) << 1 ^ high * 0x1D
        factor >>= 1
    return found


@cache
def _generator(size: int) -> int:
    """The generator polynomial of `size` check codewords, without its leading 1: the product of x - 2^i, i below size."""
    found, root = 1, 1
    for _ in range(size):
        found = found << 8 ^ _times(root, found)
        root = _times(2, root)
    return found ^ 1 << 8 * size


def _divided(codewords: int, size: int) -> int:
    """The remainder of a polynomial of degree `size`."""
    first = codewords >> 8 * size
    return codewords ^ first << 8 * size ^ _times(first, _generator(size))


_TRUTH = bytes(digit == ord("1") for digit in range(256))


VERSIONS = tuple(map(Version, range(1, 41)))
