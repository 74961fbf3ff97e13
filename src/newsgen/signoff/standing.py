"""The standing of an article: how far it is approved, by the decisions on it.

Decisions are read in the order of the file. An approval counts if its stage is the next one for the version that it
names, and its person may sign. These rules are applied only here: `faults` lists the decisions that do not count, with
reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from newsgen.config.reviews_section import ReviewPolicy, Stage
from newsgen.content.approval import ApprovalFacts
from newsgen.core.model import Decision, Record

State = Literal["approved", "void", "waiting"]
"""`approved`: readers see the current text. `void`: an edit has made signatures void. `waiting`: signatures are
missing."""
Flaw = Literal["stage", "person", "author", "order", "twice", "again"]
"""The reason why a decision does not count. `stage`: there is no such stage. `person`: the person may not sign.
`author`: the person is an author. `order`: it is out of order. `twice`: the person has signed another stage, and too
few different people would sign. `again`: this stage is signed already."""


class Fault(Record, frozen=True):
    """A decision that does not count."""

    decision: Decision
    flaw: Flaw


class Subject(Record, frozen=True):
    """The subject of a signature: an article of a section with the version `digest`."""

    section: str
    authors: tuple[str, ...]
    digest: str


class Standing(Record, frozen=True):
    """The standing of an article. `digest` is its current version; `live` the last one that was fully approved, None if
    there is none or it was revoked.

    `signed` are the valid approvals of the current version, `signers` those of the live one. `stages` are all that the
    article must pass. `revoked` are versions whose approval was taken back. `was_signed`: somebody signed another
    version. `copied_from` is the article from which the signatures were copied, None if they are its own.
    """

    section: str
    digest: str
    live: str | None
    stages: tuple[Stage, ...]
    signed: tuple[Decision, ...] = ()
    signers: tuple[Decision, ...] = ()
    faults: tuple[Fault, ...] = ()
    revoked: tuple[str, ...] = ()
    was_signed: bool = False
    copied_from: str | None = None

    @property
    def state(self) -> State:
        """The state in one word."""
        if self.live == self.digest:
            return "approved"
        return "void" if self.live or (self.was_signed and not self.signed) else "waiting"

    @property
    def next_stage(self) -> Stage | None:
        """The stage that is to be signed next; None for an approved version."""
        return None if self.state == "approved" else self.stages[len(self.signed)]

    @property
    def waits_for(self) -> str:
        """The stage that is to be signed next and its reviewers: `复审（李老师、王老师）`; "" for an approved version."""
        stage = self.next_stage
        people = "、".join(person.name for person in stage.of_section(self.section)) if stage else ""
        return f"{stage.name}（{people}）" if stage else ""


def applies(policy: ReviewPolicy, section: str, facts: ApprovalFacts) -> bool:
    """Whether an article needs approval. In a section with stages, one with decisions does, whatever its date is."""
    if not policy.stages_of(section):
        return False
    if facts.decisions:
        return True
    return policy.pages if facts.minute is None else facts.minute[:10] >= policy.since


def standing_of(policy: ReviewPolicy, subject: Subject, decisions: Sequence[Decision]) -> Standing:
    """The standing by all decisions on an article."""
    return _DecisionReader(policy, subject).read(decisions)


class _DecisionReader:
    """The decisions on one article, read one after another."""

    def __init__(self, policy: ReviewPolicy, subject: Subject) -> None:
        self._policy, self._subject = policy, subject
        self._stages = policy.stages_of(subject.section)
        self._signed: dict[str, list[Decision]] = {}
        self._live: str | None = None
        self._signers: tuple[Decision, ...] = ()
        self._faults: list[Fault] = []
        self._revoked: list[str] = []

    def read(self, decisions: Sequence[Decision]) -> Standing:
        for decision in decisions:
            if decision.verdict == "approve":
                self._approve(decision)
            else:
                self._take_back(decision)
        digest = self._subject.digest
        return Standing(
            self._subject.section,
            digest,
            self._live,
            self._stages,
            tuple(self._signed.get(digest, ())),
            self._signers,
            tuple(self._faults),
            tuple(self._revoked),
            any(decision.verdict == "approve" and decision.digest != digest for decision in decisions),
        )

    def _approve(self, decision: Decision) -> None:
        signed = self._signed.setdefault(decision.digest, [])
        flaw = approval_flaw(self._policy, self._subject, signed, decision)
        if flaw:
            self._faults.append(Fault(decision, flaw))
            return
        signed.append(decision)
        if len(signed) == len(self._stages):
            self._live, self._signers = decision.digest, tuple(signed)
            self._signed = {decision.digest: signed}  # signatures of other versions no longer count
            if decision.digest in self._revoked:
                self._revoked.remove(decision.digest)

    def _take_back(self, decision: Decision) -> None:
        """Apply a rejection, which returns a version to its author, or a revocation, which takes it off the site."""
        is_live = decision.digest == self._live
        if decision.verdict == "reject" and is_live:
            self._faults.append(Fault(decision, "order"))
            return
        self._signed.pop(decision.digest, None)
        if decision.verdict == "revoke":
            self._revoked.append(decision.digest)
            if is_live:
                self._live, self._signers = None, ()


def approval_flaw(
    policy: ReviewPolicy, subject: Subject, signed: Sequence[Decision], decision: Decision
) -> Flaw | None:
    """The flaw of an approval that follows those `signed` for the same version; None if it counts."""
    stages = policy.stages_of(subject.section)
    names = [stage.name for stage in stages]
    if decision.stage not in names:
        return "stage"
    index = names.index(decision.stage)
    people = [person for person in stages[index].of_section(subject.section) if person.may_sign(decision.time[:10])]
    if decision.name not in [person.name for person in people]:
        return "person"
    if not policy.by_author and decision.name in subject.authors:
        return "author"
    if index < len(signed):
        return "again"
    if index > len(signed) or (signed and decision.time < signed[-1].time):
        return "order"
    different = {decision.name, *(item.name for item in signed)}
    return "twice" if len(different) + len(stages) - index - 1 < policy.people else None
