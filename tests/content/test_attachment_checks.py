"""Attachments: which are refused, with the reason, and what is taken as it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from site_test import SiteTest

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


def package(*names: str, flags: int = 0) -> bytes:
    """An office file with these parts; `flags` are those of every entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"<xml/>")
    data = bytearray(target.getvalue())
    start = data.find(b"PK\x01\x02")
    while start >= 0 and flags:
        data[start + 8] |= flags
        start = data.find(b"PK\x01\x02", start + 4)
    return bytes(data)


def attached(site: SiteTest, name: str, data: bytes) -> str:
    """What a build says that refuses an attachment."""
    site.write(f"content/meetings/{name}", data).article("meetings/a.md", "见附件。\n", attachments=name)
    return site.build().stderr


@pytest.mark.parametrize(
    ("name", "remedy"), [("表.docm", ".docx"), ("表.XLSM", ".xlsx"), ("表.xlsb", ".xlsx"), ("表.pptm", ".pptx")]
)
def test_office_files_that_may_hold_programs_are_refused(site: SiteTest, name: str, remedy: str) -> None:
    said = attached(site, name, package("[Content_Types].xml"))
    assert f"{name} 里可能有宏（程序），不能发布" in said
    assert f"另存为 {remedy}" in said


def test_a_program_under_the_name_of_a_document_is_found(site: SiteTest) -> None:
    assert "表.docx 里有宏（程序）" in attached(site, "表.docx", package("word/document.xml", "word/vbaProject.bin"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("表.docx", COMPOUND + bytes(512)),
        ("表.zip", package("a.txt", flags=1)),
        ("表.pdf", b"%PDF-1.7\n" + bytes(100_000) + b"trailer\n<< /Size 9 /Encrypt 8 0 R /Root 1 0 R >>\n%%EOF"),
    ],
    ids=["office", "package", "pdf"],
)
def test_files_behind_a_password_are_refused(site: SiteTest, name: str, data: bytes) -> None:
    said = attached(site, name, data)
    assert f"{name} 设了密码，读者打不开" in said
    assert "另存一份不设密码的" in said


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("表.docx", package("word/document.xml")),
        ("表.doc", COMPOUND + bytes(512)),
        ("表.zip", package("a.txt")),
        ("表.zip", package("a.txt")[:-30]),
        ("表.docx", b""),
        ("表.pdf", b"%PDF-1.7\ntrailer\n<< /Size 9 /Root 1 0 R >>\n%%EOF"),
    ],
    ids=["office", "old office", "package", "cut off", "empty", "pdf"],
)
def test_what_speaks_for_itself_is_taken_as_it_is(site: SiteTest, name: str, data: bytes) -> None:
    site.write(f"content/meetings/{name}", data).article("meetings/a.md", "见附件。\n", attachments=name)
    built = site.built("--strict")
    (address,) = [address for address in built.addresses() if address.startswith("media/")]
    assert (built.out / address).read_bytes() == data


def test_a_backslash_in_the_name_of_an_attachment_is_a_slash(site: SiteTest) -> None:
    site.write("content/meetings/files/表.docx", package("word/document.xml"))
    built = site.article("meetings/a.md", "见附件。\n", attachments="files\\表.docx").built()
    assert 'download="表.docx"' in built.text("meetings/2024/0313-a.html")
