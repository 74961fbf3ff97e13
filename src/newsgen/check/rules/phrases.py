"""Rules about set phrases and people, by the lexicon and the roster that the publicity office owns. Never corrected by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from newsgen.check.article_text import HAN, ArticleText
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, at
from newsgen.check.vocabulary import Vocabulary
from newsgen.core.model import FrontMatter, changed


def _day(article: ArticleText) -> str:
    date = article.matter.date if isinstance(article.matter, FrontMatter) else None
    return date.day if date else ""


def _wrong_forms(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    for start, end, phrase in vocabulary.search.wrong_forms(article.text):
        if phrase.holds(_day(article)):
            passage, place = article.place(start)
            message = f"“{article.text[start:end]}”不是规范的写法"
            hint = f"改成：{phrase.text}{phrase.reference}{_note(phrase.note)}"
            yield changed(at(passage, place, place + end - start, message, hint), severity=phrase.severity)


def _near_misses(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    for miss in vocabulary.search.near_misses(article.text):
        if miss.phrase.holds(_day(article)):
            passage, place = article.place(miss.start)
            message = f"“{article.text[miss.start : miss.end]}”和规范的提法差一点"
            hint = f"核对：{miss.phrase.text}{miss.phrase.reference}{_note(miss.phrase.note)}"
            found = at(passage, place, place + miss.end - miss.start, message, hint)
            yield changed(found, severity=miss.phrase.severity)


def _note(note: str) -> str:
    return f"\n{note}" if note else ""


_LISTED = re.compile(r"[”》]?(?:[（(：:]|，?即|，?就是|，?包括)([^。；]+)")


def _formulas(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The findings about numbered formulas that are followed by some of their parts, but not all."""
    day = _day(article)
    for phrase in vocabulary.search.formulas:
        if phrase.text not in article.text or not phrase.holds(day):
            continue
        for passage in article.passages:
            for found in re.finditer(re.escape(phrase.text), passage.text):
                listed = _LISTED.match(passage.text, found.end())
                missing = [part for part in phrase.parts if listed and part not in listed[1]]
                if missing and len(missing) < len(phrase.parts):
                    message = f"“{phrase.text}”后面少了{'、'.join(missing)}"
                    hint = f"{phrase.text}是：{'、'.join(phrase.parts)}{phrase.reference}"
                    yield at(passage, found.start(), found.end(), message, hint)


def _names(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The findings about a post with a name that differs by one character from that of its holder."""
    names = {person.name for person in vocabulary.people}
    for person in vocabulary.people:
        if person.post not in article.text:
            continue
        after = re.compile(rf"{re.escape(person.post)}([{HAN}]{{{len(person.name)}}})")
        before = re.compile(rf"(?<![{HAN}])([{HAN}]{{{len(person.name)}}}){re.escape(person.post)}")
        for passage in article.passages:
            if person.post not in passage.text:
                continue
            for match in (*after.finditer(passage.text), *before.finditer(passage.text)):
                typed = match[1]
                differs = sum(a != b for a, b in zip(typed, person.name, strict=True))
                if typed not in names and differs == 1 and len(typed) > 1 + (typed[0] != person.name[0]):
                    yield at(
                        passage,
                        match.start(1),
                        match.end(1),
                        f"名册里的{person.post}是{person.name}，这里写的是{typed}",
                        f"改成：{person.name}；换了人就改 people.yaml",
                    )


def _posts(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The findings about posts that the person did not hold on the day of the article."""
    day = _day(article)
    for person in vocabulary.people:
        if (
            person.name not in article.text
            or person.holds(day)
            or any(
                other.holds(day) and (other.name, other.post) == (person.name, person.post)
                for other in vocabulary.people
            )
        ):
            continue
        form = re.compile(
            rf"(?<!原)(?<!时任)(?<!前)(?:{re.escape(person.post)}{re.escape(person.name)}|{re.escape(person.name)}{re.escape(person.post)})"
        )
        for passage in article.holding(form):
            for match in form.finditer(passage.text):
                until = f"任到 {person.until}" if person.until and day > person.until else f"从 {person.since} 起任职"
                yield at(
                    passage,
                    match.start(),
                    match.end(),
                    f"按名册，{person.name}{until}{person.post}".replace(f"任职{person.post}", f"任{person.post}"),
                    "核对职务；是以前的事，写“时任”",
                )


def _order(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The findings about names in a list that have another order than in the roster."""
    rank: dict[str, int] = {}
    for index, person in enumerate(vocabulary.people):
        rank.setdefault(person.name, index)
    if len(rank) < 2:
        return
    form = re.compile("|".join(map(re.escape, sorted(rank, key=len, reverse=True))))
    for passage in article.holding(form):
        for row in re.finditer(r"[^，。；：（）]+", passage.text):
            found = [(match.start(), match[0]) for match in form.finditer(passage.text, row.start(), row.end())]
            if "、" not in row[0] or len(found) < 2:
                continue
            for (_, first), (start, second) in pairwise(found):
                if rank[first] > rank[second]:
                    yield at(passage, start, start + len(second), f"名册里{second}在{first}前面", "核对名单的顺序")
                    break


RULES = (
    Rule(
        "phrases.wrong",
        "warning",
        "不规范的提法",
        "词库 lexicon.yaml 里列出的错误写法。词库由宣传部门维护。",
        "落实三会一科制度",
        "落实三会一课制度",
        _wrong_forms,
    ),
    Rule(
        "phrases.near-miss",
        "warning",
        "和规范提法差一两个字",
        "较长的固定提法，差一处就提示核对。",
        "学习习近平新时代中国特色社义思想",
        "学习习近平新时代中国特色社会主义思想",
        _near_misses,
    ),
    Rule(
        "phrases.parts",
        "warning",
        "数字提法列得不全",
        "“三会一课”这样的提法，后面列出的内容要齐全。",
        "落实三会一课，即支部党员大会、支部委员会、党课",
        "落实三会一课，即支部党员大会、支部委员会、党小组会、党课",
        _formulas,
    ),
    Rule(
        "people.name",
        "warning",
        "姓名和名册差一个字",
        "职务后面的姓名和 people.yaml 里的差一个字。",
        "党委副书记任海嵩主持会议",
        "党委副书记任海松主持会议",
        _names,
    ),
    Rule(
        "people.post",
        "warning",
        "职务和名册对不上",
        "按 people.yaml，这一天此人不担任这个职务（例中的张三任到 2023 年底）。",
        "组织员张三主持会议",
        "时任组织员张三主持会议",
        _posts,
    ),
    Rule(
        "people.order",
        "info",
        "姓名的顺序和名册不同",
        "并列的姓名按 people.yaml 里的先后（例中书记蒋羽西在前）。",
        "任海松、蒋羽西参加会议",
        "蒋羽西、任海松参加会议",
        _order,
    ),
)
