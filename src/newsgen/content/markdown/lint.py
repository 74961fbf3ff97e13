"""Checks of what members type as Markdown and what does not come out as they meant: one per trap.

A new check of a line goes into checks.py. Those here know marks that no line on the fast path holds, which takes
Python-Markdown's rules, or look at several lines.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from newsgen.content.markdown import checks, near_misses, photo_marks
from newsgen.content.markdown.bare_links import bare_addresses
from newsgen.content.markdown.checks import Check, LineFinding
from newsgen.content.markdown.emphasis import pairs, unpaired
from newsgen.content.markdown.masks import hides_name
from newsgen.content.markdown.preprocess.containers import as_id
from newsgen.content.markdown.preprocess.lines import FILLER, Line, as_typed, without_code
from newsgen.core.model import Diagnostic
from newsgen.core.text import is_cjk

_ADDRESS = re.compile(r"(?<=\])\([^()]*(?:\([^()]*\)[^()]*)*\)|<[^<>]*>|^\[[^\]]*\]:.*")
_UNDERSCORES = re.compile(r"(?<!_)(__?)(?![_\s])([^_\n]{1,80}?)(?<!\s)\1(?!_)")
_STARS = re.compile(r"(?<![*\\])\*\*(?!\*)")
_SINGLE_STAR = re.compile(
    r"(?<![*\\])\*(?!\*)(?<![A-Za-z0-9]\*(?=[A-Za-z0-9]))(?<!\s\*(?=\s))(?<!\s\*(?=$))(?<!^\*(?=\s))"
)
"""An asterisk that could be emphasis: not `5*6`, not `5 * 6`."""
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_SEPARATOR = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_WORD = re.compile(r"\w")
_NOTE_MARK = re.compile(r"(?<![\\!])\[\^([^\]]+)\](?!\()")


def underscore_emphasis(text: str) -> Iterator[LineFinding]:
    """What: `__重点__` or `_重点_` beside Chinese. Why: it stays literal; Word converters write it."""
    for match in _UNDERSCORES.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = any(map(is_cjk, match[2]))
        stuck = _is_word(before) or _is_word(after)
        if inside and stuck and not (before + after).isascii() and not _is_ascii_word(before, after):
            yield LineFinding(
                "markdown.underscore-emphasis",
                match.start(),
                f"下划线的强调在汉字旁边不起作用：{match[0]}",
                f"写成：**{match[2]}**",
            )


def _is_word(character: str) -> bool:
    return character.isalnum()


def _is_ascii_word(before: str, after: str) -> bool:
    """Whether the underscores are part of a name such as `a_图_1.jpg`."""
    return any(side.isascii() and side.isalnum() for side in (before, after) if side)


def spaced_emphasis(text: str) -> Iterator[LineFinding]:
    """What: `** 重点 **`. Why: with spaces inside, the asterisks stay on the page."""
    marks = [match.start() for match in _STARS.finditer(text)]
    while len(marks) >= 2:
        if hides_name(text, marks[0]) and (len(marks) % 2 or hides_name(text, marks[1])):
            del marks[0]  # `张**　李**`, but not `要** 重点 **落实`
            continue
        start, end, marks = marks[0], marks[1], marks[2:]
        inside = text[start + 2 : end]
        if inside.strip() and inside != inside.strip():
            hint = f"写成：**{inside.strip()}**"
            yield LineFinding("markdown.spaced-emphasis", start, f"星号里面有空格，加粗不起作用：**{inside}**", hint)


def unclosed_emphasis(text: str) -> Iterator[LineFinding]:
    """What: `**重点` whose second `**` stands on another line, nowhere, or across other emphasis. Why: each line is a
    paragraph of its own, and emphasis does not overlap."""
    lost = unpaired(text)
    if lost and not any(spaced_emphasis(text)):
        hint = "要加粗的文字前后各写两个星号，写在同一行里：**重点**"
        yield LineFinding("markdown.unclosed-emphasis", lost[-1], "这里的 ** 没有配对的 **，会原样显示在网页上", hint)


def missing_footnotes(lines: Sequence[Line], notes: Iterable[str]) -> Iterator[Diagnostic]:
    """What: `[^2]` without its `[^2]: …`. Why: it stays on the page as typed. `notes` are the names that exist."""
    names = {as_id(name) for name in notes}
    for line in lines:
        for match in _NOTE_MARK.finditer(without_code(line.text)) if "[^" in line.text else ():
            if as_id(match[1]) not in names:
                hint = f"在文章末尾另起一行写：[^{match[1]}]: 说明"
                yield line.warning("markdown.footnote", f"没有脚注 {match[0]} 的说明", hint, match.start())


def unused_footnotes(lines: Sequence[Line], notes: Mapping[str, Line]) -> Iterator[Diagnostic]:
    """What: `[^1]: …` without a `[^1]` in the text. Why: readers do not know what it is about."""
    used = {as_id(name) for line in lines if "[^" in line.text for name in _NOTE_MARK.findall(without_code(line.text))}
    for name, line in notes.items():
        if as_id(name) not in used:
            hint = f"在要注释的字后面写 [^{name}]；不用了就删去这条脚注"
            yield line.warning("markdown.footnote-unused", f"正文里没有用到脚注 [^{name}]", hint)


def bare_tables(lines: Sequence[Line]) -> Iterator[Diagnostic]:
    """What: rows `| 甲 | 乙 |` without the line `| --- | --- |`. Why: they stay text with bars."""
    above: Line | None = None
    rows = 0
    for line in lines:
        is_row = len(line.text) > 1 and line.text[0] in "|｜" and line.text[-1] in "|｜"
        follows = above is not None and line.number == above.number + 1
        rows = (rows + 1 if follows else 1) if is_row else 0
        if rows == 2 and above is not None and not _SEPARATOR.fullmatch(line.text):
            columns = without_code(above.text).replace("\\|", "").replace("｜", "|").count("|") - 1
            what = "在第一行下面加一行" if _WORD.search(line.text) else "把第二行写成"
            hint = f"{what}：|{' --- |' * columns}"
            yield above.warning("markdown.table", "表格少了分隔行，排不成表格", hint)
        above = line


def contents_mark(text: str) -> Iterator[LineFinding]:
    """What: `[TOC]`. Why: Typora makes a table of contents of it; here it stays on the page."""
    if text.strip().lower() in ("[toc]", "[[toc]]"):
        yield LineFinding("markdown.unsupported", 0, "网页不支持 [TOC]，它会原样显示", "删去这一行")


def short_rule(text: str) -> Iterator[LineFinding]:
    """What: `--` alone on its line. Why: two hyphens are no rule and make no heading of the line above; they stay."""
    if text in ("--", "==", "__"):
        hint = "要分隔线就写成：---；要把上一行变成小标题，就在它前面写 ##，删去这一行"
        yield LineFinding("markdown.short-rule", 0, f"{text} 不是分隔线，会原样显示", hint)


def task_item(text: str) -> Iterator[LineFinding]:
    """What: `- [x] 已办`. Why: boxes to tick are no part of Markdown; the brackets stay on the page."""
    match = _TASK.match(text)
    if match:
        box = "☐" if match[1] == " " else "☑"
        hint = f"写成：- {box} {text[match.end() :]}"
        yield LineFinding("markdown.unsupported", 0, f"网页不支持任务列表，会原样显示：{match[0].strip()}", hint)


def literal_stars(text: str) -> str:
    """A line with an odd number of single asterisks, of which none can be told to belong together: all literal."""
    for start in reversed(_odd_stars(text)):
        text = f"{text[:start]}\\{text[start:]}"
    return text


def odd_stars(text: str) -> Iterator[LineFinding]:
    """What: `*3月*13日*注`. Why: which two belong together is a guess, so that all stay on the page."""
    stars = _odd_stars(text)
    if stars:
        hint = "要强调就成对写：*文字*；要显示星号本身就写：\\*"
        yield LineFinding("markdown.odd-asterisks", stars[0], "这一行的 * 不成对，都会原样显示", hint)


def _odd_stars(text: str) -> list[int]:
    """The places of the single asterisks of a line, if they are three, five, …; one alone is literal anyway, and so are
    those in different cells of a table, and those of which none could belong together (`张*三、李*四、王*五`)."""
    if text.count("*") < 3 or "|" in text:
        return []
    shown = _blanked(text)
    stars = [match.start() for match in _SINGLE_STAR.finditer(shown)]
    guessed = len(stars) > 1 and len(stars) % 2 and any(pair.size == 1 for pair in pairs(shown))
    return stars if guessed else []


CHECKS: Sequence[Check] = (
    Check("_", underscore_emphasis, without_addresses=True),
    Check("**", spaced_emphasis, without_addresses=True),
    Check("**", unclosed_emphasis, without_addresses=True, one_line=True),
    Check("*", odd_stars, without_addresses=True, one_line=True),
    Check("[", contents_mark),
    Check("[", task_item),
    Check("-- == __", short_rule),
    *checks.CHECKS,
    Check("==", checks.marked_text, without_addresses=True),
    Check("[ 【 ［", near_misses.misbracketed),
    Check(".", photo_marks.bare_name),
    Check("图 照片", photo_marks.photo_here),
    Check("![", near_misses.bracket_in_caption),
    Check("](", near_misses.wordless_link),
    Check("[[", near_misses.wiki_link),
    Check("：/ ：／ :／ :/／", near_misses.wide_scheme),
    Check("^", near_misses.wide_note),
    Check("＊", near_misses.wide_stars, without_addresses=True),
    Check("＞", near_misses.wide_quote),
)
"""All checks of a line, in the order in which they are reported where two find something in one place."""


def lint(lines: Sequence[Line], shared: Container[int]) -> Iterator[Diagnostic]:
    """The diagnostics of the checks on lines of Markdown; `shared` are the numbers of lines in longer paragraphs."""
    triggers = _any_trigger(tuple(CHECKS))
    for line in lines:
        if not triggers.search(line.text):
            continue
        shown = without_code(line.text), _blanked(line.text)
        for check in CHECKS:
            if check.matters_to(line.text) and not (check.one_line and line.number in shared):
                text = shown[check.without_addresses]
                for code, start, *texts in check.find(text):
                    message, hint = (as_typed(words, line.text, text, start) for words in texts)
                    yield line.warning(code, message, hint, start)


@lru_cache(maxsize=1)
def _any_trigger(rows: tuple[Check, ...]) -> re.Pattern[str]:
    """The pattern of what a line must hold for any of the checks to matter."""
    return re.compile("|".join({re.escape(trigger): "" for row in rows for trigger in row.trigger.split()}))


def _blanked(text: str) -> str:
    """`text` with code spans and addresses filled in."""
    text = without_code(text)
    text = _ADDRESS.sub(lambda match: FILLER * len(match[0]), text)
    for start, address in bare_addresses(text):
        text = f"{text[:start]}{FILLER * len(address)}{text[start + len(address) :]}"
    return text
