"""site.yaml -> Config. Every fault is reported with its line; an unknown key is an error with "did you mean".

The keys and their meaning are design 5.0; the sample site's site.yaml comments on each of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsgen.errors import ConfigError, UsageProblem
from newsgen.fields import FieldProblem, parse_bool, parse_integer, parse_list, parse_moment, parse_url
from newsgen.model import Diagnostic, Located, Markdown
from newsgen.nodes import Mapping, Node, Scalar, Sequence, YamlProblem
from newsgen.settings import (
    Config,
    Credits,
    FooterText,
    FriendlyLink,
    Front,
    Period,
    Publishing,
    Signing,
    Target,
)
from newsgen.text import decode, did_you_mean

FILE_NAME = "site.yaml"


class _Fault(Exception):
    """One wrong value, at `node`."""

    def __init__(self, node: Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.hint = node, message, hint


Reader = Callable[[Node, "list[_Fault]"], Any]
"""Turns a node into a typed value; raises _Fault, or notes several faults in the list."""


def load(root: Path) -> Config:
    """Read `root`/site.yaml.

    Raises ConfigError with every fault found, UsageProblem where there is no such file.
    """
    return parse_config(_read(root))


def publishing(root: Path) -> Publishing:
    """What `publish:` in `root`/site.yaml says. It is no part of Config, so that nothing is built anew for it.

    Raises as load() does.
    """
    found: Publishing = _values(_read(root)).get("publish", Publishing())
    return found


def _read(root: Path) -> bytes:
    if not (root / FILE_NAME).is_file():
        raise UsageProblem(
            f"这个文件夹里没有 {FILE_NAME}：{root}",
            "换到站点文件夹里再运行，或用 -C 指明站点文件夹；要新建站点，用 newsgen init 文件夹名",
            "config.missing",
            FILE_NAME,
        )
    try:
        return (root / FILE_NAME).read_bytes()
    except OSError as error:
        message = f"读不了 {FILE_NAME}：{error.strerror}"
        raise ConfigError([_diagnostic("config.unreadable", message, "检查它是不是一个文件、有没有读取权限")]) from None


def parse_config(data: bytes) -> Config:
    """The Config that the bytes of a site.yaml stand for. Raises ConfigError."""
    values = _values(data)
    values.pop("publish", None)
    return Config(**{"source": values["organization"], **values})


def _values(data: bytes) -> dict[str, Any]:
    """The typed values of all keys. Raises ConfigError."""
    from newsgen.yamltext import parse

    if not data.strip():
        raise ConfigError([_diagnostic("config.empty", f"{FILE_NAME} 是空的", f"至少写这四行：\n{_EXAMPLE}")])
    text, remarks = decode(data)
    if text is None or remarks:
        hint = f"用记事本打开 {FILE_NAME}，选“文件 → 另存为”，把“编码”选成 UTF-8，再保存"
        said = [(r.code, r.message if text is None else "不是 UTF-8 编码", r.line) for r in remarks]
        raise ConfigError(_diagnostic(code, f"读不了 {FILE_NAME}：{words}", hint, line) for code, words, line in said)
    try:
        node = parse(text)
    except YamlProblem as problem:
        fault = _diagnostic("config.syntax", problem.message, problem.hint, problem.line, problem.column)
        raise ConfigError(_full_width_colons(text) or [fault]) from None
    faults: list[_Fault] = []
    try:
        if not isinstance(node, Mapping):
            raise _Fault(node, f"{FILE_NAME} 里应是一行一个“键: 值”", f"至少写这四行：\n{_EXAMPLE}")
        values = _mapping(node, SITE_KEYS, faults)
        faults += _missing(node, values)
    except _Fault as fault:
        faults.append(fault)
    if faults:
        faults.sort(key=lambda fault: fault.node.line)
        raise ConfigError(
            _full_width_colons(text)
            or (_diagnostic("config.value", f.message, f.hint, f.node.line, f.node.column) for f in faults)
        )
    return values


def _full_width_colons(text: str) -> list[Diagnostic]:
    """Known keys with a Chinese colon: YAML complains about the line below, or takes the line for a value."""
    lines = enumerate(text.split("\n"), 1)
    found = [(number, line, match) for number, line in lines if (match := _FULL_WIDTH_COLON.match(line))]
    message = "冒号是中文的，要用英文的冒号，后面空一格"
    return [
        _diagnostic("config.colon", message, f"改成：{match[1]}: {line[match.end() :].strip()}", number, match.end())
        for number, line, match in found
        if match[1] in KNOWN_KEYS
    ]


def _diagnostic(code: str, message: str, hint: str = "", line: int = 1, column: int = 1) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, FILE_NAME, line, column)


def _missing(node: Node, values: dict[str, Any]) -> list[_Fault]:
    typed = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set()
    return [
        _Fault(node, f"{FILE_NAME} 缺少 {key}（{what}）", f"加一行：{key}: {example}")
        for key, (what, example) in REQUIRED.items()
        if key not in values and key not in typed
    ]


# ---------------------------------------------------------------- readers of values


def _mapping(node: Node, table: dict[str, Reader], faults: list[_Fault]) -> dict[str, Any]:
    """The typed values of a mapping; keys without a value are left out."""
    if not isinstance(node, Mapping):
        raise _Fault(node, "这里应是下一级的“键: 值”，每行一个，行首空两格", f"可用的键有：{'、'.join(table)}")
    values: dict[str, Any] = {}
    for key, value in node.entries:
        if key.text not in table:
            faults.append(_unknown(key, table))
        elif key.text in values:
            faults.append(_Fault(key, f"{key.text} 写了两次", "留下一处，删去另一处"))
        elif not _is_empty(value):
            try:
                values[key.text] = table[key.text](value, faults)
            except _Fault as fault:
                faults.append(fault)
        elif key.text in REQUIRED and table is SITE_KEYS:
            faults.append(_Fault(key, f"{key.text} 后面是空的", f"例如：{key.text}: {REQUIRED[key.text][1]}"))
    return values


def _unknown(key: Scalar, table: dict[str, Reader]) -> _Fault:
    guess = did_you_mean(key.text, table)
    hint = f"是不是想写 {guess}: ？" if guess else f"这里可用的键有：{'、'.join(table)}"
    return _Fault(key, f"不认识的键 {key.text}", hint)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.quoted and node.text in ("", "~", "null")


def _text(node: Node, faults: list[_Fault]) -> str:
    if not isinstance(node, Scalar) or not node.text.strip():
        raise _Fault(node, "这里应是一行文字", "写成 键: 文字")
    return " ".join(node.text.split())


def _parsed(parse_text: Callable[[str], Any]) -> Reader:
    def read(node: Node, faults: list[_Fault]) -> Any:
        try:
            return parse_text(_text(node, faults))
        except FieldProblem as problem:
            raise _Fault(node, problem.message, problem.hint) from None

    return read


def _folder_url(node: Node, faults: list[_Fault]) -> str:
    url = str(_parsed(parse_url)(node, faults))
    parts = urlsplit(url)
    if parts.query or parts.fragment or not parts.netloc.isascii():
        raise _Fault(node, f"url 应是站点所在的地址，不带 ? 和 #：{url}", "例如：url: https://sm.example.edu.cn/dqgz/")
    return url if url.endswith("/") else url + "/"


def _texts(node: Node, faults: list[_Fault]) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(word for item in items for word in parse_list(_text(item, faults)))


def _folder(node: Node, faults: list[_Fault]) -> Located:
    """A section named by its folder; whether it exists is known later."""
    return Located(_text(node, faults).strip("/"), node.line, node.column)


def _folders(node: Node, faults: list[_Fault]) -> tuple[Located, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    names = [(item, name) for item in items for name in parse_list(_text(item, faults))]
    return tuple(Located(name.strip("/"), item.line, item.column) for item, name in names)


def _links(node: Node, faults: list[_Fault]) -> tuple[FriendlyLink, ...]:
    if not isinstance(node, Sequence):
        raise _Fault(
            node,
            "links 应是列表，每行一个网站",
            "例如：\nlinks:\n  - {name: 学校主页, url: https://www.example.edu.cn/}",
        )
    return tuple(FriendlyLink(**entry) for entry in map(partial(_link, faults=faults), node.items) if entry)


def _link(node: Node, faults: list[_Fault]) -> dict[str, str]:
    entry = _mapping(node, {"name": _text, "url": _parsed(parse_url)}, faults)
    if len(entry) == 2:
        return entry
    faults.append(
        _Fault(node, "友情链接要有 name 和 url", "例如：- {name: 学校主页, url: https://www.example.edu.cn/}")
    )
    return {}


def _group(cls: Callable[..., Any], **table: Reader) -> Reader:
    """A reader of a nested mapping that becomes `cls`."""
    return lambda node, faults: cls(**_mapping(node, table, faults))


def _integer(low: int, high: int) -> Reader:
    def read(node: Node, faults: list[_Fault]) -> int:
        number = int(_parsed(parse_integer)(node, faults))
        if not low <= number <= high:
            raise _Fault(node, f"应在 {low} 到 {high} 之间，现在是 {number}", f"写 {low} 到 {high} 之间的一个数")
        return number

    return read


def _paragraphs(node: Node, faults: list[_Fault]) -> str:
    choice = {"chinese": "chinese", "中文": "chinese", "standard": "standard", "标准": "standard"}.get(
        _text(node, faults)
    )
    if choice is None:
        raise _Fault(
            node,
            f"paragraphs 不能是 {_text(node, faults)}",
            "写 chinese（一个回车就是一段）或 standard（空一行才是一段）",
        )
    return choice


def _periods(node: Node, faults: list[_Fault]) -> tuple[Period, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(_period(item, faults) for item in items)


def _period(node: Node, faults: list[_Fault]) -> Period:
    """A day, or two days joined by ~ or 至; both belong to the period."""
    words = re.split(r"\s*(?:~|～|至|到)\s*", _text(node, faults))
    try:
        days = [parse_moment(word) for word in words]
    except FieldProblem as problem:
        raise _Fault(node, problem.message, "例如：greyscale: [2024-12-13, 2025-04-04 ~ 2025-04-06]") from None
    if len(days) > 2 or days[-1].at < days[0].at:
        raise _Fault(
            node, f"看不懂这段日子：{_text(node, faults)}", "先写开始的一天，再写结束的一天：2025-04-04 ~ 2025-04-06"
        )
    end = days[-1].at if days[-1].to_the_minute else days[-1].at + timedelta(days=1)
    return Period(days[0].at, end)


def _theme_path(node: Node, faults: list[_Fault]) -> Located:
    path = _text(node, faults).replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise _Fault(node, f"这里要写 theme/ 里的文件名：{path}", "例如：emblem: emblem.png")
    return Located(path.removeprefix("theme/"), node.line, node.column)


# ---------------------------------------------------------------- publish:


def _choice(*words: str) -> Reader:
    def read(node: Node, faults: list[_Fault]) -> str:
        word = _text(node, faults)
        if word not in words:
            raise _Fault(node, f"这里不能是 {word}", f"可以写：{'、'.join(words)}")
        return word

    return read


def _percent(node: Node, faults: list[_Fault]) -> float:
    match = re.fullmatch(r"(\d{1,3})\s*[%％]", _text(node, faults))
    if not match or int(match[1]) > 100:
        raise _Fault(node, f"这里应是百分数，不是「{_text(node, faults)}」", "例如：max_delete: 20%")
    return int(match[1]) / 100


def _server(node: Node, faults: list[_Fault]) -> str:
    """A host's name or address, or a user's name: nothing that ssh could take for an option."""
    word = _text(node, faults)
    if not re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_.:-]*", word):
        raise _Fault(node, f"「{word}」不是服务器或用户的名字", "例如：host: www.sm.example.edu.cn，user: web")
    return word


def _far_path(node: Node, faults: list[_Fault]) -> str:
    path = _text(node, faults)
    if path.strip("/.") == "" or ".." in path.split("/") or path.startswith(("-", "~")) or not path.isprintable():
        raise _Fault(node, f"网站不能放在 {path}", "写一个专门的文件夹，从 / 写起，例如：path: /srv/www/dqgz")
    return path.rstrip("/")


def _variable(node: Node, faults: list[_Fault]) -> str:
    name = _text(node, faults)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise _Fault(node, "key_env 要写环境变量的名字，密钥本身不能写在这里", "例如：key_env: NEWSGEN_KEY")
    return name


def _never(node: Node, faults: list[_Fault]) -> str:
    raise _Fault(
        node,
        "密码不能写在 site.yaml 里：谁看得到这个文件，谁就能改网站",
        "删去这一行，改了这个密码，用 SSH 密钥登录：key: 密钥文件，或 key_env: 环境变量名",
    )


def _targets(node: Node, faults: list[_Fault]) -> tuple[Target, ...]:
    if not isinstance(node, Mapping) or not node.entries:
        raise _Fault(node, "targets 里每个目标要有名字，名字下面是它的设置", _TARGET_EXAMPLE)
    found: dict[str, Target | None] = {}
    for key, value in node.entries:
        if key.text in found or not re.fullmatch(r"[A-Za-z0-9_-]+", key.text):
            faults.append(_Fault(key, f"目标的名字「{key.text}」写了两次，或不是英文字母和数字", _TARGET_EXAMPLE))
        try:
            found[key.text] = _target(key, value, faults)
        except _Fault as fault:
            faults.append(fault)
    return tuple(target for target in found.values() if target)


def _target(key: Scalar, node: Node, faults: list[_Fault]) -> Target | None:
    values = _mapping(node, _TARGET, faults)
    kind = values.get("kind")
    needed = ("kind", "path") if kind == "folder" else ("kind", "path", "host")
    missing = [name for name in needed if name not in values]
    if missing:
        faults.append(_Fault(key, f"目标 {key.text} 缺少 {'、'.join(missing)}", _TARGET_EXAMPLE))
        return None
    if kind != "folder" and not values["path"].startswith("/"):
        faults.append(_Fault(key, f"目标 {key.text} 的 path 要从 / 写起：{values['path']}", _TARGET_EXAMPLE))
    return Target(key.text, **values)


_TARGET_EXAMPLE = (
    "例如：\npublish:\n  targets:\n    live:\n      kind: ssh\n      host: www.sm.example.edu.cn\n      user: web\n"
    "      path: /srv/www/dqgz"
)

_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?([A-Za-z_]+)\s*：")

REQUIRED = {
    "title": ("栏目群的名称", "党群工作"),
    "organization": ("单位名称", "管理学院"),
    "url": ("网站将来的地址", "https://sm.example.edu.cn/dqgz/"),
    "home": ("单位主页的地址", "https://sm.example.edu.cn/"),
}

_EXAMPLE = "\n".join(f"{key}: {example}" for key, (_, example) in REQUIRED.items())
_URL = _parsed(parse_url)
_FOOTER: dict[str, Reader] = {
    **dict.fromkeys(("address", "postcode", "phone", "email", "icp", "police", "copyright"), _text),
    "institution": _URL,
}

_TARGET: dict[str, Reader] = {
    "kind": _choice("ssh", "sftp", "folder"),
    "host": _server,
    "port": _integer(1, 65535),
    "user": _server,
    "path": _far_path,
    "key": _text,
    "key_env": _variable,
    "known_hosts": _text,
    "layout": _choice("releases", "flat"),
    "url": _folder_url,
    "http": _parsed(parse_bool),
    "password": _never,
}
_SIGNING: dict[str, Reader] = {"signers": _text, "key": _text, "key_env": _variable, "password": _never}


def _signing(node: Node, faults: list[_Fault]) -> Signing:
    values = _mapping(node, _SIGNING, faults)
    if "signers" not in values:
        raise _Fault(node, "sign 要有 signers：写着谁可以签名的文件", "例如：signers: deploy/allowed_signers")
    return Signing(**values)


_PUBLISHING: dict[str, Reader] = {
    "targets": _targets,
    "keep": _integer(2, 100),
    "carry": _integer(0, 100),
    "max_delete": _percent,
    "sign": _signing,
}

SITE_KEYS: dict[str, Reader] = {
    "title": _text,
    "organization": _text,
    "url": _folder_url,
    "home": _URL,
    "source": _text,
    "description": _text,
    "keywords": _texts,
    "site_id_code": _text,
    "emblem": _theme_path,
    "footer": _group(FooterText, **_FOOTER),
    "links": _links,
    "credits": _group(Credits, author=_text, photographer=_text, editor=_text, review=_text),
    "front": _group(
        Front,
        slides=_integer(0, 20),
        headlines=_integer(0, 30),
        rows=_integer(1, 30),
        blocks=_folders,
        strip=_folder,
        gallery=_folder,
    ),
    "greyscale": _periods,
    "qr": _parsed(parse_bool),
    "markdown": _group(Markdown, paragraphs=_paragraphs),
    "publish": _group(Publishing, **_PUBLISHING),
}

KNOWN_KEYS = frozenset(
    {
        *SITE_KEYS,
        *_FOOTER,
        *["slides", "headlines", "rows", "blocks", "strip", "gallery", "paragraphs", "name"],
        *_PUBLISHING,
        *_TARGET,
        *_SIGNING,
    }
)
"""Every key that may stand in site.yaml, at any depth."""
