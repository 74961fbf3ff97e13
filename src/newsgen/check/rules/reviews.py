"""Rules about sign-off: articles that are unsigned or void, and signatures that do not count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, finding_by
from newsgen.config.people import Person
from newsgen.core.model import Decision
from newsgen.signoff.ssh_signatures import keys_of
from newsgen.signoff.standing import Fault, Standing

_REASONS = {
    "stage": ("没有「{stage}」这个环节", "环节写在 site.yaml 的 reviews: 里；请网站管理员看看是哪里改了"),
    "person": ("{name} 不能签{stage}", "请能签的人重新签；人是调走了的，在 site.yaml 里写上 until，他以前签的就还算数"),
    "author": ("{name} 是这一篇的作者，不能审自己的文章", "请别人重新签"),
    "order": ("{stage} 签得不合次序", "按环节的次序重新签；文件里的次序不要动"),
    "twice": ("{name} 签了不止一个环节，不同的人不够", "请别人重新签"),
}


def review_findings(standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """The findings about the articles that need approval."""
    for path, standing in standings.items():
        yield from _state(path, standing)
        for fault in standing.faults:
            if fault.flaw in _REASONS and fault.decision.digest in (standing.digest, standing.live):
                yield _fault(path, fault)


def proof_findings(
    standings: Mapping[str, Standing], people: Sequence[Person], is_proof: Callable[[Decision, Sequence[str]], bool]
) -> Iterator[Finding]:
    """The findings about valid decisions without a proof, though the person has a key in the roster."""
    for path, standing in standings.items():
        for decision in dict.fromkeys((*standing.signed, *standing.signers)):
            keys = keys_of(decision.name, decision.time, people)
            if keys and not is_proof(decision, keys):
                message = f"{decision.name} 的 {decision.stage} 没有用他的密钥签名"
                if decision.proof:
                    message = f"{decision.name} 的 {decision.stage}：签名和他的密钥对不上，签字是改动过的，或是别人写的"
                hint = f"请 {decision.name} 自己重新签：先 newsgen revoke 或 reject，再 newsgen approve --key 私钥文件"
                yield finding_by(RULES, "review.key", message, hint, path, decision.line)


def _state(path: str, standing: Standing) -> Iterator[Finding]:
    if standing.state == "approved":
        return
    hint = f"等 {standing.waits_for} 签字：newsgen approve"
    if standing.copied_from:
        message = f"审签是从 {standing.copied_from} 抄来的，不算数"
        yield finding_by(RULES, "review.copied", message, f"删去“审签”和它下面的几行；{hint}", path)
    elif standing.state == "void":
        now = "网站上仍是审过的那一版" if standing.live else "先不公开"
        yield finding_by(RULES, "review.void", f"签字以后又改过，签的字作废了，{now}", hint, path)
    else:
        yield finding_by(RULES, "review.waiting", "还没有审完，先不公开", hint, path)


def _fault(path: str, fault: Fault) -> Finding:
    decision = fault.decision
    message, hint = _REASONS[fault.flaw]
    words = {"name": decision.name, "stage": decision.stage or ""}
    return finding_by(
        RULES, f"review.{fault.flaw}", f"{message.format(**words)}，这个签字不算数", hint, path, decision.line
    )


RULES = (
    Rule(
        "review.waiting",
        "info",
        "还没有审完",
        "网站要求审签时，没有审完的文章不公开。",
        "还缺终审的签字",
        "各个环节都签了字",
    ),
    Rule(
        "review.void",
        "warning",
        "签字以后又改过",
        "签的字只对签的那一版有效：正文、标题、照片、附件改动一点，就要重新签。",
        "终审以后又改了一个字",
        "改完以后重新审了一遍",
    ),
    Rule(
        "review.copied",
        "error",
        "抄来的审签",
        "复制一篇文章来写新的，审签也会跟着过来；它签的是原来那一篇。",
        "新文章里留着原来那一篇的审签",
        "删去了审签，重新审",
    ),
    Rule(
        "review.stage",
        "error",
        "没有的环节",
        "环节由 site.yaml 规定。",
        "环节: 五审",
        "环节: 终审",
    ),
    Rule(
        "review.person",
        "error",
        "不能签字的人签了",
        "每个环节谁可以签，写在 site.yaml 里。",
        "终审由不在名单上的人签",
        "终审由名单上的人签",
    ),
    Rule(
        "review.author",
        "error",
        "作者审了自己的文章",
        "作者和审核的人应当是两个人；小单位可以在 site.yaml 里写 author: 是。",
        "作者和初审都是张老师",
        "作者是张老师，初审是李老师",
    ),
    Rule(
        "review.order",
        "error",
        "签字不合次序",
        "初审在前，终审在后；后签的时间也不会更早。",
        "终审签在初审前面",
        "先初审，再终审",
    ),
    Rule(
        "review.twice",
        "error",
        "一个人签了几个环节",
        "三审要几个不同的人，写在 site.yaml 的 people 里。",
        "初审和终审是同一个人",
        "初审和终审是两个人",
    ),
    Rule(
        "review.key",
        "error",
        "没有密钥签名，或者对不上",
        "people.yaml 里有公钥的人，签字要用他的私钥签名；对不上的，是别人写的，或是改动过的。",
        "有人手写了“姓名: 孙书记”",
        "孙书记用自己的密钥签了名",
    ),
)
