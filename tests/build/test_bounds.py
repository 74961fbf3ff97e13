"""Publishing is O(1): one new article changes a bounded number of outputs, however large the site is (design 5.3).

So does one that comes late, as long as it stands among the newest of its lists: older pages keep their articles, so one that
is put among theirs moves one from page to page up to the newest.
"""

from __future__ import annotations

import json
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


def large(site: SiteTest, amount: int) -> SiteTest:
    """A site of so many short reports, with tags, branches and years as a college has them."""
    for name in SECTIONS[1:]:
        site.section(name, f"栏目{name}")
    for number in range(amount):
        year, month, day = 2016 + number * 8 // amount, number % 12 + 1, number // 12 % 28 + 1
        site.write(
            f"content/{SECTIONS[number % 4]}/{number:05}.md",
            f"---\ntitle: 第{number}篇\ndate: {year}-{month:02}-{day:02}\ntags: 标签{number % 30}\n"
            f"branch: 第{number % 9}党支部\n---\n\n一句话。\n",
        )
    return site


@pytest.mark.parametrize("amount", [1_000, 20_000])
def test_one_new_article_changes_a_bounded_number_of_outputs(site: SiteTest, amount: int) -> None:
    large(site, amount).write("site.yaml", (site.root / "site.yaml").read_text("utf-8") + "qr: no\n")
    before = digests(site.built().out)
    matter = {"title": "新的一篇", "tags": "标签3", "branch": "第4党支部"}
    newest = site.article("meetings/new.md", date="2024-05-31", **matter).built()
    after = digests(newest.out)
    found = differing(before, after)
    assert "meetings/2024/0531-new.html" in found
    assert len(found) <= BOUND, sorted(found)
    assert newest.document["rendered"] <= BOUND + 2
    late = site.article("notices/late.md", date="2023-12-27", **matter).built()
    found = differing(after, digests(late.out))
    assert "notices/2023/1227-late.html" in found, "dated a year's end: it stands among the newest of its lists"
    assert len(found) <= BOUND, sorted(found)
    after = digests(late.out)
    changed = site.article("meetings/new.md", "另一句话，不是原来的。\n", date="2024-05-31", **matter).built()
    assert len(differing(after, digests(changed.out))) <= 4, "the page, the feeds, the home page"
