"""What readers see, through nginx as docs/server.md sets it up, while a site is published and while it goes back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

import servers
import webservers
from publish_helpers import Publishing, target_among
from reader_clients import polling
from servers import Sshd, both_servers
from site_test import SITE_YAML, SiteTest
from webservers import WebServer, documented

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """The folder of all servers of this module."""
    with servers.ground() as folder:
        yield folder


@pytest.fixture(scope="module")
def hosts(place: Path) -> Iterator[dict[str, Sshd]]:
    """Where sites are sent to. Their umask would keep the web server out."""
    with both_servers(place, umask="077") as both:
        yield both


@dataclass(frozen=True)
class Online:
    """A site that is published and read."""

    publishing: Publishing
    nginx: WebServer

    @property
    def url(self) -> str:
        """Where it is read."""
        return f"{self.nginx.url}dqgz/"

    def edited(self, number: int) -> Files:
        """The files of the site after an edit of everything: texts, a photo, the style, an article more and one less."""
        site = self.publishing.site
        for name in ("one", "two", "three", f"more{number}"):
            site.article(f"meetings/{name}.md", f"正文{number}。\n\n![](photo.png)\n", title=f"{name}{number}")
        (site.root / f"content/meetings/more{number - 1}.md").unlink(missing_ok=True)
        site.write("content/meetings/photo.png", picture(number)).write(
            "theme/style.css", f"p {{ margin: {number}px }}\n"
        )
        site.built()
        return self.publishing.built()


def picture(number: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (20, 10), (number, 0, 0)).save(target, "PNG")
    return target.getvalue()


def with_assets(files: Files, of: Files) -> Files:
    """The files with the hashed ones of another release, which are carried along."""
    return {**{path: data for path, data in of.items() if path.startswith(("assets/", "media/"))}, **files}


@pytest.fixture(params=["ssh", "sftp-flat"])
def online(
    request: pytest.FixtureRequest,
    place: Path,
    hosts: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Online]:
    """A site with an nginx for each kind of target; nothing is published yet."""
    kind: str = request.param
    own = place / tmp_path.name
    own.mkdir()
    target = target_among(hosts, kind, own)
    (own / "rules").mkdir()
    words = documented("nginx: server", own).replace(f"{own}/www/current", str(target.docroot))
    with webservers.nginx(own, words, documented("nginx: http", own)) as nginx:
        site.write("site.yaml", re.sub("url: .*", f"url: {nginx.url}dqgz/", SITE_YAML))
        publishing = Publishing(site, target, capsys)
        publishing.settings("  max_delete: 100%\n", http="yes")
        yield Online(publishing, nginx)


def test_readers_see_the_old_site_or_the_new_one_while_it_is_published(online: Online) -> None:
    old = online.edited(1)
    online.publishing.published()
    new = with_assets(online.edited(2), old)
    with polling(online.url, old, new, atomic=not online.publishing.target.is_flat) as poll:
        online.publishing.published()
    assert poll.faults == []
    assert poll.old_seen
    assert poll.new_seen


def test_readers_see_the_new_site_or_the_old_one_while_it_goes_back(online: Online) -> None:
    old = online.edited(1)
    online.publishing.published()
    new = with_assets(online.edited(2), old)
    online.publishing.published()
    with polling(online.url, new, with_assets(old, new), atomic=not online.publishing.target.is_flat) as poll:
        done = online.publishing.run("rollback")
        assert done.code == 0, done.stderr
    assert poll.faults == []
    assert poll.old_seen
    assert poll.new_seen
