"""The shapes of a corpus: what its reports hold beside paragraphs, headings and photos.

`plain` is the corpus of corpus.py as it stands. `mixed` is of real shape: it holds what the reports of a college hold, as often
as they hold it. Each other shape is one kind of mark in every report, so that a row of the table says what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bench import corpus, phrases
from bench.corpus import Block, Dice, Report

PLAIN, MIXED = "plain", "mixed"

Body = tuple[Block, ...]
_CLAUSE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9]{2,19}")
"""What may be marked: some Chinese characters and digits, so that no mark gets into an address."""
_SALT = 1_000_003
"""Keeps the choices made here apart from those that made the report."""


def report(number: int, count: int, shape: str = PLAIN) -> Report:
    """One report of a corpus of that shape."""
    if shape == PLAIN:
        return corpus.report(number, count)
    made = corpus.report(number, count, bare=True)
    dice = Dice(number + _SALT)
    kinds = _drawn(dice) if shape == MIXED else (shape,)
    body = tuple(replace(block, text=block.text.replace("**", "")) for block in made.body)
    for kind in kinds:
        body = KINDS[kind](dice, body)
    return replace(made, body=body)


def reports(count: int, shape: str = PLAIN) -> Iterator[Report]:
    """The corpus of that many reports and that shape, oldest first."""
    return (report(number, count, shape) for number in range(count))


# ---------------------------------------------------------------- how often

PLAIN_PERCENT = 45
SHARES: Mapping[str, int] = {
    "links": 15,
    "lists": 5,
    "nested lists": 5,
    "tables": 8,
    "quotations": 5,
    "footnotes": 3,
    "html": 3,
    "signs": 10,
}
"""Percent of all reports that hold the kind. `bold` has what is left: 30 percent (tests/test_bench.py counts them)."""
_BOLD_TOO = 31
"""Percent of the reports with something else that have bold words as well."""


def _drawn(dice: Dice) -> tuple[str, ...]:
    """The kinds of one report of the mixed corpus; none for a plain one."""
    if dice.below(100) < PLAIN_PERCENT:
        return ()
    drawn = [kind for kind, share in SHARES.items() if dice.below(100 - PLAIN_PERCENT) < share]
    return ("bold", *drawn) if dice.below(100) < _BOLD_TOO or not drawn else tuple(drawn)


# ---------------------------------------------------------------- kinds of mark


def _bold(dice: Dice, body: Body) -> Body:
    """Bold words in one to five paragraphs."""
    return _in_texts(dice, body, 1 + dice.below(5), ("**{}**",))


def _marked(dice: Dice, body: Body) -> Body:
    """Bold words, emphasis, a link and code in each of five paragraphs."""
    return _in_texts(dice, body, 5, ("**{}**", "*{}*", "`{}`", f"[{{}}]({_address(dice)})"))


def _links(dice: Dice, body: Body) -> Body:
    """One to three links."""
    for _ in range(1 + dice.below(3)):
        body = _in_texts(dice, body, 1, (f"[{{}}]({_address(dice)})",))
    return body


def _list(dice: Dice, body: Body) -> Body:
    marker = dice.pick(("{}. ", "- "))
    items = [marker.format(number) + dice.say(phrases.ITEMS) for number in range(1, 4 + dice.below(4))]
    return _with(dice, body, Block("text", "有关事项如下："), Block("list", "\n".join(items)))


def _nested_list(dice: Dice, body: Body) -> Body:
    lines = []
    for number in range(1, 3 + dice.below(2)):
        lines.append(f"{number}. {dice.say(phrases.ITEMS)}")
        lines += [f"    - {dice.say(phrases.ITEMS)}" for _ in range(1 + dice.below(3))]
    return _with(dice, body, Block("text", "具体安排如下："), Block("list", "\n".join(lines)))


def _table(dice: Dice, body: Body) -> Body:
    return _with(dice, body, Block("text", "各支部工作情况汇总如下："), Block("table", corpus.table(dice)))


def _quotation(dice: Dice, body: Body) -> Body:
    """A quotation of one to three paragraphs."""
    lines = [f"> {dice.say(phrases.QUOTES)}" for _ in range(1 + dice.below(3))]
    return _with(dice, body, Block("quotation", "\n>\n".join(lines)))


def _footnotes(dice: Dice, body: Body) -> Body:
    """One to three footnotes, above the signature."""
    places = _texts(body)[: 1 + dice.below(3)]
    for number, place in enumerate(places, 1):
        body = _put(body, place, Block("footnote", f"{body[place].text}[^{number}]"))
    notes = [Block("note", f"{number}|{dice.say(phrases.NOTES)}") for number in range(1, len(places) + 1)]
    return (*body[:-1], *notes, body[-1])


def _html(dice: Dice, body: Body) -> Body:
    """Underlined words, a line break, or a block of HTML."""
    way = dice.below(3)
    if way == 0:
        return _in_texts(dice, body, 1 + dice.below(3), ("<u>{}</u>",))
    if way == 1:
        return _in_texts(dice, body, 1, ("{}<br>",))
    return _with(dice, body, Block("html", f'<div class="box">\n<p>{dice.say(phrases.QUOTES)}</p>\n</div>'))


def _signs(dice: Dice, body: Body) -> Body:
    """One or two signs that Markdown or HTML might take for their own."""
    forms = (
        "党建&{}",
        "{}（满意率 > 95%，投诉 < 3 件）",
        "{}（每组 3*4 人）",
        "{}（文件名 plan_2024_v2）",
        "{}（院党[2024]5号）",
    )
    return _in_texts(dice, body, 1 + dice.below(2), (dice.pick(forms),))


KINDS: Mapping[str, Callable[[Dice, Body], Body]] = {
    "bold": _bold,
    "marked": _marked,
    "links": _links,
    "lists": _list,
    "nested lists": _nested_list,
    "tables": _table,
    "quotations": _quotation,
    "footnotes": _footnotes,
    "html": _html,
    "signs": _signs,
}
SHAPES = (PLAIN, MIXED, *KINDS)


def _address(dice: Dice) -> str:
    return f"https://www.example.edu.cn/{dice.pick(('xwzx', 'tzgg', 'djgz'))}/{2019 + dice.below(6)}/{1000 + dice.below(9000)}.htm"


def _texts(body: Body) -> list[int]:
    """Where the paragraphs of running text are."""
    return [place for place, block in enumerate(body) if block.kind == "text"]


def _put(body: Body, place: int, block: Block) -> Body:
    return (*body[:place], block, *body[place + 1 :])


def _in_texts(dice: Dice, body: Body, count: int, forms: Sequence[str]) -> Body:
    """The body with some words of each of `count` paragraphs in each of the forms."""
    places = _texts(body)
    for _ in range(min(count, len(places))):
        place = places.pop(dice.below(len(places)))
        text = body[place].text
        for form in forms:
            text = _with_mark(dice, text, form)
        body = _put(body, place, replace(body[place], text=text))
    return body


def _with_mark(dice: Dice, text: str, form: str) -> str:
    clauses = list(_CLAUSE.finditer(text))
    if not clauses:
        return text
    clause = dice.pick(clauses)
    return f"{text[: clause.start()]}{form.replace('{}', clause[0])}{text[clause.end() :]}"


def _with(dice: Dice, body: Body, *blocks: Block) -> Body:
    """The body with blocks below one of its paragraphs, but the last."""
    place = dice.pick(_texts(body)[:-1])
    return (*body[: place + 1], *blocks, *body[place + 1 :])
