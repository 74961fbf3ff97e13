"""The work that is measured: an edit before the build, and a look at the pages after it.

The look is what makes a figure count. A tool that is quick because it left an old page standing has not done the work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bench.corpus import Report, with_longer_body, with_other_title
from bench.measure import Failed
from bench.shapes import PLAIN, report
from bench.sites import Site, mark_in_page

SAMPLES = 12


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the cases need to know of a corpus: its reports without their bodies."""

    addresses: tuple[str, ...]
    sections: tuple[str, ...]
    shape: str = PLAIN

    @property
    def count(self) -> int:
        return len(self.addresses)

    def report(self, number: int) -> Report:
        """One of its reports; the one numbered `count` is newer than all."""
        return report(number, self.count, self.shape)

    def neighbours(self, number: int) -> list[int]:
        """The numbers of the reports before and after this one in its section."""
        own = self.sections[number]
        older = next((n for n in range(number - 1, -1, -1) if self.sections[n] == own), None)
        newer = next((n for n in range(number + 1, self.count) if self.sections[n] == own), None)
        return [n for n in (older, newer) if n is not None]


@dataclass(frozen=True, slots=True)
class Built:
    """A site just built: what changed in its output folder since the build before. `mark` is that of the round."""

    site: Site
    corpus: Corpus
    mark: str
    changed: Collection[str]

    def text(self, address: str) -> str:
        return (self.site.out / address).read_text("utf-8")

    def expect(self, address: str, *texts: str) -> None:
        """Raises Failed when the page lacks one of the texts."""
        page = self.text(address)
        for text in texts:
            if text not in page:
                raise Failed(f"{address} does not show {text!r}")


@dataclass(frozen=True, slots=True)
class Case:
    """Work to measure: `edit` before the build, `check` after it, which raises Failed."""

    name: str
    edit: Callable[[Site, Corpus, str], None]
    check: Callable[[Built], None]


def known(count: int, shape: str = PLAIN) -> Corpus:
    """The corpus of that many reports and that shape, without bodies."""
    pairs = [(item.address, item.section) for item in (report(number, count) for number in range(count))]
    return Corpus(tuple(address for address, _ in pairs), tuple(section for _, section in pairs), shape)


def restore(site: Site, corpus: Corpus) -> None:
    """Undo the edits of a round."""
    site.write([corpus.report(_body_number(corpus)), corpus.report(_title_number(corpus))])
    site.remove(corpus.report(corpus.count))
    site.edit_template("")


def expected_pages(corpus: Corpus, case: str) -> set[str]:
    """The addresses of all articles after a case."""
    newest = {corpus.report(corpus.count).address} if case in (ADDED, TEMPLATE) else set[str]()
    return {*corpus.addresses, *newest}


# ---------------------------------------------------------------- the cases


def _check_cold(built: Built) -> None:
    """Some pages, read closely: title, text, terms and the way to the neighbours."""
    count = built.corpus.count
    for number in range(0, count, max(1, count // SAMPLES)):
        item = built.corpus.report(number)
        around = [built.corpus.report(other) for other in built.corpus.neighbours(number)]
        texts = [block.text for block in item.body if block.kind in ("heading", "signature")]
        built.expect(item.address, item.title, *texts, *item.tags, *item.branches, *(other.title for other in around))


def _check_nothing(built: Built) -> None:
    if built.changed:
        raise Failed(f"nothing was edited, and {len(built.changed)} outputs changed: {sorted(built.changed)[:3]}")


def _edit_body(site: Site, corpus: Corpus, mark: str) -> None:
    site.write([with_longer_body(corpus.report(_body_number(corpus)), mark)])


def _check_body(built: Built) -> None:
    built.expect(built.corpus.addresses[_body_number(built.corpus)], built.mark)


def _edit_title(site: Site, corpus: Corpus, mark: str) -> None:
    site.write([with_other_title(corpus.report(_title_number(corpus)), mark)])


def _check_title(built: Built) -> None:
    """The new title stands on its page, on those of its neighbours, and on a list."""
    corpus, number = built.corpus, _title_number(built.corpus)
    title = with_other_title(corpus.report(number), built.mark).title
    pages = [corpus.addresses[other] for other in (number, *corpus.neighbours(number))]
    for page in pages:
        built.expect(page, title)
    _expect_on_list(built, title, pages)


def _edit_added(site: Site, corpus: Corpus, mark: str) -> None:
    site.write([_added(corpus, mark)])


def _check_added(built: Built) -> None:
    """The new article has its page, and stands on the first page of its section and on the home page."""
    item = _added(built.corpus, built.mark)
    for page in (item.address, "index.html", f"{item.section}/index.html"):
        built.expect(page, item.title)


def _edit_template(site: Site, _: Corpus, mark: str) -> None:
    site.edit_template(mark)


def _check_template(built: Built) -> None:
    """The edit stands on the pages of all articles."""
    pages = expected_pages(built.corpus, TEMPLATE)
    if missing := pages - set(built.changed):
        raise Failed(f"{len(missing)} pages of articles are as before: {sorted(missing)[:3]}")
    for page in sorted(pages)[:: max(1, len(pages) // SAMPLES)]:
        built.expect(page, mark_in_page(built.mark))


def _expect_on_list(built: Built, title: str, articles: Collection[str]) -> None:
    lists = [path for path in built.changed if path.endswith(".html") and path not in articles]
    if not any(title in built.text(path) for path in lists):
        raise Failed(f"no list shows {title!r}")


def _added(corpus: Corpus, mark: str) -> Report:
    return with_other_title(corpus.report(corpus.count), mark)


def _body_number(corpus: Corpus) -> int:
    return corpus.count // 2


def _title_number(corpus: Corpus) -> int:
    return corpus.count // 3


COLD, ADDED, TEMPLATE = "cold", "one article added", "one template edited"
CASES = (
    Case(COLD, lambda site, corpus, mark: site.clean(), _check_cold),
    Case("nothing changed", lambda site, corpus, mark: None, _check_nothing),
    Case("one body edited", _edit_body, _check_body),
    Case("one title edited", _edit_title, _check_title),
    Case(ADDED, _edit_added, _check_added),
    Case(TEMPLATE, _edit_template, _check_template),
)
"""In this order, each on what the one before left."""
