"""What a document in an older format names elsewhere is not fetched for it: no file of this machine, nothing of the network."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from xml.etree import ElementTree as ET

import pytest

from newsgen.authoring.importers.libre_office import as_docx
from site_test import photo

_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name if name != "draw" else "drawing"}:1.0"'
    for name in ("office", "text", "draw")
)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server, and what it was asked."""
    found: list[bytes] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            found.append(self.request.recv(65_536))

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", found
        server.shutdown()
        thread.join()


def rtf(*fields: str) -> bytes:
    return rf"{{\rtf1\ansi {' '.join(fields)} the end}}".encode()


def field(instruction: str, shown: str = "was shown", opening: str = r"{\*\fldinst ") -> str:
    return rf"{{\field{opening}{instruction}}}{{\fldrslt {shown}}}}}"


def odt(address: str) -> bytes:
    """A document with a picture and a section that lie elsewhere."""
    data = io.BytesIO()
    link = f'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href="{address}"'
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        entry = '<m:file-entry m:full-path="{}" m:media-type="{}"/>'
        entries = entry.format("/", "application/vnd.oasis.opendocument.text") + entry.format("content.xml", "text/xml")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>')
        archive.writestr(
            "content.xml",
            f'<office:document-content{_NAMES} office:version="1.2"><office:body><office:text>'
            f"<text:p>the beginning<draw:frame><draw:image {link}/></draw:frame></text:p>"
            f'<text:section text:name="S"><text:section-source {link}/><text:p>was shown</text:p></text:section>'
            f"</office:text></office:body></office:document-content>",
        )
    return data.getvalue()


def parts(data: bytes) -> tuple[str, list[str], list[str]]:
    """The words of a Word file, its pictures, and the addresses that it links to."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        root = ET.fromstring(archive.read("word/document.xml"))
        relations = archive.read("word/_rels/document.xml.rels").decode()
    links = re.findall(r'Target="(https?:[^"]*)"', relations)
    return "".join(root.itertext()), [name for name in names if name.startswith("word/media/")], links


@pytest.mark.long
@pytest.mark.parametrize(
    "opening", [r"{\*\fldinst ", r"{\fldinst ", "{\\*\n\\fldinst\n", r"{\*\fldinst {\rtlch ", r"{\*\fldinst{\f0 {"]
)
def test_a_picture_of_this_machine_does_not_come_in_with_rtf(opening: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(photo())
    instruction = f'INCLUDEPICTURE "{(tmp_path / "secret.png").as_uri()}" \\\\d' + "}" * (opening.count("{") - 1)
    found = field(instruction, opening=opening)
    for name in ("稿.rtf", "稿.doc"):
        words, pictures, _ = parts(as_docx(rtf(found, field(f'HYPERLINK "x"{found}')), name))
        assert "the end" in words
        assert "INCLUDE" not in words
        assert pictures == []


@pytest.mark.long
def test_links_of_rtf_stay_links() -> None:
    shown = (
        field('HYPERLINK "https://www.example.edu.cn/a"', "the link"),
        field('{\\rtlch HYPERLINK "https://www.example.edu.cn/b"}', "another"),
    )
    words, _, links = parts(as_docx(rtf(*shown), "稿.rtf"))
    assert "the link another" in words
    assert links == ["https://www.example.edu.cn/a", "https://www.example.edu.cn/b"]


@pytest.mark.long
def test_nothing_is_asked_of_the_network(asked: tuple[str, list[bytes]]) -> None:
    address, found = asked
    for name, data in (
        ("稿.odt", odt(f"{address}a.png")),
        ("稿.rtf", rtf(field(f'INCLUDEPICTURE "{address}b.png" \\\\d'), field(f'INCLUDETEXT "{address}c.doc"'))),
    ):
        words, pictures, _ = parts(as_docx(data, name))
        assert "was shown" in words
        assert pictures == []
    assert found == []


def test_the_settings_are_there_before_the_program_is_and_no_field_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for LibreOffice, which keeps what it finds."""
    script = tmp_path / "bin" / "soffice"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        f'cp "${{1#-env:UserInstallation=file://}}/user/registrymodifications.xcu" "{tmp_path}/settings"\n'
        f'cp "$7" "{tmp_path}/source"\n'
        'cp "$7" "$6/text.docx"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    as_docx(rtf(field('INCLUDEPICTURE "file:///etc/x.png"'), field("HYPERLINK x")), "稿.rtf")
    items = ET.parse(tmp_path / "settings").getroot()
    assert {"BlockUntrustedRefererLinks", "DisableMacrosExecution"} <= {
        item.attrib[key] for item in items.iter("prop") for key in item.attrib
    }
    assert re.findall(rb"\\(\w*fldinst) (\w+)", (tmp_path / "source").read_bytes()) == [
        (b"nofldinst", b"INCLUDEPICTURE"),
        (b"fldinst", b"HYPERLINK"),
    ]
    binary = b"\xd0\xcf\x11\xe0" + rtf(field("INCLUDEPICTURE x"))
    assert as_docx(binary[:4] + bytes(2000) + binary[4:], "稿.doc").endswith(binary[4:]), "only RTF is RTF"
