"""Blocks whose lines are not Markdown: fenced code and raw HTML. Both are put aside and come back after parsing."""

from __future__ import annotations

import html
import re

from newsgen.markup.source import Block, Line, Scan, read_line
from newsgen.markup.tags import TAG, escaped_html
from newsgen.model import Diagnostic

FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>[^`]*)$|(?P<tildes>~{3,})(?P<words>.*)$")

_BLOCKS = (
    "address|article|aside|base|blockquote|body|button|canvas|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "embed|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|input|legend|li|link|"
    "main|map|marquee|math|menu|meta|nav|noframes|noscript|object|ol|optgroup|option|p|param|picture|pre|script|search|"
    "section|select|source|style|summary|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|ul|video|audio"
)
_VOID = frozenset({"base", "col", "embed", "frame", "hr", "input", "link", "meta", "param", "source", "track"})
_VERBATIM = frozenset({"script", "style", "pre", "textarea"})

HTML_BLOCK = re.compile(
    rf"</?(?:{_BLOCKS})(?=[\s/>]|$)|(?:</[a-z][a-z0-9]*\s*>\s*)+$|<!--|<\?|<!\[CDATA\[|<![A-Z]", re.IGNORECASE
)
"""What opens a block of raw HTML at the start of a line: the names of CommonMark 0.31 section 4.6, and media; closing tags
that are all of their line."""

_TAGS = re.compile(rf"<(/?)({_BLOCKS})(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.IGNORECASE)
_CODE_INDENT = 4
"""How much deeper than its opening a closing fence may not stand (CommonMark 4.5)."""

_FAR = 500
"""How many lines further on the end of a comment or a <pre> is looked for."""

_TAG_LINES = 20
"""How many lines one tag may take."""

_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}


def fence(scan: Scan, start: int) -> Block:
    """Fenced code, up to its closing fence or, with a warning, to the end of where it stands."""
    opening = scan.lines[start]
    match = FENCE.match(opening.text)
    assert match is not None
    mark = match["fence"] or match["tildes"]
    info = (match["info"] or match["words"] or "").strip()
    deepest = opening.indent + _CODE_INDENT
    end = next((i for i in range(start + 1, len(scan.lines)) if _closes(scan.lines[i], mark, deepest)), None)
    if end is None:
        scan.draft.remarks.append(_never_closed(opening, mark))
    code = [_code_line(line, opening.indent) for line in scan.lines[start + 1 : end]]
    after = len(scan.lines) if end is None else end + 1
    return Block([scan.draft.keep(_pre(code, info))], after, tight=True)


def _closes(line: Line, mark: str, deepest: int) -> bool:
    """Whether a line ends the code that `mark` opened; one indented by `deepest` is code itself."""
    text = line.text
    return len(text) >= len(mark) and text[0] == mark[0] and not text.strip(mark[0]) and line.indent < deepest


def _never_closed(line: Line, mark: str) -> Diagnostic:
    message = f"代码从这一行的 {mark} 开始，但没有结束，后面的文字全成了代码"
    hint = f"在代码最后一行的下面另起一行写 {mark}"
    return Diagnostic("markdown.unclosed-fence", "warning", message, hint, line=line.number, column=line.column)


def _code_line(line: Line, indent: int) -> str:
    return " " * max(0, line.indent - indent) + line.raw.lstrip(" \t")


def _pre(code: list[str], info: str) -> str:
    language = re.match(r"\{?\.?([\w#+.-]+)", info)
    name = f' class="language-{html.escape(language[1])}"' if language else ""
    text = html.escape("\n".join(code), quote=False)
    return f"<pre><code{name}>{text}\n</code></pre>"


def is_html_block(scan: Scan, index: int) -> bool:
    """Whether raw HTML begins here. A comment that never ends is text, so that nothing is swallowed; so is a tag
    with Chinese in it (`<p 且 m>3`), and a comment before text on the same line."""
    text = scan.lines[index].text
    match = HTML_BLOCK.match(text)
    if match is None:
        return False
    end = _ENDS.get(match[0])
    if end is None:
        return text.startswith(("</", "<!")) or opens_tag(scan, index, 0)
    after = text.partition(end)[2].strip()
    return after[:1] in ("", "<") and any(end in line.text for line in scan.lines[index : index + _FAR])


def opens_tag(scan: Scan, index: int, column: int) -> bool:
    """Whether a whole tag begins in the line at `index`, at `column` of its text; it may end a few lines below."""
    lines = scan.lines[index : index + _TAG_LINES]
    return TAG.match("\n".join(line.text for line in lines), column) is not None


def goes_on_in_tag(scan: Scan, index: int) -> bool:
    """Whether a tag that begins in the line at `index` ends in a later one."""
    line = scan.lines[index]
    return line.has_open_tag and opens_tag(scan, index, line.text.rindex("<"))


def html_block(scan: Scan, start: int) -> Block:
    """Raw HTML: up to the line that closes all it opened, or to a blank line (CommonMark 4.6)."""
    after = _html_end(scan, start)
    lines = scan.lines[start:after]
    scan.draft.html.extend(lines)
    text, rest = _text_behind_comment("\n".join(line.raw for line in lines).lstrip())
    kept = scan.draft.keep(escaped_html(text))
    if not rest:
        return Block([kept], after, tight=True)
    scan.draft.prose.append(read_line(lines[-1].number, rest, lines[-1].raw.rindex(rest) + 1))
    return Block([kept, "", rest], after)


def _text_behind_comment(text: str) -> tuple[str, str]:
    """(comment, text) of a block that is a comment with text right behind it, else (`text`, nothing)."""
    comment, end, rest = text.partition("-->")
    if not text.lstrip().startswith("<!--") or not rest.strip() or rest.strip().startswith("<") or "\n" in rest:
        return text, ""
    return comment + end, rest.strip()


def _html_end(scan: Scan, start: int) -> int:
    first = scan.lines[start].text
    match = HTML_BLOCK.match(first)
    assert match is not None
    name = match[0].lower().lstrip("</")
    closing = _ENDS.get(match[0], f"</{name}" if name in _VERBATIM else "")
    if closing:
        end = _line_with(scan, start, closing)
        if end is not None:
            return end + 1
    depth = 0
    for index in range(start, len(scan.lines)):
        line = scan.lines[index]
        if not line.text and not _in_comment(scan, start, index):
            return index
        depth += _depth(line.text)
        if depth <= 0 and not line.has_open_tag:
            return index + 1
    return len(scan.lines)


def _in_comment(scan: Scan, start: int, index: int) -> bool:
    """Whether a comment that began in this block is still open at a blank line, and ends further on."""
    above = "\n".join(line.text for line in scan.lines[start:index])
    return above.rfind("<!--") > above.rfind("-->") and _line_with(scan, index, "-->") is not None


def _line_with(scan: Scan, start: int, closing: str) -> int | None:
    lines = scan.lines
    end = min(len(lines), start + _FAR)
    return next((i for i in range(start, end) if closing in lines[i].text.lower()), None)


def _depth(text: str) -> int:
    """Elements opened on a line, less those closed."""
    depth = 0
    for slash, name, empty in _TAGS.findall(text):
        if name.lower() not in _VOID and not empty:
            depth += -1 if slash else 1
    return depth
