"""Jinja2's messages about a template's syntax, in Chinese, with the place and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from jinja2 import TemplateSyntaxError

from newsgen.core.text import did_you_mean

HINT = "检查这一行的 {% %} 和 {{ }} 是否成对"
_BLOCKS = ("block", "if", "for", "macro", "call", "filter", "with", "autoescape", "raw")
"""Tags that an end tag closes; `set` is one where it has no `=`."""
_TAGS = ("extends", "include", "import", "from", "set", "elif", "else", *_BLOCKS, *(f"end{name}" for name in _BLOCKS))
_SIGNS = {"end of statement block": "%}", "end of print statement": "}}", "begin of statement block": "{%"}
_TAG = re.compile(r"\{%[-+]?\s*(\w+)([^%]*)")


class SyntaxFault(NamedTuple):
    """A fault in a template: what is wrong, what to do, and where."""

    message: str
    hint: str
    line: int
    column: int


def in_chinese(error: TemplateSyntaxError, source: str) -> SyntaxFault:
    """The fault that Jinja2 found in a template. What it seldom says stays English."""
    words = error.message or ""
    for pattern, explain in _RULES:
        match = re.fullmatch(pattern, words)
        if match:
            return explain(match, source, error.lineno)
    return SyntaxFault(f"模板写法有误：{words}", HINT, error.lineno, 1)


def _misplaced(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    tag, ends, opener = match[1], re.findall(r"'(\w+)'", match[2]), match[3]
    message = f"{{% {tag} %}} 放错了地方：前面的 {{% {opener} %}} 还没有结束"
    return SyntaxFault(message, f"在它前面写上 {{% {ends[-1]} %}}", line, _column(source, line, tag))


def _unknown_tag(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    tag = match[1]
    column = _column(source, line, tag)
    if tag.startswith("end") and tag in _TAGS:
        opener = tag.removeprefix("end")
        hint = f"删去它，或者在前面补上 {{% {opener} … %}}"
        return SyntaxFault(f"{{% {tag} %}} 前面没有与它配对的 {{% {opener} %}}", hint, line, column)
    guess = did_you_mean(tag, _TAGS)
    hint = f"是不是 {{% {guess} %}}？" if guess else f"可以写：{'、'.join(_TAGS[:7])} 等，见 docs/themes.md"
    return SyntaxFault(f"没有 {{% {tag} %}} 这种写法", hint, line, column)


def _never_ends(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    ends, opener = re.findall(r"'(\w+)'", match[1]), match[2]
    line, column = next(_open_tags(source, opener), (line, 1))
    return SyntaxFault(f"{{% {opener} %}} 没有结束", f"在它的内容后面写上 {{% {ends[-1]} %}}", line, column)


def _open_tags(source: str, name: str) -> Iterator[tuple[int, int]]:
    """(line, column) of the tags of a name that no end tag closes, the innermost first."""
    waiting: list[tuple[int, int]] = []
    for tag in _TAG.finditer(source):
        if tag[1] == f"end{name}" and waiting:
            waiting.pop()
        elif tag[1] == name and not (name == "set" and "=" in tag[2]):
            waiting.append(_place(source, tag.start()))
    return reversed(waiting)


def _unknown_name(what: str) -> Callable[[re.Match[str], str, int], SyntaxFault]:
    def explain(match: re.Match[str], source: str, line: int) -> SyntaxFault:
        hint = "检查拼写；能用的见 docs/themes.md 和 Jinja2 的手册"
        return SyntaxFault(f"没有 {match[1]} 这个{what}", hint, line, _column(source, line, match[1]))

    return explain


def _strange_character(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    line, column = _place(source, int(match[2]))
    if match[1] in "'\"":
        return SyntaxFault(f"引号 {match[1]} 没有成对", "在文字后面补上同样的引号", line, column)
    return SyntaxFault(f"{{{{ }}}} 和 {{% %}} 里不能有字符 {match[1]}", "标点和引号要用英文的", line, column)


def _empty(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    sign = _SIGNS.get(match[1], match[1])
    return SyntaxFault(f"{sign} 前面少了内容", "写上要显示的名字，或者条件", line, _column(source, line, sign))


def _too_much(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    sign, word = _SIGNS.get(match[1], match[1]), _SIGNS.get(match[2], match[2])
    message = f"这里应该是 {sign}，写的却是 {word}"
    return SyntaxFault(message, "检查它前面是不是少了符号，或者多写了一个词", line, _column(source, line, word))


def _unpaired(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    found, wanted = _SIGNS.get(match[1], match[1]), _SIGNS.get(match[2], match[2])
    return SyntaxFault(f"这里应该是 {wanted}，写的却是 {found}", "检查括号是否成对", line, _column(source, line, found))


def _unexpected(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    word = _SIGNS.get(match[1], match[1])
    return SyntaxFault(f"这里不能有 {word}", HINT, line, _column(source, line, word))


def _unfinished(match: re.Match[str], source: str, line: int) -> SyntaxFault:
    sign = _SIGNS.get(match[1], match[1])
    return SyntaxFault(f"到模板末尾也没有 {sign}", f"在这一处的内容后面写上 {sign}", line, 1)


def _fixed(message: str, hint: str, needle: str) -> Callable[[re.Match[str], str, int], SyntaxFault]:
    def explain(match: re.Match[str], source: str, line: int) -> SyntaxFault:
        return SyntaxFault(match.expand(message), match.expand(hint), line, _column(source, line, match.expand(needle)))

    return explain


def _column(source: str, line: int, word: str) -> int:
    """The column of a word in a line, from 1."""
    lines = source.splitlines()
    return max(0, lines[line - 1].find(word)) + 1 if 0 < line <= len(lines) and word else 1


def _place(source: str, offset: int) -> tuple[int, int]:
    above = source[:offset]
    return above.count("\n") + 1, offset - above.rfind("\n")


_LOOKING = r"Jinja was looking for the following tags: (.+)\. The innermost block that needs to be closed is '(\w+)'\."
_RULES: tuple[tuple[str, Callable[[re.Match[str], str, int], SyntaxFault]], ...] = (
    (rf"Encountered unknown tag '(\w+)'\. {_LOOKING}", _misplaced),
    (r"Encountered unknown tag '(\w+)'\.", _unknown_tag),
    (rf"Unexpected end of template\. {_LOOKING}", _never_ends),
    (r"No filter named '(\w+)'\..*", _unknown_name("过滤器")),
    (r"No test named '(\w+)'\..*", _unknown_name("判断")),
    (r"Missing end of comment tag", _fixed("注释 {# 没有结束", "在注释后面写上 #}", "{#")),
    (r"Missing end of raw directive", _fixed("{% raw %} 没有结束", "在它的内容后面写上 {% endraw %}", "{% raw")),
    (r"unexpected char [\"'](.+)[\"'] at (\d+)", _strange_character),
    (r"Expected an expression, got '(.+)'", _empty),
    (r"unexpected end of template, expected '(.+)'\.?", _unfinished),
    (r"expected token '(.+)', got '(.+)'", _too_much),
    (r"unexpected '(.+)', expected '(.+)'", _unpaired),
    (r"unexpected '(.+)'", _unexpected),
    (r"expected name or number", _fixed("点号后面少了名字", "写上要用的名字", ".")),
    (
        r"block '(\w+)' defined twice",
        _fixed(r"有两个名叫 \1 的 {% block %}", "一个模板里每个 block 的名字只用一次", r"block \1"),
    ),
    (r"can't assign to '.+'", _fixed("{% set %} 只能给名字赋值", "写成：{% set 名字 = 值 %}", "set")),
)
"""What Jinja2 3.1 says (lexer.py, parser.py, compiler.py), and what it means."""
