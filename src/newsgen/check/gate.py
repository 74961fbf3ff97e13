"""The gate before publishing: no personal numbers that are read at a glance, in articles or attachments, and nothing that was
signed in the name of somebody whose key says otherwise.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from newsgen.check.finding import Finding
from newsgen.check.pipeline import check_site
from newsgen.check.selection import CheckRequest
from newsgen.core.errors import ContentError
from newsgen.core.model import Progress

BARRED = frozenset(("personal.identity", "personal.bank-card", "files.name", "review.key"))


def refuse_personal_data(root: Path, now: datetime, progress: Progress) -> None:
    """Raises ContentError where a public article or attachment holds an identity or bank card number, or a forged signature.

    What site.yaml switches off, or makes less than an error, may pass: for one file with a reason, or for all.
    """
    result = check_site(CheckRequest(root, now), progress)
    barred = [item.diagnostic for item in result.findings if is_barred(item) and item.path in result.public]
    if barred:
        raise ContentError(barred)


def is_barred(finding: Finding) -> bool:
    """Whether nothing may be published as long as this stands."""
    return finding.code in BARRED and finding.severity == "error"
