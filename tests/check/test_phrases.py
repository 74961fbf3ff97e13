"""The lexicon and the roster: near misses, numbered formulas, names and posts."""

from __future__ import annotations

import pytest

from newsgen.authoring.new import STARTER
from newsgen.check.article_check import findings_of
from newsgen.check.lexicon import LEXICON, LexiconSearch, Phrase
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import Vocabulary
from newsgen.config import people
from newsgen.config.people import Person
from newsgen.core.errors import ConfigError

THOUGHT = "习近平新时代中国特色社会主义思想"
MEETINGS = Phrase("三会一课", parts=("支部党员大会", "支部委员会", "党小组会", "党课"))
PEOPLE = (Person("任海松", "党委副书记", "2021-09-01"), Person("张三", "组织员", "2020-01-01", "2023-12-31"))


def found(text: str, vocabulary: Vocabulary, date: str = "2024-03-13") -> list[tuple[str, str]]:
    """Code and words of every finding."""
    data = f"---\ntitle: 甲\ndate: {date}\n---\n\n{text}\n".encode()
    return [(item.code, item.found) for item in findings_of("content/a.md", data, RULES, vocabulary)]


@pytest.mark.parametrize(
    "typed",
    [
        "习近平新时代中国特色社义思想",
        "习近平新时代中国特色社会主意思想",
        "习近平新时代中国特设社会主义思想",
        "习近平新时代特色社会主义思想",
        "习近新时代中国特色社会主义思想",
        "习近平新时代中国特色的社会主义思想",
    ],
)
def test_a_passage_within_one_edit_of_a_long_phrase_is_found(typed: str) -> None:
    assert found(f"深入学习{typed}，提高认识。", Vocabulary((Phrase(THOUGHT),))) == [("phrases.near-miss", typed)]


@pytest.mark.parametrize("typed", [THOUGHT, f"学习{THOUGHT}，{THOUGHT}", "习近平总书记在讲话中指出，新时代要有新作为"])
def test_what_is_right_or_something_else_is_not(typed: str) -> None:
    assert found(typed, Vocabulary((Phrase(THOUGHT),))) == []


def test_every_single_edit_in_the_middle_of_every_phrase_is_found() -> None:
    search = LexiconSearch([Phrase(THOUGHT)])
    for index in range(1, len(THOUGHT) - 1):
        for typed in (THOUGHT[:index] + "某" + THOUGHT[index + 1 :], THOUGHT[:index] + THOUGHT[index + 1 :]):
            assert [typed] == [typed[miss.start : miss.end] for miss in search.near_misses(typed)], typed


@pytest.mark.parametrize(
    "typed", ["深化对中华民族共同体意识的研究", "宣传中华民族共同体意识", "铸牢中华民族共同体意识"]
)
def test_two_other_characters_at_the_edge_make_another_phrase(typed: str) -> None:
    assert found(typed, Vocabulary((Phrase("铸牢中华民族共同体意识"),))) == []
    assert found("筑牢中华民族共同体意识", Vocabulary((Phrase("铸牢中华民族共同体意识"),))) != []


def test_a_wrong_form_is_told_once() -> None:
    phrase = Phrase("铸牢中华民族共同体意识", wrong=("筑牢中华民族共同体意识",))
    assert found("筑牢中华民族共同体意识", Vocabulary((phrase,))) == [("phrases.wrong", "筑牢中华民族共同体意识")]


def test_forms_in_a_list_may_hold_commas() -> None:
    (phrase,) = LEXICON.parse("lexicon.yaml", "- phrase: 不忘初心、牢记使命\n  also: [不忘初心，牢记使命]\n".encode())
    assert phrase.also == ("不忘初心，牢记使命",)


def test_every_entry_of_the_lexicon_of_a_new_site_names_its_source() -> None:
    phrases = LEXICON.parse("lexicon.yaml", (STARTER / "lexicon.yaml").read_bytes())
    assert len(phrases) >= 30
    assert [phrase.text for phrase in phrases if not phrase.source] == []
    for phrase in phrases:
        assert found(f"深入学习{phrase.text}", Vocabulary(phrases), "2024-09-01") == [], phrase.text


def test_a_form_that_is_right_too_is_left_alone() -> None:
    phrases = (Phrase("立德树人根本任务", also=("立德树人的根本任务",)),)
    assert found("落实立德树人的根本任务", Vocabulary(phrases)) == []
    assert found("落实立德树人根本人务", Vocabulary(phrases)) == [("phrases.near-miss", "立德树人根本人务")]


def test_a_phrase_holds_from_its_day_to_its_last_day() -> None:
    vocabulary = Vocabulary((Phrase("新提法", wrong=("旧提法",), since="2024-01-01", until="2024-12-31"),))
    assert found("学习旧提法", vocabulary, "2023-12-31") == []
    assert found("学习旧提法", vocabulary, "2024-01-01") == [("phrases.wrong", "旧提法")]
    assert found("学习旧提法", vocabulary, "2025-01-01") == []


def test_a_numbered_formula_lists_all_its_parts_or_none() -> None:
    vocabulary = Vocabulary((MEETINGS,))
    assert found("落实三会一课，即支部党员大会、支部委员会、党课。", vocabulary) == [("phrases.parts", "三会一课")]
    assert found("落实三会一课（支部党员大会、支部委员会、党小组会、党课）。", vocabulary) == []
    assert found("落实三会一课制度，开展主题党日。", vocabulary) == []


def test_a_name_that_differs_by_one_character_from_the_one_in_the_post_is_told() -> None:
    vocabulary = Vocabulary(people=PEOPLE)
    assert found("会议由党委副书记任海嵩主持。", vocabulary) == [("people.name", "任海嵩")]
    assert found("会议由党委副书记任海松主持。", vocabulary) == []
    assert found("会议由党委副书记王五主持。", vocabulary) == []


def test_a_post_that_somebody_no_longer_has_is_told_unless_the_text_says_so() -> None:
    vocabulary = Vocabulary(people=PEOPLE)
    assert found("组织员张三参加会议。", vocabulary) == [("people.post", "组织员张三")]
    assert found("原组织员张三参加会议。", vocabulary) == []
    assert found("组织员张三参加会议。", vocabulary, "2023-05-04") == []


def test_names_in_a_row_stand_in_the_order_of_the_roster() -> None:
    assert found("张三、任海松参加会议。", Vocabulary(people=PEOPLE)) == [("people.order", "任海松")]
    assert found("任海松、张三参加会议。", Vocabulary(people=PEOPLE)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- wrong: [甲]\n", "这一项没有写 phrase（正确的写法）"),
        ("phrase: 甲\n", "lexicon.yaml 应是列表，每项以减号开头"),
        ("- phrase: 甲\n  severity: 严重\n", "severity 要写错误、提醒或说明"),
        ("- phrase: 甲\n  sicne: 2024-01-01\n", "不认识的键 sicne"),
    ],
)
def test_a_faulty_lexicon_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        LEXICON.parse("lexicon.yaml", text.encode())
    assert [item.message for item in refused.value.diagnostics] == [message]


def test_an_empty_lexicon_holds_nothing() -> None:
    assert LEXICON.parse("lexicon.yaml", b"") == LEXICON.parse("lexicon.yaml", "# 词库\n".encode()) == ()


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("name: 甲\n", 1, "people.yaml 应是列表，每项以减号开头", "例如：\n- {name: 任海松, post: 党委副书记}"),
        (
            "- name: 任海松\n  post: 党委副书记\n- name: 甲\n",
            3,
            "名册的一项要有 name（姓名）和 post（职务）",
            "例如：- {name: 任海松, post: 党委副书记}",
        ),
    ],
)
def test_a_faulty_roster_is_refused_with_its_line_and_an_entry_to_copy(
    text: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        people.PEOPLE.parse("people.yaml", text.encode())
    (found,) = refused.value.diagnostics
    assert (found.code, found.path, found.line, found.message, found.hint) == (
        "people",
        "people.yaml",
        line,
        message,
        hint,
    )
