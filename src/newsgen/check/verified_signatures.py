"""A cache of verified signatures over decisions in the store: ssh-keygen takes some milliseconds for each."""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.build.cache.store import Store
from newsgen.core.model import Decision
from newsgen.signoff.ssh_signatures import is_proven, proof_name

_RECORD = "proofs"


class VerifiedSignatures:
    """The signatures that earlier checks have verified."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[str] = set(store.record(_RECORD, list[str]) or [])

    def holds(self, decision: Decision, keys: Sequence[str]) -> bool:
        """Whether the proof of a decision is a signature by one of the keys. Raises HostError without ssh-keygen."""
        name = proof_name(decision, keys)
        if name in self._known:
            return True
        if not is_proven(decision, decision.proof, keys):
            return False
        self._known.add(name)
        self._store.write_records({_RECORD: sorted(self._known)})
        return True
