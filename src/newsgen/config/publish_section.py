"""`publish:` of site.yaml -> Publishing."""

from __future__ import annotations

import re

from newsgen.config.model import Publishing, Signing, Target
from newsgen.config.schema import Reader, SchemaError, choice, folder_url, group, integer, line, mapping, parsed
from newsgen.core.scalars import parse_bool
from newsgen.core.yaml.nodes import Mapping, Node, Scalar


def _percent(node: Node, errors: list[SchemaError]) -> float:
    match = re.fullmatch(r"(\d{1,3})\s*[%％]", line(node, errors))
    if not match or int(match[1]) > 100:
        raise SchemaError(node, f"这里应是百分数，不是「{line(node, errors)}」", "例如：max_delete: 20%")
    return int(match[1]) / 100


def _server(node: Node, errors: list[SchemaError]) -> str:
    """The name or address of a host, or a user's name, without a leading `-`: ssh would read it as an option."""
    word = line(node, errors)
    if not re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_.:-]*", word):
        raise SchemaError(node, f"「{word}」不是服务器或用户的名字", "例如：host: www.sm.example.edu.cn，user: web")
    return word


def _target_path(node: Node, errors: list[SchemaError]) -> str:
    path = line(node, errors)
    if path.strip("/.") == "" or ".." in path.split("/") or path.startswith(("-", "~")) or not path.isprintable():
        raise SchemaError(node, f"网站不能放在 {path}", "写一个专门的文件夹，从 / 写起，例如：path: /srv/www/dqgz")
    return path.rstrip("/")


def _variable(node: Node, errors: list[SchemaError]) -> str:
    name = line(node, errors)
    if looks_secret(name):
        raise _pasted(node)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise SchemaError(node, "key_env 要写环境变量的名字，密钥本身不能写在这里", "例如：key_env: NEWSGEN_KEY")
    return name


def _file(node: Node, errors: list[SchemaError]) -> str:
    """The name of a file. The error for a pasted key does not print it."""
    name = line(node, errors)
    if looks_secret(name):
        raise _pasted(node)
    return name


def looks_secret(text: str) -> bool:
    """Whether a text is a private key or a part of one: it has the frame of a key, or more letters and digits than a
    path.
    """
    return bool(_KEY_FRAME.search(text) or (_KEY_TEXT.search(text) and not text.startswith(("/", "~", "."))))


_KEY_FRAME = re.compile(r"-----\s*(?:BEGIN|END)[ A-Z0-9]*PRIVATE|PuTTY-User-Key-File", re.IGNORECASE)
_KEY_TEXT = re.compile(r"[A-Za-z0-9+/=]{64,}|b3BlbnNzaC1rZXkt|MIIE[A-Za-z0-9+/]{16}")


PASTED = (
    "私钥不能写在 site.yaml 里：谁看得到这个文件，谁就能改网站",
    "删去它，把这把密钥作废，另做一把；key: 只写私钥文件的名字，例如：key: ~/.ssh/newsgen",
)
"""The message and hint for a private key in site.yaml; the key itself is never printed."""


def pasted_key(text: str) -> int | None:
    """The number of the first line of site.yaml that holds a private key's frame, None if no line does."""
    found = _KEY_FRAME.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _pasted(node: Node) -> SchemaError:
    return SchemaError(node, *PASTED)


def _refuse_secrets(node: Node) -> None:
    """Raises SchemaError for a private key anywhere, before any other message could print a piece of it."""
    if isinstance(node, Scalar):
        if looks_secret(node.text):
            raise _pasted(node)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            _refuse_secrets(key)
            _refuse_secrets(value)
    else:
        for item in node.items:
            _refuse_secrets(item)


def _never(node: Node, errors: list[SchemaError]) -> str:
    raise SchemaError(
        node,
        "密码不能写在 site.yaml 里：谁看得到这个文件，谁就能改网站",
        "删去这一行，改了这个密码，用 SSH 密钥登录：key: 密钥文件，或 key_env: 环境变量名",
    )


def _targets(node: Node, errors: list[SchemaError]) -> tuple[Target, ...]:
    if not isinstance(node, Mapping) or not node.entries:
        raise SchemaError(node, "targets 里每个目标要有名字，名字下面是它的设置", _TARGET_EXAMPLE)
    found: dict[str, Target | None] = {}
    for key, value in node.entries:
        if key.text in found or not re.fullmatch(r"[A-Za-z0-9_-]+", key.text):
            errors.append(SchemaError(key, f"目标的名字「{key.text}」写了两次，或不是英文字母和数字", _TARGET_EXAMPLE))
        try:
            found[key.text] = _target(key, value, errors)
        except SchemaError as error:
            errors.append(error)
    return tuple(target for target in found.values() if target)


def _target(key: Scalar, node: Node, errors: list[SchemaError]) -> Target | None:
    values = mapping(node, TARGET_KEYS, errors)
    kind = values.get("kind")
    has_host = kind is None or TARGET_KINDS[kind]
    needed = ("kind", "path", "host") if has_host else ("kind", "path")
    missing = [name for name in needed if name not in values]
    if missing:
        errors.append(SchemaError(key, f"目标 {key.text} 缺少 {'、'.join(missing)}", _TARGET_EXAMPLE))
        return None
    if has_host and not values["path"].startswith("/"):
        errors.append(SchemaError(key, f"目标 {key.text} 的 path 要从 / 写起：{values['path']}", _TARGET_EXAMPLE))
    return Target(key.text, **values)


_TARGET_EXAMPLE = (
    "例如：\npublish:\n  targets:\n    live:\n      kind: ssh\n      host: www.sm.example.edu.cn\n      user: web\n"
    "      path: /srv/www/dqgz"
)

TARGET_KINDS: dict[str, bool] = {"ssh": True, "sftp": True, "folder": False}
"""Kinds of target -> whether it needs a host."""
TARGET_KEYS: dict[str, Reader] = {
    "kind": choice(*TARGET_KINDS),
    "host": _server,
    "port": integer(1, 65535),
    "user": _server,
    "path": _target_path,
    "key": _file,
    "key_env": _variable,
    "known_hosts": _file,
    "layout": choice("releases", "flat"),
    "url": folder_url,
    "http": parsed(parse_bool),
    "password": _never,
}
SIGNING_KEYS: dict[str, Reader] = {"signers": _file, "key": _file, "key_env": _variable, "password": _never}


def _signing(node: Node, errors: list[SchemaError]) -> Signing:
    values = mapping(node, SIGNING_KEYS, errors)
    if "signers" not in values:
        raise SchemaError(node, "sign 要有 signers：写着谁可以签名的文件", "例如：signers: deploy/allowed_signers")
    return Signing(**values)


KEYS: dict[str, Reader] = {
    "targets": _targets,
    "keep": integer(2, 100),
    "carry": integer(0, 100),
    "max_delete": _percent,
    "sign": _signing,
}


_publishing = group(Publishing, **KEYS)


def publishing(node: Node, errors: list[SchemaError]) -> Publishing:
    """The reader of `publish:`."""
    _refuse_secrets(node)
    found: Publishing = _publishing(node, errors)
    return found
