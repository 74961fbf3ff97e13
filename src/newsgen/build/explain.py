"""`newsgen why OUTPUT`: the reason why the last build rendered an output, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from newsgen.build.cache.state import BuildState
from newsgen.build.locations import open_store
from newsgen.build.output.manifest import read_manifest
from newsgen.build.reasons import Change, Reason
from newsgen.core.errors import UsageError
from newsgen.core.model import Record
from newsgen.core.platform import quoted
from newsgen.core.text import did_you_mean
from newsgen.pages.kinds import PAGE_KINDS

_CAUSES = {
    "new": "以前没有这个文件",
    "altered": "它被人改动或删除过，已经照原样恢复",
    "asked": "用了 --full",
    "builder": "newsgen 或它用到的程序库换了版本",
    "forgotten": "有内容变了；但以前的记录不在了，说不出是哪一项",
}
_PARTS = {
    "template": "模板",
    "frame": "各页共用的部分（名称、菜单、页脚）",
    "column": "所在的栏目",
    "body": "正文",
    **{name: words for kind in PAGE_KINDS for name, words in kind.parts.items()},
}
_INPUTS = {"@menu": "菜单", "@pages": "页脚里的单页", "@links": "链接所指的网址", "@clock": "时间"}
_HOW = {"changed": "变了", "added": "新加入", "removed": "不再有"}


class Explanation(Record, frozen=True):
    """The reason why the output at `output` was rendered by the last build; `reason` is None where it was kept."""

    output: str
    reason: Reason | None

    def lines(self) -> Iterator[str]:
        """The explanation in words."""
        if self.reason is None:
            yield f"{self.output}：上次没有重新生成，它用到的内容都没有变。"
        elif self.reason.cause != "changed":
            yield f"{self.output}：上次重新生成了，因为{_CAUSES[self.reason.cause]}。"
        else:
            yield f"{self.output}：上次重新生成了，因为："
            yield from (f"  {_words(change)}" for change in self.reason.changes)


def _words(change: Change) -> str:
    what = _PARTS.get(change.part, change.part)
    if change.input == change.part:
        return f"{what}变了"
    return f"{what}：{_INPUTS.get(change.input, change.input)} {_HOW[change.how]}"


def explain(root: Path, out: Path, shown: str, output: str) -> Explanation:
    """The reason why the last build into `out` (the user calls it `shown`) rendered the output that the user names.

    Raises UsageError for an output that does not exist, and where the store holds no reasons.
    """
    manifest = read_manifest(out, shown)
    path = _plain(output, out, shown)
    path = path if path in manifest else f"{path}/index.html".lstrip("/")
    if path not in manifest:
        guess = did_you_mean(output, list(manifest)[:5000])
        hint = f"是不是想写 {quoted(guess)} ？" if guess else f"写它在 {shown} 里的位置，例如：newsgen why index.html"
        raise UsageError(f"{shown} 里没有这个文件：{output}", hint, "why.output")
    with closing(open_store(root)) as store:
        reasons = BuildState(root, store).reasons(out)
    if reasons is None:
        raise UsageError("上次生成的记录不在了", "运行一次 newsgen build，再问", "why.forgotten")
    return Explanation(path, reasons.of(path))


def _plain(output: str, out: Path, shown: str) -> str:
    """The path below the output folder, whether typed from there, from the site's folder, or as an absolute path."""
    typed = output.replace("\\", "/")
    if Path(typed).is_absolute() and Path(typed).is_relative_to(out):
        return Path(typed).relative_to(out).as_posix()
    path = PurePosixPath(typed)
    return str(path.relative_to(shown) if path.is_relative_to(shown) else path).strip("/")
