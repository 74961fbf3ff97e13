"""The request that a build answers, and its result."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from newsgen.core.errors import UsageError
from newsgen.core.model import Diagnostic, Record
from newsgen.core.platform import is_within
from newsgen.site.model import Viewpoint

DEFAULT_OUTPUT = "public"
FORGIVEN = frozenset({"link.own", "link.circle", "withdrawn.again"})
"""Errors that are warnings when a site is published, since their cause is left out of it: a link to a page of its own
that does not exist becomes text, a copy of a withdrawn article is not shown. A withdrawal must not wait for that."""


class Request(Record, frozen=True):
    """A request to build. `out` as the user typed it, None for public/; `now` decides what is public.

    `jobs` is the number of processes; None: one for each processor. `verify` is the share (0 to 1) of the unchanged
    outputs that is rendered again and compared; None: nothing. `include_hidden` shows articles that no reader may see,
    as a preview does; no option of the command line sets it. `releasing`: the site is to be published, and FORGIVEN
    errors don't prevent that. `output` is the output folder that site.yaml names (locations.py).
    """

    root: Path
    now: datetime
    out: str | None = None
    drafts: bool = False
    full: bool = False
    strict: bool = False
    jobs: int | None = None
    verify: float | None = None
    include_hidden: bool = False
    releasing: bool = False
    output: str | None = None

    @property
    def forgiven(self) -> frozenset[str]:
        """The codes of errors that this build only warns of."""
        return FORGIVEN if self.releasing else frozenset()

    @property
    def view(self) -> Viewpoint:
        """The viewpoint: which articles show, and at which moment."""
        return Viewpoint(self.now, self.drafts, self.include_hidden)

    @property
    def options_key(self) -> str:
        """The options, beside sources and time, that change the result of a build."""
        return f"{self.view.shown},{self.strict},{self.releasing}"

    @property
    def output_label(self) -> str:
        """The output folder as the user knows it."""
        return self.out or self.output or DEFAULT_OUTPUT

    @property
    def output_dir(self) -> Path:
        """The output folder. A relative `-o` counts from where the command was typed, `output:` from the site."""
        if self.out:
            return Path(self.out).absolute()
        return Path(os.path.abspath(expanded(self.root, self.output or DEFAULT_OUTPUT)))  # noqa: PTH100 (links stay)

    def check(self) -> None:
        """Raises UsageError for an output folder that holds the site's sources, or lies among them."""
        if self.out == "":
            raise UsageError("-o 后面的文件夹名是空的", "例如：-o public", "output.empty")
        sources = [self.root / name for name in ("content", "templates", "theme", ".git")]
        if is_within(self.root, self.output_dir) or any(is_within(self.output_dir, source) for source in sources):
            hint = (
                "用 -o 换一个空文件夹" if self.out else "把 site.yaml 里的 output 改成别的文件夹，例如：output: public"
            )
            raise UsageError(f"输出文件夹不能是 {self.output_label}：网站的原稿在那里", hint, "output.sources")


def expanded(root: Path, path: str) -> Path:
    """A folder as typed in site.yaml: `~` is the user's own, and what is not absolute counts from the site."""
    try:
        return root / Path(path).expanduser()
    except RuntimeError:  # the user has none
        return root / path


class Result(Record, frozen=True):
    """The result of a build; the numbers are those of `build --json`.

    `reviews` counts the articles that are approved, waiting and void; None where nothing has to be approved.
    """

    articles: int = 0
    outputs: int = 0
    rendered: int = 0
    written: int = 0
    deleted: int = 0
    unchanged: int = 0
    seconds: float = 0.0
    next_due: datetime | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    reviews: dict[str, int] | None = None
