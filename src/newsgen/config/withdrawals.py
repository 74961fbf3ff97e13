"""The ledger of withdrawals, `withdrawn.yaml` beside site.yaml: articles taken off the site, with time and reason.

It is kept in the site's repository, its titles and reasons are never published, and entries are only ever added. A
build leaves out the articles in it, the server's rules answer 410 at their addresses, and publishing restores none of
them, neither by a rollback nor as a carried asset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from newsgen.config.model import Ledger, Withdrawal
from newsgen.core.errors import ConfigError, HostError
from newsgen.core.files import FileRefused, read_file
from newsgen.core.model import Diagnostic
from newsgen.core.platform import reason, replace
from newsgen.core.scalars import FieldError, parse_moment
from newsgen.core.text import clean, decode, did_you_mean
from newsgen.core.yaml import nodes
from newsgen.core.yaml.nodes import ForbiddenCharacters, Node, Scalar, YamlError

FILE_NAME = "withdrawn.yaml"
LIMIT = 2_000_000
_HEAD = """\
# 撤下的文章：什么时候、为什么从网站上去掉。newsgen withdraw 往后面加，只增不删；这个文件不会发布到网站上。
# 要恢复一篇，在它下面加一行：  restored: 恢复的日期
"""
_EXAMPLE = '- article: 文章的文件，从 content/ 写起\n  when: 撤下的时间，写成“年-月-日 时:分”\n  why: "理由"'
_TEXTS = ("article", "title", "why", "text")
_MOMENTS = ("date", "when", "restored")
_LISTS = ("addresses", "files")
_KEYS = (*_TEXTS, *_MOMENTS, *_LISTS)
_NEEDED = ("article", "when", "why")


def load(root: Path) -> Ledger:
    """The ledger of the site at `root`, empty if there is no file. Raises ConfigError with every fault found."""
    return parse(read(root))


def read(root: Path) -> bytes | None:
    """The bytes of `root`/withdrawn.yaml; None if there is no file. Raises ConfigError if it cannot be read.

    A link is refused. A broken one would mean an empty ledger, and restore all withdrawn articles; and the next
    withdrawal would replace the link by a file, which readers of the link's target would miss.
    """
    try:
        return read_file(root / FILE_NAME, LIMIT, follow=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError([_error(1, f"读不了 {FILE_NAME}：{reason(error)}", _unreadable(error))]) from None


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileRefused):
        return "这里要是一个普通的文件：从仓库里取回来（git checkout）；是快捷方式的，换成它通向的文件本身"
    return "检查它有没有读取权限"


def parse(data: bytes | None) -> Ledger:
    """The ledger in these bytes, empty for None. Raises ConfigError with every fault found."""
    if data is None:
        return Ledger()
    from newsgen.core.yaml.parser import parse as parse_yaml

    text, refused = decode(data)
    if text is None:  # an empty file, too: it would bring back everything
        hint = "从仓库里取回原来的（git checkout），改的时候存成 UTF-8；从来没有撤下过文章，就删去这个文件"
        raise ConfigError(
            _error(diagnostic.line, f"读不了 {FILE_NAME}：{diagnostic.message}", hint) for diagnostic in refused
        )
    try:
        node = parse_yaml(text)
    except (YamlError, ForbiddenCharacters) as error:
        raise ConfigError([_error(error.line, error.message, error.hint)]) from None
    if isinstance(node, Scalar) and not node.text:
        return Ledger()
    if not isinstance(node, nodes.Sequence):
        raise ConfigError([_error(1, f"{FILE_NAME} 里应是一条一条的记录", f"每条写成：\n{_EXAMPLE}")])
    diagnostics: list[Diagnostic] = []
    found = tuple(_entry(item, diagnostics) for item in node.items)
    if diagnostics:
        raise ConfigError(diagnostics)
    return Ledger(tuple(entry for entry in found if entry))


def _entry(node: Node, diagnostics: list[Diagnostic]) -> Withdrawal | None:
    """One entry; None if it has faults, which are appended to `diagnostics`."""
    if not isinstance(node, nodes.Mapping):
        diagnostics.append(_error(node.line, "这条记录应是几行“键: 值”", f"写成：\n{_EXAMPLE}"))
        return None
    values = {key.text: value for key, value in node.entries}
    before = len(diagnostics)
    diagnostics += _key_errors(node, values)
    texts = {key: _text(values[key], diagnostics) for key in _TEXTS if key in values}
    lists = {key: tuple(_paths(values[key], diagnostics)) for key in _LISTS if key in values}
    moments = {key: _moment(values[key], diagnostics) for key in _MOMENTS if key in values}
    if len(diagnostics) > before:
        return None
    day = moments.pop("date", "")[:10] or None
    return Withdrawal(**texts, **moments, date=day, addresses=lists.get("addresses", ()), files=lists.get("files", ()))


def _key_errors(node: nodes.Mapping, values: Mapping[str, Node]) -> Iterator[Diagnostic]:
    for key, _ in node.entries:
        if key.text not in _KEYS:
            guess = did_you_mean(key.text, _KEYS)
            hint = f"是不是想写 {guess}: ？" if guess else f"可用的键有：{'、'.join(_KEYS)}"
            yield _error(key.line, f"不认识的键 {key.text}", hint)
    missing = [key for key in _NEEDED if key not in values]
    if missing:
        yield _error(node.line, f"这条记录缺少 {'、'.join(missing)}", f"加上缺少的；一条记录是：\n{_EXAMPLE}")


def _text(node: Node, diagnostics: list[Diagnostic]) -> str:
    if isinstance(node, Scalar) and node.text.strip():
        return node.text.strip()
    diagnostics.append(_error(node.line, "这里应是一行文字", "写成 键: 文字"))
    return ""


def _moment(node: Node, diagnostics: list[Diagnostic]) -> str:
    try:
        return parse_moment(_text(node, [])).minute
    except FieldError as error:
        diagnostics.append(_error(node.line, error.message, error.hint))
        return ""


def _paths(node: Node, diagnostics: list[Diagnostic]) -> Iterator[str]:
    """Addresses: paths that stay inside the site, or, with a leading `/`, paths on the server."""
    for item in nodes.items_of(node):
        path = _text(item, diagnostics)
        if ".." in PurePosixPath(path).parts or not path.isprintable():
            diagnostics.append(_error(item.line, f"这不是网站里的网址：{path}", "照 newsgen withdraw 写下的样子改回来"))
        yield path


def add(root: Path, entry: Withdrawal) -> None:
    """Append an entry to the ledger, writing the whole file or nothing. Raises HostError, and ConfigError as read()."""
    path = root / FILE_NAME
    try:
        before = read(root)
        before = _HEAD.encode() if before is None else before
        end = b"" if before.endswith(b"\n") or not before else b"\n"
        temporary = path.with_name(f".{FILE_NAME}.new")
        temporary.unlink(missing_ok=True)  # a link is never written through
        with temporary.open("xb") as file:
            file.write(before + end + _written(entry).encode())
        replace(temporary, path)
    except OSError as error:
        message = f"写不了 {FILE_NAME}：{reason(error)}"
        raise HostError(message, "检查磁盘空间和写入权限", "withdraw.write", FILE_NAME) from None


def _written(entry: Withdrawal) -> str:
    lines = [f"- article: {_quoted(entry.article)}", f"  title: {_quoted(entry.title)}"]
    lines += [f"  date: {entry.date}"] if entry.date else []
    lines += [f"  when: {entry.when}", f"  why: {_quoted(entry.why)}"]
    lines += [f"  text: {entry.text}"] if entry.text else []
    for key, paths in (("addresses", entry.addresses), ("files", entry.files)):
        lines += _listed(key, paths) if paths else []
    return "\n".join(lines) + "\n"


def _listed(key: str, paths: Sequence[str]) -> list[str]:
    return [f"  {key}:", *(f"    - {_quoted(path)}" for path in paths)]


def _quoted(text: str) -> str:
    return nodes.quoted(" ".join(clean(text).split()))


def _error(line: int, message: str, hint: str) -> Diagnostic:
    return Diagnostic("ledger", "error", message, hint, FILE_NAME, line)
