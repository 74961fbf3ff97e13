"""Rules about marks of punctuation and layout. Source: GB/T 15834-2011, and GB/T 15835-2011 for numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.check.article_text import HAN, ArticleText, Passage
from newsgen.check.finding import Finding
from newsgen.check.rule import BLANKS, Rule, at, instead, over_article, over_passages
from newsgen.core.patterns import lazy_pattern

_FULL_WIDTH = str.maketrans(",;:!?()", "，；：！？（）")
_CLOSERS = "”’》〉）】」』"
_HALF_WIDTH = lazy_pattern(
    rf"(?<=[{HAN}{_CLOSERS}])[,;:!?](?=[ ]*(?:[{HAN}“‘《〈（【「『\d]|$))|(?<=[{HAN}{_CLOSERS}])\.(?=$|[{HAN}“‘《])"
)
_LESS_THAN = lazy_pattern(rf"<([{HAN}][^<>\n]*)>")
_HALF_BRACKETS = lazy_pattern(rf"(?<![A-Za-z0-9_\])])\(([^()\n]*[{HAN}][^()\n]*)\)")
_PAIRS = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "【": "】",
    "「": "」",
    "『": "』",
    "〔": "〕",
    "［": "］",
}
_BRACKET = re.compile(f"[{''.join((*_PAIRS, *_PAIRS.values()))}]")
_MARKS, _IN_PAIRS = re.compile(f"{_BRACKET.pattern[:-1]}\n]"), re.compile(r"(?:“”|《》|〈〉|【】|「」|『』)*")
"""The marks of all passages, a line each; a line whose marks are all paired. ） and ’ are left to _marks_of."""
_OPENER_OF = {closer: opener for opener, closer in _PAIRS.items()}
_ENUMERATOR = lazy_pattern(r"(?:^|[：:；;。，,、\s])[\s]*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[①-⑳])$")
_STRAIGHT = re.compile(r'"')
_DOUBLED = lazy_pattern(
    r"([，、；：。])\1+|，[。；：、]|、[，。；：]|；[，。、：]|：[，。、；]|。[，、；]|[，。；：、！？][,;:](?![)(])|、(?=等(?:\d|[，。；）]|$))"
)
_ELLIPSIS = lazy_pattern(
    rf"(?<=[{HAN}{_CLOSERS}])(?:。{{3,}}|\.{{3,}}|…(?!…))(?<!……)|(?<=[{HAN}{_CLOSERS}])－－|(?<=[{HAN}{_CLOSERS}])-{{2}}(?=[{HAN}“‘《])|(?<=\d[年月日])一(?=\d{{1,4}}[年月日])"
)
_MEANT = {"-": ("——", "破折号"), "－": ("——", "破折号"), "一": ("—", "连接号")}
_DOTS = re.compile(r"。。。|\.\.\.|…|－－|--|一\d")
"""Characters without which _ELLIPSIS cannot match."""
_FULL_WIDTH_LETTERS = re.compile(r"[Ａ-Ｚａ-ｚ０-９％]+(?:[．][０-９]+[％]?)?")
_BLANK_AT_MARK = lazy_pattern(
    rf"(?<=[{HAN}{_CLOSERS}])[ \u00a0\u3000]+(?=[，。；：、！？”’》）】])|(?<=[，。；：、！？“‘《（【])[ \u00a0]+(?=[{HAN}“‘《（【])"
)
_BLANK_AT_NUMBER = lazy_pattern(
    rf"(?<=[{HAN}])[ \u00a0]+(?=\d{{1,4}}(?![\d.-]))(?!\s*(?:19|20)\d\d年)|(?<=\d)[ \u00a0]+(?=[年月日时分秒个项名人次届期号条元级份篇章节天周岁第多余])"
)
_BLANK_AT_LATIN = lazy_pattern(rf"(?<=[{HAN}])[ \u00a0]+(?=[A-Za-z])|(?<=[A-Za-z])[ \u00a0]+(?=[{HAN}])")
_BLANK_IN_WORDS = lazy_pattern(rf"(?<=[{HAN}])[ \u00a0\u3000]+(?=[{HAN}])")
_LISTS = frozenset(("author", "photographer", "editor", "tags", "branch", "keywords", "attachments", "reviews"))
"""Front matter keys whose values are lists separated by commas."""
_MARK_BETWEEN = lazy_pattern(r"(?<=[”》])、(?=[“《])")
_DOCUMENT_NUMBER = lazy_pattern(rf"(?<=[{HAN}])([\[［【（(])(20\d\d)([\]］】）)])(?=第?\d{{1,4}}号)")
_THE_NUMBER = lazy_pattern(r"[\[［【（(〔]20\d\d[\]］】）)〕](第)(?=\d{1,4}号)")
_FULL_YEAR = lazy_pattern(r"(?<![\d.])([0-9]{2})年(?=\d{1,2}月)")
_ZERO = lazy_pattern(r"(?<=\d年)0(\d月)|(?<=\d月)0(\d日)")
_SHORT_DATE = re.compile(r"年(?:0|(?<=[0-9]{2}年)(?<![\d.]..年)\d)|月0")
"""Characters without which _FULL_YEAR and _ZERO cannot match."""


def _half_width(passage: Passage) -> Iterator[Finding]:
    if passage.key in _LISTS:
        return
    for match in _HALF_WIDTH.finditer(passage.text):
        mark = "。" if match[0] == "." else match[0].translate(_FULL_WIDTH)
        yield at(passage, match.start(), match.end(), f"中文里的标点“{match[0]}”是半角的", instead(mark), mark)
    for match in _HALF_BRACKETS.finditer(passage.text):
        better = f"（{match[1]}）"
        yield at(passage, match.start(), match.end(), "括号里是中文，括号要用全角的", instead(better), better)
    for match in _LESS_THAN.finditer(passage.text):
        is_inner = passage.text.rfind("《", 0, match.start()) > passage.text.rfind("》", 0, match.start())
        better = f"〈{match[1]}〉" if is_inner else f"《{match[1]}》"
        yield at(passage, match.start(), match.end(), "书名号写成了小于号、大于号", instead(better), better)


def _unpaired(article: ArticleText) -> Iterator[Finding]:
    """The findings about marks without a partner in their passage. A quotation over several paragraphs is closed only
    in the last one; each paragraph begins with “.
    """
    passages = article.passages
    for index, marks in enumerate("".join(_MARKS.findall(article.text)).split("\n") if passages else ()):
        if _IN_PAIRS.fullmatch(marks):
            continue
        passage = passages[index]
        continued = index + 1 < len(passages) and passages[index + 1].text.startswith(("“", "‘"))
        yield from _marks_of(passage, continued)


def _marks_of(passage: Passage, continued: bool) -> Iterator[Finding]:
    open_marks: list[tuple[str, int]] = []
    text = passage.text
    for found in _BRACKET.finditer(text):
        position, mark = found.start(), found[0]
        if mark in _PAIRS:
            if open_marks and open_marks[-1][0] == mark and mark in "“‘":
                inner = "‘" if mark == "“" else "“"
                yield at(
                    passage,
                    position,
                    position + 1,
                    f"「{mark}」里面又有一个「{mark}」",
                    f"里层的引号用{inner}，或者补上前一个的{_PAIRS[mark]}",
                )
                open_marks.pop()
            open_marks.append((mark, position))
        elif mark in _OPENER_OF and not _is_other_use(text, position):
            yield from _closed(passage, open_marks, mark, position)
    for mark, position in open_marks:
        if not (continued and mark in "“‘" and (mark, position) == open_marks[-1]):
            yield at(
                passage,
                position,
                position + 1,
                f"「{mark}」没有另一半「{_PAIRS[mark]}」",
                f"在这一段里补上「{_PAIRS[mark]}」，或者删去「{mark}」",
            )


def _closed(passage: Passage, open_marks: list[tuple[str, int]], mark: str, position: int) -> Iterator[Finding]:
    if open_marks and open_marks[-1][0] == _OPENER_OF[mark]:
        open_marks.pop()
        return
    if any(opened == _OPENER_OF[mark] for opened, _ in open_marks):
        opened, _ = open_marks[-1]
        yield at(
            passage,
            position,
            position + 1,
            f"「{opened}」和「{mark}」交错了",
            f"先写「{_PAIRS[opened]}」，再写「{mark}」",
        )
        while open_marks.pop()[0] != _OPENER_OF[mark]:
            pass
        return
    yield at(
        passage,
        position,
        position + 1,
        f"「{mark}」没有另一半「{_OPENER_OF[mark]}」",
        f"在前面补上「{_OPENER_OF[mark]}」，或者删去「{mark}」",
    )


def _is_other_use(text: str, position: int) -> bool:
    """Whether a mark needs no partner: ） in a number such as `1）`, ’ as an apostrophe after a Latin letter or digit."""
    if text[position] == "）":
        return _ENUMERATOR.search(text[:position]) is not None
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return text[position] == "’" and before.isascii() and before.isalnum() and (after.isascii() or not after)


def _straight_quotes(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    places = [match.start() for match in _STRAIGHT.finditer(text)]
    places = [place for place in places if not text[place - 1 : place].isdigit() or len(places) % 2 == 0]
    if not places or not re.search(f"[{HAN}]", text):
        return
    sure = len(places) % 2 == 0
    for index in range(0, len(places) - 1, 2) if sure else ():
        start, end = places[index], places[index + 1] + 1
        inside = text[start + 1 : end - 1]
        if re.search(f"[{HAN}]", inside):
            better = f"“{inside}”"
            yield at(passage, start, end, "中文里用了英文的直引号", instead(better), better)
    if not sure:
        yield at(
            passage,
            places[-1],
            places[-1] + 1,
            "中文里用了英文的直引号，而且不成对",
            "改成中文的引号“ ”，看看另一半在哪里",
        )


def _doubled(passage: Passage) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(passage.text):
        mark = match[0]
        if set(mark) == {"。"} and len(mark) > 2:  # an ellipsis
            continue
        if mark == "、":
            yield at(passage, match.start(), match.end(), "“等”前面不用顿号", "删去这个顿号", "")
        elif len(set(mark)) == 1:
            yield at(passage, match.start(), match.end(), f"标点“{mark[0]}”重复了", instead(mark[0]), mark[0])
        else:
            yield at(passage, match.start(), match.end(), f"两个标点“{mark}”连在一起", "留下合适的一个")


def _ellipsis(passage: Passage) -> Iterator[Finding]:
    for match in _ELLIPSIS.finditer(passage.text):
        better, name = _MEANT.get(match[0][0], ("……", "省略号"))
        yield at(passage, match.start(), match.end(), f"{name}写成了“{match[0]}”", instead(better), better)


def _full_width_letters(passage: Passage) -> Iterator[Finding]:
    for match in _FULL_WIDTH_LETTERS.finditer(passage.text):
        better = "".join(chr(ord(letter) - 0xFEE0) for letter in match[0])
        yield at(passage, match.start(), match.end(), f"“{match[0]}”是全角的", instead(better), better)


_NUMBER_OF_SECTION = re.compile(r"\s*\d{1,2}(?:\.\d{1,2}){1,4}$")
"""The number of a section (1.2), after which a blank is right."""


def _blank(passage: Passage) -> Iterator[Finding]:
    for match in _BLANK_AT_MARK.finditer(passage.text):
        yield at(passage, match.start(), match.end(), "标点旁边多了空格", "删去空格", "")
    for match in _BLANK_AT_NUMBER.finditer(passage.text):
        is_numbered = _NUMBER_OF_SECTION.match(passage.text, 0, match.start())
        if passage.role not in ("cell", "front") and not is_numbered:
            yield at(passage, match.start(), match.end(), "汉字和数字之间多了空格", "删去空格", "")


def _blank_in_words(passage: Passage) -> Iterator[Finding]:
    if passage.role in ("cell", "front", "heading"):
        return
    pieces = re.split(r"[ \u00a0\u3000]+", passage.text.strip())
    if all(len(piece) <= 4 for piece in pieces):  # a list of names
        return
    for match in _BLANK_IN_WORDS.finditer(passage.text):
        before = passage.text[: match.start()]
        if not (_is_name(passage.text, match.start(), match.end()) or _NUMBER_OF_PART.fullmatch(before)):
            yield at(passage, match.start(), match.end(), "汉字之间有空格", "不需要就删去空格")
    for match in _BLANK_AT_LATIN.finditer(passage.text):
        yield at(passage, match.start(), match.end(), "汉字和字母之间有空格", "不需要就删去空格")


_NUMBER_OF_PART = re.compile(r"\s*第[一二三四五六七八九十百零〇\d]{1,5}(?:章|节|条|款|项|篇|编|讲|课|部分)")
"""The number of a part (第一条), after which a blank is right."""


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a blank sets a name of two characters to the width of three: 张　三."""
    before = re.search(rf"[{HAN}]*$", text[:start])
    after = re.match(rf"[{HAN}]*", text[end:])
    return 1 in (len(before[0]) if before else 0, len(after[0]) if after else 0)


def _marks_between(passage: Passage) -> Iterator[Finding]:
    for match in _MARK_BETWEEN.finditer(passage.text):
        yield at(passage, match.start(), match.end(), "连着的书名号或引号之间一般不用顿号", "可以删去这个顿号", "")


def _document_number(passage: Passage) -> Iterator[Finding]:
    for match in _THE_NUMBER.finditer(passage.text):
        yield at(passage, match.start(1), match.end(1), "文号的数字前面不写“第”", "删去“第”", "")
    for match in _DOCUMENT_NUMBER.finditer(passage.text):
        better = f"〔{match[2]}〕"
        yield at(
            passage,
            match.start(),
            match.end(),
            f"文号里的年份用六角括号，不是“{match[1]}{match[3]}”",
            instead(better),
            better,
        )


def _dates(passage: Passage) -> Iterator[Finding]:
    for match in _FULL_YEAR.finditer(passage.text):
        yield at(passage, match.start(), match.end(), f"年份“{match[0]}”没有写全", f"写全四位，例如 20{match[1]}年")
    for match in _ZERO.finditer(passage.text):
        better = match[1] or match[2]
        yield at(passage, match.start(), match.end(), f"日期里的“{match[0]}”前面不写 0", instead(better), better)


RULES = (
    Rule(
        "punctuation.half-width",
        "warning",
        "中文里的半角标点",
        "中文用全角的标点（GB/T 15834）。",
        "会议强调,要抓好落实.",
        "会议强调，要抓好落实。",
        over_passages(_half_width, ",;:!?.(<"),
        fixes=True,
    ),
    Rule(
        "punctuation.unpaired",
        "warning",
        "引号、书名号、括号不成对",
        "引号、书名号、括号都要成对，里外不能交错（GB/T 15834）。",
        "学习《中国共产党章程，提高认识。",
        "学习《中国共产党章程》，提高认识。",
        over_article(_unpaired),
    ),
    Rule(
        "punctuation.straight-quotes",
        "warning",
        "中文里的英文直引号",
        "中文的引号是“ ”和‘ ’。",
        '落实"第一议题"制度。',
        "落实“第一议题”制度。",
        over_passages(_straight_quotes, '"'),
        fixes=True,
    ),
    Rule(
        "punctuation.doubled",
        "warning",
        "重复的标点",
        "句内的点号只用一个；句末最多叠用三个叹号或问号。",
        "会议要求，，各支部抓紧落实。。",
        "会议要求，各支部抓紧落实。",
        over_passages(_doubled, re.compile(r"[，、；：。！？][，、；：。,;:等]")),
        fixes=True,
    ),
    Rule(
        "punctuation.ellipsis",
        "warning",
        "省略号、破折号写得不对",
        "省略号是六个点“……”，破折号占两个字“——”。",
        "党建、团建、学风建设。。。都要抓好。",
        "党建、团建、学风建设……都要抓好。",
        over_passages(_ellipsis, _DOTS),
        fixes=True,
    ),
    Rule(
        "punctuation.full-width-letters",
        "warning",
        "全角的数字和字母",
        "数字和字母用半角的，读屏软件和搜索才认得。",
        "共有１２名党员参加。",
        "共有12名党员参加。",
        over_passages(_full_width_letters, _FULL_WIDTH_LETTERS),
        fixes=True,
    ),
    Rule(
        "punctuation.blank",
        "warning",
        "标点、数字旁边多出的空格",
        "中文的标点和数字旁边不留空格。",
        "会议于 3 月 13 日召开 。",
        "会议于3月13日召开。",
        over_passages(_blank, BLANKS),
        fixes=True,
    ),
    Rule(
        "punctuation.blank-in-words",
        "info",
        "汉字之间的空格",
        "正文里的汉字之间一般没有空格；两个字的姓名可以空开。",
        "各支部要认真 学习会议精神，抓好落实。",
        "张　三、李　四同志参加了会议。",
        over_passages(_blank_in_words, BLANKS),
    ),
    Rule(
        "punctuation.marks-between",
        "info",
        "书名号、引号之间的顿号",
        "标有引号或书名号的并列成分之间通常不用顿号（GB/T 15834）。",
        "学习《党章》、《准则》。",
        "学习《党章》《准则》。",
        over_passages(_marks_between, re.compile(r"[”》]、")),
    ),
    Rule(
        "punctuation.document-number",
        "warning",
        "文号里年份的括号",
        "公文的文号里，年份用六角括号“〔 〕”（GB/T 9704）。",
        "根据校党字[2024]12号文件",
        "根据校党字〔2024〕12号文件",
        over_passages(_document_number, re.compile(r"[\[［【（(〔]20\d\d")),
        fixes=True,
    ),
    Rule(
        "punctuation.date",
        "info",
        "日期的写法",
        "年份写四位，月和日前面不写 0（GB/T 15835）。",
        "24年03月13日",
        "2024年3月13日",
        over_passages(_dates, _SHORT_DATE),
    ),
)
