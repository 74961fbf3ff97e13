"""Rules for a target: no release with an article that was withdrawn, or whose approval was revoked, is restored, and no entry
of the ledger is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from newsgen.config.model import Ledger
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.publish.release import Release, sha256
from newsgen.publish.transport.base import STATE

LEDGER = "withdrawn.yaml"
NOTED = f"{STATE}/withdrawn"


def refuse_held(release: str, commit: str | None, files: Collection[str], ledger: Ledger) -> None:
    """Raises ContentError (`rollback.withdrawn`) if a release with these files would show a withdrawn article again.

    Its lists and feeds name the article too, so leaving out files is no remedy: the older state has to be built anew.
    """
    old = f"git checkout {commit[:12]} -- content" if commit else "用 git 把 content 恢复到那时的样子"
    hint = f"要回到那时的内容：{old}，再运行 newsgen publish（withdrawn.yaml 不要动）；或者回到更早、没有它的一版"
    found = [
        Diagnostic(
            "rollback.withdrawn", "error", f"{release} 里还有 {entry.when[:10]} 撤下的 {entry.article}", hint, LEDGER
        )
        for entry in ledger.held(files)
    ]
    if found:
        raise ContentError(found)


def refuse_revoked(release: Release, revoked: Mapping[str, str]) -> None:
    """Raises ContentError (`rollback.revoked`) if a release shows a version whose approval was revoked since.

    `revoked` maps such versions to the paths of their articles.
    """
    hint = "重新审完这一篇再发布；或者回到更早、没有它的一版"
    found = [
        Diagnostic("rollback.revoked", "error", f"{release.id} 里的 {address}，审签后来撤销了", hint, revoked[version])
        for address, version in release.approvals.items()
        if version in revoked
    ]
    if found:
        raise ContentError(found)


def noted(ledger: Ledger) -> bytes:
    """The bytes of NOTED: the hashes of all addresses in the ledger, those of restored articles included."""
    addresses = {address for entry in ledger.entries for address in entry.addresses}
    return "".join(f"{sha256(address.encode())}\n" for address in sorted(addresses)).encode()


def refuse_forgotten(before: bytes | None, ledger: Ledger) -> None:
    """Raises ContentError (`publish.ledger-lost`) where NOTED, if it exists, holds addresses that the ledger lacks.

    An entry that was deleted by mistake would bring an article back.
    """
    lost = set((before or b"").splitlines()) - set(noted(ledger).splitlines())
    if lost:
        message = f"withdrawn.yaml 里少了记录：线上的网站已经撤下 {len(lost)} 个网址，这里却没有了"
        hint = "从仓库里取回 withdrawn.yaml（git log 里看谁改过）；要恢复一篇文章，不要删记录，在它下面加一行 restored: 日期"
        raise ContentError([Diagnostic("publish.ledger-lost", "error", message, hint, LEDGER)])
