"""PDFs without names: the document information and the XMP metadata (ISO 32000-1, 14.3), blanked where they stand.

No byte moves, so that all offsets hold. Earlier versions that a PDF keeps inside are blanked as well. What is compressed cannot be
blanked in place: where names may stand there, the file is left as it is, and reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from newsgen.content.attachment_metadata.edits import Edit, NotCleaned, unpacked
from newsgen.content.attachment_metadata.xml_names import Span, contents

MOST_OF_METADATA = 4_000_000
MOST_VERSIONS = 200
"""Versions in one file: each saving of changes adds one."""
MOST_STREAMS = 2_000
"""Metadata in one file: pictures may have their own."""
MOST_OF_A_DICTIONARY = 20_000
_KEYS = frozenset((b"/Author", b"/Creator", b"/Company", b"/Manager"))
_SIGNED = re.compile(rb"/ByteRange\b|/Type\s*/(?:Sig|DocTimeStamp)\b")
_INFO = re.compile(rb"/Info[\s\0]*(?:(\d{1,10})[\s\0]+(\d{1,5})[\s\0]+R|<<)")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})[\s\0]{1,20}(\d{1,5})[\s\0]{1,20}obj\b")
_METADATA = re.compile(rb"/Type\s*/Metadata\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_TOKEN = re.compile(
    rb"[\s\0]*(?:%[^\r\n]*[\r\n][\s\0]*)*(<<|>>|\(|<[0-9A-Fa-f\s\0]*>|/[^\s\0()<>\[\]{}/%]*|[\[\]{}]|[^\s\0()<>\[\]{}/%]+)"
)
_IN_STRING = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def edits(data: bytes) -> list[Edit]:
    """The edits that blank the names in a PDF. Raises NotCleaned."""
    if _SIGNED.search(data):
        raise NotCleaned("signed")
    named = {match.groups() for match in _INFO.finditer(data)}
    if not data.startswith(b"%PDF-") or len(named) > MOST_VERSIONS:
        raise NotCleaned("unclear")
    streams = [match.start() for match in _METADATA.finditer(data)]
    if len(streams) > MOST_STREAMS:
        raise NotCleaned("unclear")
    found = set(_in_information(data, named)) if named else set()
    begins = {_begin_of_stream(data, place): place for place in streams}
    found |= {edit for begin, place in begins.items() for edit in _in_metadata(data, place, begin)}
    return sorted(found)


# ---------------------------------------------------------------- document information


def _in_information(data: bytes, named: Collection[tuple[bytes | None, ...]]) -> Iterator[Edit]:
    written = (match for match in _OBJECT.finditer(data) if match.groups() in named)
    objects = list(islice(written, MOST_VERSIONS + 1))
    if {match.groups() for match in objects} != named or len(objects) > MOST_VERSIONS:
        raise NotCleaned("unclear")  # in a compressed object stream, or in the trailer itself
    for place in (match.end() for match in objects):
        for span in _strings(data, place):
            yield Edit(*span, b"()" + b" " * (span.end - span.start - 2))


def _strings(data: bytes, place: int) -> Iterator[Span]:
    """The strings that are the values of names' keys in the dictionary at `place`, with their brackets."""
    depth, key, most = 0, b"", place + MOST_OF_A_DICTIONARY
    while match := _TOKEN.match(data, place, most):
        token, start, place = match[1], match.start(1), match.end()
        is_string = token == b"(" or (token.startswith(b"<") and token != b"<<")
        if token == b"(":
            place = _end_of_string(data, start, most)
        if depth == 1 and key in _KEYS:
            if not is_string:
                raise NotCleaned("unclear")  # an object of its own
            if place - start > 2:
                yield Span(start, place)
        depth += (token == b"<<") - (token == b">>")
        if depth == 0:
            return
        key = _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), token) if token.startswith(b"/") else b""
    raise NotCleaned("unclear")


def _end_of_string(data: bytes, place: int, most: int) -> int:
    """The end of the string that begins at `place`: brackets in it are in pairs, or have a backslash before them."""
    depth = 0
    while match := _IN_STRING.search(data, place, most):
        place = match.end() + (match[0] == b"\\")
        depth += (match[0] == b"(") - (match[0] == b")")
        if depth == 0:
            return place
    raise NotCleaned("unclear")


# ---------------------------------------------------------------- XMP


def _begin_of_stream(data: bytes, place: int) -> int:
    """The beginning of the stream whose dictionary holds `place`."""
    match = _STREAM.search(data, place, place + MOST_OF_A_DICTIONARY)
    if match is None:
        raise NotCleaned("unclear")
    return match.end()


def _in_metadata(data: bytes, place: int, begin: int) -> Iterator[Edit]:
    """The edits of the metadata that begin at `begin`, and whose dictionary holds `place`."""
    end = data.find(b"endstream", begin, begin + MOST_OF_METADATA)
    if end < 0:
        raise NotCleaned("unclear")
    dictionary = data[data.rfind(b"obj", max(0, place - MOST_OF_A_DICTIONARY), place) : begin]
    if b"/Filter" in dictionary:
        if contents(unpacked(data[begin:end], MOST_OF_METADATA)):
            raise NotCleaned("unclear")
        return
    xml = data[begin:end].rstrip(b"\r\n\0 ")
    for span in contents(xml):
        text = xml[span.start : span.end]
        if text.strip():
            yield Edit(begin + span.start, begin + span.end, b" " * len(text))
