"""Commands of sign-off: approve, reject, revoke."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, now_option, root_option
from newsgen.cli.output import print_json

if TYPE_CHECKING:
    from newsgen.authoring.sign_off import Ruling, Signed

by_option = click.option("--by", "name", metavar="姓名", required=True, help="谁签字")
stage_option = click.option("--stage", metavar="环节", required=True, help="哪一个环节，例如 初审")
key_option = click.option("--key", "key_file", metavar="私钥文件", help="用这个 SSH 私钥签（默认：ssh 的 agent 里的）")
number_option = click.option("--oa", "number", metavar="编号", help="OA 里的流程编号；只记下来，不会公开")


@click.command("approve", cls=ChineseCommand)
@click.argument("files", metavar="文章...", nargs=-1, required=True)
@stage_option
@by_option
@key_option
@number_option
@click.option("--note", metavar="意见", help="审核意见；只记下来，不会公开")
@now_option
@root_option
@json_option
def approve_command(
    files: tuple[str, ...],
    stage: str,
    name: str,
    key_file: str | None,
    number: str | None,
    note: str | None,
    now: datetime,
    root: Path,
    as_json: bool,
) -> None:
    """审核同意：在文章里记下谁在什么时候签了哪一个环节。"""
    from newsgen.authoring.sign_off import Ruling

    _sign(root, files, Ruling("approve", name, now, stage, note, number, key_file), as_json)


@click.command("reject", cls=ChineseCommand)
@click.argument("file", metavar="文章")
@stage_option
@by_option
@click.option("--why", metavar="理由", required=True, help="为什么退回；只记下来，不会公开")
@key_option
@number_option
@now_option
@root_option
@json_option
def reject_command(
    file: str,
    stage: str,
    name: str,
    why: str,
    key_file: str | None,
    number: str | None,
    now: datetime,
    root: Path,
    as_json: bool,
) -> None:
    """审核退回：已经签的字作废，改好以后从第一个环节重新签。"""
    from newsgen.authoring.sign_off import Ruling

    _sign(root, (file,), Ruling("reject", name, now, stage, why, number, key_file), as_json)


@click.command("revoke", cls=ChineseCommand)
@click.argument("file", metavar="文章")
@by_option
@click.option("--why", metavar="理由", required=True, help="为什么撤销；只记下来，不会公开")
@key_option
@now_option
@root_option
@json_option
def revoke_command(
    file: str, name: str, why: str, key_file: str | None, now: datetime, root: Path, as_json: bool
) -> None:
    """撤销审签：文章从网站上拿下来，直到重新审完。"""
    from newsgen.authoring.sign_off import Ruling

    _sign(root, (file,), Ruling("revoke", name, now, None, why, key_file=key_file), as_json)


def _sign(root: Path, files: tuple[str, ...], ruling: Ruling, as_json: bool) -> None:
    from newsgen.authoring.sign_off import sign

    done = []
    for file in files:
        done.append(sign(root, file, ruling))
        click.echo(_line(done[-1]), err=as_json)
    if as_json:
        print_json({"files": [_as_json(signed) for signed in done]})


def _line(signed: Signed) -> str:
    decision, standing = signed.decision, signed.standing
    if decision.verdict == "revoke":
        return f"已撤销 {signed.path} 的审签：下次发布，网站上就没有它了。要再公开，先等 {standing.waits_for} 签字。"
    if decision.verdict == "reject":
        return f"已退回 {signed.path}：{decision.note}。改好以后，从 {standing.waits_for} 签起。"
    proof = "，用密钥签了名" if decision.proof else "（没有密钥，是一条记录）"
    stage = f"已记下 {signed.path}：{decision.name} {decision.stage}同意{proof}"
    if standing.state == "approved":
        return f"{stage}。审完了，下次发布就在网站上；把这篇文章和 approved 文件夹一起提交到仓库。"
    return f"{stage}。接下来等 {standing.waits_for} 签字。"


def _as_json(signed: Signed) -> dict[str, object]:
    decision, standing = signed.decision, signed.standing
    return {
        "path": signed.path,
        "verdict": decision.verdict,
        "stage": decision.stage,
        "name": decision.name,
        "time": decision.time,
        "digest": decision.digest,
        "signed": decision.proof is not None,
        "state": standing.state,
        "waits_for": standing.waits_for or None,
    }
