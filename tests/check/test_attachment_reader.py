"""Attachments that take for ever, or all memory, or bring their reader down, keep nobody waiting."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from newsgen.check import attachment_reader
from newsgen.check.attachment_reader import AttachmentReader
from newsgen.check.finding import Finding
from newsgen.check.rules.files import file_findings

PHONE = b"\xe6\x89\x8b\xe6\x9c\xba13912345678"


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files whose names say what they do to their reader, in place of PDFs that do it."""

    def read(path: str, data: bytes | None) -> Iterator[Finding]:
        if path.endswith("slow.txt"):
            while True:
                time.sleep(1)
        if path.endswith("crash.txt"):
            os.kill(os.getpid(), signal.SIGKILL)
        if path.endswith("large.txt"):
            bytearray(2 * attachment_reader.MEMORY)
        return file_findings(path, data)

    monkeypatch.setattr(attachment_reader, "file_findings", read)
    monkeypatch.setattr(attachment_reader, "may_fork", lambda: True)


@pytest.mark.parametrize(
    ("name", "patience", "problem"),
    [
        ("slow.txt", 0.2, "附件没有检查：读了 0.2 秒还没有读完"),
        ("crash.txt", 60.0, "附件没有检查：读的时候出了错，多半已经损坏"),
        ("large.txt", 60.0, "附件没有检查：读它要用太多内存"),
    ],
)
def test_a_hostile_file_is_given_up_with_a_reason_and_the_next_one_is_read(
    hostile: None, name: str, patience: float, problem: str
) -> None:
    with closing(AttachmentReader(patience)) as reader:
        (finding,) = reader.findings(f"content/a/{name}", PHONE)
        assert (finding.code, finding.message) == ("files.unreadable", problem)
    with closing(AttachmentReader(timeout=60)) as reader:
        reader.findings("content/a/crash.txt", PHONE)
        assert [item.code for item in reader.findings("content/a/b.txt", PHONE)] == ["personal.mobile"]


def test_a_process_is_begun_anew_where_forks_are_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment_reader, "may_fork", lambda: False)
    with closing(AttachmentReader(timeout=60)) as reader:
        assert [item.code for item in reader.findings("content/a/b.txt", PHONE)] == ["personal.mobile"]
