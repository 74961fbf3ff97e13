"""Photos: what is published is upright, small enough and says nothing but the picture. Read back by hand where it matters."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from newsgen.content.images import ImageError, Probe, probe, publishable
from newsgen.core.file_types import PICTURE_SUFFIXES

PHOTOS = Path(__file__).parents[1] / "photos"
FILES = sorted(path.name for path in PHOTOS.iterdir() if path.suffix != ".md")
TRACES = (b"GPS", b"Exif", b"http://ns.adobe", b"xmpmeta", b"8BIM", b"Example", b"XMP", b"ICC_PROFILE", b"2024:03:13")

RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
UPRIGHT = [RED, LIME, BLUE, WHITE]
STORED = {
    1: [RED, LIME, BLUE, WHITE],
    2: [LIME, RED, WHITE, BLUE],
    3: [WHITE, BLUE, LIME, RED],
    4: [BLUE, WHITE, RED, LIME],
    5: [RED, BLUE, LIME, WHITE],
    6: [LIME, WHITE, RED, BLUE],
    7: [WHITE, LIME, BLUE, RED],
    8: [BLUE, RED, WHITE, LIME],
}
"""The corners of the upright scene as they lie in the file, by EXIF orientation."""


def photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def published(data: bytes) -> bytes:
    return publishable(data, probe(data))


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def exif(orientation: int) -> Image.Exif:
    """What a phone writes: orientation and a place."""
    written = Image.Exif()
    written[0x0112] = orientation
    written.get_ifd(0x8825)[1] = "N"
    return written


def scene(orientation: int = 1, width: int = 120, height: int = 80) -> Image.Image:
    """Four coloured corners that are upright once they are turned as `orientation` says; the size is that of the file."""
    image = Image.new("RGB", (width, height))
    half_width, half_height = (width + 1) // 2, (height + 1) // 2
    for number, colour in enumerate(STORED[orientation]):
        left, top = number % 2 * half_width, number // 2 * half_height
        image.paste(colour, (left, top, left + half_width, top + half_height))
    return image


def corners(data: bytes) -> list[tuple[int, ...]]:
    """The pure colours nearest to the four corners."""
    image = opened(data).convert("RGB")
    right, bottom = image.width - 4, image.height - 4
    found = []
    for place in ((3, 3), (right, 3), (3, bottom), (right, bottom)):
        pixel = image.getpixel(place)
        assert isinstance(pixel, tuple)
        found.append(tuple(255 if value > 127 else 0 for value in pixel))
    return found


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG; the scan's bytes come with the scan's header, what stands behind the end as number 0."""
    assert data[:2] == b"\xff\xd8"
    position = 2
    while data[position : position + 2] != b"\xff\xd9":
        assert data[position] == 0xFF
        marker, (length,) = data[position + 1], struct.unpack(">H", data[position + 2 : position + 4])
        end = position + 2 + length
        if marker == 0xDA:
            while data[end] != 0xFF or data[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        yield marker, data[position + 4 : end]
        position = end
    yield 0, data[position + 2 :]


def chunks(data: bytes) -> list[bytes]:
    """The names of a PNG's chunks, each with a right checksum and nothing behind the last."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    names, position = [], 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        body = data[position + 4 : position + 8 + length]
        assert struct.unpack(">I", data[position + 8 + length : position + 12 + length]) == (zlib.crc32(body),)
        names.append(body[:4])
        position += 12 + length
    return names


def with_segment(data: bytes, marker: int, payload: bytes) -> bytes:
    """A JPEG with one more segment at its beginning."""
    return data[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + data[2:]


def profile(name: bytes, primaries: list[tuple[float, float, float]]) -> bytes:
    """A small ICC profile (version 2, display, RGB): its primaries in XYZ, gamma 2.2."""
    described = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(78)
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, int(2.2 * 256))
    points = [
        b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in p))
        for p in [(0.9642, 1.0, 0.8249), *primaries]
    ]
    blocks = [described, b"text\0\0\0\0none\0", *points, curve, curve, curve]
    names = [b"desc", b"cprt", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"]
    blocks = [block + bytes(-len(block) % 4) for block in blocks]
    table, body, start = struct.pack(">I", len(names)), b"", 128 + 4 + 12 * len(names)
    for tag, block in zip(names, blocks, strict=True):
        table += tag + struct.pack(">II", start + len(body), len(block))
        body += block
    head = struct.pack(">I4xI4s4s4s12x4s", start + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + body


SRGB_PRIMARIES = [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)]


def refused(data: bytes) -> ImageError:
    """What is said of a file, on probing or on publishing."""
    with pytest.raises(ImageError) as caught:
        published(data)
    assert caught.value.message == str(caught.value)
    assert caught.value.hint
    return caught.value


# ---------------------------------------------------------------- no metadata


@pytest.mark.parametrize("name", FILES)
def test_no_photo_keeps_a_trace_of_where_and_with_what_it_was_taken(name: str) -> None:
    data = photo(name)
    assert any(trace in data for trace in TRACES), "the photo proves nothing"
    assert [trace for trace in TRACES if trace in published(data)] == []


@pytest.mark.parametrize("name", FILES)
def test_probing_tells_the_published_size_and_kind(name: str) -> None:
    seen = probe(photo(name))
    image = opened(publishable(photo(name), seen))
    assert (seen.width, seen.height) == image.size
    assert seen.suffix == {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif"}[image.format or ""]


@pytest.mark.parametrize("name", FILES)
def test_publishing_twice_gives_the_same_bytes_and_publishing_the_published_changes_nothing_visible(name: str) -> None:
    once = published(photo(name))
    assert published(photo(name)) == once
    assert opened(published(once)).size == opened(once).size


@pytest.mark.parametrize("name", ["phone-upright.jpg", "phone-turned.jpg", "print.jpg"])
def test_a_published_jpeg_holds_tables_frame_and_scans_alone(name: str) -> None:
    found = list(segments(published(photo(name))))
    assert {marker for marker, _ in found} <= {0, 0xE0, 0xEE, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}
    assert found[-1] == (0, b"")
    assert all(payload.startswith(b"JFIF\0") for marker, payload in found if marker == 0xE0)


def test_a_published_png_holds_the_picture_alone() -> None:
    assert {b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"pHYs"} <= set(chunks(photo("screenshot.png")))
    assert set(chunks(published(photo("screenshot.png")))) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_jpeg_that_needs_nothing_else_keeps_its_coded_picture_bit_for_bit() -> None:
    needed = (0xDB, 0xC0, 0xC4, 0xDA)
    before = [item for item in segments(photo("phone-upright.jpg")) if item[0] in needed]
    after = [item for item in segments(published(photo("phone-upright.jpg"))) if item[0] in needed]
    assert before == after
    assert len(published(photo("phone-upright.jpg"))) < len(photo("phone-upright.jpg")) - 2000


def test_a_progressive_jpeg_with_restart_markers_is_kept_and_loses_comments_between_its_scans() -> None:
    noise = Image.effect_noise((160, 120), 80).convert("RGB")
    data = saved(noise, "JPEG", progressive=True, restart_marker_blocks=5)
    scan = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    result = published(data[:scan] + b"\xff\xfe\x00\x05GPS" + data[scan:])
    assert b"GPS" not in result
    assert opened(result).tobytes() == opened(data).tobytes()
    assert [item for item in segments(result) if item[0] == 0xDA] == [s for s in segments(data) if s[0] == 0xDA]


def test_the_thumbnail_in_a_jfif_segment_goes_too() -> None:
    data = with_segment(saved(scene(), "JPEG")[20:].join([b"\xff\xd8", b""]), 0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\1GPSGPS")
    assert next(segments(published(data))) == (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    assert opened(published(data)).tobytes() == opened(data).tobytes()


def test_an_rgb_coded_jpeg_keeps_adobes_segment_and_so_its_colours() -> None:
    data = with_segment(saved(scene(), "JPEG", keep_rgb=True, quality=95), 0xFE, b"GPS")
    assert 0xEE in [marker for marker, _ in segments(data)]
    assert b"GPS" not in published(data)
    assert corners(published(data)) == UPRIGHT


def test_what_hides_behind_adobes_transform_goes() -> None:
    data = saved(scene(), "JPEG", keep_rgb=True, quality=95)
    place = data.index(b"Adobe")
    hidden = data[: place - 2] + b"\x00\x11" + data[place : place + 12] + b"GPS" + data[place + 12 :]
    assert published(hidden) == published(data)
    assert b"GPS" not in published(hidden)


def test_what_hides_in_the_extensions_of_an_animation_goes() -> None:
    frames = [scene().rotate(angle).quantize(16) for angle in (0, 90)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=70, loop=2)
    loop, control = data.index(b"NETSCAPE2.0") + 15, data.index(b"\x21\xf9\x04") + 7
    for place in (loop, control):
        assert data[place] == 0, "the end of an extension"
        result = published(data[:place] + b"\x03GPS" + data[place:])
        assert b"GPS" not in result
        assert result == published(data)
    assert opened(published(data)).info["loop"] == 2


def test_bytes_between_two_segments_lead_to_a_new_coding() -> None:
    data = saved(scene(), "JPEG")
    table = data.index(b"\xff\xdb")
    result = published(data[:table] + b"GPS" + data[table:])
    assert b"GPS" not in result
    assert corners(result) == UPRIGHT


@pytest.mark.parametrize("padding", [b"\xff", b"\xff\xff\xff"])
def test_padding_between_two_segments_is_no_reason_to_code_anew(padding: bytes) -> None:
    data = saved(scene(), "JPEG")
    table = data.index(b"\xff\xdb")
    assert published(data[:table] + padding + data[table:-2] + padding + data[-2:]).startswith(published(data)[:-2])


def test_a_stray_byte_that_looks_like_the_end_does_not_cut_the_picture() -> None:
    data = saved(scene(), "JPEG")
    table = data.index(b"\xff\xdb")
    assert corners(published(data[:table] + b"\0\xd9" + data[table:])) == UPRIGHT


def test_a_jfif_segment_that_is_too_short_goes() -> None:
    data = saved(scene(), "JPEG")
    result = published(with_segment(data[:2] + data[20:], 0xE0, b"JFIF\0\1\1\0\0\1\0"))
    assert 0xE0 not in [marker for marker, _ in segments(result)]
    assert opened(result).tobytes() == opened(data).tobytes()


# ---------------------------------------------------------------- upright


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(format: str, orientation: int) -> None:
    data = saved(scene(orientation), format, exif=exif(orientation))
    seen = probe(data)
    assert (seen.width, seen.height) == ((120, 80) if orientation < 5 else (80, 120))
    assert opened(publishable(data, seen)).size == (seen.width, seen.height)
    assert corners(publishable(data, seen)) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_photo_is_turned_and_shrunk(orientation: int) -> None:
    data = saved(scene(orientation, 4032, 3024), "JPEG", exif=exif(orientation))
    seen = probe(data)
    assert (seen.width, seen.height) == ((2000, 1500) if orientation < 5 else (2000, 2667))
    assert opened(publishable(data, seen)).size == (seen.width, seen.height)
    assert corners(publishable(data, seen)) == UPRIGHT


@pytest.mark.parametrize(
    "name", ["phone-upright.jpg", "phone-turned.jpg", "iphone.heic", "print.jpg", "screenshot.png"]
)
def test_the_photos_of_phones_and_programs_end_upright(name: str) -> None:
    seen = probe(photo(name))
    assert seen.width * 3 == seen.height * 4
    assert corners(published(photo(name))) == UPRIGHT


def test_a_webp_that_says_upside_down_is_turned() -> None:
    assert corners(published(photo("phone.webp"))) == UPRIGHT[::-1]


def test_an_orientation_that_does_not_exist_is_ignored() -> None:
    assert corners(published(saved(scene(), "JPEG", exif=exif(9)))) == UPRIGHT


# ---------------------------------------------------------------- size, colours, formats


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2000, 1000), (2000, 1000)),
        ((2001, 1000), (2000, 1000)),
        ((300, 200), (300, 200)),
        ((1080, 20000), (1080, 20000)),
        ((600, 30001), (600, 30000)),
        ((400, 60000), (200, 30000)),
        ((20000, 3), (2000, 1)),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_picture_is_shrunk_to_fit_and_never_enlarged(
    format: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    data = saved(Image.new("L", size, 128), format)
    seen = probe(data)
    assert (seen.width, seen.height) == expected
    assert opened(publishable(data, seen)).size == expected


@pytest.mark.parametrize(
    ("format", "mode", "suffix"),
    [
        ("JPEG", "RGB", ".jpg"),
        ("JPEG", "L", ".jpg"),
        ("JPEG", "CMYK", ".jpg"),
        ("PNG", "RGB", ".png"),
        ("PNG", "RGBA", ".png"),
        ("PNG", "LA", ".png"),
        ("PNG", "P", ".png"),
        ("PNG", "1", ".png"),
        ("GIF", "P", ".png"),
        ("WEBP", "RGB", ".jpg"),
        ("WEBP", "RGBA", ".png"),
        ("BMP", "RGB", ".jpg"),
        ("BMP", "P", ".jpg"),
        ("TIFF", "RGB", ".jpg"),
        ("TIFF", "CMYK", ".jpg"),
        ("TIFF", "RGBA", ".png"),
        ("TIFF", "1", ".jpg"),
        ("AVIF", "RGB", ".jpg"),
        ("AVIF", "RGBA", ".png"),
    ],
)
def test_every_format_and_mode_is_published(format: str, mode: str, suffix: str) -> None:
    image = scene().convert(mode)
    if mode == "RGBA":
        image.putpixel((60, 40), (0, 0, 0, 0))
    data = saved(image, format)
    seen = probe(data)
    assert seen == Probe(format, 120, 80, suffix, "photo" if suffix == ".jpg" else "drawing")
    colours = UPRIGHT if mode not in ("L", "LA", "1") else corners(saved(scene().convert(mode), "PNG"))
    assert corners(publishable(data, seen)) == colours


def test_a_photo_is_coded_as_a_progressive_jpeg() -> None:
    assert 0xC2 in [marker for marker, _ in segments(published(saved(scene(), "BMP")))]


def test_a_heic_that_is_named_jpg_is_known_by_its_content() -> None:
    assert probe(photo("iphone.heic")) == Probe("HEIF", 400, 300, ".jpg")


def test_a_palette_keeps_its_colours_and_its_transparent_one() -> None:
    image = scene().quantize(8, dither=Image.Dither.NONE)
    result = opened(published(saved(image, "PNG", transparency=image.getpixel((2, 2)))))
    assert result.mode == "P"
    assert result.convert("RGBA").getpixel((2, 2)) == (*RED, 0)
    assert result.convert("RGB").tobytes() == image.convert("RGB").tobytes()


def test_a_wide_palette_picture_is_shrunk_with_its_transparency() -> None:
    image = scene(1, 2400, 600).quantize(8, dither=Image.Dither.NONE)
    result = opened(published(saved(image, "PNG", transparency=image.getpixel((2, 2)))))
    assert (result.mode, result.size) == ("RGBA", (2000, 500))
    assert result.getchannel("A").getextrema() == (0, 255)


def test_sixteen_bits_become_eight() -> None:
    image = Image.new("I;16", (3, 1))
    for place, value in enumerate((0, 32896, 65535)):
        image.putpixel((place, 0), value)
    result = opened(published(saved(image, "PNG")))
    assert (result.mode, result.tobytes()) == ("L", bytes((0, 128, 255)))
    assert probe(saved(image, "TIFF")).suffix == ".jpg"
    assert opened(published(saved(image, "TIFF"))).getextrema() != (255, 255)


P3_PRIMARIES = [(0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)]
IN_P3_AND_SRGB = [((200, 100, 50), (216, 93, 24)), ((60, 170, 90), (0, 174, 80)), ((70, 80, 190), (66, 79, 200))]
"""Colours of a phone with a wide gamut, and what libvips 8.14 makes of them."""


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_wide_colours_of_a_phone_are_those_of_srgb(format: str, orientation: int) -> None:
    wide = profile(b"Display P3", P3_PRIMARIES)
    for colour, expected in IN_P3_AND_SRGB:
        options = {"quality": 95} if format != "PNG" else {}
        data = saved(Image.new("RGB", (64, 48), colour), format, icc_profile=wide, exif=exif(orientation), **options)
        found = opened(published(data)).convert("RGB").getpixel((20, 20))
        assert isinstance(found, tuple)
        assert all(abs(a - b) <= 3 for a, b in zip(found, expected, strict=True)), (colour, found)


def test_foreign_colours_are_converted_to_srgb_and_the_profile_goes() -> None:
    red, green, blue = SRGB_PRIMARIES
    swapped = profile(b"red and green swapped", [green, red, blue])
    for data in (
        saved(scene(), "JPEG", icc_profile=swapped),
        saved(scene(), "PNG", icc_profile=swapped),
        saved(scene().convert("RGBA"), "PNG", icc_profile=swapped),
        saved(scene().quantize(8), "PNG", icc_profile=swapped),
    ):
        assert corners(published(data)) == [LIME, RED, BLUE, WHITE]
        assert "icc_profile" not in opened(published(data)).info


def test_an_srgb_profile_is_dropped_and_the_jpeg_kept_as_it_is() -> None:
    data = saved(scene(), "JPEG", icc_profile=profile(b"sRGB IEC61966-2.1", SRGB_PRIMARIES))
    assert b"ICC_PROFILE" not in published(data)
    assert opened(published(data)).tobytes() == opened(data).tobytes()
    assert list(segments(published(data)))[-2] == list(segments(data))[-2]


def test_a_broken_profile_does_not_stop_a_photo() -> None:
    assert corners(published(saved(scene(), "JPEG", icc_profile=b"no profile"))) == UPRIGHT
    wrong = profile(b"for RGB", SRGB_PRIMARIES)
    assert corners(published(saved(scene().convert("CMYK"), "JPEG", icc_profile=wrong))) == UPRIGHT


# ---------------------------------------------------------------- animations


def frames(data: bytes) -> tuple[list[int], int | None, list[bytes]]:
    """The times, the number of rounds and the pictures of an animation."""
    image = Image.open(io.BytesIO(data))
    loop, times, pictures = image.info.get("loop"), [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        pictures.append(image.convert("RGBA").tobytes())
        times.append(image.info["duration"])
    return times, loop, pictures


def test_an_animated_gif_keeps_every_frame_as_it_is() -> None:
    data = photo("sticker.gif")
    assert frames(published(data)) == frames(data)
    assert frames(data)[:2] == ([100, 200, 300], 0)
    assert len(published(data)) < len(data)


def test_a_wide_animated_gif_is_shrunk_frame_by_frame() -> None:
    stills = [scene(number, 2400, 300) for number in (1, 2, 3)]
    data = saved(
        stills[0], "GIF", save_all=True, append_images=stills[1:], duration=[50, 60, 70], loop=3, comment=b"GPS"
    )
    result = published(data)
    assert (probe(data).width, probe(data).height) == opened(result).size == (2000, 250)
    assert frames(result)[:2] == ([50, 60, 70], 3)
    assert b"GPS" not in result
    assert corners(result) == STORED[1]


def test_an_animated_webp_becomes_an_animated_gif() -> None:
    assert probe(photo("sticker.webp")) == Probe("WEBP", 120, 90, ".gif", "moving")
    assert frames(published(photo("sticker.webp")))[0] == [100, 200, 300]


def test_a_gif_without_its_last_byte_is_coded_anew() -> None:
    data = photo("sticker.gif")
    assert frames(published(data[:-1]))[0] == frames(data)[0]


def test_an_animated_png_stays_animated() -> None:
    data = saved(scene(1), "PNG", save_all=True, append_images=[scene(2)], duration=[100, 200])
    assert b"acTL" in chunks(data)
    assert frames(published(data))[0] == [100, 200]
    assert corners(published(data)) == UPRIGHT


def test_a_scan_of_several_pages_is_known_as_such_and_shows_the_first() -> None:
    data = saved(scene(1), "TIFF", save_all=True, append_images=[scene(2), scene(3)])
    assert probe(data).pages == 3
    assert corners(published(data)) == UPRIGHT
    assert probe(saved(scene(1), "TIFF")).pages == 1


# ---------------------------------------------------------------- refusals


SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
OFFICE = "这是 Word、Excel 一类的文件或压缩包，不是照片"
WEB_PAGE = "这是网页，不是照片，多半是下载照片时存成了网页"
DAMAGED = "照片不完整或已损坏，打不开"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"", "image.empty", "照片文件是空的"),
        (b"%PDF-1.7\n", "image.format", "这是 PDF 文件，不是照片"),
        (b"PK\x03\x04\x14\x00", "image.format", OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "image.format", OFFICE),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "image.format", WEB_PAGE),
        (b"<HTML><body>", "image.format", WEB_PAGE),
        (SVG, "image.svg", "这是 SVG 图，里面可能藏有脚本，不能发布"),
        (b"<svg/>", "image.svg", "这是 SVG 图，里面可能藏有脚本，不能发布"),
        (b"8BPS\0\1", "image.format", "这是 Photoshop 文件，浏览器打不开"),
        (b"\0\0\0\x20ftypisom", "image.format", "这是视频，不是照片"),
        ("会议照片".encode(), "image.format", "这不是能识别的图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image.damaged", DAMAGED),
        (b"\x89PNG\r\n\x1a\n\0\0", "image.damaged", DAMAGED),
        (b"GIF89a", "image.damaged", DAMAGED),
        (b"\0\0\0\x18ftypheic\0\0", "image.damaged", DAMAGED),
    ],
)
def test_what_is_no_photo_is_called_by_its_name(data: bytes, code: str, message: str) -> None:
    with pytest.raises(ImageError) as caught:
        probe(data)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_the_hints_say_what_to_do() -> None:
    assert refused(SVG).hint == "请导出为 PNG 再放进来"
    assert refused(b"8BPS").hint == "在 Photoshop 里导出为 JPG 或 PNG"
    assert refused(b"text").hint == "用看图软件打开它，另存为 JPG 或 PNG"
    assert refused(b"").hint == "把原来的照片重新复制一份过来"


def test_a_picture_of_too_many_pixels_is_refused_by_its_header() -> None:
    bomb = saved(Image.new("1", (60001, 1000)), "PNG")
    assert refused(bomb).code == "image.too-large"
    assert refused(bomb).message == "照片太大了：60001×1000 像素"
    assert refused(bomb).hint == "用看图软件把长边缩小到 6000 像素以内，再放进来"
    larger = bomb[:16] + struct.pack(">II", 60000, 60000) + bomb[24:29]
    larger += struct.pack(">I", zlib.crc32(larger[12:29])) + bomb[33:]
    assert refused(larger).message == "照片太大了：像素太多"


def test_an_animation_of_too_many_frames_is_refused() -> None:
    data = photo("sticker.gif")
    twice = data[:6] + struct.pack("<HH", 7000, 7000) + data[10:-1] + data[13 + (6 << (data[10] & 7)) :]
    assert refused(twice).message == "动图太大了：7000×7000 像素，6 帧"
    assert refused(twice).hint == "改用 MP4 视频，或者减少帧数、缩小尺寸"


def test_colours_that_the_web_does_not_know_are_refused() -> None:
    assert refused(saved(Image.new("F", (4, 4)), "TIFF")).message == "照片的颜色格式（F）不能用在网页上"


@pytest.mark.parametrize("name", FILES)
def test_a_photo_that_was_cut_off_is_refused_when_it_is_published(name: str) -> None:
    data = published(photo("phone-upright.jpg")) if name == "phone-upright.jpg" else photo(name)
    assert refused(data[: len(data) * 6 // 10]).code == "image.damaged"


@settings(deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 2**32), st.booleans())
def test_damage_is_refused_or_mended_and_nothing_else_happens(name: str, seed: int, is_cut: bool) -> None:
    dice = random.Random(seed)
    data = bytearray(photo(name))
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(min(len(data), dice.choice((64, 2000, len(data)))))] ^= 1 << dice.randrange(8)
    try:
        seen = probe(bytes(data[: dice.randrange(len(data))] if is_cut else data))
        result = publishable(bytes(data), seen)
    except ImageError:
        return
    assert opened(result).size == (seen.width, seen.height)


@pytest.mark.parametrize("name", ["phone-upright.jpg", "sticker.gif", "screenshot.png"])
def test_damage_in_the_header_leaves_no_metadata_behind(name: str) -> None:
    dice = random.Random(name)
    for _ in range(150):
        data = bytearray(photo(name))
        data[dice.randrange(600)] = dice.randrange(256)
        try:
            result = published(bytes(data))
        except ImageError:
            continue
        assert b"GPSLatitude" not in result


# ---------------------------------------------------------------- manners


def test_probing_decodes_nothing_where_the_header_tells() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((300, 300), 90) for _ in range(3)])
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "no orientation")
    for data in saved(noise, "PNG", exif=exif(1)), saved(noise, "PNG", pnginfo=text):
        assert probe(data[: len(data) // 2]) == Probe("PNG", 300, 300, ".jpg", "photo")
    drawing = saved(Image.new("RGB", (300, 300), "red"), "PNG", exif=exif(1))
    assert probe(drawing[: len(drawing) // 2]) == Probe("PNG", 300, 300, ".png", "drawing")


def test_a_png_that_may_be_a_photograph_is_looked_at_and_told_where_it_is_cut_off() -> None:
    noise = saved(Image.effect_noise((300, 300), 40), "PNG")
    assert probe(noise).kind == "photo"
    with pytest.raises(ImageError) as caught:
        probe(noise[: len(noise) // 2])
    assert caught.value.message == DAMAGED


def test_no_warning_gets_out_and_the_filters_stay() -> None:
    filters = list(warnings.filters)
    data = with_segment(saved(scene(), "JPEG"), 0xE1, b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01\x03\0\xff\xff")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert corners(published(data)) == UPRIGHT
        published(saved(Image.new("P", (9, 9)), "PNG", transparency=bytes(range(256))))
    assert caught == []
    assert warnings.filters == filters


def test_the_heic_library_is_imported_for_heic_alone() -> None:
    code = (
        "import sys; from newsgen.content.images import probe\n"
        "for name in sys.argv[1:]: probe(open(name, 'rb').read()); print('pillow_heif' in sys.modules)"
    )
    names = [str(PHOTOS / name) for name in ("phone-turned.jpg", "sticker.webp", "iphone.heic")]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]


def test_the_suffixes_are_lower_case_with_a_point() -> None:
    assert {
        ".jpg",
        ".jpeg",
        ".jfif",
        ".png",
        ".gif",
        ".webp",
        ".bmp",
        ".tif",
        ".tiff",
        ".heic",
        ".heif",
        ".avif",
    } == PICTURE_SUFFIXES
