"""Blocks whose lines are not Markdown: fenced code and raw HTML. Both are put aside and come back after parsing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from newsgen.content.markdown.html_tags import TAG, escaped_html
from newsgen.content.markdown.preprocess.lines import FILLER, BlockContext, Line, PreparedBlock, without_code
from newsgen.core.model import Diagnostic

FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>[^`]*)$|(?P<tildes>~{3,})(?P<words>.*)$")

_CONTAINERS = re.compile(r"^(?:[>\s]|[-+*]\s|\d{1,3}\.\s)*")

_BLOCKS = (
    "address|article|aside|base|blockquote|body|button|canvas|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "embed|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|input|legend|li|link|"
    "main|map|marquee|math|menu|meta|nav|noframes|noscript|object|ol|optgroup|option|p|param|picture|pre|script|search|"
    "section|select|source|style|summary|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|ul|video|audio"
)
_VOID = frozenset({"base", "col", "embed", "frame", "hr", "input", "link", "meta", "param", "source", "track"})
_VERBATIM = frozenset({"script", "style", "pre", "textarea"})

HTML_BLOCK = re.compile(
    rf"</?(?:{_BLOCKS})(?=[\s/>]|$)|(?:</[a-z][a-z0-9]*\s*>\s*)+$|<\?|<!\[CDATA\[|<![A-Z]", re.IGNORECASE
)
"""What opens a block of raw HTML at the start of a line: the names of CommonMark 0.31 section 4.6, and media; closing tags
that are all of their line."""

_INSTRUCTION = re.compile(r"<\?\w*|<!\[CDATA\[|<![A-Za-z]+")
_TAGS = re.compile(rf"<(/?)({_BLOCKS})(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.IGNORECASE)
_CODE_INDENT = 4
"""How much deeper than its opening a closing fence may not stand (CommonMark 4.5)."""

_FAR = 500
"""How many lines further on the end of a <pre> is looked for."""

_ENDS = {"<?": "?>", "<![CDATA[": "]]>"}


def fence(context: BlockContext, start: int) -> PreparedBlock:
    """Fenced code, up to its closing fence or, with a warning, to the end of where it stands."""
    opening = context.lines[start]
    match = FENCE.match(opening.text)
    assert match is not None
    mark = match["fence"] or match["tildes"]
    info = (match["info"] or match["words"] or "").strip()
    deepest = opening.indent + _CODE_INDENT
    end = next((i for i in range(start + 1, len(context.lines)) if _closes(context.lines[i], mark, deepest)), None)
    if end is None:
        context.state.diagnostics.append(_never_closed(opening, mark))
    code = [_code_line(line, opening.indent) for line in context.lines[start + 1 : end]]
    after = len(context.lines) if end is None else end + 1
    return PreparedBlock([context.state.keep(_pre(code, info))], after, tight=True)


def _closes(line: Line, mark: str, deepest: int) -> bool:
    """Whether a line ends the code that `mark` opened; one indented by `deepest` is code itself."""
    return line.indent < deepest and closes_fence(line.text, mark)


def closes_fence(text: str, mark: str) -> bool:
    """Whether a stripped line is a fence that closes the one of `mark`."""
    return len(text) >= len(mark) and text[0] == mark[0] and not text.strip(mark[0])


def code_filled(lines: Sequence[Line]) -> Iterator[str]:
    """The lines of a text as typed, with code filled in: what stands in it is no HTML."""
    mark = ""
    for line in lines:
        text = _CONTAINERS.sub("", line.raw, count=1).rstrip() if mark or "``" in line.raw or "~~" in line.raw else ""
        opening = FENCE.match(text)
        yield FILLER * len(line.raw) if mark else without_code(line.raw)
        if mark:
            mark = "" if text and closes_fence(text, mark) else mark
        elif opening:
            mark = opening["fence"] or opening["tildes"]


def _never_closed(line: Line, mark: str) -> Diagnostic:
    message = f"代码从这一行的 {mark} 开始，但没有结束，后面的文字全成了代码"
    hint = f"在代码最后一行的下面另起一行写 {mark}"
    return line.warning("markdown.unclosed-fence", message, hint)


def _code_line(line: Line, indent: int) -> str:
    return " " * max(0, line.indent - indent) + line.raw.lstrip(" \t")


def _pre(code: list[str], info: str) -> str:
    language = re.match(r"\{?\.?([\w#+.-]+)", info)
    name = f' class="language-{html.escape(language[1])}"' if language else ""
    text = html.escape("\n".join(code), quote=False)
    return f"<pre><code{name}>{text}\n</code></pre>"


def is_html_block(context: BlockContext, index: int) -> bool:
    """Whether raw HTML begins here. What never ends is text, so that nothing is swallowed; so is a tag with Chinese in
    it (`<p 且 m>3`)."""
    text = context.lines[index].text
    match = HTML_BLOCK.match(text)
    if match is None:
        return False
    end = _ENDS.get(match[0])
    if end is None:
        return text.startswith(("</", "<!")) or TAG.match(text) is not None
    return text.partition(end)[2].strip()[:1] in ("", "<") and _line_with(context, index, end) is not None


def is_raw_html(raw: str) -> bool:
    """Whether a line as typed begins as raw HTML does, also inside a list or quotation."""
    return HTML_BLOCK.match(_CONTAINERS.sub("", raw, count=1)) is not None


def html_block(context: BlockContext, start: int) -> PreparedBlock:
    """Raw HTML: up to the line that closes all it opened, or to a blank line (CommonMark 4.6)."""
    after = _html_end(context, start)
    lines = context.lines[start:after]
    context.state.html.extend(lines)
    context.state.diagnostics.extend(_instructions(lines))
    return PreparedBlock(
        [context.state.keep(escaped_html("\n".join(line.raw for line in lines).lstrip()))], after, tight=True
    )


def _instructions(lines: Sequence[Line]) -> Iterator[Diagnostic]:
    """A warning at the first `<?php … ?>`, `<![CDATA[…]]>` or `<!DOCTYPE …>` of raw HTML: it is on no page."""
    for line in lines:
        match = _INSTRUCTION.search(line.text)
        if match:
            message = f"从这里起的 {match[0]} 标记不会显示在网页上"
            hint = "删去这个标记；如果要显示出来，就把它的 < 写成 &lt;"
            yield line.warning("markdown.html-removed", message, hint, match.start())
            return


def _html_end(context: BlockContext, start: int) -> int:
    first = context.lines[start].text
    match = HTML_BLOCK.match(first)
    assert match is not None
    name = match[0].lower().lstrip("</")
    closing = _ENDS.get(match[0], f"</{name}" if name in _VERBATIM else "")
    if closing:
        end = _line_with(context, start, closing)
        if end is not None:
            return end + 1
    depth = 0
    for index in range(start, len(context.lines)):
        if not context.lines[index].text:
            return index
        depth += _depth(context.lines[index].text)
        if depth <= 0:
            return index + 1
    return len(context.lines)


def _line_with(context: BlockContext, start: int, closing: str) -> int | None:
    lines = context.lines
    end = min(len(lines), start + _FAR)
    return next((i for i in range(start, end) if closing in lines[i].text.lower()), None)


def _depth(text: str) -> int:
    """Elements opened on a line, less those closed."""
    depth = 0
    for slash, name, empty in _TAGS.findall(text):
        if name.lower() not in _VOID and not empty:
            depth += -1 if slash else 1
    return depth
