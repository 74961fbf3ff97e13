"""Values of front matter as an author types them in a form: read from a file, checked, and written as front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from newsgen.authoring.text_lines import as_read, file_text
from newsgen.content.frontmatter.block import split
from newsgen.content.frontmatter.converters import one_line
from newsgen.content.frontmatter.entries import EntrySpan, entry_spans, read_entries
from newsgen.content.frontmatter.keys import ARTICLE, ARTICLE_KEYS, Key
from newsgen.core.errors import ContentError
from newsgen.core.model import AttachmentEntry, Diagnostic, Record, as_dict
from newsgen.core.text import clean
from newsgen.core.yaml.nodes import Node, Scalar, quoted
from newsgen.core.yaml.nodes import Sequence as NodeList

Attachment = tuple[str, str | None]
"""The name of a file, and the words that readers see in its place, if any."""
Typed = str | Sequence[Attachment] | None
"""A value as typed for a key: a text, files for `attachments`, or nothing."""

KEYS: Mapping[str, Key] = {key.name: key for key in ARTICLE_KEYS}
_SIGNED = "审签由批准和退回写入，不能在这里修改"
_STRUCTURED = "这一项在文件里分成了几小项，一行写不下；要修改，请用记事本打开这个文件"
_LINE_BREAKS = re.compile(r"\s*[\r\n]+\s*")
_BULLETS = re.compile(r"^\s*-\s+")


class RefusedValue(ContentError):
    """A value that its key does not take; `message` and `hint` are the field's own."""

    def __init__(self, key: str, message: str, hint: str, path: str = "") -> None:
        super().__init__([Diagnostic(f"front-matter.{key}", "error", message, hint, path)])
        self.key, self.message, self.hint = key, message, hint


class FormValues(NamedTuple):
    """The values for a form: one for each key that has one, and the reasons why some keys cannot be changed there."""

    values: dict[str, str | tuple[Attachment, ...]]
    locked: dict[str, str]


def values_of(data: bytes, path: str = "") -> FormValues:
    """The values in a file's front matter, by canonical key; faulty values as they were typed.

    Empty if front matter is missing or has no end. Raises ContentError for a file that cannot be edited.
    """
    return values_in(file_text(data, path).text)


def values_in(text: str) -> FormValues:
    """The values in the front matter of a text."""
    found = FormValues({}, {})
    block = split(as_read(text), "")
    if isinstance(block, Diagnostic):
        return found
    nodes = {entry.line: entry.node for entry in read_entries(block.lines, 1, ARTICLE)[0]}
    for span in entry_spans(block.lines, ARTICLE):
        key, line = span.key, span.start + 1
        if key is None or line not in nodes:  # a second entry of the same key
            continue
        shown = _shown(key, nodes[line], _as_typed(span, block.lines))
        if isinstance(shown, Diagnostic):
            found.locked[key.name] = shown.message
        elif shown:
            found.values[key.name] = shown
    return found


def _as_typed(span: EntrySpan, lines: Sequence[str]) -> str:
    """The value of an entry that cannot be read, on one line."""
    return one_line(
        "\n".join((span.head.value, *(_BULLETS.sub("", line) for line in lines[span.start + 1 : span.end])))
    )


def _shown(key: Key, node: Node | None, typed: str) -> str | tuple[Attachment, ...] | Diagnostic:
    """The value as an author types it in a form, or the reason why a form cannot show it."""
    if key.name == "approvals":
        return _locked(_SIGNED)
    if key.name == "attachments":
        value, errors = key.convert("", node) if node else ((), (_locked(_STRUCTURED),))
        return errors[0] if errors else attachments_in(value)
    if isinstance(node, Scalar):
        return "" if not node.quoted and node.text in ("~", "null") else one_line(node.text.strip())
    texts = _texts(node) if isinstance(node, NodeList) else None
    if texts is not None and key.shape in ("list", "items"):
        return "、".join(filter(None, texts))
    return _locked(_STRUCTURED) if key.shape == "items" and node else typed


def _locked(reason: str) -> Diagnostic:
    return Diagnostic("front-matter.locked", "info", reason)


def _texts(node: NodeList) -> list[str] | None:
    """The texts of a list's items, those of nested lists included; None if an item is a mapping."""
    found: list[str] = []
    for item in node.items:
        texts = [one_line(item.text.strip())] if isinstance(item, Scalar) else None
        texts = _texts(item) if isinstance(item, NodeList) else texts
        if texts is None:
            return None
        found += texts
    return found


def attachments_in(value: object) -> tuple[Attachment, ...]:
    """The files of a converted `attachments` value, as they are typed in a form."""
    entries = value if isinstance(value, tuple) else ()
    return tuple((entry.file.text, entry.name) for entry in entries if isinstance(entry, AttachmentEntry))


def tidy(key: Key, value: Typed) -> str | tuple[Attachment, ...]:
    """A typed value on one line, without characters that no page may hold; empty if nothing is left."""
    if isinstance(value, str):
        plain = clean(value).strip(" \t\n\u3000\xa0")
        return _LINE_BREAKS.sub("、", plain).replace("\t", " ") if key.shape in ("list", "items") else one_line(plain)
    pairs = ((_word(file), _word(name or "") or None) for file, name in value or ())
    return tuple((file, name) for file, name in pairs if file)


def _word(text: str) -> str:
    return one_line(clean(text).strip())


def meaning(key: Key, typed: str | tuple[Attachment, ...], path: str = "") -> object:
    """The value that a key has after conversion of what was typed, without line numbers.

    Raises RefusedValue with the field's message.
    """
    if isinstance(typed, tuple):
        entries = ((file.replace("\\", "/"), name) for file, name in typed)
        return tuple({"file": {"text": file}, "name": name} for file, name in entries)
    value, diagnostics = key.convert(f"front-matter.{key.name}", Scalar(typed, 1, 1, quoted=True))
    error = next((item for item in diagnostics if item.severity == "error"), None)
    if error:
        raise RefusedValue(key.name, error.message, error.hint, path)
    return without_places(value)


def without_places(value: object) -> object:
    """A value of front matter without lines and columns, so that it can be compared with one from another place."""
    if isinstance(value, tuple):
        return tuple(map(without_places, value))
    if isinstance(value, Record):
        return {name: without_places(part) for name, part in as_dict(value).items() if name not in ("line", "column")}
    return value


def forms_of(text: str) -> Iterator[str]:
    """The forms in which a text may be written after a colon or a bullet, the plainest first."""
    yield text
    yield quoted(text)
    yield "'" + text.replace("'", "''") + "'"


def reads_as(lines: Iterable[str], key: Key, meant: object) -> bool:
    """Whether the lines of one entry mean exactly `meant`, and the way they are typed gives no diagnostics."""
    entries, diagnostics = read_entries(tuple(lines), 1, ARTICLE)
    if len(entries) != 1 or diagnostics or entries[0].node is None or entries[0].key != key:
        return False
    node = entries[0].node
    if isinstance(node, Scalar) and not node.quoted and node.text in ("~", "null"):
        return False
    value, more = key.convert("", node)
    return not any(item.severity == "error" for item in more) and without_places(value) == meant
