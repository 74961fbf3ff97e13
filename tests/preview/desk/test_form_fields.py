"""The form of the desk has a field for whatever front matter may hold."""

from __future__ import annotations

from newsgen.content.frontmatter.converters import FOCUSES, KINDS
from newsgen.content.frontmatter.keys import ARTICLE, ARTICLE_KEYS
from newsgen.preview.desk import form_fields
from newsgen.preview.desk.form_fields import FIELDS, KIND_LABELS, POSITIONS, fields_of

ELSEWHERE = {"kind", "approvals", "unchecked"}
"""Keys that the form shows in another way: the kind is chosen first, reviewers sign, and rules are switched off in the file."""


def test_every_key_of_front_matter_has_a_field() -> None:
    assert {field.key for field in FIELDS} | ELSEWHERE == {key.name for key in ARTICLE_KEYS}


def test_a_label_is_a_word_that_authors_may_type_or_says_more() -> None:
    assert not [
        field.label for field in FIELDS if ARTICLE.get(field.label, ARTICLE[field.key]) is not ARTICLE[field.key]
    ]


def test_what_can_be_chosen_is_what_front_matter_takes() -> None:
    assert {KINDS[typed] for typed in form_fields.KINDS.values()} == set(KIND_LABELS) == set(KINDS.values())
    assert {FOCUSES[typed] for typed in POSITIONS} == set(FOCUSES.values())


def test_each_kind_asks_for_what_it_needs() -> None:
    required = {kind: {field.key for field in fields_of(kind) if field.is_required} for kind in KIND_LABELS}
    assert required == {
        "news": {"title", "date"},
        "notice": {"title", "date"},
        "announcement": {"title", "date", "expires"},
        "reprint": {"title", "date", "source", "original"},
        "page": {"title"},
    }
