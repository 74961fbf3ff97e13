"""The gate before publishing: it refuses identity and bank card numbers in articles, attachments and file names, and
signatures that do not match the signer's key.
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
    """Raises ContentError if a public article or attachment holds an identity or bank card number, or a forged
    signature.

    Findings do not count if site.yaml switches them off (for one file with a reason, or for all) or lowers their
    severity.
    """
    result = check_site(CheckRequest(root, now), progress)
    barred = [item.diagnostic for item in result.findings if is_barred(item) and item.path in result.public]
    if barred:
        raise ContentError(barred)


def is_barred(finding: Finding) -> bool:
    """Whether a finding prevents publishing."""
    return finding.code in BARRED and finding.severity == "error"
