"""Publishing is O(1): one new article changes a bounded number of outputs, however large the site is (design 5.3).

So does one that comes late, as long as it stands among the newest of its lists: older pages keep their articles, so one that
is put among theirs moves one from page to page up to the newest.

What could grow is a list: of a section, a tag, a branch, a year. So 5,000 articles in one section, of two years, with few tags
and branches, ask as much as 20,000 that are spread as a college spreads them: the lists are as long.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from site_test import SiteTest

BOUND = 20
SECTIONS = ("meetings", "notices", "theory", "branches")


def digests(out: Path) -> dict[str, str]:
    """The digest of every output, by path, as the manifest tells."""
    return {path: entry[1] for path, entry in json.loads((out / ".newsgen.json").read_bytes())["outputs"].items()}


def differing(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@dataclass(frozen=True)
class Spread:
    """So many short reports, and over how many sections, tags, branches and years they are spread."""

    amount: int
    sections: int
    tags: int
    branches: int
    years: int

    def laid_out(self, site: SiteTest) -> SiteTest:
        """Write them."""
        for name in SECTIONS[1 : self.sections]:
            site.section(name, f"栏目{name}")
        for number in range(self.amount):
            year, month, day = (
                2024 - self.years + number * self.years // self.amount,
                number % 12 + 1,
                number // 12 % 28 + 1,
            )
            site.write(
                f"content/{SECTIONS[number % self.sections]}/{number:05}.md",
                f"---\ntitle: 第{number}篇\ndate: {year}-{month:02}-{day:02}\ntags: 标签{number % self.tags}\n"
                f"branch: 第{number % self.branches}党支部\n---\n\n一句话。\n",
            )
        return site


@pytest.mark.long
@pytest.mark.parametrize("spread", [Spread(1_000, 4, 30, 9, 8), Spread(5_000, 1, 8, 2, 2)], ids=["1000", "5000"])
def test_one_new_article_changes_a_bounded_number_of_outputs(site: SiteTest, spread: Spread) -> None:
    spread.laid_out(site).write("site.yaml", (site.root / "site.yaml").read_text("utf-8") + "qr: no\n")
    before = digests(site.built().out)
    matter = {"title": "新的一篇", "tags": "标签3", "branch": "第1党支部"}
    newest = site.article("meetings/new.md", date="2024-05-31", **matter).built()
    after = digests(newest.out)
    found = differing(before, after)
    assert "meetings/2024/0531-new.html" in found
    assert len(found) <= BOUND, sorted(found)
    assert newest.document["rendered"] <= BOUND + 2
    folder = SECTIONS[:2][spread.sections > 1]
    late = site.article(f"{folder}/late.md", date="2023-12-27", **matter).built()
    found = differing(after, digests(late.out))
    assert f"{folder}/2023/1227-late.html" in found, "dated a year's end: it stands among the newest of its lists"
    assert len(found) <= BOUND, sorted(found)
    after = digests(late.out)
    changed = site.article("meetings/new.md", "另一句话，不是原来的。\n", date="2024-05-31", **matter).built()
    assert len(differing(after, digests(changed.out))) <= 4, "the page, the feeds, the home page"
