"""Links, photos, bold words and quotations that are nearly typed right, and so stay on the page as they were typed.

Chinese input methods give full-width signs; other programs have other forms. Each is reported with what to type instead.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from newsgen.content.markdown.bare_links import bare_addresses
from newsgen.content.markdown.checks import LineFinding
from newsgen.content.markdown.preprocess.lines import Line, as_typed, without_code
from newsgen.core.model import Diagnostic
from newsgen.core.patterns import lazy_pattern
from newsgen.core.text import is_cjk

_NAME = r"(?:[^\s()（）\[\]【】]| (?=[^\s()（）]))*"
_PICTURE = rf"{_NAME}\.(?:jpe?g|jfif|png|gif|webp|bmp|tiff?|heic|heif|avif)"
_FILE = rf"{_PICTURE}|{_NAME}\.(?:md|pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar|mp4|html?)(?:#[^\s()（）]*)?"
_ADDRESS = rf"(?:{_FILE}|https?[:：]//[^\s()（）]+|www\.[^\s()（）]+)"
_LIKE_ADDRESS = lazy_pattern(rf"\s*{_ADDRESS}\s*", re.IGNORECASE)
_LOOKS_LIKE_ADDRESS = lazy_pattern(r"[./\\#]|https?[:：]", re.IGNORECASE)
_LINK = lazy_pattern(
    r"(?<!\\)(?P<bang>[!！]?)(?P<before>\s?)(?P<open>[\[【［])(?P<words>[^\[\]【】［］\n]*(?:【[^\[\]【】\n]*】[^\[\]【】［］\n]*){0,3})"
    r"(?P<close>[\]】］])"
    r"(?P<gap>\s{0,3})(?P<left>[(（])(?P<address>[^()（）\n]*)(?P<right>[)）])"
)
"""A link or photo, whatever its brackets."""
_NESTED = lazy_pattern(rf"!\[(?P<alt>[^\[\]\n]*(?<!\\)\][^\[\]()（）\n]+)\]\((?P<address>{_PICTURE})\)", re.IGNORECASE)
_UNCLOSED = lazy_pattern(
    rf"(?P<bang>!?)\[(?P<words>[^\[\]\n]*)\]\((?P<address>{_FILE}|https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+)(?P<rest>[^()（）]*)$",
    re.IGNORECASE,
)
_WIKI = lazy_pattern(rf"(?P<bang>!?)\[\[(?P<address>{_FILE})(?:\|(?P<words>[^\[\]|]*))?\]\]", re.IGNORECASE)
_WIKI_SIZE = lazy_pattern(r"\d{1,4}(?:x\d{1,4})?")
_WIKI_PAGE = lazy_pattern(
    r"(?<![!\\A-Za-z0-9])\[\[(?P<name>[^\s\[\]|#^]+)(?P<place>#[^\s\[\]|#^]+)?(?:\|(?P<words>[^\[\]|]+))?\]\]"
)
_WIDE_SCHEME = lazy_pattern(r"(https?)[：:][/／]{2}", re.IGNORECASE)
_OPENS_ADDRESS = lazy_pattern(r"[\]】］]\s*[(（]\s*<?\s*$|[\"'=]$|^\[[^\[\]]+\]:\s*$")
"""What stands before an address that other checks look at."""
_NEAR = 80
"""How far in front of an address that is looked for."""
_WORDLESS = lazy_pattern(r"(?<![!\\\]])\[\s*\]\((?P<address>[^\s()<>]+)\)")
_WIDE_STARS = lazy_pattern(r"(?<![*＊])[*＊]{2}(?![*＊\s])([^*＊\n]{1,200}?)(?<!\s)[*＊]{2}(?![*＊])")
_WIDE_NOTE = lazy_pattern(r"[［【]\^([0-9A-Za-z]{1,10})[］】]")
_TORN = lazy_pattern(rf"(?P<bang>!?)\[(?P<words>[^\[\]]*)\]\s*\(\s*(?P<address>{_ADDRESS})\s*\)", re.IGNORECASE)
_OPEN_END = lazy_pattern(r"\[[^\[\]]*$|\[(?!\^)[^\[\]]*\]\s*(?:\([^()]*)?$")


def misbracketed(text: str) -> Iterator[LineFinding]:
    """What: `[字]（a.md）`, `![图] (图.jpg)`, `！【图】（图.jpg）`. Why: only `[字](地址)` and `![说明](照片)` work."""
    for match in _LINK.finditer(text):
        typed = match[0] if match["bang"] else match[0].lstrip()
        is_picture = _is_picture(match)
        if not _is_right(match, is_picture) and _means_a_link(match):
            what, code, bang = ("图片", "image", "!") if is_picture else ("链接", "link", "")
            typed = typed if is_picture else typed.lstrip("!！").lstrip()
            wrong, kind = _wrong(match, is_picture)
            address = match["address"].strip().replace("：", ":")
            hint = f"写成：{bang}[{match['words']}]({address})"
            yield LineFinding(f"{code}.{kind}", match.end() - len(typed), f"{what}{wrong}，不起作用：{typed}", hint)


def _is_picture(match: re.Match[str]) -> bool:
    """Whether a photo is meant: an exclamation mark may also end the sentence before a link."""
    if match["bang"] == "!" and not match["before"]:
        return True
    return bool(re.fullmatch(_PICTURE, match["address"].strip(), re.IGNORECASE)) and (
        match["bang"] != "" or match["open"] != "["
    )


def _brackets(match: re.Match[str]) -> str:
    return match["open"] + match["close"] + match["left"] + match["right"]


def _is_right(match: re.Match[str], is_picture: bool) -> bool:
    """Whether it works as it was typed."""
    if _brackets(match) != "[]()" or match["gap"]:
        return False
    return not is_picture or match["bang"] == "" or (match["bang"] == "!" and not match["before"])


def _means_a_link(match: re.Match[str]) -> bool:
    address = match["address"].strip()
    if match["words"].startswith("^") or match["open"] + match["close"] not in ("[]", "【】", "［］"):
        return False
    if _brackets(match)[:2] == "[]" and _brackets(match)[2:] != "()":
        return match["bang"] == "!" or _LOOKS_LIKE_ADDRESS.search(address) is not None
    return _LIKE_ADDRESS.fullmatch(address) is not None


def _wrong(match: re.Match[str], is_picture: bool) -> tuple[str, str]:
    """The message on the signs, and the kind of slip."""
    brackets = _brackets(match)
    if brackets[:2] == "[]" and brackets[2:] != "()":
        return "的括号用了全角", "full-width"
    if not brackets.isascii():
        return "的符号用了全角", "full-width"
    if match["gap"]:
        return "的 ] 和 ( 之间有空格", "spaced"
    return ("前面的感叹号用了全角", "full-width") if match["bang"] == "！" else ("的 ! 和 [ 之间有空格", "spaced")


def bracket_in_caption(text: str) -> Iterator[LineFinding]:
    """What: `![图]一](图.jpg)`. Why: the first `]` ends the caption."""
    for match in _NESTED.finditer(text):
        alt = match["alt"].replace("]", "\\]")
        message = f"图片的说明里有单独的 ]，照片不会显示：{match[0]}"
        yield LineFinding("image.bracket", match.start(), message, f"写成：![{alt}]({match['address']})")


def wordless_link(text: str) -> Iterator[LineFinding]:
    """What: `[](https://e.com)`. Why: nobody sees a link without words."""
    for match in _WORDLESS.finditer(text):
        message = f"链接没有文字，网页上看不见：{match[0]}"
        yield LineFinding("link.wordless", match.start(), message, f"写上文字，写成：[网页的名称]({match['address']})")


def wiki_link(text: str) -> Iterator[LineFinding]:
    """What: `![[照片.jpg]]`, `[[文章.md|字]]`, `[[文章]]`. Why: Obsidian's form, which web pages do not know."""
    for match in _WIKI.finditer(text):
        name = match["address"].rpartition(".")[0].rpartition("/")[2]
        words = match["words"] or ("" if match["bang"] else name)
        if match["bang"] and _WIKI_SIZE.fullmatch(words):
            words = ""
        what, code = ("图片", "image") if match["bang"] else ("链接", "link")
        hint = f"写成：{match['bang']}[{words}]({match['address']})"
        yield LineFinding(f"{code}.wiki", match.start(), f"网页不支持两层方括号的{what}：{match[0]}", hint)
    for match in _WIKI_PAGE.finditer(text):
        if any(map(is_cjk, match["name"])) and not _WIKI.match(text, match.start()):
            words, place = match["words"] or match["name"], match["place"] or ""
            hint = f"写成：[{words}]({match['name']}.md{place})；不是链接，就删去一层方括号"
            yield LineFinding("link.wiki", match.start(), f"网页不支持两层方括号的链接：{match[0]}", hint)


def wide_scheme(text: str) -> Iterator[LineFinding]:
    """What: `https：//e.com`. Why: with the signs of a Chinese input method it is no address, and no link."""
    corrected = _WIDE_SCHEME.sub(r"\1://", text)
    for start, address in bare_addresses(corrected) if corrected != text else ():
        typed = text[start : start + len(address)]
        if typed != address and not _OPENS_ADDRESS.search(text[max(0, start - _NEAR) : start]):
            yield LineFinding(
                "link.full-width", start, f"网址的冒号、斜杠用了全角，不是链接：{typed}", f"写成：{address}"
            )


def wide_note(text: str) -> Iterator[LineFinding]:
    """What: `［^1］`. Why: a footnote's brackets are those of ASCII."""
    for match in _WIDE_NOTE.finditer(text):
        message = f"脚注的方括号用了全角，不起作用：{match[0]}"
        yield LineFinding("markdown.full-width", match.start(), message, f"写成：[^{match[1]}]")


def wide_stars(text: str) -> Iterator[LineFinding]:
    """What: `＊＊重点＊＊`. Why: full-width asterisks make nothing bold."""
    for match in _WIDE_STARS.finditer(text):
        if "＊" in match[0]:
            message = f"加粗的星号用了全角，不起作用：{match[0]}"
            yield LineFinding("markdown.full-width", match.start(), message, f"写成：**{match[1]}**")


def wide_quote(text: str) -> Iterator[LineFinding]:
    """What: `＞ 引用` at the beginning of a line."""
    if text.startswith("＞") and text[1:].strip():
        message = "引用的 ＞ 用了全角，不起作用"
        yield LineFinding("markdown.full-width", 0, message, f"写成：> {text.lstrip('＞').strip()}")


def open_links(lines: Sequence[Line], shared: Container[int]) -> Iterator[Diagnostic]:
    """What: `[《公报》](` and the address on the next line; `![说明](照片.jpg` without its `)`. Why: each line is a paragraph.

    `shared` are the numbers of lines in longer paragraphs.
    """
    for index, line in enumerate(lines):
        if line.number not in shared and may_be_torn(line.text):
            found = _torn(lines[index : index + 3]) or _unclosed(line)
            if found:
                yield found


def may_be_torn(text: str) -> bool:
    """Whether a link may begin on this line that ends on the next."""
    return "[" in text and _OPEN_END.search(without_code(text)) is not None


def _torn(lines: Sequence[Line]) -> Diagnostic | None:
    """The diagnostic on a link that begins on the first of the lines and ends on a later one."""
    first, *others = lines
    text, joined = first.text, without_code(first.text)
    for distance, below in enumerate(others, 1):
        if below.number != first.number + distance:
            break
        end = len(joined)
        between = _between(joined, below.text)
        text, joined = text + between + below.text, joined + between + without_code(below.text)
        match = next((found for found in _TORN.finditer(joined) if found.start() < end < found.end()), None)
        if match:
            what, code = ("图片", "image") if match["bang"] else ("链接", "link")
            hint = f"写在一行里：{match['bang']}[{match['words']}]({match['address'].replace('：', ':')})"
            hint = as_typed(hint, text, joined, match.start())
            return first.warning(f"{code}.torn", f"{what}中间换了行，不起作用", hint, match.start())
    return None


def _unclosed(line: Line) -> Diagnostic | None:
    """The diagnostic on a link whose `)` is missing."""
    text = without_code(line.text)
    match = _UNCLOSED.search(text)
    if match is None:
        return None
    what, code = ("图片", "image") if match["bang"] else ("链接", "link")
    hint = f"写成：{match['bang']}[{match['words']}]({match['address']}){match['rest']}"
    message = f"{what}少了右括号，不起作用：{match[0]}"
    message, hint = (as_typed(words, line.text, text, match.start()) for words in (message, hint))
    return line.warning(f"{code}.unclosed", message, hint, match.start())


def _between(above: str, below: str) -> str:
    """The text between two lines that are joined: nothing in an address or beside Chinese."""
    inside = above.rfind("(") > above.rfind(")") or not above or not below
    return "" if inside or is_cjk(above[-1]) or is_cjk(below[0]) or not (above[-1] + below[0]).isalnum() else " "
