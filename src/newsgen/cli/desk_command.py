"""The command that opens the writing desk."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import root_option
from newsgen.core.errors import UsageError

LOCAL = "127.0.0.1"


@click.command("desk", cls=ChineseCommand)
@click.option(
    "--port",
    metavar="端口",
    type=click.IntRange(0, 65535),
    help="端口（默认：上一次的，第一次是 8000；被占用就用下一个）",
)
@click.option("--open", "opens", is_flag=True, help="顺便打开浏览器；已经开着一个，就打开那一个")
@click.option("--host", metavar="地址", default=LOCAL, help="监听的地址（默认：127.0.0.1，只有本机能打开）")
@click.option("--name", "names", metavar="主机名", multiple=True, help="网址里的主机名，例如 desk.sm.example.edu.cn")
@click.option(
    "--password-file", metavar="文件", help="密码文件：大家用姓名和密码登录，能做什么看 people.yaml 里的 role"
)
@click.option("--certificate", metavar="文件", help="TLS 证书（PEM）")
@click.option("--key", metavar="文件", help="证书的私钥（PEM；默认：和证书在同一个文件里）")
@click.option("--set-password", "person", metavar="姓名", help="给这个人设密码，写进密码文件，然后结束")
@root_option
def desk_command(
    port: int | None,
    opens: bool,
    host: str,
    names: tuple[str, ...],
    password_file: str | None,
    certificate: str | None,
    key: str | None,
    person: str | None,
    root: Path,
) -> None:
    """写稿台：在浏览器里写稿、放照片、看检查结果、交稿。"""
    from newsgen.preview.desk.single_instance import last_port, open_running, running

    if person is not None:
        _set_password(person, password_file)
        return
    if certificate and not password_file:
        raise UsageError("--certificate 要和 --password-file 一起用", "见 docs/desk.md")
    if not password_file and host == LOCAL and (other := running(root)):
        open_running(other, opens, _say)  # before a second goes by that the server takes to import
        return

    from newsgen.preview.desk.serve import Network, desk
    from newsgen.preview.serve import BindAddress

    network = Network(_path(password_file), _path(certificate), _path(key), names)
    bind = BindAddress(host, last_port(root) if port is None else port)
    desk(root, bind, opens, _say, network)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _path(name: str | None) -> Path | None:
    return Path(name).absolute() if name else None


def _set_password(person: str, file: str | None) -> None:
    from newsgen.preview.desk.passwords import PasswordFile

    if not file:
        raise UsageError(
            "要写明密码文件", "例如：newsgen desk --set-password 王芳 --password-file /etc/newsgen/desk-passwords"
        )
    if sys.stdin is not None and sys.stdin.isatty():
        typed = click.prompt(f"{person} 的密码", hide_input=True, confirmation_prompt="再输一遍", err=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    PasswordFile(Path(file)).set(person, typed)
    click.echo(f"已写好 {person} 的密码。", err=True)
