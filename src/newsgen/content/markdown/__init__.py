"""Markdown -> Body: the text of a report as sanitised HTML with its references still open.

Python-Markdown with tables, footnotes, attr_list and sane_lists, and these extensions of ours (the authors' guide
explains each):

    where           rule
    preprocess/soft_breaks.py     Word's soft return ends a line
    preprocess/comments.py        comments are left out, also those that are typed wrong
    preprocess/tag_lines.py       a tag over several lines is put on one
    preprocess/line_pass.py       one Enter is one paragraph (`paragraphs: chinese`), also in and after lists and quotations; leading
                                  indents are dropped; lists, tables, headings, rules and images need no blank line above; `---` and
                                  `===` are always rules
    preprocess/containers.py      nested lists may be indented by 2, 3 or 4 spaces; a list begins with the number typed
    preprocess/tables.py          rows with `|` or with tabs; what rows hold beyond their head is shown
    preprocess/code_and_html.py   fenced code anywhere, also in lists; raw HTML ends at a blank line or where it is closed
    headings.py                   `一、…` and `（一）…` are headings; `#党建#` and `#1` are text; levels and ids
    figures.py                    an image alone on its line is a figure with its alt as caption
    captions.py                   unless that is a file name
    photo_marks.py                `【图1】`, `（图1）` alone on a line is the photo with that number in the report's folder
    signature.py                  （管理学院 2024年3月14日） is the signature, also above credits and attachments; the two-line 落款
    salutation.py                 the 主送机关 of a notice; the greeting of a letter or speech
    block_processors.py           a blank line ends a quotation; a table may have no rows; line breaks
    emphasis.py, emphasis_elements.py   `*` beside Chinese punctuation and in `5*6`; emphasis that overlaps loses no character
    masks.py                      stars that hide a part of a name or number, or make a power, are no marks
    footnotes.py                  footnotes are numbered in the order of their use; two of one name are one
    extensions.py                 a backslash before any sign goes; `{.class}` but not `{注}`; column alignment by class
    html_tags.py                  which `<` opens HTML: `a<b` and `<p值>` are text
    html_repair.py                an unknown tag goes alone, an inline element ends with its paragraph; `<a name>` is an id
    sanitize.py                   the allow-list of HTML
    plain_text.py                 the text of a page for summaries
    postprocess.py                no space where two Chinese lines join; no text outside paragraphs; tables scroll; footnotes have a name
    bare_links.py                 complete addresses in the text are links
    near_misses.py                links, photos, bold words that are nearly right are reported
    references.py                 addresses that need other files are cut out; all ids are unique
    link_targets.py               where each address was typed; local files, data:, www. and unknown schemes are reported
    checks.py, lint.py, diagnostics.py   warnings about what members type and Markdown does not understand
    stored_body.py                whether a body that was kept can have come out of all this
    limits.py                     what is refused because it would take too long
    pipeline.py                   all of this, one after the other

Most reports need none of it: their lines are told apart without Markdown (fast_path/classify.py), made into blocks
(fast_path/blocks.py, lists.py, inline.py, raw_html.py) on a page (fast_path/page.py) and into a Body (fast_path/whole.py). Whatever the text, the result is that of the full pipeline, to the byte.
"""

from __future__ import annotations

from newsgen.content.markdown.fast_path.classify import classify
from newsgen.content.markdown.fast_path.whole import simple_body
from newsgen.content.markdown.preprocess.soft_breaks import split_softly
from newsgen.core.model import ArticleKind, Body, Diagnostic, Markdown
from newsgen.core.text import SOFT_BREAK

__all__ = ["Markdown", "convert"]

MOST_SIMPLE = 200_000
"""The longest text, in characters, that is sure to stay below limits.MAX_WORK however many links it holds."""


def convert(
    source: str, settings: Markdown, kind: ArticleKind = "news", first_line: int = 1
) -> tuple[Body, tuple[Diagnostic, ...]]:
    """The Body that the Markdown text `source` stands for, and what is to be said about it.

    `source` begins at line `first_line` of its file: diagnostics and references count from there; their path is
    empty. A text with an error has an empty Body when it cannot be converted. Pure: same input, same result.
    """
    if SOFT_BREAK in source:
        return split_softly(convert, source, settings, kind, first_line)
    if len(source) <= MOST_SIMPLE and (found := simple_body(classify(source, kind, first_line), settings)):
        return found
    from newsgen.content.markdown.pipeline import convert_full

    return convert_full(source, settings, kind, first_line)
