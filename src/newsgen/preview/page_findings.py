"""The findings of `newsgen check` about the article that a page shows, for the bar of the preview."""

from __future__ import annotations

from pathlib import Path

from newsgen.check.article_check import findings_of, with_settings
from newsgen.check.finding import Finding
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import NONE, Vocabulary
from newsgen.config.check_section import CheckSettings
from newsgen.config.site_yaml import FILE_NAME, checking
from newsgen.core.errors import NewsgenError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, changed
from newsgen.core.text import MAX_BYTES


class PageFindings:
    """The check of single files of the site at `root`. site.yaml, lexicon and roster are read again when they changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sources: tuple[bytes, ...] = ()
        self._settings, self._vocabulary = CheckSettings(), NONE

    def of(self, path: str, data: bytes) -> tuple[Diagnostic, ...]:
        """The findings in the file at `path` with the bytes `data`, as warnings, so that the page is shown all the same.

        Findings of severity info are left out.
        """
        serious = (item for item in self.found(path, data) if item.severity != "info")
        return tuple(changed(item.diagnostic, severity="warning") for item in serious)

    def found(self, path: str, data: bytes) -> tuple[Finding, ...]:
        """All findings in the file at `path` with the bytes `data`."""
        self.renew()
        return tuple(with_settings(findings_of(path, data, RULES, self._vocabulary), self._settings))

    def renew(self) -> bool:
        """Read site.yaml, the lexicon and the roster if one of them changed; return whether one did. While one is faulty,
        the last good settings and words stay.
        """
        names = (FILE_NAME, self._settings.lexicon, self._settings.people)
        sources = tuple(map(self._bytes, names))
        if sources == self._sources:
            return False
        self._sources = sources
        try:
            settings = checking(sources[0])
            self._settings, self._vocabulary = settings, Vocabulary.load(self._root, settings)
        except NewsgenError:  # `newsgen check` tells what is wrong with it
            pass
        return True

    def _bytes(self, name: str) -> bytes:
        try:
            return read_file(self._root / name, MAX_BYTES)
        except OSError:
            return b""
