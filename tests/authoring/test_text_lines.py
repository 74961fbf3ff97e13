"""An edit in a text area changes the lines that were edited, and no other byte of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanging import without_hanging
from newsgen.authoring.text_lines import body_of, edited, file_text, matching
from newsgen.core.errors import ContentError
from newsgen.core.text import MAX_BYTES, decode_exactly

HEADS = [
    "",
    "---\ntitle: 会议\n---\n",
    "---\r\ntitle: 会议\r\n# 注释 \r\n---\r\n",
    "---\rtitle: 会议\r---\r",
    "---\ntitle: 没有结束\n",
]
WORDS = st.text(st.sampled_from("会议召开 \t\u3000\x01\x0b\x85\u2028\ufeffa-#：—。é😀"), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
LINES = st.lists(st.tuples(WORDS, ENDS), max_size=8)
CODINGS = st.sampled_from([("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gb18030", b"")])


def in_file(text: str, coding: tuple[str, bytes]) -> bytes:
    return coding[1] + text.encode(coding[0])


def editable(data: bytes) -> bool:
    try:
        return bool(file_text(data))
    except ContentError:
        return False


@given(st.sampled_from(HEADS), LINES, WORDS, CODINGS)
def test_a_body_that_stays_leaves_every_byte(
    head: str, lines: list[tuple[str, str]], last: str, coding: tuple[str, bytes]
) -> None:
    data = in_file(head + "".join(map("".join, lines)) + last, coding)
    if editable(data):
        body, _ = body_of(data)
        assert "\r" not in body
        assert edited(data, body) == data


@given(st.sampled_from(HEADS), LINES, WORDS, CODINGS, st.data())
def test_an_edited_line_changes_alone(
    head: str, lines: list[tuple[str, str]], last: str, coding: tuple[str, bytes], data: st.DataObject
) -> None:
    before = in_file(head + "".join(map("".join, lines)) + last, coding)
    if not editable(before):
        return
    body, _ = body_of(before)
    typed = body.split("\n")
    place = data.draw(st.integers(0, len(typed) - 1))
    typed[place] = data.draw(WORDS) + "改"
    after = edited(before, "\n".join(typed))
    assert body_of(after)[0] == "\n".join(typed) or head in ("", HEADS[-1])
    text, _, mark = decode_exactly(before)
    same = sum(len(line.encode()) for line in typed[:place])
    assert after.startswith(mark)
    if not coding[0].startswith("gb"):
        start = len(before) - len(text[len(text) - len(_exact_body(text, body)) :].encode())
        assert before[:start] == after[:start]
        assert after[: start + same] == before[: start + same]


def _exact_body(text: str, body: str) -> str:
    """The end of a text that is this body but for line ends."""
    for start in range(len(text) + 1):
        if text[start:].replace("\r\n", "\n").replace("\r", "\n") == body:
            return text[start:]
    raise AssertionError(body)


@given(LINES, LINES)
def test_what_is_typed_is_what_stands_in_the_file(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    data = ("---\ntitle: 会议\n---\n" + "".join(map("".join, old))).encode()
    typed = "\n".join(words for words, _ in new)
    if editable(data):
        after = edited(data, typed)
        assert body_of(after)[0] == typed
        kept = {line + end for line, end in old}
        for kind, start, end, _, _ in matching(body_of(data)[0], typed):
            if kind == "equal":
                assert end - start <= len(kept) + len(old)


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("一\r\n二\n三\r\n", "一\n二\n新\n三\n", "一\r\n二\n新\r\n三\r\n"),
        ("一 \r\n二\r三", "一 \n贰\n三", "一 \r\n贰\r三"),
        ("一\r\n二", "一\n二\n", "一\r\n二\r\n"),
        ("一\r\n二\r\n", "一\n二", "一\r\n二"),
        ("", "一\n", "一\n"),
        ("一\n", "", ""),
        ("一\n", "半个\ud83d表情\n", "半个\ufffd表情\n"),
    ],
)
def test_line_ends_are_those_of_the_file(before: str, typed: str, after: str) -> None:
    assert edited(before.encode(), typed) == after.encode()


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("一\r二\n\n三\n", "一\n\n三\n", "一\r\r三\n"),
        ("一\r二\n三\n", "一\n\n二\n三\n", "一\r\r二\n三\n"),
        ("---\ntitle: 会议\n---\r一\n", "\n一\n", "---\ntitle: 会议\n---\r\r一\n"),
    ],
)
def test_an_empty_line_is_never_swallowed_by_the_line_end_above(before: str, typed: str, after: str) -> None:
    assert edited(before.encode(), typed) == after.encode()


def test_a_nul_and_other_control_characters_stay_until_their_author_deletes_them() -> None:
    before = "---\ntitle: 会议\n---\n这一行坏了\x00\x07。\n这一行不改。\x00\r\n".encode()
    body, _ = body_of(before)
    assert edited(before, body.replace("这一行坏了\x00\x07", "修好了")) == before.replace(
        "这一行坏了\x00\x07".encode(), "修好了".encode()
    )


def test_the_body_begins_behind_front_matter_and_is_all_where_that_is_missing_or_has_no_end() -> None:
    assert body_of("\ufeff---\r\ntitle: 会议\r\n---\r\n\r\n正文。".encode()) == ("\n正文。", 4)
    assert body_of("正文。\n---\n".encode()) == ("正文。\n---\n", 1)
    assert body_of("---\ntitle: 会议\n正文。\n".encode()) == ("---\ntitle: 会议\n正文。\n", 1)
    assert body_of(b"") == ("", 1)
    assert body_of("---\ntitle: 会议\n---".encode()) == ("", 4)
    assert edited("---\r\ntitle: 会议\r\n---".encode(), "正文。") == "---\r\ntitle: 会议\r\n---\r\n正文。".encode()
    assert body_of("---\x0btitle: 会议\x0b---\x0b正文\u2028第二行\n".encode())[0] == "正文\u2028第二行\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe" + "会议".encode("utf-16-le"), "UTF-16"),
        ("会议".encode() + b"\xff" + "召开".encode() * 10, "损坏"),
        (b"\x81", "认不出"),
        (b"PK\x03\x04word/", "Word"),
        (b"a" * (MAX_BYTES + 1), "MB"),
    ],
)
def test_a_file_that_cannot_be_written_back_is_not_opened(data: bytes, words: str) -> None:
    with pytest.raises(ContentError) as caught:
        body_of(data, "content/a.md")
    (found,) = caught.value.diagnostics
    assert words in found.message
    assert found.path == "content/a.md"
    assert found.hint


def test_a_text_that_grows_too_large_is_refused_before_it_is_written() -> None:
    with pytest.raises(ContentError, match="MB"):
        edited("一\n".encode(), "一" * MAX_BYTES)


def test_gbk_that_would_be_read_as_utf8_is_written_as_utf8() -> None:
    before = "---\ntitle: 模\n---\n会议\n".encode("gb18030")
    assert body_of(before)[0] == "会议\n"
    after = edited(before, "")
    assert decode_exactly(after)[0] == "---\ntitle: 模\n---\n"


def test_every_character_of_gb18030_is_written_as_it_was_read() -> None:
    leads, trails = range(0x81, 0xFF), [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    pairs = (bytes((first, second)) for first in leads for second in trails)
    fours = (
        bytes((a, b, c, d))
        for a in (0x81, 0x82, 0x83, 0x84, 0x95)
        for b in range(0x30, 0x3A)
        for c in leads
        for d in range(0x30, 0x3A)
    )
    for data in (*pairs, *fours):
        text = data.decode("gb18030", "ignore")
        assert text.encode("gb18030") in (data, text.encode()), data


def test_a_body_replaced_as_a_whole_is_saved_without_hanging() -> None:
    old, new = ("".join(f"{word}{number}\r\n\r\n" for number in range(2_000)) for word in "旧新")
    with without_hanging():
        assert edited(old.encode(), new.replace("\r\n", "\n")) == new.encode()
