"""`newsgen desk`: one desk for a site. A second start opens the one that is running."""

from __future__ import annotations

import os
import signal
import socket
import webbrowser
from pathlib import Path

from newsgen.core.git import git
from newsgen.preview.app import Hosts
from newsgen.preview.desk.access import Access, User, kept_secret
from newsgen.preview.desk.app import DESK, DeskApp
from newsgen.preview.desk.endpoints import ENDPOINTS
from newsgen.preview.desk.running import RunningDesk, announced, running
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Say, Served, interruptible, listen, run

ENDING = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""Ctrl-C, a system that shuts down, a window that is closed."""


def desk(root: Path, place: BindAddress, opens: bool, say: Say) -> None:
    """Serve the desk of the site at `root` until Ctrl-C, or until its window is closed. `say` prints a line.

    Raises HostError where no port is free or the site's folder cannot be written, UsageError for a host that is not this
    machine's.
    """
    other = running(root)
    if other:
        say(f"写稿台已经开着：{other.address}")
        if opens:
            webbrowser.open(other.address)
        return
    with listen(place) as listening:
        preview = Preview(root)
        server = desk_server(preview, listening, place)
        with interruptible(server.stop, ENDING):
            address = f"{server.address}{DESK.removeprefix('/')}?token={kept_secret(root)}"
            here = RunningDesk(address, place.host, server.port, os.getpid(), preview.session.instance)
            with announced(root, here):
                say(f"写稿台：{address}")
                say("写的内容随时自动保存。用完了，关掉这个窗口，或者按 Ctrl-C。")
                run(server, address if opens else None, say)
        say("写稿台已结束，写的内容都存好了。")


def desk_server(preview: Preview, listening: socket.socket, place: BindAddress) -> Served:
    """The server of a desk."""
    root = preview.session.root

    def made(preview: Preview, hosts: Hosts) -> DeskApp:
        port = listening.getsockname()[1]
        return DeskApp(preview, Access(kept_secret(root), hosts, port, own_user(root)), ENDPOINTS)

    return Served(preview, listening, place, made)


def own_user(root: Path) -> User:
    """Who writes at this computer, as Git knows them; they may do everything with their own files."""
    name = git(root, "config", "user.name").decode("utf-8", "replace").strip()
    return User(name or "本机", "keeper")
