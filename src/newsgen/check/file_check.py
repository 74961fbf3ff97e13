"""The check of files by the rules; many files are checked in several processes."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from newsgen.check.article_check import findings_of
from newsgen.check.attachment_reader import AttachmentReader
from newsgen.check.finding import Finding
from newsgen.check.rules.files import HEAD, bytes_to_read, file_findings, photo_findings, too_large
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import Vocabulary
from newsgen.content.scan import MOST_READ, ScannedFile
from newsgen.core.digest import digest_bytes
from newsgen.core.file_types import is_picture
from newsgen.core.files import FileTooLarge, read_file, read_head
from newsgen.core.model import FileStep, Record, changed
from newsgen.core.platform import may_fork
from newsgen.core.stamps import UNTRUSTED, Stamp

if TYPE_CHECKING:
    from newsgen.check.lexicon import Phrase
    from newsgen.config.people import Person

ENOUGH = 200
"""The number of files from which worker processes are started."""
BATCH = 50
"""Files in one call of a worker."""


class CheckedFile(Record, frozen=True):
    """A file with its findings; `digest` is that of its bytes."""

    path: str
    stamp: Stamp
    digest: str
    findings: tuple[Finding, ...]


class FileChecker:
    """Checks the files of the site at `root`."""

    def __init__(self, root: Path, vocabulary: Vocabulary) -> None:
        self._root, self._vocabulary = root, vocabulary
        self._attachments = AttachmentReader()

    def check(self, task: Task) -> CheckedFile:
        """Check a file. If its bytes are the same as at the last check, the earlier findings are returned."""
        item, before = task
        most = MOST_READ if item.is_text else bytes_to_read(item.path)
        if not most:
            return CheckedFile(item.path, item.stamp, "", tuple(file_findings(item.path, None)))
        try:
            data = self._bytes(item, most)
        except FileTooLarge as error:
            return CheckedFile(item.path, item.stamp, "", () if item.is_text else (too_large(item.path, error.size),))
        except OSError:  # the build itself reports it
            return CheckedFile(item.path, UNTRUSTED, "", ())
        digest = digest_bytes(data)
        if before and before.digest == digest:
            return changed(before, stamp=item.stamp)
        return CheckedFile(item.path, item.stamp, digest, self._findings(item, data))

    def _bytes(self, item: ScannedFile, most: int) -> bytes:
        path = f"{self._root}/{item.real}"
        return read_head(path, most) if most == HEAD else read_file(path, most)

    def _findings(self, item: ScannedFile, data: bytes) -> tuple[Finding, ...]:
        if item.is_text:
            return findings_of(item.path, data, RULES, self._vocabulary)
        if is_picture(item.path):
            return tuple(photo_findings(item.path, data))
        return self._attachments.findings(item.path, data)

    def close(self) -> None:
        """End the process that reads attachments."""
        self._attachments.close()


Task = tuple[ScannedFile, CheckedFile | None]
"""A file and its result of the last check, if any."""


def checked_files(
    root: Path, vocabulary: Vocabulary, tasks: Sequence[Task], jobs: int, step: FileStep
) -> Iterator[CheckedFile]:
    """Check files in at most `jobs` processes; fewer than ENOUGH are checked in this one."""
    if len(tasks) < ENOUGH or jobs == 1:
        with closing(FileChecker(root, vocabulary)) as checker:
            for task in tasks:
                yield checker.check(task)
                step(task[0].path)
        return
    batches = [tasks[start : start + BATCH] for start in range(0, len(tasks), BATCH)]
    context = multiprocessing.get_context("fork" if may_fork() else "spawn")
    words = vocabulary.phrases, vocabulary.people  # not the vocabulary itself: its automata cannot be pickled
    with ProcessPoolExecutor(jobs, context, _begin, (root, *words)) as pool:
        for checked in pool.map(_check_all, batches):
            for one in checked:
                yield one
                step(one.path)


# ---------------------------------------------------------------- in a worker

_checker: FileChecker


def _begin(root: Path, phrases: tuple[Phrase, ...], people: tuple[Person, ...]) -> None:
    global _checker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent ends them
    gc.disable()  # passages and findings form no reference cycles
    _checker = FileChecker(root, Vocabulary(phrases, people))


def _check_all(tasks: Sequence[Task]) -> list[CheckedFile]:
    return [_checker.check(task) for task in tasks]
