"""QR codes: the same as another encoder's, module by module, and read by another decoder."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from zxingcpp import Barcode, BarcodeFormat, create_barcode, read_barcodes

from newsgen.pages.qrcode import qr_image, qr_lines
from newsgen.pages.qrcode.encoder import MASK, QUIET_ZONE, VERSIONS, Version

ADDRESSES = [
    f"https://{host}/{section}/{year}/{month:02}{day:02}-{slug}.html"
    for host in ("sm.example.edu.cn/dqgz", "www.example.edu.cn/dangjian/xinwen", "dj.example.cn")
    for section, year, month in (("hyjl", 2024, 3), ("notices", 2019, 12), ("branches/first", 2021, 7))
    for day, slug in ((3, "a"), (13, "5f2c9d1e"), (28, "spring-festival-visit"), (30, "report-2"))
]

MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
"""The eight masks of ISO/IEC 18004, table 10."""

TEXT = "the-quick-brown-fox-jumps-over-the-lazy-dog" * 60
"""As long as the longest symbol, or longer."""

Matrix = list[list[bool]]


@cache
def picture(address: str) -> Image.Image:
    """The picture that a page shows for an address."""
    html = qr_image(address)
    assert html is not None
    match = re.fullmatch(
        r'<img class="qr" src="data:image/png;base64,(.+)" width="(\d+)" height="(\d+)" alt=".+">', html
    )
    assert match, html
    found = Image.open(io.BytesIO(b64decode(match[1])), formats=["PNG"])
    assert found.size == (int(match[2]), int(match[3]))
    return found.convert("L")


def read(address: str) -> Barcode:
    """What a phone sees in the picture."""
    found = picture(address)
    (code,) = read_barcodes(found.resize((3 * found.width, 3 * found.height)))
    return code


def matrix(found: Image.Image) -> Matrix:
    """Row by row, whether each module is dark; the quiet zone cut off."""
    width = found.width - 2 * QUIET_ZONE
    pixels = found.crop((QUIET_ZONE, QUIET_ZONE, QUIET_ZONE + width, QUIET_ZONE + width)).tobytes()
    return [[pixel == 0 for pixel in pixels[start : start + width]] for start in range(0, width**2, width)]


def capacity(version: Version) -> int:
    """The longest text of a version, in bytes."""
    return (8 * version.data - version.header) // 8


@pytest.fixture
def large_symbols() -> Iterator[None]:
    """Free what large symbols were made from: all versions together hold 1.7 GB, in a process that later tests fork."""
    yield
    picture.cache_clear()
    for version in VERSIONS:
        for name in vars(version).keys() - {"number"}:
            del vars(version)[name]


@pytest.mark.usefixtures("large_symbols")
@pytest.mark.long
@pytest.mark.xdist_group("qr codes")
@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: str(version.number))
def test_a_symbol_equals_another_encoders_module_by_module(version: Version) -> None:
    """With the shortest text that the version before does not hold, and with the longest."""
    before = capacity(VERSIONS[version.number - 2]) if version.number > 1 else 0
    for length in (before + 1, capacity(version)):
        text = TEXT[:length]
        options = {"ec_level": "M", "version": version.number, "data_mask": MASK}
        other = create_barcode(text, BarcodeFormat.QRCode, **options).to_image(scale=1, add_quiet_zones=False)
        drawn = bytes(0 if dark else 255 for row in matrix(picture(text)) for dark in row)
        assert drawn == memoryview(other).tobytes()  # type: ignore[arg-type]  # has the buffer protocol; the stubs lack it


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_read_without_a_correction(address: str) -> None:
    code = read(address)
    assert code.text == address
    assert isinstance(code.extra, Mapping)
    assert code.extra["UEC"] == 1.0, "some of the check codewords were needed"
    assert (code.ec_level, code.extra["DataMask"]) == ("M", MASK)


CHARACTERS = st.sampled_from("abcxyzABCXYZ0123456789/-._~%?=&#:+@!,;()")


@settings(max_examples=100, deadline=None)
@given(st.text(CHARACTERS, min_size=1, max_size=420))
def test_any_address_is_read(address: str) -> None:
    assert read(address).text == address


@pytest.mark.usefixtures("large_symbols")
@pytest.mark.long
@pytest.mark.xdist_group("qr codes")
@settings(max_examples=10, deadline=None)
@given(st.text(CHARACTERS, min_size=2331, max_size=2331))
def test_the_longest_addresses_are_read(address: str) -> None:
    assert read(address).text == address


def test_an_address_that_no_symbol_holds_has_no_code() -> None:
    assert capacity(VERSIONS[-1]) == 2331
    assert qr_image("a" * 2331) is not None
    assert qr_image("a" * 2332) is None


def test_four_light_modules_stand_around_a_code() -> None:
    found = picture(ADDRESSES[0])
    rim = found.copy()
    rim.paste(255, (4, 4, found.width - 4, found.height - 4))
    assert rim.getextrema() == (255, 255)
    assert [found.getpixel((4, 4)), found.getpixel((found.width - 5, 4)), found.getpixel((4, found.height - 5))] == [
        0
    ] * 3


def test_the_mask_of_all_symbols_is_a_good_one_for_addresses() -> None:
    """Penalties as the standard counts them, over the least of the eight masks'."""
    ratios = []
    for address in ADDRESSES:
        penalties = [penalty(masked(address, mask)) for mask in MASKS]
        ratios.append(penalties[MASK] / min(penalties))
    assert median(ratios) <= 1.05
    assert max(ratios) < 1.3


def masked(address: str, mask: Callable[[int, int], bool]) -> Matrix:
    """The symbol of an address as it would be with another mask."""
    found = matrix(picture(address))
    version = VERSIONS[(len(found) - 21) // 4]
    for row, column in version.path:
        found[row][column] ^= MASKS[MASK](row, column) ^ mask(row, column)
    return found


def penalty(modules: Matrix) -> int:
    """N1 to N4 of ISO/IEC 18004, 7.8.3.1."""
    lines = ["".join("01"[dark] for dark in line) for line in (*modules, *zip(*modules, strict=True))]
    runs = sum(len(run) - 2 for line in lines for run in re.findall("0{5,}|1{5,}", line))
    finders = sum(len(re.findall("(?=10111010000|00001011101)", f"0000{line}0000")) for line in lines)
    pairs = list(pairwise(modules))
    squares = sum(
        len({*above[at : at + 2], *below[at : at + 2]}) == 1 for above, below in pairs for at in range(len(above) - 1)
    )
    dark = sum(map(sum, modules)) / len(modules) ** 2
    return runs + 3 * squares + 40 * finders + 10 * int(abs(dark - 0.5) * 20)


COLOURS = {"\x1b[40m": 0, "\x1b[107m": 255}
HALVES = {" ": (0, 0), "▄": (0, 255), "▀": (255, 0), "█": (255, 255)}


def drawn(lines: list[str], half_blocks: bool) -> Image.Image:
    """What a terminal shows, a pixel for a module."""
    rows = list(_half_rows(lines) if half_blocks else _blank_rows(lines))
    found = Image.new("L", (len(rows[0]), len(rows)))
    found.putdata([pixel for row in rows for pixel in row])
    return found


def _half_rows(lines: list[str]) -> Iterator[list[int]]:
    for line in lines:
        signs = line.removeprefix("\x1b[97;40m").removesuffix("\x1b[0m")
        yield from ([HALVES[sign][row] for sign in signs] for row in (0, 1))


def _blank_rows(lines: list[str]) -> Iterator[list[int]]:
    for line in lines:
        runs = re.findall(r"(\x1b\[\d+m)((?:  )*)", line.removesuffix("\x1b[0m"))
        yield [COLOURS[colour] for colour, blanks in runs for _ in range(len(blanks) // 2)]


@pytest.mark.parametrize("half_blocks", [True, False])
@pytest.mark.parametrize("address", ["http://192.168.1.20:8000/", "http://10.0.0.7:8013/", ADDRESSES[0]])
def test_a_terminal_shows_a_code_that_is_read(address: str, half_blocks: bool) -> None:
    found = drawn(qr_lines(address, half_blocks), half_blocks)
    (code,) = read_barcodes(found.resize((4 * found.width, 4 * found.height)))
    assert code.text == address
