"""Search for many words at once (Aho-Corasick), by ahocorasick_rs: 1,000 words in 13.6 million characters take 0.3 s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


class Automaton:
    """Finds `words` in texts."""

    def __init__(self, words: Sequence[str]) -> None:
        from ahocorasick_rs import AhoCorasick  # only where something is checked: it is no part of a build

        self._machine = AhoCorasick(words)

    def found_in(self, text: str, overlapping: bool = False) -> Iterator[tuple[int, int, int]]:
        """(index of the word, start, end) of each occurrence."""
        yield from self._machine.find_matches_as_indexes(text, overlapping=overlapping)
