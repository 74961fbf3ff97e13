"""`newsgen desk`: one desk for a site. A second start opens the one that is running."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NamedTuple

from newsgen.build.cache.store import FOLDER
from newsgen.core.errors import HostError, UsageError
from newsgen.core.git import git
from newsgen.core.platform import ENDING, is_within, reason, wait_at_close
from newsgen.preview.app import Hosts
from newsgen.preview.desk.access import Access, User
from newsgen.preview.desk.access_token import kept_token
from newsgen.preview.desk.app import DESK, DeskApp
from newsgen.preview.desk.cleanup import daily_cleanup
from newsgen.preview.desk.endpoints import ENDPOINTS
from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.sign_in import PasswordAccess
from newsgen.preview.desk.single_instance import RunningDesk, announced, one_desk, open_running
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Certificate, Say, Served, interruptible, listen, run


class Network(NamedTuple):
    """The settings of a desk on a network: the password file, certificate and key for TLS, and further host names."""

    passwords: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()


ALONE = Network()
"""The settings of a desk for one person at their own computer."""


def desk(root: Path, bind: BindAddress, opens: bool, say: Say, network: Network = ALONE) -> None:
    """Serve the desk of the site at `root` until Ctrl-C, or until its window is closed. `say` prints a line.

    Raises HostError where no port is free or the site's folder cannot be written, UsageError for a host that is not this
    machine's, and for a desk that others reach without a password.
    """
    _check(root, bind, network)
    with one_desk(root) as other:
        if other is None:
            _serve(root, bind, opens, say, network)
            return
    open_running(other, opens, say)


def _serve(root: Path, bind: BindAddress, opens: bool, say: Say, network: Network) -> None:
    """Serve the desk that is the only one of its site."""
    with listen(bind) as listening:
        preview = Preview(root)
        server = desk_server(preview, listening, bind, network)
        wait_at_close()
        with interruptible(server.stop, ENDING):
            address = f"{server.address}{DESK.removeprefix('/')}"
            address += "" if network.passwords else f"?token={kept_token(root)}"
            is_tls = network.certificate is not None
            here = RunningDesk(address, bind.host, server.port, os.getpid(), preview.session.instance, is_tls)
            with announced(root, here), daily_cleanup(root, lambda: preview.now):
                say(f"写稿台：{address}")
                if not bind.is_local and not is_tls:
                    say("注意：没有证书，密码和稿子在网络上是明文。用 --certificate 给一个，见 docs/desk.md。")
                say("写的内容随时自动保存。用完了，关掉这个窗口，或者按 Ctrl-C。")
                run(server, address if opens else None, say)
        say("写稿台已结束，写的内容都存好了。")


def _check(root: Path, bind: BindAddress, network: Network) -> None:
    """Raise UsageError for a desk that strangers could use, HostError for a certificate that cannot be used."""
    if network.passwords is None:
        if not bind.is_local:
            hint = "先用 newsgen desk --set-password 姓名 --password-file 文件 设密码，再加上 --password-file 文件；见 docs/desk.md"
            raise UsageError("要让别的电脑打开写稿台，先要设密码", hint, "desk.passwords")
        return
    if is_within(network.passwords, root) and not is_within(network.passwords, root / FOLDER):
        raise UsageError(
            "密码文件不要放在网站的文件夹里，它会跟着进仓库", "放到别处，例如 /etc/newsgen/", "desk.passwords"
        )
    PasswordFile(network.passwords).check()
    found = _certificate(network)
    if found:
        _check_certificate(found)


def _check_certificate(certificate: Certificate) -> None:
    import ssl

    hint = "用 --certificate 给证书、--key 给私钥（不带密码的 PEM）；见 docs/desk.md"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate.file, certificate.key, password="")
    except (ssl.SSLError, ValueError):
        message = f"证书 {certificate.file} 和私钥 {certificate.key} 对不上，或者不是 PEM"
        raise HostError(message, hint, "desk.certificate") from None
    except OSError as error:
        raise HostError(f"读不了证书 {certificate.file}：{reason(error)}", hint, "desk.certificate") from None


def _certificate(network: Network) -> Certificate | None:
    """The certificate, whose file may hold the key, too; None where there is none."""
    return Certificate(network.certificate, network.key or network.certificate) if network.certificate else None


def desk_server(preview: Preview, listening: socket.socket, bind: BindAddress, network: Network = ALONE) -> Served:
    """The server of a desk."""
    root = preview.session.root

    def made(preview: Preview, hosts: Hosts) -> DeskApp:
        port = listening.getsockname()[1]
        if network.passwords is None:
            return DeskApp(preview, Access(kept_token(root), hosts, port, own_user(root)), ENDPOINTS)
        access = PasswordAccess(root, PasswordFile(network.passwords), hosts, port, network.certificate is not None)
        return DeskApp(preview, access, ENDPOINTS)

    return Served(preview, listening, bind, made, _certificate(network), network.names)


def own_user(root: Path) -> User:
    """The user of this computer, with the name in Git. They may do everything, since the files are their own."""
    name = git(root, "config", "user.name").decode("utf-8", "replace").strip()
    return User(name or "本机", "keeper")
