"""The check of a built site before it is published: no secret, missing or altered file, no broken link.

It reads the files themselves, and does not rely on the build or on the state of the site at the time of the build.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.build.output.manifest import MANIFEST, STAGING, read_manifest
from newsgen.check.links import Links
from newsgen.check.published_metadata import metadata_in
from newsgen.config.model import Ledger
from newsgen.core.digest import digest_bytes
from newsgen.core.model import Diagnostic, changed
from newsgen.core.platform import is_link, reason
from newsgen.core.urls import page_at

PHOTOS = "media/"
AGAIN = "再运行一次 newsgen publish，它会重新生成"


class BarredArticles(NamedTuple):
    """The articles that no release may hold. `hidden` are drafts, scheduled and expired ones (address -> file);
    `ledger` lists the withdrawn ones; `unapproved` are those not approved (address -> the next stage and its
    reviewers).
    """

    hidden: Mapping[str, str]
    ledger: Ledger
    unapproved: Mapping[str, str] = {}


def inspected(
    out: Path, shown: str, url: str, barred: BarredArticles, sources: Mapping[str, str] | None = None
) -> tuple[Diagnostic, ...]:
    """The diagnostics on the site built in `out` (shown to the user as `shown`) for `url`; an error forbids publishing.

    `sources` maps the addresses of all articles to their files. Raises UsageError for a folder that newsgen did not
    build.
    """
    manifest = read_manifest(out, shown)
    links = Links(url, manifest.keys())
    found = [*_strangers(out, manifest.keys()), *_not_public(manifest.keys(), barred)]
    for path, entry in manifest.items():
        try:
            data = (out / path).read_bytes()
        except OSError as error:
            found.append(_error("missing", f"{path} 读不出来：{reason(error)}", AGAIN, path))
            continue
        if digest_bytes(data) != entry.digest:
            found.append(_error("altered", f"{path} 生成以后被改动过", AGAIN, path))
        links.read(path, data)
        found += (item for rule in FILE_RULES for item in rule(path, data))
    gone, files = {**_withdrawn(barred.ledger), **barred.hidden}, sources or {}
    found += (_broken(*link, gone, files) for link in links.broken(lambda path: (out / path).read_bytes()))
    return tuple(changed(diagnostic, path=f"{shown}/{diagnostic.path}") for diagnostic in found)


def _strangers(out: Path, known: Collection[str]) -> Iterator[Diagnostic]:
    """The diagnostics on files that the manifest does not list, and on links to files or folders."""
    for folder, folders, names in os.walk(out):
        here = Path(folder).relative_to(out)
        if here == Path():
            folders[:] = [name for name in folders if name != STAGING]
            names = [name for name in names if name != MANIFEST]
        links = [name for name in folders if is_link(out / here / name)]
        for name in sorted((*names, *links)):
            path = (here / name).as_posix()
            if path not in known or is_link(out / path):
                yield _error("extra", f"{path} 不是 newsgen 生成的", "把它移到别处；要公开的文件放进 content", path)


def _not_public(known: Collection[str], barred: BarredArticles) -> Iterator[Diagnostic]:
    """The diagnostics on pages of articles that readers must not see."""
    for address in sorted(barred.unapproved.keys() & known):
        message = f"{address} 还没有审完（{barred.unapproved[address]}）"
        yield _error("unapproved", message, "审完了再发布：newsgen approve", address)
    for address in sorted((barred.hidden.keys() & known) - barred.unapproved.keys()):
        yield _error("draft", f"{address} 是草稿或不在公开期内（{barred.hidden[address]}）", AGAIN, address)
    for entry in barred.ledger.held(known):
        yield _error("withdrawn", f"{entry.article} 已经撤下，它的网页还在", AGAIN, entry.addresses[0])


def _withdrawn(ledger: Ledger) -> dict[str, str]:
    """The paths of withdrawn pages and files below the site -> the files of their articles."""
    pages = {name: entry.article for entry in ledger.standing for name in (*entry.addresses, *entry.files)}
    return {page_at(name): article for name, article in pages.items()}


def _photo_metadata(path: str, data: bytes) -> Iterator[Diagnostic]:
    """The diagnostic on metadata in a published photo."""
    carried = metadata_in(data) if path.startswith(PHOTOS) else None
    if carried:
        hint = "把照片另存一份再放进 content；如果还是这样，请告诉维护 newsgen 的人"
        yield _error("metadata", f"照片 {path} 里还有{carried}，可能有拍摄地点等信息", hint, path)


FILE_RULES: Sequence[Callable[[str, bytes], Iterator[Diagnostic]]] = (_photo_metadata,)
"""The rules of one file of the built folder, by its path and bytes. Adding one = a function, a row, a test."""


def _broken(
    typed: str, target: str, pages: Sequence[str], gone: Mapping[str, str], sources: Mapping[str, str]
) -> Diagnostic:
    """The diagnostic on a broken link: a warning if its target is a withdrawn or hidden article, since that must go."""
    others = f"（还有 {len(pages) - 1} 个网页也这样写）" if len(pages) > 1 else ""
    page = f"{pages[0]}（{sources[pages[0]]}）" if pages[0] in sources else pages[0]
    hint = "改正模板或文章里的这个网址；模板见 docs/themes.md"
    article = gone.get(target.partition("#")[0])
    if article:
        message = f"{page} 里的链接 {typed} 打不开：{article} 已经撤下或不在公开期内{others}"
        return changed(_error("link-gone", message, hint, pages[0]), severity="warning")
    return _error("link", f"{page} 里的链接 {typed} 打不开：没有 {target}{others}", hint, pages[0])


def _error(code: str, message: str, hint: str, path: str) -> Diagnostic:
    return Diagnostic(f"inspect.{code}", "error", message, hint, path)
