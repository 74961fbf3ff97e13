"""Whether a Body that was kept is one that parsing can give: for bodies that come out of a store, which anyone may have written.

Every tag must be written as the sanitizer writes it, name what the allow-list names, and lead where a web page may lead. A
body that fails is parsed anew, so that being too strict costs time alone.
"""

from __future__ import annotations

import html as entities
import re
from functools import lru_cache

from newsgen.content.markdown.link_targets import scheme
from newsgen.content.markdown.sanitize import ATTRIBUTES, ELEMENTS, SCHEMES
from newsgen.core.model import Body
from newsgen.core.text import is_clean

_TAG = re.compile(r"</?[a-z][a-z0-9]*(?: [a-z][a-z-]*(?:=\"[^\"]*\")?)*>")
_NAME = re.compile(r"[a-z][a-z0-9]*")
_ATTRIBUTE = re.compile(r" ([a-z][a-z-]*)(?:=\"([^\"]*)\")?")
_ADDRESSES = frozenset({"href", "src", "poster"})
_OUR_OWN = frozenset({"role", "tabindex", "aria-label", "aria-describedby", "aria-hidden"})
"""Attributes that newsgen adds itself, to tables and footnotes."""


def is_sound(body: Body) -> bool:
    """Whether the body's HTML can have come from the sanitizer, wherever its references stand."""
    try:
        html = "".join([part if isinstance(part, str) else _opened(body, part) for part in body.chunks])
    except IndexError:
        return False
    tags = _TAG.findall(html)
    return html.count("<") == len(tags) and all(map(_is_allowed, set(tags)))


def _opened(body: Body, index: int) -> str:
    """The HTML for a reference, which must be where an attribute can be. Raises IndexError."""
    if index < 0:
        raise IndexError(index)
    return f' {body.references[index].attribute}=""'


@lru_cache(maxsize=4096)
def _is_allowed(tag: str) -> bool:
    found = _NAME.search(tag)
    if found is None or found[0] not in ELEMENTS:
        return False
    name, attributes = found[0], tag[found.end() :]
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(name, frozenset()) | _OUR_OWN
    return all(
        attribute in allowed and (attribute not in _ADDRESSES or _is_address(value))
        for attribute, value in _ATTRIBUTE.findall(attributes)
    )


def _is_address(value: str) -> bool:
    address = entities.unescape(value)
    return is_clean(address) and scheme(address) in ("", *SCHEMES)
