"""An archive of a few kilobytes cannot fill the memory of whoever looks into it, whichever part of newsgen that is; names in it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.authoring.file_kinds import suffix_of
from newsgen.authoring.importers.import_manuscript import manuscript_of_file
from newsgen.authoring.importers.word_document import read_word
from newsgen.authoring.zip_files import files_in_zip
from newsgen.check.attachments import text_of
from newsgen.content.attachment_checks import refusal
from newsgen.core.errors import UsageError
from newsgen.core.zip_archives import LongDirectory, directory_size, entry_name, opened, read_entry


def archive(method: int = zipfile.ZIP_DEFLATED, size: int = 100, count: int = 1, comment: bytes = b"") -> bytes:
    """The bytes of a ZIP with files of nothing but zeros."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        for number in range(count):
            made.writestr(f"word/document{number or ''}.xml", bytes(size))
        made.comment = comment
    return data.getvalue()


def with_large_end(data: bytes, size: int | None = None, says: int = 0xFFFFFFFF) -> bytes:
    """The same archive with the records of ZIP64, in which its list of files has this `size`."""
    end = len(data) - 22
    count, real, offset = struct.unpack("<HLL", data[end + 10 : end + 20])
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, real if size is None else size, offset
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, says, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + last


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_to_its_end_is_not_begun(method: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb, folder = archive(method, 5_000_000), archive_of(b"PK", method)
    assert len(bomb) < 5_000

    def unpacked(*_: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    for look in (
        lambda: read_word(bomb, "稿.docx"),
        lambda: manuscript_of_file("稿.zip", folder),
        lambda: files_in_zip(bomb, "稿.zip"),
    ):
        with pytest.raises(UsageError):
            look()
    assert text_of("附件.docx", bomb).problem


def archive_of(data: bytes, method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive_:
        archive_.writestr("稿.docx", data)
    return made.getvalue()


LOOKS: list[Callable[[bytes, Path], object]] = [
    lambda data, _: read_word(data, "稿.docx"),
    lambda data, _: manuscript_of_file("稿.zip", data),
    lambda data, _: files_in_zip(data, "稿.zip"),
    lambda data, _: text_of("附件.zip", data).problem or pytest.fail("it was read"),
    lambda data, place: refusal(place, "content/meetings/附件.zip"),
    lambda data, place: suffix_of(data[:100], "附件.zip", place) is None or pytest.fail("it was taken in"),
]


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_of_files_without_end_is_not_read(
    look: Callable[[bytes, Path], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bomb = with_large_end(archive(), size=1 << 40)
    place = tmp_path / "附件.zip"
    place.write_bytes(bomb)

    def listed(*_: object) -> None:
        raise AssertionError("the list of files was read")

    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", listed)
    try:
        look(bomb, place)
    except UsageError as error:
        assert "文件" in str(error)


@pytest.mark.parametrize("change", [lambda data: data, with_large_end])
@pytest.mark.parametrize("comment", [b"", b"and more", b"x" * 65_535])
def test_an_honest_archive_is_measured_and_read(change: Callable[[bytes], bytes], comment: bytes) -> None:
    data = archive(count=20, comment=b"" if change is with_large_end else comment)
    data = change(data)
    with opened(io.BytesIO(data)) as made:
        assert len(made.infolist()) == 20
        assert read_entry(made, made.infolist()[0], 1_000) == bytes(100)
        assert read_entry(made, made.infolist()[0], 10) == bytes(10)
        size = sum(46 + len(entry.filename) for entry in made.infolist())
    assert directory_size(io.BytesIO(data)) == size


@pytest.mark.parametrize("says", [0xFFFFFFFF, 10])
def test_the_larger_of_two_sizes_counts(says: int) -> None:
    assert directory_size(io.BytesIO(with_large_end(archive(), 1 << 40, says))) == 1 << 40


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"x" * 100_000])
def test_what_is_no_archive_has_no_list_of_files(data: bytes) -> None:
    assert directory_size(io.BytesIO(data)) is None
    with pytest.raises(zipfile.BadZipFile):
        opened(io.BytesIO(data))


def test_the_limit_is_that_of_who_asks() -> None:
    data = archive(count=20)
    with pytest.raises(LongDirectory):
        opened(io.BytesIO(data), 100)
    assert opened(io.BytesIO(data), 10_000).infolist()


@pytest.mark.parametrize(
    ("written", "flag", "meant"),
    [
        ("照片.jpg".encode(), 0, ("照片.jpg", False)),
        ("照片.jpg".encode("gb18030"), 0, ("照片.jpg", True)),
        ("照片.jpg".encode(), 0x800, ("照片.jpg", False)),
        (b"a.jpg", 0, ("a.jpg", False)),
        (b"\xff\xff.jpg", 0, (b"\xff\xff.jpg".decode("cp437"), False)),
    ],
)
def test_a_name_is_read_as_it_was_meant_whatever_the_archive_says_of_it(
    written: bytes, flag: int, meant: tuple[str, bool]
) -> None:
    entry = zipfile.ZipInfo(written.decode("utf-8" if flag else "cp437"))
    entry.flag_bits = flag
    assert entry_name(entry) == meant
