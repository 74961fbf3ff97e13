"""Markdown -> Body: the text of a report as sanitised HTML with its references still open.

Python-Markdown with tables, footnotes, attr_list and sane_lists, and these extensions of ours (the authors' guide
explains each):

    where           rule
    lines.py        one Enter is one paragraph (`paragraphs: chinese`); leading indents are dropped; lists, tables,
                    headings, rules and images need no blank line above; `---` and `===` are always rules
    containers.py   nested lists may be indented by 2, 3 or 4 spaces; a list begins with the number typed
    literal.py      fenced code anywhere, also in lists; raw HTML ends at a blank line or where it is closed
    headings.py     `一、…` and `（一）…` are headings; `#党建#` and `#1` are text; levels and ids
    figures.py      an image alone on its line is a figure with its alt as caption, unless that is a file name
    closing.py      （管理学院 2024年3月14日） is the signature, also above credits; the two-line 落款; the 主送机关 of a notice
    parser.py       `*` beside Chinese punctuation and in `5*6`; `{.class}` but not `{注}`; column alignment by class
    tags.py         which `<` opens HTML: `a<b` and `<p值>` are text
    sanitize.py     the allow-list of HTML
    polish.py       no space where two Chinese lines join; no text outside paragraphs; tables scroll; footnotes have a name
    references.py   addresses that need other files are cut out; all ids are unique
    addresses.py    where each address was typed; local files, data:, www. and unknown schemes are told
    remarks.py      warnings about what members type and Markdown does not understand
    limits.py       what is refused because it would take too long
"""

from __future__ import annotations

from newsgen.markup import addresses, sanitize
from newsgen.markup.closing import set_apart
from newsgen.markup.limits import too_complex
from newsgen.markup.lines import prepare
from newsgen.markup.parser import to_html
from newsgen.markup.plain import plain_text
from newsgen.markup.polish import polish
from newsgen.markup.references import split, with_ids
from newsgen.markup.remarks import bare_tables, missing_footnotes, remarks, unused_footnotes
from newsgen.markup.source import Draft, Place, read_lines
from newsgen.markup.tags import escaped
from newsgen.model import ArticleKind, Body, Diagnostic, Markdown, changed

__all__ = ["Markdown", "convert"]

_DEEP = Diagnostic(
    "body.nesting",
    "error",
    "列表、引用或标记一层套一层，套得太深了",
    "多半是从别处粘贴来的乱码：删去多余的 >、* 或空格",
)


def convert(
    source: str, settings: Markdown, kind: ArticleKind = "news", first_line: int = 1
) -> tuple[Body, tuple[Diagnostic, ...]]:
    """The Body that the Markdown text `source` stands for, and what is to be said about it.

    `source` begins at line `first_line` of its file: diagnostics and references count from there; their path is
    empty. A text with an error has an empty Body when it cannot be converted. Pure: same input, same result.
    """
    refused = tuple(too_complex(source, first_line))
    if refused:
        return Body(()), refused
    draft = Draft()
    closing = set_apart(read_lines(source, first_line), kind)
    try:
        lines = prepare(closing.lines, Place(0, settings.paragraphs == "chinese", closing.classes), draft)
        if any(remark.code == "body.too-complex" for remark in draft.remarks):
            return Body(()), tuple(draft.remarks)
        html = to_html(escaped("\n".join(lines)), draft.stash)
    except RecursionError:
        return Body(()), (changed(_DEEP, line=first_line),)
    typed = addresses.typed(draft.prose, draft.html)
    html, headings, ids = with_ids(polish(sanitize.clean(sanitize.without_swallowing(html))))
    chunks, references = split(html, addresses.Positions(typed), first_line)
    body = Body(chunks, references, headings, ids, plain_text(html), closing.signature)
    return body, _in_order(
        *draft.remarks,
        *remarks(draft.prose, draft.shared),
        *bare_tables(draft.prose),
        *missing_footnotes(draft.prose, draft.notes),
        *unused_footnotes(draft.prose, draft.notes),
        *addresses.faults(typed),
        *sanitize.removed([*draft.prose, *draft.html]),
    )


def _in_order(*diagnostics: Diagnostic) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda item: (item.line, item.column)))
