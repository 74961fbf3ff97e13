"""Fields of Word (ECMA-376 part 1, 17.16): their text, the addresses of links, and the characters that they draw."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.omissions import SIGNS
from newsgen.authoring.importers.symbol_fonts import UNKNOWN, symbol
from newsgen.authoring.importers.word_eq_fields import FieldText, eq_field
from newsgen.authoring.importers.word_xml import W, switched, value

_ARGUMENT = re.compile(r'\\(?P<switch>[a-z])|"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+)', re.IGNORECASE)
_WITH_ARGUMENT = frozenset("lot")
"""Switches of a link that take an argument: a place, the words of a tip, a window."""
_WORD = re.compile(r"\s*([A-Za-z]+)")
_SYMBOL = re.compile(r'\s*SYMBOL\s+(0x[0-9a-f]{1,6}|\d{1,5})(?:[^\\]*\\f\s*"?([^"\\]+))?', re.IGNORECASE)


class _OpenField:
    """A field that is being read: its instruction, whether its result has begun, and its form box as text."""

    def __init__(self, box: str) -> None:
        self.instruction, self.has_result, self.box = "", False, box

    @property
    def kind(self) -> str:
        match = _WORD.match(self.instruction)
        return match[1].upper() if match else ""


class WordFields:
    """The nested fields around the place that is being read.

    `drops_contents` is False if some fields never end: tables of contents are then kept, since all text below one might be
    taken for a part of it.
    """

    def __init__(self, drops_contents: bool = True) -> None:
        self._open: list[_OpenField] = []
        self._drops_contents = drops_contents

    def begin(self, item: Element) -> None:
        """Begin a field; `item` is its begin mark, which may hold a checkbox or a list to choose from."""
        self._open.append(_OpenField(_box(item)))

    def instruct(self, text: str) -> None:
        """Add to the instruction of the innermost field."""
        if self._open and not self._open[-1].has_result:
            self._open[-1].instruction += text

    def separate(self) -> str:
        """Begin the result of the innermost field. Returns its kind, such as TOC."""
        if not self._open:
            return ""
        self._open[-1].has_result = True
        return self._open[-1].kind

    def end(self) -> FieldText:
        """End the innermost field. Returns the words for a field that has no result of its own, else no words."""
        field = self._open.pop() if self._open else _OpenField("")
        if field.kind == "FORMCHECKBOX":
            return FieldText(field.box)
        if field.has_result:
            return FieldText("")
        if field.kind == "FORMDROPDOWN":
            return FieldText(field.box)
        if field.kind == "EQ":
            return eq_field(field.instruction.strip()[2:])
        return _symbol(field.instruction) if field.kind == "SYMBOL" else FieldText("")

    @property
    def is_instruction(self) -> bool:
        """Whether the place is in the instruction of a field, which is not shown."""
        return bool(self._open) and not self._open[-1].has_result

    @property
    def is_contents(self) -> bool:
        """Whether the place is in a table of contents."""
        return self._drops_contents and any(field.kind == "TOC" and field.has_result for field in self._open)

    @property
    def link(self) -> str:
        """The address of the innermost link; "" outside of links."""
        fields = (field for field in reversed(self._open) if field.kind == "HYPERLINK" and field.has_result)
        return next((link_in(field.instruction) for field in fields), "")


def _symbol(instruction: str) -> FieldText:
    """The character of `SYMBOL 163 \\f "Wingdings 2"`."""
    match = _SYMBOL.match(instruction)
    found = symbol(f"{int(match[1], 0):X}", (match[2] or "").strip()) if match else None
    return FieldText(found or UNKNOWN, "" if found else SIGNS)


def link_in(instruction: str) -> str:
    """The address in `HYPERLINK "https://…" \\l "place"`; "" for another instruction, and for a place in this document."""
    match = _WORD.match(instruction)
    if match is None or match[1].upper() != "HYPERLINK":
        return ""
    found: dict[str, str] = {}
    switch = ""
    for argument in _ARGUMENT.finditer(instruction, match.end()):
        if argument["switch"]:
            switch = argument["switch"].lower()
            continue
        found.setdefault(switch if switch in _WITH_ARGUMENT else "", argument["quoted"] or argument["word"] or "")
        switch = ""
    return with_place(found.get("", ""), found.get("l", ""))


def with_place(address: str, place: str) -> str:
    """An address with a place in its page added; "" for a place alone, which is in this document."""
    return f"{address}#{place}" if address and place and "#" not in address else address


def _box(item: Element) -> str:
    """The text for a checkbox or a list to choose from, which have no result; "" for any other field."""
    choices = item.find(f"{W}ffData/{W}ddList")
    if choices is not None:
        entries = [entry.get(W + "val", "") for entry in choices.iter(W + "listEntry")]
        chosen = value(choices, "result") or value(choices, "default") or "0"
        return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
    box = item.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return ""
    checked = switched(box, "checked")
    return "☑" if (switched(box, "default") if checked is None else checked) else "□"
