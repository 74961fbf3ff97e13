"""Word files written by hand, part by part, so that a test holds exactly the markup that it is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(color: str = "red", form: str = "JPEG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(target, form)
    return target.getvalue()


def word_file(
    body: str, parts: Mapping[str, str] | None = None, media: Mapping[str, bytes] | None = None, links: str = ""
) -> bytes:
    """A .docx: `body` is the inside of w:body; `parts` are more XML parts below word/, `media` pictures below word/media/.

    A picture has its name as identifier; `links` are more relations.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>")
        relations = "".join(
            f'<Relationship Id="{name}" Type="{_RELATIONS}/image" Target="media/{name}"/>' for name in media or ()
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}{links}</Relationships>',
        )
        for name, text in (parts or {}).items():
            archive.writestr(f"word/{name}", text.replace("NAMES", _NAMES))
        for name, data in (media or {}).items():
            archive.writestr(f"word/media/{name}", data)
    return target.getvalue()


def in_encoding(data: bytes, encoding: str, prolog: str = "") -> bytes:
    """A Word file whose text is in another encoding, with `prolog` in front of its first element."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as other:
        for name in archive.namelist():
            text = archive.read(name)
            if name == "word/document.xml":
                text = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}{text.decode()}'.encode(encoding)
            other.writestr(name, text)
    return target.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph; plain texts are runs without marks."""
    inside = "".join(item if item.startswith("<") else run(item) for item in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def centred(*runs: str) -> str:
    return paragraph(*runs, properties='<w:jc w:val="center"/>')


def drawing(name: str, alt: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{alt}"/><a:graphic><a:graphicData>'
        f'<a:blip r:embed="{name}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*paragraphs: str, properties: str = "") -> str:
    inside = "".join(item if item.startswith("<") else paragraph(item) for item in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def numbering(*levels: tuple[str, str], extra: str = "") -> str:
    """numbering.xml with one list, of levels as ("chineseCounting", "%1、")."""
    inside = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering NAMES><w:abstractNum w:abstractNumId="0">{inside}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{extra}</w:numbering>'
    )


def item(text: str, depth: int = 0, number: int = 1) -> str:
    """A paragraph of a list."""
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
