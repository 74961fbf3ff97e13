"""`newsgen approve`, `reject` and `revoke`: decisions of reviewers, written into the article that they are about.

With the last signature, the approved version is kept in approved/; a kept version to which nothing refers is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsgen.authoring.decisions import with_decision
from newsgen.authoring.new_files import HINTS, disk_error, remove_folders
from newsgen.config.people import PEOPLE
from newsgen.config.reviews_section import Stage
from newsgen.config.site_yaml import checking, read
from newsgen.content.approval import KEPT, KEPT_FILES
from newsgen.content.document import parse
from newsgen.content.scan import MOST_READ, real_path, scan
from newsgen.core.digest import running_digest
from newsgen.core.errors import ContentError, HostError, NewsgenError, UsageError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import FileChanged, is_regular, read_chunks, read_file, temporary_in, write_whole
from newsgen.core.model import Decision, Diagnostic, Markdown, Moment, Verdict, changed
from newsgen.core.platform import is_link
from newsgen.core.platform import replace as move
from newsgen.core.text import did_you_mean
from newsgen.signoff.article import ReviewedArticle, read_reviewed
from newsgen.signoff.kept_versions import KeptFile, files_in, kept_text, scan_kept, text_path, version_of
from newsgen.signoff.ssh_signatures import keys_of, prove
from newsgen.signoff.standing import Flaw, Standing, approval_flaw, standing_of

_HINTS = ("检查文件是不是只读、是不是正开着，再试一次", HINTS[1])


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision of a reviewer, as typed: `note` is free text, `number` that of the OA process, `key_file` a private key."""

    verdict: Verdict
    name: str
    now: datetime
    stage: str | None = None
    note: str | None = None
    number: str | None = None
    key_file: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A decision that was written into the article at `path`, and the article's standing afterwards."""

    path: str
    decision: Decision
    standing: Standing


def sign(root: Path, typed: str, ruling: Ruling) -> Signed:
    """Write a decision into one article. Raises UsageError, ContentError, HostError.

    Nothing is changed then, unless the HostError says that only an old kept version could not be deleted.
    """
    article = read_reviewed(root, typed)
    decision = Decision(
        ruling.verdict,
        _stage(article, ruling.stage).name if ruling.stage is not None else None,
        " ".join(ruling.name.split()),
        Moment.of(ruling.now, to_the_minute=True).minute,
        _version(article, ruling.verdict),
        _line(ruling.note),
        _line(ruling.number),
    )
    _refuse(article, decision)
    decision = _proven(root, decision, ruling.key_file)
    after = with_decision(article.path, article.data, decision)
    standing = standing_of(article.policy, article.subject, (*article.matter.approvals, decision))
    with _keeping(root, article) if standing.state == "approved" else nullcontext():
        _write(root, article, after)
    _drop(root, article, standing)
    return Signed(article.path, decision, standing)


def _proven(root: Path, decision: Decision, key_file: str | None) -> Decision:
    """The decision with its proof, if the person has a key.

    Raises UsageError if `key_file` is given for a person without one, HostError if signing fails.
    """
    name = checking(read(root)).people
    people = PEOPLE.parse(name, PEOPLE.read(root, name))
    keys = keys_of(decision.name, decision.time, people)
    if key_file and not keys:
        hint = "在 people.yaml 里给这个人加上 key: 公钥，或者去掉 --key"
        raise UsageError(f"people.yaml 里没有 {decision.name} 的公钥", hint, "review.key")
    return changed(decision, proof=prove(decision, keys, key_file)) if keys else decision


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _version(article: ReviewedArticle, verdict: Verdict) -> str:
    """The version decided on: the present one, but for a revocation the one that readers see, if there is one."""
    standing = article.standing
    return standing.live if verdict == "revoke" and standing.live else standing.digest


def _stage(article: ReviewedArticle, typed: str) -> Stage:
    stages = {stage.name: stage for stage in article.standing.stages}
    if typed.strip() in stages:
        return stages[typed.strip()]
    guess = did_you_mean(typed, stages)
    asked = f"是不是「{guess}」？" if guess else ""
    raise UsageError(f"没有「{typed}」这个环节", f"{asked}这一篇要过的环节：{'、'.join(stages)}", "review.stage")


# ---------------------------------------------------------------- refusals


def _refuse(article: ReviewedArticle, decision: Decision) -> None:
    """Raises ContentError for a decision that would not count."""
    standing = article.standing
    if decision.verdict == "approve":
        if standing.state == "approved":
            raise _refused(article, "review.done", "这一篇已经审完了", "不用再签；要收回，运行 newsgen revoke")
        flaw = approval_flaw(article.policy, article.subject, standing.signed, decision)
        if flaw:
            raise _refused(article, f"review.{flaw}", *_why(article, decision, flaw))
    elif decision.verdict == "reject" and standing.state == "approved":
        raise _refused(article, "review.done", "这一篇已经审完了，不能再退回", "要收回，运行 newsgen revoke")
    elif decision.name not in _people(article, decision.stage, decision.time[:10]):
        raise _refused(article, "review.person", *_why(article, decision, "person"))


def _people(article: ReviewedArticle, stage: str | None, day: str) -> dict[str, None]:
    """The people who may sign a stage of the article on a day; None means any stage."""
    stages = [item for item in article.standing.stages if stage in (None, item.name)]
    section = article.standing.section
    return dict.fromkeys(person.name for item in stages for person in item.of_section(section) if person.may_sign(day))


def _why(article: ReviewedArticle, decision: Decision, flaw: Flaw) -> tuple[str, str]:
    """The reason why a decision would not count, and the remedy (Chinese)."""
    standing, name, stage = article.standing, decision.name, decision.stage or ""
    if flaw == "person":
        people = "、".join(_people(article, decision.stage, decision.time[:10])) or "没有人"
        what = f"{stage}这一环" if stage else "这一篇"
        return f"{name} 不能签{what}", f"可以签的人：{people}；名单在 site.yaml 的 reviews: 里，由网站管理员改"
    if flaw == "author":
        return f"{name} 是这一篇的作者，不能审自己的文章", f"请别人签：{standing.waits_for}"
    if flaw == "order":
        last = standing.signed[-1] if standing.signed else None
        if last and decision.time < last.time:
            return f"时间 {decision.time} 早于上一环的签字 {last.time}", "检查电脑的时间，或者 --now"
        return _out_of_order(article, stage)
    if flaw == "stage":
        stages = "、".join(item.name for item in standing.stages)
        return "没有写明签的是哪一环" if not stage else f"没有「{stage}」这个环节", f"这一篇要过的环节：{stages}"
    signed = next((item for item in standing.signed if item.stage == stage), None)
    if flaw == "again" and signed:
        return f"{stage} 已经由 {signed.name} 在 {signed.time} 签过了", f"接下来：{standing.waits_for}"
    message = f"{name} 已经签过别的环节，这一篇至少要有 {article.policy.people} 个不同的人签字"
    return message, f"请别人签：{standing.waits_for}"


def _out_of_order(article: ReviewedArticle, stage: str) -> tuple[str, str]:
    missing = article.standing.next_stage
    name = missing.name if missing else ""
    void = [item for item in article.matter.approvals if item.stage == name and item.verdict == "approve"]
    if void and void[-1].digest != article.standing.digest:
        last = void[-1]
        message = f"不能签 {stage}：{last.name} {last.time} 签的 {name} 作废了，因为签字以后文章又改过"
    else:
        message = f"不能签 {stage}：前面的 {name} 还没有签"
    return message, f"按次序来，先要 {article.standing.waits_for} 签字"


def _refused(article: ReviewedArticle, code: str, message: str, hint: str) -> ContentError:
    return ContentError([Diagnostic(code, "error", message, hint, article.path, article.matter.line("approvals"))])


# ---------------------------------------------------------------- files


def _write(root: Path, article: ReviewedArticle, after: bytes) -> None:
    place = (root / article.real).resolve()

    def write() -> None:
        try:
            write_whole(place, after, instead_of=article.data)
        except FileChanged:
            message = f"{article.path} 刚刚被别的程序改过，没有动它"
            raise HostError(message, "再看一遍，再签一次", path=article.path) from None

    _doing(article.path, write)


def _doing(path: str, write: Callable[[], None], what: str = "没有签字，写不了") -> None:
    try:
        write()
    except OSError as error:
        raise disk_error(error, f"{what} {path}", path, _HINTS) from None


@contextmanager
def _keeping(root: Path, article: ReviewedArticle) -> Iterator[None]:
    """Keep the approved version before its approval is written; if writing fails, delete the files made for it."""
    made: list[str] = []
    try:
        for name in _keep(root, article):
            made.append(name)
        yield
    except NewsgenError:
        for name in made:
            with suppress(NewsgenError, OSError):
                _delete(root, name)
        remove_folders([root / KEPT_FILES, root / KEPT])
        raise


def _keep(root: Path, article: ReviewedArticle) -> Iterator[str]:
    """Keep a version: its files first, its text last. Yields the name of each new file before it is written."""
    if is_link(root / KEPT):
        message = f"{KEPT} 文件夹是通向别处的快捷方式（符号链接）"
        raise HostError(message, f"删去它，建一个真正的 {KEPT} 文件夹", path=KEPT)
    kept = tuple(file for file, _ in article.files)
    text = kept_text(article.matter, article.body, kept)
    version = version_of(parse(text, Markdown()).document, files_in(text))
    if version != article.standing.digest:
        message = "这一篇的文件头里有保存不下来的写法，没有签字"
        raise ContentError(
            [Diagnostic("review.kept", "error", message, "运行 newsgen check 看看哪里写得特别", article.path)]
        )
    for file, real in article.files:
        if not is_regular(root / file.path):
            yield file.path
            _copy(root, real, file)
    if not (root / text_path(version)).exists():
        yield text_path(version)
    _doing(text_path(version), lambda: _put(root / text_path(version), text))


def _put(place: Path, text: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_file() or place.read_bytes() != text:
        write_whole(place, text)


def _copy(root: Path, real: str, file: KeptFile) -> None:
    """Copy a photo or attachment, which may be larger than memory."""
    place = root / file.path
    temporary = temporary_in(place.parent)

    def copy() -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        found = running_digest()
        with temporary.open("wb") as target:
            for chunk in read_chunks(root / real, MOST_BYTES):
                found.update(chunk)
                target.write(chunk)
        if found.hexdigest() != file.digest:
            raise HostError(f"{real} 刚刚被别的程序改过，没有签字", "再看一遍，再签一次", path=real)
        move(temporary, place)

    try:
        _doing(file.path, copy)
    finally:
        temporary.unlink(missing_ok=True)


def _drop(root: Path, article: ReviewedArticle, standing: Standing) -> None:
    """Delete the version that was kept for the article until now, unless another article names it."""
    old = article.standing.live
    if old is None or old == standing.live or _is_named(root, article.path, old):
        return
    _delete(root, text_path(old))
    kept = scan_kept(root)
    texts = (read_file(root / item.real, MOST_READ) for item in kept if item.path.endswith(".md"))
    named = {file.path for text in texts for file in files_in(text).values()}
    for item in kept:
        if item.path.startswith(f"{KEPT_FILES}/") and item.path not in named:
            _delete(root, item.real)


def _is_named(root: Path, path: str, version: str) -> bool:
    others = (item for item in scan(root).found if item.is_text and item.path != path)
    return any(version.encode() in read_file(root / item.real, MOST_READ) for item in others)


def _delete(root: Path, name: str) -> None:
    place = real_path(root, name)
    _doing(name, lambda: place.unlink(missing_ok=True), "签好了，只是删不去")
    folder = place.parent
    if folder != root / KEPT and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
