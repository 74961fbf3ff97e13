"""The folders of the default templates and theme: one source, packed into the wheel."""

from __future__ import annotations

from pathlib import Path


def defaults(name: str) -> Path:
    """The folder of default `templates` or `theme`: inside the installed package, or beside src/ in a checkout."""
    here = Path(__file__).parents[1]
    packed = here / "defaults" / name
    return packed if packed.is_dir() else here.parents[1] / name
