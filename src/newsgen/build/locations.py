"""The locations of the output folder and the cache, as `output:` and `cache:` of site.yaml name them.

They are no part of Config: a change of them renders nothing anew. A site in a folder that a sync program watches needs
them elsewhere, since the program would upload each build.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from newsgen.build.cache.store import FOLDER, Store
from newsgen.build.output.manifest import MANIFEST
from newsgen.build.request import DEFAULT_OUTPUT, Request, expanded
from newsgen.config.site_yaml import FILE_NAME, places, read
from newsgen.core.digest import digest_bytes, environment
from newsgen.core.errors import ConfigError, NewsgenError
from newsgen.core.model import Diagnostic, Record, changed
from newsgen.core.platform import is_within
from newsgen.core.platform.sync_folders import sync_program_of
from newsgen.core.yaml import nodes

_NAMED = re.compile(rb"^[ \t]*+(?!#)[^\n]*(?:output|cache)", re.MULTILINE)
"""A line that may hold one of the keys, and is no comment."""
SOURCES = ("content", "templates", "theme")


class Locations(Record, frozen=True):
    """The two locations: `output` as typed, None for public/; `cache` is the folder of the store."""

    output: str | None
    cache: Path


def locations_of(root: Path, settings: bytes) -> Locations:
    """The locations for the site at `root`, by the bytes of its site.yaml. Raises ConfigError."""
    # Nearly no site has these keys, and YAML takes longer to import than a build in which nothing has changed.
    found = places(settings) if _NAMED.search(settings) else {}
    cache = found.get("cache")
    output = found.get("output")
    return Locations(output, _own_folder(root, cache, output) if cache else root / FOLDER)


def located(request: Request, settings: bytes) -> Request:
    """The request with the output folder that site.yaml names. Raises ConfigError, UsageError as Request.check()."""
    found = changed(request, output=locations_of(request.root, settings).output)
    found.check()
    return found


def open_store(root: Path, settings: bytes | None = None) -> Store:
    """The store of the site at `root`; with a faulty site.yaml the one in the default folder."""
    try:
        cache = locations_of(root, read(root) if settings is None else settings).cache
    except NewsgenError:
        cache = root / FOLDER
    return Store(root, environment(), cache)


def cloud_diagnostics(request: Request, store: Store) -> list[Diagnostic]:
    """The warning that a sync program will upload each build: given once, before there is a site in the output folder."""
    if (request.output_dir / MANIFEST).exists():
        return []
    made = [path for path in (request.output_dir, store.path.parent) if sync_program_of(path)]
    if not made:
        return []
    home = f"~/newsgen/{request.root.resolve().name}"
    shown = {request.output_dir: ("output", f"{home}/public"), store.path.parent: ("cache", f"{home}/cache")}
    lines = "\n".join(f"{key}: {_typed(value)}" for key, value in map(shown.__getitem__, made))
    names = " 和 ".join(path.name for path in made)
    message = f"网站在 {sync_program_of(made[0])} 的文件夹里：{names} 每次生成都会变，会不停地上传"
    return [Diagnostic("site.synced", "info", message, f"可以放到别处，在 {FILE_NAME} 里加上：\n{lines}", FILE_NAME)]


def _typed(path: str) -> str:
    return path if path.replace("/", "").replace("~", "").isalnum() else nodes.quoted(path)


def _own_folder(root: Path, cache: str, output: str | None) -> Path:
    """The folder of this site's store below `cache`, which several sites may name."""
    real = root.resolve()
    folder = expanded(root, cache)
    why = _unfit(root, folder, output)
    if why:
        message, hint = f"cache 不能是 {cache}：{why}", "写另一个文件夹，例如：cache: ~/newsgen"
        raise ConfigError([Diagnostic("config.value", "error", message, hint, FILE_NAME)])
    return folder / f"{real.name}-{digest_bytes(os.fsencode(real))[:8]}"


def _unfit(root: Path, folder: Path, output: str | None) -> str:
    """The reason why a folder cannot hold the cache; "" where it can."""
    if any(is_within(folder, root / name) for name in SOURCES):
        return "网站的原稿在那里"
    if is_within(folder, root / ".git"):
        return "那是 git 自己的文件夹"
    if is_within(folder, expanded(root, output or DEFAULT_OUTPUT)):
        return "那里的文件人人都能从网上打开"
    if folder.exists() and not folder.is_dir():
        return "那是一个文件，不是文件夹"
    return ""
