"""The vocabulary of a site: its lexicon of set phrases and its roster of people, as the rules search them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from newsgen.check.lexicon import LEXICON, LexiconSearch, Phrase
from newsgen.config.check_section import CheckSettings
from newsgen.config.people import PEOPLE, Person
from newsgen.core.digest import digest


class Vocabulary:
    """What the publicity office wrote down; both may be empty. Equal digests mean equal findings."""

    def __init__(self, phrases: tuple[Phrase, ...] = (), people: tuple[Person, ...] = ()) -> None:
        self.phrases, self.people = phrases, people

    @classmethod
    def load(cls, root: Path, settings: CheckSettings) -> Vocabulary:
        """The vocabulary of the site at `root`. Raises ConfigError."""
        return cls(LEXICON.load(root, settings.lexicon), PEOPLE.load(root, settings.people))

    @cached_property
    def search(self) -> LexiconSearch:
        """The search for phrases."""
        return LexiconSearch(self.phrases)

    @cached_property
    def digest(self) -> str:
        """The digest of all of it."""
        return digest(self.phrases, self.people)


NONE = Vocabulary()
