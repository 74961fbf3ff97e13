"""text.py: bytes to clean text, and small questions about Chinese text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.core.text import (
    MAX_BYTES,
    MAX_LINE,
    clean,
    decode,
    did_you_mean,
    is_cjk,
    is_device,
    join_lines,
    reading_order,
    shorten,
    slug,
)

CHINESE = "---\ntitle: 管理学院党委\n---\n落实基层主体责任，推进党建业务融合。\n"


def error_of(data: bytes) -> tuple[str, int]:
    text, (problem,) = decode(data)
    assert text is None
    assert problem.severity == "error"
    assert problem.hint
    return problem.code, problem.line


def test_utf8_with_and_without_bom_is_read_silently() -> None:
    assert decode(CHINESE.encode()) == (CHINESE, ())
    assert decode(CHINESE.encode("utf-8-sig")) == (CHINESE, ())


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_gbk_is_read_with_a_warning_that_names_notepad(encoding: str) -> None:
    text, (diagnostic,) = decode(CHINESE.encode(encoding))
    assert text == CHINESE
    assert (diagnostic.code, diagnostic.severity) == ("file.encoding", "warning")
    assert "记事本" in diagnostic.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_an_error_with_or_without_bom(encoding: str) -> None:
    assert error_of(CHINESE.encode(encoding)) == ("file.encoding", 1)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04....word/document.xml", "docx"),
        (b"PK\x03\x04....xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04....", "zip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wps"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
    ],
)
def test_a_document_with_the_wrong_name_is_called_by_its_right_one(data: bytes, name: str) -> None:
    text, (problem,) = decode(data)
    assert text is None
    assert problem.code == "file.binary"
    assert name in problem.message


def test_a_nul_byte_is_an_error_at_its_line() -> None:
    assert error_of("一\n二\n".encode() + b"a\x00b" + "三".encode() * 100) == ("file.binary", 3)


def test_damaged_utf8_is_not_read_as_gbk_gibberish() -> None:
    assert error_of(("第一行正文，很长很长很长。\n" * 3).encode() + b"\xe4\xbd\n") == ("file.encoding", 4)


def test_a_byte_order_mark_does_not_shift_the_line_of_a_fault() -> None:
    assert error_of("\ufeff一二三四五六七八九十\n".encode() + b"\xe4\xbd") == ("file.encoding", 2)


def test_bytes_of_no_known_encoding_are_an_error_at_their_line() -> None:
    assert error_of(b"abc\n\xff\xff\xff\n") == ("file.encoding", 2)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", "\u3000\n \t\r\n".encode()])
def test_an_empty_or_blank_file_is_an_error(data: bytes) -> None:
    assert error_of(data) == ("file.empty", 1)


def test_a_file_over_two_megabytes_is_an_error() -> None:
    assert decode(b"a\n" * (MAX_BYTES // 2))[1] == ()
    assert error_of(b"a\n" * (MAX_BYTES // 2) + b"b") == ("file.too-large", 1)


def test_a_line_of_pasted_picture_is_an_error_at_its_line() -> None:
    assert decode(b"a" * MAX_LINE)[1] == ()
    assert error_of(b"a\n" + b"b" * (MAX_LINE + 1)) == ("file.long-line", 2)


def test_line_ends_become_lf() -> None:
    assert decode(b"a\r\nb\rc\n")[0] == "a\nb\nc\n"


def test_no_character_that_goes_can_be_printed() -> None:
    """By which most texts are known to hold none."""
    every = "".join(map(chr, range(0x110000)))
    kept = set(clean(every))
    assert not any(character.isprintable() for character in every if character not in kept)
    assert {"\n", "\u3000"} <= kept


def test_invisible_characters_go_and_line_numbers_stay_those_of_an_editor() -> None:
    assert decode("a\u200bb\ufeffc\x07d\x7fe\ufffff\ufdd0".encode())[0] == "abcdef"
    assert decode("a\u2028b\u2029c\x85d\x0be\x0cf".encode())[0] == "a b c d e f"
    assert decode("a\u202eb\tc".encode())[0] == "ab\tc"


def test_the_first_control_character_of_a_file_is_told_with_its_place() -> None:
    text, diagnostics = decode("标题\r\n甲\x0b乙\x10丙\u202e\n".encode())
    assert text == "标题\n甲 乙丙\n"
    (said,) = diagnostics
    assert (said.code, said.severity, said.line, said.column) == ("file.control", "info", 2, 4)
    assert "U+0010，全文共 2 个" in said.message


def test_marks_that_come_with_every_paste_from_the_web_are_not_told() -> None:
    assert decode("\ufeff党\u200b建\u2028\n".encode()) == ("党建 \n", ())


FORBIDDEN = {
    *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFEFF, 0x200B, *range(0x202A, 0x202F),
    *range(0x2066, 0x206A), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0),
    *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
}  # fmt: skip
BREAKS = {0x0B, 0x0C, 0x85, 0x2028, 0x2029}


def test_each_forbidden_character_goes_and_each_odd_line_break_becomes_a_space() -> None:
    assert {clean(f"党{chr(code)}建") for code in FORBIDDEN} == {"党建"}
    assert {clean(f"党{chr(code)}建") for code in BREAKS} == {"党 建"}
    assert clean("\r\r\n\n") == "\n\n\n"


def test_all_other_characters_of_unicode_stay_as_typed() -> None:
    others = sorted({*range(0x110000)} - FORBIDDEN - BREAKS - {ord("\r")})
    for start in range(0, len(others), 1000):
        text = "".join(map(chr, others[start : start + 1000]))
        assert clean(text) == text


@given(
    st.lists(st.sampled_from(["党", "，", "a", "\n", "\r", "\u3000", "\x07", "\u2028", "\ufeff", "😀", "\U0001ffff"]))
)
def test_what_is_beside_a_character_does_not_matter(characters: list[str]) -> None:
    text = "".join(characters)
    assert clean(text) == "".join(map(clean, text.replace("\r\n", "\n")))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_text_in_utf8_is_read_as_it_was_written(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        read, diagnostics = decode(("。" + text).encode(encoding))
        assert read == clean("。" + text)
        assert {diagnostic.code for diagnostic in diagnostics} <= {"file.control"}


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_one_error(data: bytes) -> None:
    text, diagnostics = decode(data)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    assert (text is None) == (len(errors) == 1)
    if text is not None:
        assert text.splitlines() == text.removesuffix("\n").split("\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("titel", "title"),
        ("short-title", "short_title"),
        ("TAG", "tags"),
        ("desc", "description"),
        ("標題", "标题"),
        ("作則", "作者"),
        ("浏览", "浏览基数"),
        ("发布时间", "时间"),
        ("foo", None),
        ("主持人", None),
        ("", None),
        ("很长" * 50, None),
    ],
)
def test_a_misspelt_key_is_guessed_only_when_it_is_near(typed: str, meant: str | None) -> None:
    names = ["title", "short_title", "tags", "description", "标题", "作者", "时间", "浏览基数"]
    assert did_you_mean(typed, names) == meant


@pytest.mark.parametrize("text", ["party-day", "a.b_c", "2024", "a" * 80])
def test_ascii_names_are_slugs(text: str) -> None:
    assert slug(text) == text


@pytest.mark.parametrize("text", ["", "党日", "a b", ".a", "a.", "..", "a/b", "CON", "nul.x", "a" * 81, "a\n"])
def test_everything_else_is_no_slug(text: str) -> None:
    assert slug(text) is None


@pytest.mark.parametrize("character", "党，。“”‘’—…·（ａ")
def test_chinese_characters_and_marks_are_wide(character: str) -> None:
    assert is_cjk(character)


@pytest.mark.parametrize("character", 'a1,."-')
def test_latin_characters_and_marks_are_narrow(character: str) -> None:
    assert not is_cjk(character)


def test_lines_join_without_a_space_between_chinese_characters() -> None:
    assert join_lines([" 党建 ", "", "“工作”", "PPT", "of 3", "月"]) == "党建“工作” PPT of 3 月"


def test_shortened_text_ends_with_an_ellipsis_and_not_within_a_word() -> None:
    assert shorten("一二三", 3) == "一二三"
    assert shorten("一二三四，五六", 5) == "一二三四…"
    assert shorten("学习 Python 语言", 6) == "学习…"


@given(st.text(), st.integers(1, 20))
def test_shortened_text_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(shorten(text, length)) <= length + 1


def test_names_stand_in_the_order_that_readers_expect() -> None:
    names = [
        "教工第十一支部",
        "学生第二支部",
        "教工第二支部",
        "教工第十支部",
        "安全",
        "AI",
        "教工第二十支部",
        "学生第1支部",
    ]
    assert sorted(names, key=reading_order) == [
        "AI", "安全", "教工第二支部", "教工第十支部", "教工第十一支部", "教工第二十支部", "学生第1支部", "学生第二支部",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "con",
        "CON.md",
        "aux.tar.gz",
        "nul .txt",
        "LPT1",
        "com¹.jpg",
        "lpt³",
        "conin$",
        "CONOUT$.css",
        "clock$",
        "com0.x",
    ],
)
def test_names_of_devices_are_known_whatever_stands_behind_them(name: str) -> None:
    assert is_device(name)


@pytest.mark.parametrize(
    "name", ["content", "con-1.md", "auxiliary", "com", "com10", "com⁴", "x.con", "lpt.md", "nul_"]
)
def test_other_names_are_no_devices(name: str) -> None:
    assert not is_device(name)
