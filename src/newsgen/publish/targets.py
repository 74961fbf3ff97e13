"""Targets: from the name in site.yaml to an open transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsgen.config.model import Publishing, Target
from newsgen.config.site_yaml import load, publishing
from newsgen.core.errors import UsageError
from newsgen.core.text import did_you_mean
from newsgen.publish.signing import Signatures
from newsgen.publish.target_state import TargetState
from newsgen.publish.transport.base import Transport
from newsgen.publish.transport.local import Folder
from newsgen.publish.transport.ssh import Ssh


def _sftp(root: Path, target: Target) -> Transport:
    from newsgen.publish.transport.sftp import Sftp

    return Sftp(root, target)


def _folder(root: Path, target: Target) -> Transport:
    return Folder(root / Path(target.path).expanduser(), target.path)


KINDS: dict[str, Callable[[Path, Target], Transport]] = {"ssh": Ssh, "sftp": _sftp, "folder": _folder}


def chosen(rules: Publishing, name: str | None) -> Target:
    """The target called `name`; None: the first of site.yaml. Raises UsageError if there is none."""
    if not rules.targets:
        raise UsageError(
            "site.yaml 里还没有写发布到哪里",
            "加上：\npublish:\n  targets:\n    live:\n      kind: ssh\n      host: www.sm.example.edu.cn\n"
            "      user: web\n      path: /srv/www/dqgz",
            "publish.no-target",
            "site.yaml",
        )
    by_name = {target.name: target for target in rules.targets}
    if name is None:
        return rules.targets[0]
    if name not in by_name:
        guess = did_you_mean(name, list(by_name))
        hint = f"是不是想写 {guess} ？" if guess else f"site.yaml 里有：{'、'.join(by_name)}"
        raise UsageError(f"site.yaml 里没有叫 {name} 的发布目标", hint, "publish.no-target")
    return by_name[name]


@contextmanager
def opened(root: Path, name: str | None) -> Iterator[tuple[TargetState, Target, Publishing]]:
    """A target of the site at `root`, connected. Raises UsageError, ConfigError, TransportError."""
    rules = publishing(root)
    target = chosen(rules, name)
    site = load(root).url
    transport = KINDS[target.kind](root, target)
    try:
        yield TargetState(transport, root, site, Signatures(root, rules.sign)), target, rules
    finally:
        transport.close()
