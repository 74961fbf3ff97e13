"""yamltext.py (with nodes): YAML in which every scalar is the text that was typed."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsgen.core.yaml import parser
from newsgen.core.yaml.nodes import Mapping, Scalar, Sequence, YamlError, quoted
from newsgen.core.yaml.parser import parse


@pytest.fixture(params=["C", "pure"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here runs with the C parser and with the one that stands in for it."""
    if request.param == "pure":
        monkeypatch.setattr(parser, "_LOADER", yaml.BaseLoader)


def problem_of(text: str) -> YamlError:
    with pytest.raises(YamlError) as caught:
        parse(text, 10)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("text", ["0010", "9:30", "20240313", "是", "yes", "~", "1e3", "2024-3-13"])
def test_a_scalar_is_the_text_as_typed(text: str) -> None:
    assert parse(f"k: {text}") == Mapping(((Scalar("k", 1, 1), Scalar(text, 1, 4)),), 1, 1)


def test_nodes_know_line_column_and_quotes() -> None:
    root = parse("a:\n  - 'b'\n  - [c]\n", first_line=5)
    assert root == Mapping(
        ((Scalar("a", 5, 1), Sequence((Scalar("b", 6, 5, True), Sequence((Scalar("c", 7, 6),), 7, 5)), 6, 3)),), 5, 1
    )


def test_a_key_that_stands_twice_is_there_twice() -> None:
    root = parse("a: 1\na: 2")
    assert isinstance(root, Mapping)
    assert [key.text for key, _ in root.entries] == ["a", "a"]


def test_no_document_is_an_empty_scalar() -> None:
    assert parse("# nothing\n", 3) == Scalar("", 3, 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("title: A: B", 10, 9, "冒号"),
        ("title: @x", 10, 8, "@"),
        ("title: `x", 10, 8, "`"),
        ("title: %x", 10, 8, "%"),
        ("title: [通知] 开会", 10, 13, "引号后面还有字"),
        ('title: "第一议题"学习会', 10, 14, "引号"),
        ("a: 1\nb: [c, d", 11, 4, "]"),
        ("b: {c", 10, 4, "}"),
        ("a: 'x", 10, 4, "前一半"),
        ("a: '未完\nb: c", 10, 4, "前一半"),
        ('a: "D:\\图"', 10, 7, "反斜杠"),
        ("a:\n\tb: 1", 11, 1, "Tab"),
        ("a: 1\n b: 2", 11, 3, "行首多了空格"),
        ("a: - b", 10, 4, "另起一行"),
        ("a: | x", 10, 6, "下一行"),
        ("a: ? x", 10, 4, "问号"),
        ("a: 1\nb\n", 11, 1, "冒号"),
        ("[a]: b", 10, 1, "名称"),
        ("a: 1\n---\nb: 2", 11, 1, "---"),
        ("a: ]", 10, 4, "值"),
    ],
)
def test_a_problem_says_in_chinese_what_and_where(text: str, line: int, column: int, words: str) -> None:
    problem = problem_of(text)
    assert words in problem.message
    assert problem.line == line
    assert abs(problem.column - column) <= 1  # the two parsers differ by one for escapes


def test_a_hint_shows_the_corrected_line() -> None:
    assert problem_of("title: A: B").hint.endswith('改成：title: "A: B"')
    assert problem_of("a: 1\n b: 2").hint.endswith("改成：b: 2")


@pytest.mark.parametrize("text", ["a: !!python/object:os.system x", "a: !x y", "a: &b c", "a: *b", "!x a: b", "*a : b"])
def test_tags_anchors_and_aliases_are_refused(text: str) -> None:
    assert problem_of(text).line == 10


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20))
    assert (problem_of(bomb).line, problem_of(bomb).column) == (10, 4)


def test_fifty_levels_are_the_limit() -> None:
    assert parse("[" * 50 + "]" * 50)
    assert "50" in problem_of("[" * 51 + "]" * 51).message
    assert "50" in problem_of("[" * 5000).message


@given(st.text())
def test_any_text_is_a_node_or_a_problem_with_a_hint(text: str) -> None:
    try:
        parse(text)
    except YamlError as problem:
        assert problem.line >= 1
        assert problem.hint


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))))
def test_quoted_text_is_read_back_unchanged(text: str) -> None:
    root = parse(f"k: {quoted(text)}")
    assert isinstance(root, Mapping)
    value = root.entries[0][1]
    assert isinstance(value, Scalar)
    assert value.text == text


@pytest.mark.parametrize("text", ['a"b', "it's", "a\"b'c", "D:\\网站", "''", "a'\\b", ""])
def test_text_with_quotes_of_both_kinds_is_read_back_unchanged(text: str) -> None:
    root = parse(f"k: {quoted(text)}")
    assert isinstance(root, Mapping)
    assert root.entries[0][1] == Scalar(text, 1, 4, True)
