"""Names of WordprocessingML (ECMA-376 part 1, 17), and access to values of its elements."""

from __future__ import annotations

from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
V = "{urn:schemas-microsoft-com:vml}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

CONTAINERS = frozenset(
    W + name
    for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "ruby", "rubyBase", "dir", "bdo")
)
"""Elements that are ignored, but not their content; tracked insertions are among them, so they are accepted."""
OFF = frozenset(("0", "false", "off", "none"))


def value(item: Element, name: str) -> str:
    """The value of a child such as `<w:jc w:val="center"/>`; "" if there is no such child."""
    child = item.find(W + name)
    return child.get(W + "val", "") if child is not None else ""


def switched(item: Element | None, name: str) -> bool | None:
    """Whether a property is on; None if it is not given."""
    child = item.find(W + name) if item is not None else None
    return None if child is None else child.get(W + "val", "1") not in OFF
