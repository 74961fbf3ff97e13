"""Recognition of a report's parts in a document: title, subtitle, date, people, source and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsgen.authoring.importers.blocks import Block, Paragraph, Run, Table
from newsgen.authoring.importers.markdown_text import plain
from newsgen.content.markdown.preprocess.lines import read_lines
from newsgen.content.markdown.salutation import salutation
from newsgen.core.model import Record, changed

MOST_ABOVE, MOST_BELOW = 8, 8
"""Number of lines at the beginning and at the end that may be title, date or credits instead of text."""
LONGEST_TITLE = 80
_KEYS = {
    "both": "图文|文图|文/图|文、图|图/文|图、文",
    "author": "撰稿人|撰稿|供稿人|撰文|作者|文字|通讯员|记者|文",
    "photographer": "摄影|摄像|拍摄|图片|供图|照片|图",
    "editor": "责任编辑|编辑|责编|排版",
    "source": "供稿单位|供稿部门|来源|供稿|单位",
    "reviews": "审核人|审核|审稿人|审稿|[终初复]审人?|[一二三]审(?:[一二三]校)?",
    "date": "发布时间|发布日期|时间|日期",
}
_KEY = "|".join(f"(?P<{name}>{words})" for name, words in _KEYS.items())
_CREDIT = re.compile(rf"(?:{_KEY})\s*[：:/／丨|｜]\s*")
_SPACED_LABEL = (
    r"(?:图文|文图|文[/、]图|图[/、]文|撰稿人?|供稿人|撰文|作者|通讯员|记者|摄影|摄像|拍摄|供图|责任编辑|编辑|责编|审核人?|审稿人?"
    r"|[终初复]审|[一二三]审(?:[一二三]校)?)"
)
_SPACED_NAMES = rf"[\u4e00-\u9fff·]{{2,4}}(?:[ 、](?!{_SPACED_LABEL} )[\u4e00-\u9fff·]{{2,4}})*"
_SPACED_CREDITS = re.compile(rf"{_SPACED_LABEL} {_SPACED_NAMES}(?: {_SPACED_LABEL} {_SPACED_NAMES})*")
"""Credits separated only by blanks: 撰稿 张三 摄影 李四."""
_SEVERAL_NAMES = re.compile(r"[\u4e00-\u9fff]{2,3}(?: [\u4e00-\u9fff]{2,3})+")
_NO_NAME = re.compile(r"[。！？：:]")
_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_FOLDER_DATE = re.compile(r"(\d{4})[-_.年]?(\d{2})[-_.月]?(\d{2})日?[-_+ 、]*")
_DATE_LINE = re.compile(rf"[（(]?\s*{_DATE.pattern}\s*(?:\d{{1,2}}[:：]\d{{2}})?\s*[)）]?")
_DATE_AHEAD = re.compile(rf"{_DATE.pattern}(?:\s*\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?)?[\s丨|,，]+(?=\S)")
"""A date before credits in one line: 2026-11-03　来源：纪委办公室."""
_ORGANISATION = re.compile(r"学院|支部|党委|党总支|委员会|部$|办公室|中心|学校|大学|团委|系$|处$|社$|协会|学生会")
_SUBTITLE = re.compile(r"(?:——|—|--|－－)\s*")
_RED_HEAD = re.compile(r"(.{4,40}?)\s*文件")
_DOCUMENT_NUMBER = re.compile(
    r".{0,30}[〔\[（(【［]\s*\d{4}\s*[〕\]）)】］]\s*第?\s*\d+\s*号(?:\s*签发人\s*[：:].{2,20})?"
)
_SPACED = re.compile(r"(?:[\u4e00-\u9fff][\s\u3000]+)+[\u4e00-\u9fff]")
"""A word with blanks between its characters: 通　知."""
_NOTICE = re.compile(r"(?:通知|通告|公告|通报)(?:[（(].*[)）])?")
_SENTENCE_ENDS = ("。", "！", "？", ".")
_NO_TITLE = {"center": re.compile(r"[。；;]$"), "": re.compile(r"[。：:；;，,]$"), "right": re.compile(r"")}
"""Alignment -> endings that no title has. A centred title may break at a comma; a line at the right is never a title."""


class ReportParts(Record, frozen=True):
    """The parts of a report: `blocks` are its text. Parts that were not found are empty; `date` is as in 2024-03-13.

    `kind` is 通知 for a notice with an addressee; `addressee` is the line that names it, which stays in the text.
    `moved_notes` counts footnotes of the title, which cannot hold them: their marks are moved into the text.
    """

    title: str = ""
    subtitle: str = ""
    date: str = ""
    author: str = ""
    photographer: str = ""
    editor: str = ""
    source: str = ""
    reviews: str = ""
    kind: str = ""
    addressee: str = ""
    moved_notes: int = 0
    blocks: tuple[Block, ...] = ()


def recognise_parts(blocks: Sequence[Block], name: str) -> ReportParts:
    """The parts of a report; `name` is the name of its file or folder, such as `20240313+工作会议`."""
    kept = [
        block
        for block in blocks
        if not isinstance(block, Paragraph) or block.text.strip() or block.pictures or _has_note(block)
    ]
    framed = [block for block in kept[:1] if isinstance(block, Table)]
    source, above, kept = _red_head(kept[len(framed) :])
    found, rest = _head(kept)
    found, rest = _foot(found, [*framed, *above, *rest])
    notes = _notes_apart(kept, rest)
    title = found.title or event_in_name(name)
    addressee = _addressee(rest)
    return changed(
        found,
        title=title,
        date=found.date or date_in_name(name) or _date_at_end(rest),
        source=found.source or source,
        kind="通知" if addressee and _NOTICE.search(title) else "",
        addressee=addressee,
        moved_notes=len(notes),
        blocks=tuple(_with_notes(rest, notes)),
    )


def _red_head(blocks: Sequence[Block]) -> tuple[str, list[Block], list[Block]]:
    """The issuer in a red head (中共某某委员会文件), the line of its number (院党发〔2024〕3号), and the rest.

    The number stays in the text. Without one, there is no issuer, and all blocks are the rest.
    """
    words = [
        plain(block.text, " ") if isinstance(block, Paragraph) and not block.pictures else "" for block in blocks[:2]
    ]
    head = _RED_HEAD.fullmatch(words[0]) if words else None
    number = int(head is not None)
    if number >= len(words) or not _DOCUMENT_NUMBER.fullmatch(words[number]):
        return "", [], list(blocks)
    return plain(head[1]) if head else "", [blocks[number]], list(blocks[number + 1 :])


def _addressee(blocks: Sequence[Block]) -> str:
    """The 主送机关, the first line of a notice that says who is addressed; "" if there is none."""
    texts = [plain(block.text, " ") if isinstance(block, Paragraph) else "" for block in blocks[:MOST_ABOVE]]
    line = salutation(read_lines("\n".join(texts), 0), "notice")
    return "" if line is None else texts[line].rstrip("：: ")


def _notes_apart(blocks: Sequence[Block], rest: Sequence[Block]) -> list[Run]:
    """The footnote marks in paragraphs that are not part of the text, mostly in a title."""
    left = {id(block) for block in rest}
    apart = [block for block in blocks if isinstance(block, Paragraph) and id(block) not in left]
    return [run for block in apart for run in block.runs if run.note]


def _with_notes(blocks: Sequence[Block], notes: Sequence[Run]) -> Sequence[Block]:
    """The text with these footnote marks added to its first paragraph that ends a sentence.

    If no paragraph does, to the first with words; if there is none, in a paragraph of their own.
    """
    if not notes:
        return blocks
    texts = [
        (index, block) for index, block in enumerate(blocks) if isinstance(block, Paragraph) and block.text.strip()
    ]
    if not texts:
        return [*blocks, Paragraph(tuple(notes))]
    place, block = next((item for item in texts if item[1].text.rstrip().endswith(_SENTENCE_ENDS)), texts[0])
    return [*blocks[:place], changed(block, runs=(*block.runs, *notes)), *blocks[place + 1 :]]


def _has_note(block: Paragraph) -> bool:
    return any(run.note for run in block.runs)


def date_in_name(name: str) -> str:
    """The date at the beginning of a file's or folder's name, such as `20240313+工作会议`; "" if there is none."""
    match = _FOLDER_DATE.match(name)
    return _iso(match[1], match[2], match[3]) if match else ""


def event_in_name(name: str) -> str:
    """The title in the name of a file or folder, without the date."""
    return _FOLDER_DATE.sub("", name, count=1).strip()


def _iso(year: str, month: str, day: str) -> str:
    is_date = 1950 <= int(year) <= 2100 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}" if is_date else ""


def _head(blocks: Sequence[Block]) -> tuple[ReportParts, list[Block]]:
    """The parts above the text (a title of one or more lines, a subtitle, lines of credits), and the blocks below them."""
    titles: list[Paragraph] = []
    found = ReportParts()
    index = 0
    for block in blocks[:MOST_ABOVE]:
        if not isinstance(block, Paragraph) or block.pictures or block.number:
            break
        words = plain(block.text, " ")
        credits = _credits(words, is_head=bool(titles))
        if credits is not None:
            found = _with(found, credits)
        elif titles and not found.subtitle and _SUBTITLE.match(words):
            found = changed(found, subtitle=_SUBTITLE.sub("", words, count=1))
        elif _may_be_title(block, words, titles) and not found.date and not found.subtitle:
            titles.append(block)
        else:
            break
        index += 1
    title = "".join(_closed(plain(block.text, " ")) for block in titles)
    return changed(found, title=title), list(blocks[index:])


def _closed(words: str) -> str:
    """A line of a title; if it is one word with blanks between its characters (通　知), without these blanks."""
    return plain(words) if _SPACED.fullmatch(words) else words


def _may_be_title(block: Paragraph, words: str, titles: Sequence[Paragraph]) -> bool:
    if len(words) > LONGEST_TITLE or _NO_TITLE[block.align].search(words):
        return False
    if not titles:
        return True
    return block.align == "center" == titles[0].align and (block.level, block.is_bold) == (
        titles[0].level,
        titles[0].is_bold,
    )


def _foot(found: ReportParts, blocks: list[Block]) -> tuple[ReportParts, list[Block]]:
    """The parts with the credits below the text, and the blocks without these lines; the signature stays."""
    rest = list(blocks)
    for index in range(len(rest) - 1, max(-1, len(rest) - 1 - MOST_BELOW), -1):
        block = rest[index]
        if not isinstance(block, Paragraph) or block.pictures:
            continue
        credits = _credits(plain(block.text, " "), is_head=False)
        if credits is not None and "date" not in credits:
            found = _with(found, credits)
            del rest[index]
    return found, rest


def _credits(words: str, is_head: bool) -> dict[str, str] | None:
    """The values in a line that holds only credits and, if `is_head`, a date; None for any other line."""
    line = words.strip("（）()【】[]［］〔〕 ")
    if is_head and (match := _DATE_LINE.fullmatch(line)):
        return {"date": _iso(match[1], match[2], match[3])}
    if len(line) <= LONGEST_TITLE and _SPACED_CREDITS.fullmatch(line):
        line = re.sub(rf"({_SPACED_LABEL}) (?={_SPACED_NAMES})", r"\1：", line)
    found: dict[str, str] = {}
    if is_head and (match := _DATE_AHEAD.match(line)):
        found["date"], line = _iso(match[1], match[2], match[3]), line[match.end() :]
    matches = list(_CREDIT.finditer(line))
    if not matches or matches[0].start() or len(line) > 120:
        return None
    for match, end in zip(matches, [*(item.start() for item in matches[1:]), len(line)], strict=True):
        name, text = match.lastgroup or "", line[match.end() : end].strip(" 　|丨；;，,")
        is_none = _NO_NAME.search(text) and name != "date"  # an unknown label, such as 校对：…
        if not text or len(text) > 40 or is_none:
            return None
        text = text.replace(" ", "、") if name != "source" and _SEVERAL_NAMES.fullmatch(text) else text
        for key, value in _values(name, text, match[0]):
            found[key] = _both(found.get(key, ""), value)
    return found


def _values(name: str, text: str, typed: str) -> Iterator[tuple[str, str]]:
    if name == "date":
        match = _DATE.match(text)
        yield "date", _iso(match[1], match[2], match[3]) if match else ""
    elif name == "both":
        yield "author", text
        yield "photographer", text
    elif name == "source" and typed.startswith("供稿") and not _ORGANISATION.search(text):
        yield "author", text
    else:
        yield name, text


def _with(found: ReportParts, values: dict[str, str]) -> ReportParts:
    """The parts with more values; if a part has a value already, both are kept, but for the date."""
    merged = {}
    for name, text in values.items():
        before: str = getattr(found, name)
        merged[name] = text if name == "date" else _both(text, before)
    return changed(found, **merged)


def _both(names: str, others: str) -> str:
    """The names in two credits for one part, without repetition."""
    return "、".join(dict.fromkeys(filter(None, (names, others))))


def _date_at_end(blocks: Sequence[Block]) -> str:
    """The date in a signature at the end; "" if there is none."""
    for block in reversed(blocks[-4:]):
        if isinstance(block, Paragraph):
            match = _DATE.search(plain(block.text))
            if match and len(plain(block.text)) <= 60:
                return _iso(match[1], match[2], match[3])
    return ""
