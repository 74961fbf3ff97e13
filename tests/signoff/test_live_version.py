"""The approved version of an article stays on the site, byte for byte, while edits of it wait."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from newsgen.authoring.sign_off import Ruling, sign
from newsgen.build.request import Request
from newsgen.core.errors import NewsgenError
from oracle import START, attempt, files_of, fresh
from sample_values import picture
from signed_site import A, SignedSite
from site_test import tree

EDITS = 500
FRESH = 25
"""After so many edits, the site is also built from its sources alone."""


class Author:
    """Someone who goes on writing an approved article, at random, and reviewers who never come to an end."""

    def __init__(self, site: SignedSite, chance: random.Random) -> None:
        self.site, self.chance = site, chance
        self.edits: tuple[Callable[[], object], ...] = (
            self.type, self.cut, self.title, self.photo, self.another_photo, self.attachment, self.encode,
            self.sign, self.reject, self.lose_photo, self.tidy,
        )  # fmt: skip

    def edit(self) -> None:
        """Do something."""
        self.chance.choice(self.edits)()

    def text(self) -> str:
        return (self.site.root / A).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")

    def write(self, text: str) -> None:
        self.site.write(A, text)

    def type(self) -> None:
        """Type a sentence: the text is never again the one that was approved."""
        self.write(f"{self.text()}\n第{self.chance.randrange(10**6)}句。\n")

    def cut(self) -> None:
        lines = self.text().splitlines(keepends=True)
        if len(lines) > 30:
            self.write("".join((*lines[:-2], "最后一句。\n")))

    def title(self) -> None:
        lines = self.text().split("\n")
        titles = [index for index, line in enumerate(lines) if line.startswith("title: ")]
        lines[titles[0]] = f"title: 第{self.chance.randrange(9)}个题目"
        self.write("\n".join(lines))

    def photo(self) -> None:
        self.site.write("content/meetings/p.jpg", picture("p.jpg", self.chance.randrange(4)))

    def lose_photo(self) -> None:
        """Delete a photo that the text names: the new text cannot be shown, the old one can."""
        (self.site.root / "content/meetings/p.jpg").unlink(missing_ok=True)

    def another_photo(self) -> None:
        self.site.write("content/meetings/q.jpg", picture("q.jpg", self.chance.randrange(4)))
        self.write(f"{self.text()}\n![另一张](q.jpg)\n")

    def attachment(self) -> None:
        self.site.write("content/meetings/f.pdf", b"%%PDF-1.4 %d" % self.chance.randrange(9))

    def encode(self) -> None:
        data = self.text().encode()
        self.site.write(A, self.chance.choice((data, b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"))))

    def tidy(self) -> None:
        """Put the front matter's lines in another order."""
        _, head, body = self.text().split("---\n", 2)
        entries = head.replace("\n  - ", "\0  - ").splitlines()
        self.chance.shuffle(entries)
        head = "".join(f"{entry}\n" for entry in entries).replace("\0", "\n")
        self.write(f"---\n{head}---\n{body}")

    def sign(self) -> None:
        self._decide(Ruling("approve", self.chance.choice(("张老师", "李老师")), START, "初审"))

    def reject(self) -> None:
        self._decide(Ruling("reject", "孙书记", START, "终审", "再改改"))

    def _decide(self, ruling: Ruling) -> None:
        try:
            sign(self.site.root, A, ruling)
        except NewsgenError:
            return


@pytest.mark.long
def test_five_hundred_edits_leave_the_approved_version_on_the_site(signed_site: SignedSite) -> None:
    root = signed_site.root
    live = tree(signed_site.built().out)
    author = Author(signed_site, random.Random(19))
    author.type()
    for number in range(EDITS):
        author.edit()
        request = Request(root, START, jobs=1)
        found = attempt(request)
        assert found.code == 0, found.said
        assert found.result.reviews == {"approved": 0, "waiting": 0, "void": 1}
        assert tree(request.output_dir) == live, number
        if number % FRESH == 0:
            assert files_of(request.output_dir) == fresh(request)[1]
