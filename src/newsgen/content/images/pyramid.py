"""The image pyramid of a picture: levels of decreasing width, each made from the level above, so that a small file costs little."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from PIL import Image

from newsgen.content.images.encode import resized
from newsgen.core.variants import NEARLY

ROOM = NEARLY["photo"]
"""How wide a file is at most, of the width of the level that it is made from, so that it is as sharp as from the whole."""
LEVELS = (480, 720, 960, 1440)
"""Pixels of the width of the levels below the whole picture. They are the same whatever widths are asked for, so that a file
depends on the picture and its own width alone."""


class Pyramid:
    """The levels of a picture. `load` decodes it; that happens once, when the first of them is asked for."""

    def __init__(self, load: Callable[[], Image.Image]) -> None:
        self._load = load
        self._made: dict[int, Image.Image] = {}

    @cached_property
    def whole(self) -> Image.Image:
        """The largest level."""
        return self._load()

    @property
    def is_decoded(self) -> bool:
        """Whether the whole picture has been decoded, without an error."""
        return "whole" in self.__dict__

    def at(self, width: int) -> Image.Image:
        """The picture at a width."""
        if width == self.whole.width:
            return self.whole
        if width not in self._made:
            self._made[width] = resized(self.at_least(width / ROOM), width)
        return self._made[width]

    def at_least(self, width: float) -> Image.Image:
        """The smallest level that is at least this wide, else the whole."""
        fitting = (level for level in LEVELS if width <= level < self.whole.width * ROOM)
        return self.at(next(fitting, self.whole.width))
