"""Any key under any name, in any file: what was typed is read back, and all other lines keep their bytes."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from newsgen.authoring.front_matter_edit import with_values
from newsgen.authoring.front_matter_values import KEYS, RefusedValue, Typed, meaning, tidy, values_of
from newsgen.authoring.text_lines import body_of
from newsgen.content.frontmatter.keys import ARTICLE_KEYS
from newsgen.core.errors import ContentError

SAMPLES: dict[str, list[Typed]] = {
    "kind": ["通知", "公示", "news"],
    "original": ["https://a.example/x?y=1#z", "http://中文.example/"],
    "date": ["2024-03-13", "2024年3月13日 9:30", "20240313", "2024-03-13T09:30+08:00"],
    "cover": ["会场 1.jpg", "photos\\a.jpg", "#1.jpg"],
    "focus": ["左上", "top"],
    "pinned": ["是", "2024-05-01"],
    "draft": ["是", "no", "√"],
    "slug": ["a-b", "2024.x"],
    "aliases": ["/info/1023/4567.htm", "a.html、b/"],
    "redirect": ["https://a.example/"],
    "views_base": ["1,234", "12"],
    "reviews": ["初审 张三、终审 李四", "张三"],
    "unchecked": ["typo.word", "a.b、c.d"],
    "attachments": [(("通知.pdf", None),), (("a、b.docx", "报名: 表"), ("c #1.pdf", None)), (("x\\y.pdf", "甲"),)],
}
SAMPLES |= dict.fromkeys(("updated", "publish_at", "expires"), SAMPLES["date"])
LISTS = ["张三", "张三、李四", "党建，[学习]", "#党建、'a", "A: B、c #d"]
TEXTS = [
    "会议",
    "[通知] 开会",
    "A: B",
    "#1 教学楼",
    "走访 #1 楼",
    "“第一议题”学习",
    "~",
    "null",
    "是",
    "- 一",
    "a\\b",
    "\"引\"'号'",
    "：",
    "|",
    "> 一",
    "--- 一",
    "2024",
    "一　二",
    "{一}",
    "*一*",
    "&a",
    "!b",
    "@c",
    "%d",
    "一:",
]
NASTY = st.text(
    st.sampled_from("会议 \t\n\u3000\xa0#:：\"'[]{}|>-!&*?%@`~,、\\/=x1\u2028\x85\ufeff\x00é😀"), max_size=10
)
EDITABLE = [key for key in ARTICLE_KEYS if key.name != "approvals"]


def samples(name: str) -> list[Typed]:
    known = SAMPLES.get(name)
    return list(known) if known else list(LISTS if KEYS[name].shape == "list" else TEXTS)


def typed(name: str, value: Typed, style: int) -> list[str]:
    """The lines of a key in one of the ways in which people type it."""
    key = KEYS[name]
    names = (key.name, *key.aliases, key.name.upper(), f'"{key.name}"', key.name.replace("_", "-"))
    head = names[style % len(names)]
    if isinstance(value, tuple):
        return [
            f"{head}:",
            *(f"  - {{file: '{file}', name: '{words}'}}" if words else f"  - '{file}'" for file, words in value),
        ]
    forms = [
        [f"{head}: '{str(value).replace(chr(39), chr(39) * 2)}'  # 备注"],
        [f"{head}： {value}"],
        [f"{head}:{value}"],
        [f"{head}: {value}"],
        [f"  {head}:\t{value} "],
        [f"{head}: |", f"  {value}"],
        [f"{head}: {value}  # 备注"],
    ]
    if key.shape == "list":
        forms.append(
            [f"{head}:", *(f"  - '{item.replace(chr(39), chr(39) * 2)}' # 备注" for item in str(value).split("、"))]
        )
    return forms[(style // 7) % len(forms)]


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, bytes]], str]:
    """A file, its pieces by key, and its encoding."""
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    coding = "gb18030" if encoding == "gb18030" else "utf-8"
    ends = draw(st.sampled_from([("\n",), ("\r\n",), ("\r",), ("\n", "\r\n")]))
    names = draw(st.lists(st.sampled_from([key.name for key in EDITABLE]), unique=True, max_size=6))
    pieces: list[tuple[str, list[str]]] = [("", ["---"])]
    comments = ["# 说明", "", "# source: 供稿单位", "# 摘要：一句话", "  # 缩进"]
    for name in names:
        in_scalar = bool({"|", ">"} & set(pieces[-1][1][0]))  # there an indented line is text
        above = next((typed_above for key, typed_above in reversed(pieces) if key), [])
        lines = typed(name, draw(st.sampled_from(samples(name))), draw(st.integers(0, 200)))
        if in_scalar or len(above) > 1:  # in a list, an indented line is part of it, also below a comment
            lines = [lines[0].lstrip(), *lines[1:]]
        if not in_scalar and draw(st.booleans()):
            comment = draw(st.sampled_from(comments))
            # Below a scalar an indented comment is text, also where the keys between them are taken out.
            is_below_scalar = any({"|", ">"} & set(lines_above[0]) for _, lines_above in pieces)
            pieces.append(("", [comment.lstrip() if is_below_scalar else comment]))
        pieces.append((name, lines))
    pieces += [("", ["---"]), ("", ["", "正文  ", "---", "title: 不是"])]
    encoded: list[tuple[str, bytes]] = []
    for name, lines in pieces:
        text = "".join(line + draw(st.sampled_from(ends)) for line in lines)
        encoded.append((name, text.encode(coding)))
    data = b"".join(part for _, part in encoded)
    return (b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b"") + data, encoded, coding


@given(files(), st.data())
def test_a_key_that_stands_there_changes_in_its_own_lines(
    file: tuple[bytes, list[tuple[str, bytes]], str], data: st.DataObject
) -> None:
    before, pieces, _ = file
    shown = values_of(before)
    places = [index for index, (name, _) in enumerate(pieces) if name and name not in shown.locked]
    assume(places)
    place = data.draw(st.sampled_from(places))
    key = KEYS[pieces[place][0]]
    value = data.draw(st.sampled_from([*samples(key.name), None]))
    after = with_values("a.md", before, {key.name: value})
    mark = before.find(pieces[0][1])
    above = before[: mark + sum(len(part) for _, part in pieces[:place])]
    below = before[len(above) + len(pieces[place][1]) :]
    assert after.startswith(above)
    assert after.endswith(below)
    _same(before, after, key.name, value)


@given(files(), st.data())
def test_a_new_key_takes_new_lines_or_those_of_the_template(
    file: tuple[bytes, list[tuple[str, bytes]], str], data: st.DataObject
) -> None:
    before, pieces, coding = file
    key = data.draw(st.sampled_from([key for key in EDITABLE if key.name not in dict(pieces)]))
    value = data.draw(st.sampled_from(samples(key.name)))
    after = with_values("a.md", before, {key.name: value})
    start = next(i for i, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    length = next(i for i, pair in enumerate(zip(before[::-1], after[::-1], strict=False)) if pair[0] != pair[1])
    gone = before[start : max(start, len(before) - length)].decode(coding, "replace")
    assert not gone.strip() or (key.name in ("source", "summary") and "#" in before.decode(coding))
    _same(before, after, key.name, value)


def _same(before: bytes, after: bytes, name: str, value: Typed) -> None:
    """What is read from both files is the same but for one key; put back, that is what it was as well."""
    first, second = values_of(before).values, values_of(after).values
    assert {key: shown for key, shown in first.items() if key != name} == {
        key: shown for key, shown in second.items() if key != name
    }
    assert body_of(before)[0] == body_of(after)[0]
    if not value:
        assert name not in second
    else:
        assert meaning(KEYS[name], second[name]) == meaning(KEYS[name], tidy(KEYS[name], value))
    back = with_values("a.md", after, {name: first.get(name)})
    third = values_of(back).values
    assert {key: meaning(KEYS[key], shown) for key, shown in third.items()} == {
        key: meaning(KEYS[key], shown) for key, shown in first.items()
    }
    assert with_values("a.md", after, second) == after


@given(st.sampled_from(["title", "summary", "signature", "author", "tags"]), NASTY, st.booleans())
@example("title", "~", False)
@example("title", "# 一", True)
@example("author", "一: 二", True)
def test_any_text_is_read_back_as_it_was_typed(name: str, value: str, is_there: bool) -> None:
    before = f"---\n{name}: 旧  # 备注\n---\n正文\n" if is_there else "---\nslug: a\n---\n正文\n"
    key = KEYS[name]
    after = with_values("a.md", before.encode(), {name: value})
    shown = values_of(after).values.get(name, "")
    assert isinstance(shown, str)
    meant = meaning(key, tidy(key, value)) if tidy(key, value) else ""
    assert meaning(key, shown) == meant if shown else meant in ("", ())
    assert body_of(after)[0] == "正文\n"


@given(st.sampled_from([key.name for key in EDITABLE if key.name not in ("title", "attachments")]), NASTY)
def test_any_text_for_any_key_is_taken_or_refused_with_words_for_its_field(name: str, value: str) -> None:
    before = "---\ntitle: 会议\n---\n正文\n".encode()
    try:
        after = with_values("a.md", before, {name: value})
    except RefusedValue as refused:
        assert refused.key == name
        assert refused.message
        return
    except ContentError as error:
        raise AssertionError(error.diagnostics) from error
    assert body_of(after)[0] == "正文\n"
    assert (name in values_of(after).values) == (after != before)
