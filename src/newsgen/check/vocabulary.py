"""The vocabulary of a site: its lexicon of set phrases and its roster of people, as the rules search them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from newsgen.build.cache.store import Store
from newsgen.check.lexicon import LEXICON, LexiconSearch, Phrase
from newsgen.config.check_section import CheckSettings
from newsgen.config.people import PEOPLE, Person
from newsgen.core.digest import digest


class Vocabulary:
    """The set phrases and people of the publicity office; both may be empty. Equal digests mean equal findings."""

    def __init__(self, phrases: tuple[Phrase, ...] = (), people: tuple[Person, ...] = ()) -> None:
        self.phrases, self.people = phrases, people

    @classmethod
    def load(cls, root: Path, settings: CheckSettings, store: Store | None = None) -> Vocabulary:
        """The vocabulary of the site at `root`; one that is in the `store` is not parsed again. Raises ConfigError."""
        lexicon, people = LEXICON.read(root, settings.lexicon), PEOPLE.read(root, settings.people)

        def parsed() -> tuple[tuple[Phrase, ...], tuple[Person, ...]]:
            return LEXICON.parse(settings.lexicon, lexicon), PEOPLE.parse(settings.people, people)

        form = tuple[tuple[Phrase, ...], tuple[Person, ...]]
        key = digest(lexicon, people)
        return cls(*(store.cached("vocabulary", key, form, parsed) if store else parsed()))

    @cached_property
    def search(self) -> LexiconSearch:
        """The search for phrases."""
        return LexiconSearch(self.phrases)

    @cached_property
    def digest(self) -> str:
        """The digest of phrases and people."""
        return digest(self.phrases, self.people)


NONE = Vocabulary()
