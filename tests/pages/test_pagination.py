"""List pages are numbered from the oldest, so that old pages keep their articles for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsgen.core.urls import LIST_SIZE as SIZE
from newsgen.pages.pagination import ListPage, paginate

COUNTS = st.integers(0, 400)


def pages(count: int) -> dict[str, ListPage[int]]:
    return {page.address: page for page in paginate("x/", range(count))}


@given(COUNTS)
def test_every_article_stands_on_exactly_one_page(count: int) -> None:
    assert sorted(item for page in pages(count).values() for item in page.items) == list(range(count))


@given(COUNTS)
def test_the_newest_page_holds_20_to_39_as_soon_as_there_are_20(count: int) -> None:
    newest = pages(count)["x/index.html"]
    assert len(newest.items) == count if count < SIZE else SIZE <= len(newest.items) < 2 * SIZE


@given(COUNTS.filter(bool), st.integers(1, 100))
def test_numbered_pages_never_change_their_articles(count: int, more: int) -> None:
    before, after = pages(count), pages(count + more)
    for address, page in before.items():
        if not page.is_newest:
            assert after[address].items == page.items


@given(COUNTS)
def test_one_new_article_changes_at_most_three_pages(count: int) -> None:
    before, after = pages(count), pages(count + 1)
    assert sum(before.get(address) != page for address, page in after.items()) <= 3


@given(COUNTS)
def test_following_older_from_the_newest_page_visits_all_and_ends_at_the_oldest(count: int) -> None:
    found = pages(count)
    address, seen = "x/index.html", ["x/index.html"]
    while (older := found[address].pager) and older.older:
        assert found[older.older].pager is not None
        assert getattr(found[older.older].pager, "newer", None) == address
        address = older.older
        seen.append(address)
    assert len(seen) == len(found)
    assert all(page.pager and page.pager.oldest == seen[-1] for page in found.values())


def test_count_and_numbers_stand_on_the_newest_page_alone() -> None:
    found = pages(100)
    assert [page.pager and page.pager.total for page in found.values()] == [100, None, None, None, None]
    newest = found["x/index.html"].pager
    assert newest is not None
    assert [(link.text, link.address) for link in newest.numbers] == [
        ("1", "x/index.html"),
        ("2", "x/4.html"),
        ("3", "x/3.html"),
        ("4", "x/2.html"),
        ("5", "x/1.html"),
    ]
