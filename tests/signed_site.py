"""A site whose articles need approval, and reviewers who sign them on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from newsgen.cli import run
from site_test import SITE_YAML, SiteTest, photo

POLICY = "reviews:\n  stages:\n    初审: 张老师、李老师\n    终审: 孙书记\n"
A, PAGE = "content/meetings/a.md", "meetings/2024/0313-a.html"
BODY = "正文第一句。\n\n![会场](p.jpg)\n"
STAGES = (("初审", "张老师"), ("终审", "孙书记"))


class SignedSite(SiteTest):
    """A SiteTest with reviewers."""

    def asks(self, policy: str = POLICY) -> SignedSite:
        """Ask for approvals."""
        self.write("site.yaml", SITE_YAML + policy)
        return self

    def with_article(self) -> SignedSite:
        """Add an article with a photo and an attachment."""
        self.write("content/meetings/p.jpg", photo()).write("content/meetings/f.pdf", b"%PDF-1.4 1")
        self.article("meetings/a.md", BODY, attachments="f.pdf")
        return self

    def sign(self, command: str, *words: str) -> tuple[int, dict[str, Any], str]:
        """Run a command of sign-off; gives its exit code, its JSON document and what it said."""
        self._capsys.readouterr()
        code = run([command, *words, "-C", str(self.root), "--json"])
        printed = self._capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    def approved(self, path: str = A, stages: tuple[tuple[str, str], ...] = STAGES) -> SignedSite:
        """Sign an article; all stages must be accepted."""
        for minute, (stage, name) in enumerate(stages):
            when = f"2024-05-01 08:{minute:02}"
            code, _, said = self.sign("approve", path, "--stage", stage, "--by", name, "--now", when)
            assert code == 0, said
        return self

    def edit(self, old: str, new: str, path: str = A) -> SignedSite:
        """Replace a text in a file."""
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))
        return self

    def state(self) -> str:
        """The state of the only article that needs approval, as a build counts it."""
        counts: dict[str, int] = self.built().document["reviews"]
        assert sum(counts.values()) == 1
        return next(state for state, count in counts.items() if count)

    def kept(self) -> list[str]:
        """The files of approved/."""
        folder = Path(self.root, "approved")
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
