"""Photos and downloads of withdrawn articles that something public shows again: a warning for each.

It is no error, since an article that was withdrawn for a wrong name may be written anew with the same photos.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsgen.config.model import Ledger, Withdrawal
from newsgen.core.model import Diagnostic, Download, Picture
from newsgen.site.model import Article, Section

_BYTES = re.compile(r"[0-9a-f]{10}(?=\.[^./]*$)")
"""The part of a file's address that is the digest of its bytes: a copy may have another name."""


def files_shown_again(owners: Iterable[Article | Section], ledger: Ledger) -> Iterator[Diagnostic]:
    """The diagnostics on files of withdrawn articles that the owners show: one for each, where it is named first."""
    withdrawn = {_bytes_of(address): entry for entry in ledger.standing for address in entry.files}
    if not withdrawn:
        return
    seen: set[str] = set()
    for owner in owners:
        for file, line in _shown(owner):
            entry = withdrawn.get(_bytes_of(file.address))
            if entry and file.address not in seen:
                seen.add(file.address)
                yield _again(file, entry, owner, line)


def _bytes_of(address: str) -> str:
    found = _BYTES.search(address)
    return found[0] if found else address


def _shown(owner: Article | Section) -> Iterator[tuple[Picture | Download, int]]:
    """The files that an article or section shows, each with its line."""
    references = owner.body_summary.references if owner.body_summary else ()
    named: list[tuple[object, int]] = [
        (target, reference.line) for reference, target in zip(references, owner.targets, strict=True)
    ]
    if isinstance(owner, Article):
        named += [(entry.file, owner.matter.line("attachments")) for entry in owner.attachments]
        named.append((owner.cover, owner.matter.line("cover")))
    yield from ((file, line) for file, line in named if isinstance(file, Picture | Download))


def _again(file: Picture | Download, entry: Withdrawal, owner: Article | Section, line: int) -> Diagnostic:
    what = "照片" if isinstance(file, Picture) else "文件"
    message = f"{file.path} 是 {entry.when[:10]} 撤下的 {entry.article} 的{what}，这里又公开了"
    hint = f"{what}也不能公开，就从这里删去；可以公开，就在 withdrawn.yaml 那一条的 files 里删去它这一行"
    return Diagnostic("withdrawn.file", "warning", message, hint, owner.ref.path if owner.ref else "", line)
