"""Draw the illustrations of the sample site into content/.

They stand where a college's photos would stand: of a photo's size and proportion, drawn, and marked 示意图 in the
corner. Deterministic: the same Pillow and font give the same files. Needs Pillow and a CJK font:

    python docs/sample/illustrations.py [--font FONT.ttc] [--only NAME] [--out FOLDER]

`SCENES` at the end says which function draws which file.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Color = tuple[int, int, int]
Point = tuple[float, float]

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
OVERSAMPLING = 2

INK, NAVY, SLATE, STEEL = (42, 38, 48), (44, 62, 92), (92, 108, 128), (168, 184, 198)
DEEP, RED, BRIGHT, ROSE = (116, 18, 28), (172, 30, 36), (208, 62, 54), (232, 148, 128)
GOLD, HONEY, PALE, WHITE = (222, 172, 88), (242, 208, 140), (251, 242, 226), (255, 253, 248)
SKY, MIST, TEAL = (176, 206, 222), (222, 232, 234), (84, 132, 136)
PINE, LEAF, LIME, SAND = (58, 92, 76), (98, 138, 92), (158, 182, 112), (228, 210, 178)
WOOD, BARK, BRICK = (176, 128, 86), (104, 76, 60), (178, 92, 72)
SKIN: tuple[Color, ...] = ((244, 206, 174), (234, 190, 154), (250, 218, 190))
SHIRTS: tuple[Color, ...] = (NAVY, SLATE, WHITE, TEAL, (150, 72, 66), STEEL, (92, 84, 110), SAND)


def mix(first: Color, second: Color, share: float) -> Color:
    """The colour `share` of the way from `first` to `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


class Canvas:
    """A picture in the making; coordinates are pixels of the finished file, whatever the oversampling."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), PALE)
        self.draw = ImageDraw.Draw(self.image)
        self.random = random.Random(seed)

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]

    def polygon(self, points: Sequence[Point], color: Color) -> None:
        self.draw.polygon(self._scaled(points), fill=color)

    def box(self, x: float, y: float, width: float, height: float, color: Color, radius: float = 0) -> None:
        corners = self._scaled([(x, y), (x + width, y + height)])
        self.draw.rounded_rectangle([*corners[0], *corners[1]], radius * OVERSAMPLING, fill=color)

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        corners = self._scaled([(x - rx, y - ry), (x + rx, y + ry)])
        self.draw.ellipse([*corners[0], *corners[1]], fill=color)

    def limb(self, points: Sequence[Point], width: float, color: Color) -> None:
        self.draw.line(self._scaled(points), fill=color, width=round(width * OVERSAMPLING), joint="curve")
        for x, y in points:
            self.ellipse(x, y, width / 2, width / 2, color)

    def gradient(self, box: tuple[float, float, float, float], top: Color, bottom: Color) -> None:
        """Fill (x, y, width, height) from `top` to `bottom`."""
        x, y, width, height = (round(value * OVERSAMPLING) for value in box)
        mask = Image.linear_gradient("L").resize((width, height), Image.Resampling.BILINEAR)
        blend = Image.composite(Image.new("RGB", mask.size, bottom), Image.new("RGB", mask.size, top), mask)
        self.image.paste(blend, (x, y))

    def soft(self, points: Sequence[Point], color: Color, strength: float, blur: float) -> None:
        """A blurred, translucent polygon: light, shade, haze. Blurred at an eighth of the size, for speed."""
        small = (max(1, self.width // 8), max(1, self.height // 8))
        mask = Image.new("L", small, 0)
        ImageDraw.Draw(mask).polygon([(x / 8, y / 8) for x, y in points], fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(blur / 8)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", self.image.size, color), (0, 0), mask)
        self.draw = ImageDraw.Draw(self.image)

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float = 0.6) -> None:
        steps = [2 * math.pi * step / 40 for step in range(40)]
        self.soft([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in steps], color, strength, radius / 2)

    def shade(self, x: float, y: float, rx: float, ry: float, strength: float = 0.3) -> None:
        steps = [2 * math.pi * step / 40 for step in range(40)]
        self.soft([(x + rx * math.cos(a), y + ry * math.sin(a)) for a in steps], INK, strength, ry)

    def finished(self, font: str) -> Image.Image:
        """The picture at its size, with the words 示意图 in the lower right corner."""
        image = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        size = self.height // 48
        letters = ImageFont.truetype(font, size)
        x, y = self.width - size * 4.1, self.height - size * 2.3
        tag = Image.new("RGBA", image.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(tag)
        pen.rounded_rectangle(
            [x - size * 0.6, y - size * 0.2, x + size * 3.6, y + size * 1.6], size * 0.3, (30, 24, 28, 96)
        )
        pen.text((x, y), "示意图", font=letters, fill=(255, 255, 255, 235))
        return Image.alpha_composite(image.convert("RGBA"), tag).convert("RGB")


# ---------------------------------------------------------------- people


def person(c: Canvas, x: float, y: float, height: float, pose: str = "stand", shirt: Color | None = None) -> None:
    """Someone standing at (x, y), the feet. Poses: stand, oath, walk, wave, dig, hold, talk; a `-left` looks left."""
    pose, _, side = pose.partition("-")
    turn = -1 if side == "left" else 1
    top = shirt or c.random.choice(SHIRTS)
    legs = c.random.choice((INK, NAVY, mix(INK, SLATE, 0.4), mix(BARK, INK, 0.4)))
    skin, u = c.random.choice(SKIN), height / 100
    stride = 11 if pose in ("walk", "dig") else 4.5
    c.limb([(x - 3 * u, y - 46 * u), (x - stride * u, y - 3 * u)], 9.5 * u, mix(legs, INK, 0.25))
    c.limb([(x + 3 * u, y - 46 * u), (x + stride * u, y - 3 * u)], 9.5 * u, legs)
    for foot in (-stride, stride):
        c.box(x + (foot - 4) * u, y - 4 * u, 12 * u, 5 * u, INK, 2.5 * u)
    arm = mix(top, INK, 0.14)
    shoulder = (x - turn * 9.5 * u, y - 76 * u)
    c.limb([shoulder, (x - turn * 13 * u, y - 61 * u), (x - turn * 11 * u, y - 48 * u)], 6.5 * u, arm)
    c.ellipse(x - turn * 11 * u, y - 46 * u, 3.4 * u, 3.6 * u, skin)
    c.polygon(
        [(x - 10 * u, y - 80 * u), (x + 10 * u, y - 80 * u), (x + 9 * u, y - 44 * u), (x - 9 * u, y - 44 * u)], top
    )
    c.ellipse(x, y - 79 * u, 11.5 * u, 4.5 * u, top)
    c.box(x - 3.2 * u, y - 87 * u, 6.4 * u, 9 * u, mix(skin, BARK, 0.18), 3 * u)
    _head(c, x, y - 92 * u, u * 8, skin)
    elbow, hand = ARMS[pose]
    joints = [(x + turn * dx * u, y - dy * u) for dx, dy in ((9.5, 76), elbow, hand)]
    c.limb(joints, 6.5 * u, mix(top, INK, 0.07))
    c.ellipse(*joints[-1], 3.8 * u, 3.8 * u, skin)
    if pose == "dig":
        c.limb([(x + turn * 14 * u, y - 68 * u), (x + turn * 34 * u, y - 2 * u)], 2.4 * u, WOOD)


ARMS: dict[str, tuple[Point, Point]] = {
    "stand": ((13, 61), (11, 47)),
    "walk": ((14, 62), (17, 50)),
    "oath": ((16, 70), (15, 93)),
    "wave": ((19, 84), (21, 103)),
    "dig": ((17, 64), (23, 48)),
    "hold": ((14, 62), (3, 58)),
    "talk": ((17, 64), (28, 70)),
}
"""Elbow and hand of the arm that acts, in hundredths of the height, from the feet."""


def _head(c: Canvas, x: float, y: float, r: float, skin: Color) -> None:
    hair = c.random.choice((INK, (58, 46, 46), (34, 30, 38)))
    if c.random.random() < 0.42:
        c.box(x - r * 1.02, y - r * 0.7, r * 2.04, r * 2.1, hair, r * 0.6)
        c.box(x - r * 0.5, y + r * 0.5, r, r, mix(skin, BARK, 0.18), r * 0.3)
    c.ellipse(x, y - r * 0.12, r * 0.98, r * 1.06, hair)
    c.ellipse(x, y + r * 0.24, r * 0.78, r * 0.88, skin)
    c.polygon(
        [
            (x - r * 0.8, y - r * 0.1),
            (x + r * 0.2, y - r * 0.62),
            (x + r * 0.8, y),
            (x + r * 0.7, y - r * 0.8),
            (x - r * 0.6, y - r * 0.8),
        ],
        hair,
    )


def seated_back(c: Canvas, x: float, y: float, size: float, shirt: Color | None = None) -> None:
    """Someone in a row before us, seen from behind; (x, y) is the middle of the shoulders."""
    top = shirt or c.random.choice(SHIRTS)
    hair = c.random.choice((INK, (58, 46, 46), (34, 30, 38)))
    c.box(x - size * 0.6, y - size * 0.12, size * 1.2, size * 1.2, top, size * 0.42)
    c.box(x - size * 0.13, y - size * 0.36, size * 0.26, size * 0.36, mix(c.random.choice(SKIN), BARK, 0.2), size * 0.1)
    c.ellipse(x, y - size * 0.56, size * 0.29, size * 0.34, hair)
    if c.random.random() < 0.4:
        c.box(x - size * 0.29, y - size * 0.6, size * 0.58, size * 0.6, hair, size * 0.2)


def seated_front(c: Canvas, x: float, y: float, size: float, shirt: Color | None = None) -> None:
    """Someone behind a table, facing us; (x, y) is where the table's edge crosses the chest."""
    top = shirt or c.random.choice(SHIRTS)
    skin = c.random.choice(SKIN)
    c.box(x - size * 0.58, y - size * 0.86, size * 1.16, size * 1.2, top, size * 0.36)
    c.polygon(
        [(x - size * 0.17, y - size * 0.87), (x + size * 0.17, y - size * 0.87), (x, y - size * 0.5)],
        mix(WHITE, top, 0.1),
    )
    c.box(x - size * 0.13, y - size * 1.14, size * 0.26, size * 0.36, mix(skin, BARK, 0.18), size * 0.1)
    _head(c, x, y - size * 1.4, size * 0.36, skin)


# ---------------------------------------------------------------- things


def banner(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A red cloth with a gold edge and two quiet bars where the words would be."""
    c.gradient((x, y, width, height), BRIGHT, RED)
    c.box(x, y + height - height * 0.06, width, height * 0.06, GOLD)
    c.box(x + width * 0.2, y + height * 0.36, width * 0.6, height * 0.2, HONEY, height * 0.1)


def curtain(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    folds = max(3, round(width / 70))
    for fold in range(folds):
        left, step = x + width * fold / folds, width / folds
        c.gradient(
            (left, y, step + 1, height), mix(RED, BRIGHT, 0.3 + 0.3 * (fold % 2)), mix(DEEP, RED, 0.35 * (fold % 2))
        )


def flag(c: Canvas, x: float, y: float, pole: float, size: float) -> None:
    """A plain red flag in the wind; (x, y) is the foot of the pole."""
    c.limb([(x, y), (x, y - pole)], size * 0.035, mix(STEEL, WHITE, 0.4))
    upper = [(x + size * t / 20, y - pole + size * 0.07 * math.sin(t / 3.1)) for t in range(21)]
    lower = [(px, py + size * 0.62) for px, py in reversed(upper)]
    c.polygon([*upper, *lower], BRIGHT)
    for start in (5, 13):
        strip = upper[start : start + 4]
        c.polygon([*strip, *[(px, py + size * 0.62) for px, py in reversed(strip)]], mix(BRIGHT, RED, 0.3))


def tree(c: Canvas, x: float, y: float, height: float, color: Color) -> None:
    c.polygon(
        [
            (x - height * 0.035, y),
            (x + height * 0.035, y),
            (x + height * 0.015, y - height * 0.6),
            (x - height * 0.015, y - height * 0.6),
        ],
        BARK,
    )
    puffs = [(0, 0.72, 0.25), (-0.17, 0.58, 0.19), (0.17, 0.6, 0.2), (-0.08, 0.86, 0.18), (0.1, 0.84, 0.17)]
    for dx, dy, r in puffs:
        c.ellipse(
            x + dx * height, y - dy * height + height * 0.03, r * height, r * height * 0.92, mix(color, INK, 0.16)
        )
    for dx, dy, r in puffs:
        c.ellipse(x + (dx - 0.02) * height, y - dy * height, r * height * 0.86, r * height * 0.8, color)
    for dx, dy, r in puffs[::2]:
        c.ellipse(
            x + (dx - 0.06) * height,
            y - (dy + 0.05) * height,
            r * height * 0.4,
            r * height * 0.34,
            mix(color, HONEY, 0.35),
        )


def cypress(c: Canvas, x: float, y: float, height: float, color: Color) -> None:
    c.box(x - height * 0.02, y - height * 0.2, height * 0.04, height * 0.2, BARK)
    c.ellipse(x, y - height * 0.55, height * 0.13, height * 0.46, color)
    c.ellipse(x - height * 0.03, y - height * 0.58, height * 0.06, height * 0.36, mix(color, LIME, 0.35))


def hills(c: Canvas, base: float, lift: float, color: Color, waves: float) -> None:
    """One ridge, filled to the bottom of the picture."""
    phase = c.random.random() * 7
    ridge = []
    for step in range(121):
        t = step / 120 * waves * 2 * math.pi + phase
        ridge.append(
            (
                c.width * step / 120,
                base - lift * (0.55 * math.sin(t) + 0.3 * math.sin(2.3 * t + 1) + 0.12 * math.sin(5.1 * t)),
            )
        )
    c.polygon([*ridge, (c.width, c.height), (0, c.height)], color)


def sky(c: Canvas, top: Color, bottom: Color, horizon: float) -> None:
    c.gradient((0, 0, c.width, horizon), top, bottom)


def cloud(c: Canvas, x: float, y: float, size: float, color: Color = WHITE) -> None:
    for dx, dy, r in ((-0.7, 0.08, 0.3), (-0.25, -0.1, 0.45), (0.3, -0.02, 0.38), (0.75, 0.1, 0.26)):
        c.ellipse(x + dx * size, y + dy * size, r * size, r * size * 0.62, color)
    c.box(x - size, y + size * 0.05, size * 2, size * 0.26, color, size * 0.13)


def windows(c: Canvas, box: tuple[float, float, float, float], grid: tuple[int, int], colors: Sequence[Color]) -> None:
    """Panes in `grid` (columns, rows) over (x, y, width, height)."""
    (x, y, width, height), (columns, rows) = box, grid
    step_x, step_y = width / columns, height / rows
    for row in range(rows):
        for column in range(columns):
            left, top = x + column * step_x + step_x * 0.18, y + row * step_y + step_y * 0.18
            color = c.random.choice(colors)
            c.box(left, top, step_x * 0.64, step_y * 0.64, color)
            c.polygon([(left, top), (left + step_x * 0.3, top), (left, top + step_y * 0.4)], mix(color, WHITE, 0.25))


def hall(c: Canvas, building: tuple[float, float, float, float], wall: Color, panes: Sequence[Color]) -> None:
    """A teaching building with a columned entrance; (x, y, width, height)."""
    x, y, width, height = building
    c.gradient((x, y, width, height), mix(wall, WHITE, 0.12), mix(wall, BARK, 0.1))
    windows(c, (x + width * 0.02, y + height * 0.1, width * 0.36, height * 0.82), (6, 4), panes)
    windows(c, (x + width * 0.62, y + height * 0.1, width * 0.36, height * 0.82), (6, 4), panes)
    c.box(x - width * 0.01, y - height * 0.05, width * 1.02, height * 0.07, mix(wall, BARK, 0.35))
    middle = x + width * 0.37
    c.gradient((middle, y - height * 0.18, width * 0.26, height * 1.18), mix(wall, WHITE, 0.4), mix(wall, WHITE, 0.12))
    c.polygon(
        [
            (middle - width * 0.02, y - height * 0.18),
            (x + width * 0.5, y - height * 0.42),
            (middle + width * 0.28, y - height * 0.18),
        ],
        mix(wall, BARK, 0.3),
    )
    windows(c, (middle + width * 0.01, y - height * 0.1, width * 0.24, height * 0.42), (5, 2), panes)
    c.box(middle, y + height * 0.36, width * 0.26, height * 0.06, mix(wall, BARK, 0.3))
    c.box(middle + width * 0.02, y + height * 0.42, width * 0.22, height * 0.58, mix(NAVY, INK, 0.3))
    for column in range(5):
        c.gradient(
            (middle + width * (0.015 + 0.055 * column), y + height * 0.42, width * 0.018, height * 0.58),
            WHITE,
            mix(wall, WHITE, 0.5),
        )


def books(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A row of books standing on a shelf whose top is at y."""
    left = x
    while left < x + width - height * 0.12:
        thick = height * c.random.uniform(0.09, 0.2)
        tall = height * c.random.uniform(0.7, 0.96)
        color = c.random.choice((RED, DEEP, NAVY, TEAL, SAND, WOOD, GOLD, PINE, SLATE, BRICK))
        c.box(left, y - tall, thick * 0.94, tall, color, height * 0.015)
        c.box(left, y - tall * 0.82, thick * 0.94, tall * 0.05, mix(color, HONEY, 0.55))
        left += thick


def screen(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A projection with bars and a line, no words."""
    c.box(x - 14, y - 14, width + 28, height + 28, INK, 10)
    c.gradient((x, y, width, height), WHITE, MIST)
    c.box(x + width * 0.06, y + height * 0.09, width * 0.4, height * 0.07, RED, 6)
    for bar in range(6):
        tall = height * (0.2 + 0.075 * bar + 0.05 * (bar % 2))
        c.box(
            x + width * (0.08 + 0.075 * bar),
            y + height * 0.88 - tall,
            width * 0.045,
            tall,
            GOLD if bar % 2 else BRIGHT,
            4,
        )
    for line in range(4):
        c.box(
            x + width * 0.6,
            y + height * (0.34 + 0.14 * line),
            width * (0.32 - 0.04 * (line % 3)),
            height * 0.045,
            STEEL,
            5,
        )


def plant(c: Canvas, x: float, y: float, size: float) -> None:
    for angle in (-64, -38, -14, 12, 36, 60):
        a = math.radians(angle)
        tip = (x + size * math.sin(a), y - size * math.cos(a))
        side = (size * 0.1 * math.cos(a), size * 0.1 * math.sin(a))
        middle = (x + size * 0.55 * math.sin(a), y - size * 0.55 * math.cos(a))
        c.polygon(
            [(x, y), (middle[0] - side[0], middle[1] - side[1]), tip, (middle[0] + side[0], middle[1] + side[1])],
            LEAF if angle % 4 else PINE,
        )
    c.polygon(
        [
            (x - size * 0.26, y - size * 0.05),
            (x + size * 0.26, y - size * 0.05),
            (x + size * 0.18, y + size * 0.4),
            (x - size * 0.18, y + size * 0.4),
        ],
        BRICK,
    )


# ---------------------------------------------------------------- scenes


def conference(c: Canvas) -> None:
    """A meeting hall from the back row: platform, curtain, rows of people. Any width."""
    w, h = c.width, c.height
    c.gradient((0, 0, w, h), (236, 214, 186), (206, 170, 136))
    for lamp in range(round(w / 400) + 1):
        x = lamp * 400 + 120
        c.box(x, 0, 180, h * 0.025, WHITE, 10)
        c.glow(x + 90, h * 0.02, 150, WHITE, 0.4)
    middle, wide = w / 2, min(w * 0.62, h * 1.75)
    curtain(c, middle - wide / 2, h * 0.07, wide, h * 0.44)
    banner(c, middle - wide * 0.42, h * 0.1, wide * 0.84, h * 0.1)
    for side in (-1, 1):
        plant(c, middle + side * wide * 0.55, h * 0.5, h * 0.11)
    for panel in range(int(((w - wide) / 2 - 30) / 190)):
        for x in (panel * 190 + 20, w - panel * 190 - 180):
            c.gradient((x, h * 0.12, 150, h * 0.36), (244, 228, 204), (226, 198, 164))
    seats = max(5, round(wide / (h * 0.19)))
    for seat in range(seats):
        seated_front(
            c, middle + (seat - (seats - 1) / 2) * wide * 0.84 / seats, h * 0.475, h * 0.058, NAVY if seat % 3 else INK
        )
    c.gradient((middle - wide * 0.46, h * 0.47, wide * 0.92, h * 0.085), mix(RED, BRIGHT, 0.3), DEEP)
    c.box(middle - wide * 0.47, h * 0.465, wide * 0.94, h * 0.014, GOLD, 4)
    c.soft([(0, h * 0.56), (w, h * 0.56), (w, h * 0.62), (0, h * 0.62)], BARK, 0.4, 40)
    for row in range(4):
        size = h * (0.075 + 0.034 * row)
        y = h * (0.66 + 0.1 * row)
        count = math.ceil(w / (size * 1.75)) + 1
        for seat in range(-1, count):
            x = (seat + 0.5 * (row % 2)) * size * 1.75
            if abs(x - middle) > size * 0.7 and c.random.random() > 0.06:
                seated_back(c, x, y, size)
        c.box(0, y + size * 0.42, middle - size * 0.8, size * 1.6, mix(DEEP, BARK, 0.2 + 0.08 * row), size * 0.1)
        c.box(middle + size * 0.8, y + size * 0.42, w, size * 1.6, mix(DEEP, BARK, 0.2 + 0.08 * row), size * 0.1)
    c.soft([(0, h * 0.94), (w, h * 0.94), (w, h * 1.1), (0, h * 1.1)], INK, 0.5, 90)


def speaker(c: Canvas) -> None:
    """A portrait: someone at a lectern before a red curtain."""
    w, h = c.width, c.height
    curtain(c, 0, 0, w, h)
    c.glow(w * 0.5, h * 0.36, w * 0.42, HONEY, 0.42)
    x, skin = w * 0.5, SKIN[0]
    c.box(x - w * 0.29, h * 0.47, w * 0.58, h * 0.5, NAVY, w * 0.14)
    c.polygon([(x - w * 0.09, h * 0.46), (x + w * 0.09, h * 0.46), (x, h * 0.68)], WHITE)
    c.polygon([(x - w * 0.09, h * 0.46), (x - w * 0.15, h * 0.51), (x, h * 0.72), (x, h * 0.68)], mix(NAVY, INK, 0.45))
    c.polygon([(x + w * 0.09, h * 0.46), (x + w * 0.15, h * 0.51), (x, h * 0.72), (x, h * 0.68)], mix(NAVY, INK, 0.45))
    c.polygon(
        [
            (x - w * 0.02, h * 0.5),
            (x + w * 0.02, h * 0.5),
            (x + w * 0.028, h * 0.62),
            (x, h * 0.67),
            (x - w * 0.028, h * 0.62),
        ],
        RED,
    )
    c.box(x - w * 0.06, h * 0.4, w * 0.12, h * 0.085, mix(skin, BARK, 0.2), w * 0.05)
    c.ellipse(x, h * 0.318, w * 0.15, h * 0.122, INK)
    c.ellipse(x, h * 0.338, w * 0.126, h * 0.108, skin)
    c.polygon(
        [
            (x - w * 0.13, h * 0.31),
            (x - w * 0.04, h * 0.262),
            (x + w * 0.13, h * 0.3),
            (x + w * 0.11, h * 0.23),
            (x - w * 0.1, h * 0.23),
        ],
        INK,
    )
    for side in (-1, 1):
        c.ellipse(x + side * w * 0.048, h * 0.338, w * 0.011, h * 0.008, INK)
        c.limb(
            [(x + side * w * 0.03, h * 0.319), (x + side * w * 0.05, h * 0.316), (x + side * w * 0.068, h * 0.32)],
            w * 0.006,
            BARK,
        )
        c.limb(
            [(x + side * w * 0.24, h * 0.56), (x + side * w * 0.3, h * 0.7), (x + side * w * 0.2, h * 0.77)],
            w * 0.1,
            mix(NAVY, INK, 0.2),
        )
        c.ellipse(x + side * w * 0.19, h * 0.775, w * 0.052, h * 0.03, skin)
    smile = [(x + w * 0.036 * t / 5, h * (0.4 - 0.006 * (t / 5) ** 2)) for t in range(-5, 6)]
    c.limb(smile, w * 0.007, BRICK)
    c.gradient((w * 0.12, h * 0.79, w * 0.76, h * 0.21), WOOD, BARK)
    c.polygon(
        [(w * 0.07, h * 0.79), (w * 0.93, h * 0.79), (w * 0.88, h * 0.755), (w * 0.12, h * 0.755)],
        mix(WOOD, HONEY, 0.35),
    )
    c.box(w * 0.18, h * 0.83, w * 0.64, h * 0.012, GOLD, 5)
    c.polygon([(w * 0.36, h * 0.782), (w * 0.62, h * 0.782), (w * 0.6, h * 0.762), (w * 0.38, h * 0.762)], WHITE)
    c.limb([(w * 0.7, h * 0.765), (w * 0.67, h * 0.64), (w * 0.61, h * 0.575)], w * 0.013, INK)
    c.ellipse(w * 0.6, h * 0.565, w * 0.027, h * 0.022, INK)


def campus(c: Canvas) -> None:
    """The college's building in spring."""
    sky(c, (124, 176, 206), (232, 240, 236), 1100)
    c.glow(480, 260, 260, WHITE, 0.7)
    cloud(c, 620, 300, 190)
    cloud(c, 1780, 200, 240)
    cloud(c, 2200, 380, 130, mix(WHITE, SKY, 0.2))
    hills(c, 960, 60, mix(SKY, PINE, 0.35), 1.4)
    hall(c, (360, 600, 1680, 500), (214, 132, 104), (NAVY, TEAL, SLATE))
    c.gradient((0, 1090, 2400, 510), (150, 178, 108), (108, 146, 92))
    c.polygon([(1080, 1100), (1320, 1100), (1720, 1600), (680, 1600)], (236, 222, 198))
    for step in range(3):
        c.box(960 - step * 20, 1084 + step * 14, 480 + step * 40, 16, mix(WHITE, SAND, 0.4 + 0.2 * step))
    for x, y, size, color in (
        (180, 1160, 520, LEAF),
        (2240, 1170, 560, LEAF),
        (330, 1240, 360, (222, 148, 152)),
        (2060, 1250, 340, (222, 148, 152)),
        (60, 1330, 460, PINE),
        (2380, 1360, 480, PINE),
    ):
        c.shade(x, y, size * 0.3, 22, 0.3)
        tree(c, x, y, size, color)
    flag(c, 800, 1120, 470, 130)
    for x, y, size, pose in (
        (1000, 1290, 150, "walk"),
        (1090, 1290, 146, "walk-left"),
        (1370, 1380, 180, "walk-left"),
        (1280, 1190, 110, "walk"),
    ):
        c.shade(x, y, size * 0.22, 8, 0.3)
        person(c, x, y, size, pose)


def lecture(c: Canvas) -> None:
    """A lecture with a projection, seen over the heads of the audience."""
    c.gradient((0, 0, 2400, 1600), (238, 232, 222), (214, 200, 184))
    for panel in range(8):
        c.gradient((panel * 300, 0, 296, 900), (242, 234, 222), (226, 212, 194))
    c.box(0, 0, 2400, 46, mix(SAND, BARK, 0.25))
    screen(c, 640, 170, 1120, 600)
    c.glow(1200, 470, 420, WHITE, 0.3)
    c.box(0, 890, 2400, 710, mix(WOOD, SAND, 0.4))
    person(c, 470, 950, 470, "talk", NAVY)
    c.gradient((250, 740, 150, 220), WOOD, BARK)
    c.box(236, 720, 178, 26, mix(WOOD, HONEY, 0.4), 6)
    plant(c, 2130, 860, 160)
    for row in range(3):
        size, y = 150 + 52 * row, 1060 + 190 * row
        for seat in range(-1, 14 - row):
            x = (seat + 0.5 * (row % 2) + 0.3) * size * 1.55
            if c.random.random() > 0.07:
                seated_back(c, x, y, size)
        c.box(0, y + size * 0.5, 2400, 190, mix(BARK, DEEP, 0.15 + 0.12 * row), 12)
        c.box(0, y + size * 0.5, 2400, 14, mix(WOOD, HONEY, 0.2), 6)


def library(c: Canvas) -> None:
    """Shelves, a long table, readers."""
    c.gradient((0, 0, 2400, 1600), (244, 226, 198), (222, 190, 150))
    for block in range(3):
        x = 60 + block * 800
        c.box(x - 20, 90, 720, 960, mix(BARK, INK, 0.12), 8)
        for shelf in range(4):
            c.gradient((x, 116 + shelf * 232, 680, 210), mix(BARK, INK, 0.45), mix(BARK, INK, 0.2))
            books(c, x + 8, 326 + shelf * 232, 664, 200)
            c.box(x, 326 + shelf * 232, 680, 20, mix(WOOD, HONEY, 0.15))
    c.box(0, 1050, 2400, 550, mix(WOOD, SAND, 0.3))
    for x in (420, 1200, 1980):
        c.limb([(x, 0), (x, 330)], 8, INK)
        c.polygon([(x - 90, 400), (x + 90, 400), (x + 42, 320), (x - 42, 320)], DEEP)
        c.soft([(x - 80, 400), (x + 80, 400), (x + 420, 1240), (x - 420, 1240)], HONEY, 0.22, 90)
    for x, size in ((330, 170), (820, 165), (1330, 172), (1830, 168), (2230, 160)):
        seated_front(c, x, 1240, size)
    c.gradient((0, 1230, 2400, 130), mix(WOOD, HONEY, 0.35), WOOD)
    c.box(0, 1350, 2400, 250, BARK)
    for x in (330, 820, 1330, 1830, 2230):
        c.polygon([(x - 130, 1290), (x, 1304), (x, 1236), (x - 112, 1226)], WHITE)
        c.polygon([(x + 130, 1290), (x, 1304), (x, 1236), (x + 112, 1226)], mix(WHITE, SAND, 0.35))
    books(c, 1010, 1300, 150, 110)
    books(c, 2030, 1300, 100, 110)


def dawn(c: Canvas) -> None:
    """Mountains at sunrise in red and gold."""
    sky(c, (148, 36, 40), (250, 214, 148), 1200)
    c.glow(1640, 700, 520, HONEY, 0.75)
    c.ellipse(1640, 720, 150, 150, (255, 240, 206))
    for x, y, size in ((400, 380, 230), (1130, 250, 170), (2080, 330, 210)):
        c.soft([(x - size * 2, y), (x, y - 26), (x + size * 2, y), (x, y + 34)], HONEY, 0.5, 26)
    layers = (
        (900, 120, (226, 140, 96), 1.3),
        (1010, 140, (202, 98, 74), 1.6),
        (1130, 130, (164, 58, 58), 1.2),
        (1270, 120, (122, 34, 46), 1.7),
        (1420, 90, (80, 24, 38), 1.1),
    )
    for base, lift, color, waves in layers:
        hills(c, base, lift, color, waves)
        c.soft([(0, base + 110), (2400, base + 110), (2400, base + 230), (0, base + 230)], HONEY, 0.16, 80)
    for bird in range(6):
        x, y = 900 + bird * 74, 520 - abs(bird - 2.5) * 22
        c.limb([(x - 24, y - 10), (x, y), (x + 24, y - 10)], 5, DEEP)


def ribbons(c: Canvas) -> None:
    """Red and gold ribbons: for a topic without a place."""
    c.gradient((0, 0, 2400, 1600), (252, 238, 214), (244, 204, 150))
    c.glow(1700, 420, 480, WHITE, 0.8)
    bands = (
        (760, 210, 180, (238, 178, 120)),
        (900, 250, 170, BRIGHT),
        (1010, 230, 34, HONEY),
        (1080, 250, 190, RED),
        (1240, 220, 26, GOLD),
        (1330, 190, 320, DEEP),
    )
    for index, (base, lift, thick, color) in enumerate(bands):

        def edge(x: float, base: float = base, lift: float = lift, index: int = index) -> float:
            return (
                base + lift * math.sin(x / 620 + index * 0.28) - x * 0.14 + 90 * math.sin(x / 260 + index * 0.2) * 0.4
            )

        upper = [(x, edge(x)) for x in range(0, 2441, 20)]
        lower = [(x, edge(x) + thick * (0.75 + 0.45 * math.sin(x / 700 + index))) for x in range(2440, -1, -20)]
        c.soft([(x, y + 26) for x, y in upper + lower], DEEP, 0.3, 40)
        c.polygon(upper + lower, color)
        c.soft(
            [(x, y + thick * 0.05) for x, y in upper] + [(x, y + thick * 0.3) for x, y in reversed(upper)],
            WHITE,
            0.12,
            24,
        )
    for _ in range(26):
        x, y, r = c.random.uniform(80, 2300), c.random.uniform(80, 640), c.random.uniform(4, 13)
        c.ellipse(x, y, r, r, mix(HONEY, GOLD, c.random.random()))


def planting(c: Canvas) -> None:
    """People planting trees on a slope."""
    sky(c, (150, 196, 214), (238, 240, 222), 900)
    cloud(c, 420, 240, 180)
    cloud(c, 1900, 300, 220)
    hills(c, 800, 90, (168, 192, 168), 1.2)
    hills(c, 900, 70, (140, 174, 128), 1.7)
    for x in range(60, 2400, 150):
        cypress(c, x + c.random.uniform(-40, 40), 950, c.random.uniform(110, 190), PINE)
    c.gradient((0, 930, 2400, 670), (168, 186, 112), (124, 150, 84))
    flag(c, 250, 1230, 520, 210)
    for x, y, size, pose, shirt in (
        (520, 1230, 400, "dig", BRIGHT),
        (900, 1180, 370, "hold-left", WHITE),
        (1290, 1260, 410, "dig-left", RED),
        (1640, 1200, 380, "stand", NAVY),
        (1960, 1290, 420, "dig-left", BRIGHT),
    ):
        c.shade(x, y + 6, size * 0.26, 20, 0.3)
        person(c, x, y, size, pose, shirt)
    for x, y, size in ((720, 1260, 260), (1090, 1300, 280), (1760, 1330, 290), (2230, 1240, 260)):
        c.ellipse(x, y, 100, 30, BARK)
        c.ellipse(x, y - 8, 84, 22, mix(BARK, WOOD, 0.4))
        tree(c, x, y, size, LIME)
    for _ in range(70):
        x, y = c.random.uniform(0, 2400), c.random.uniform(1360, 1590)
        c.limb([(x, y), (x - 8, y - 26)], 5, mix(LEAF, PINE, 0.3))
        c.limb([(x, y), (x + 9, y - 22)], 5, LEAF)


def factory(c: Canvas) -> None:
    """Visitors on the floor of a bright works hall."""
    c.gradient((0, 0, 2400, 1600), (226, 234, 238), (196, 206, 212))
    for x in range(-200, 2500, 300):
        c.polygon([(x, 0), (x + 26, 0), (x + 26, 900), (x, 900)], STEEL)
        c.limb([(x + 13, 200), (x + 163, 60), (x + 313, 200)], 14, mix(STEEL, SLATE, 0.3))
    for x in range(60, 2400, 300):
        c.gradient((x, 260, 220, 330), (176, 214, 232), (232, 244, 246))
    c.gradient((0, 880, 2400, 720), (178, 186, 190), (206, 210, 208))
    c.polygon([(0, 1240), (2400, 1180), (2400, 1208), (0, 1270)], GOLD)
    for index, x in enumerate((120, 640, 1160, 1680)):
        c.shade(x + 210, 985, 250, 30, 0.3)
        c.gradient((x, 690, 420, 290), mix(WHITE, MIST, 0.4), mix(MIST, STEEL, 0.6))
        c.box(x, 690, 420, 46, RED if index % 2 else NAVY, 8)
        c.box(x + 40, 770, 170, 120, INK, 8)
        c.box(x + 54, 784, 142, 92, TEAL, 4)
        for lamp in range(3):
            c.ellipse(x + 270 + lamp * 48, 800, 14, 14, (GOLD, LEAF, BRIGHT)[lamp])
        base = (x + 330, 690)
        c.limb([base, (x + 300, 560), (x + 400, 470)], 34, mix(GOLD, BRIGHT, 0.25))
        c.limb([(x + 400, 470), (x + 470, 540)], 22, mix(GOLD, BRIGHT, 0.25))
        c.ellipse(x + 300, 560, 24, 24, INK)
    for x, size, pose, shirt in (
        (360, 470, "talk", RED),
        (640, 440, "stand-left", NAVY),
        (800, 455, "hold-left", WHITE),
        (970, 450, "stand-left", SLATE),
        (1500, 460, "talk-left", TEAL),
        (1700, 440, "stand-left", SAND),
        (1860, 455, "stand-left", NAVY),
        (2060, 450, "hold-left", (150, 72, 66)),
    ):
        y = 1420 + c.random.uniform(-30, 40)
        c.shade(x, y + 4, size * 0.22, 18, 0.3)
        person(c, x, y, size, pose, shirt)
        c.ellipse(x, y - size * 0.985, size * 0.088, size * 0.05, HONEY)
        c.box(x - size * 0.1, y - size * 0.985, size * 0.2, size * 0.018, mix(HONEY, GOLD, 0.6), 4)


def community(c: Canvas) -> None:
    """A service day: awnings and tables in a neighbourhood."""
    sky(c, (184, 212, 222), (246, 238, 220), 900)
    for x, y, wide, tall, color in (
        (40, 260, 400, 760, (226, 190, 162)),
        (480, 380, 360, 640, (206, 178, 160)),
        (1560, 330, 380, 690, (226, 196, 170)),
        (1980, 220, 380, 800, (212, 172, 150)),
    ):
        c.gradient((x, y, wide, tall), mix(color, WHITE, 0.25), color)
        windows(c, (x + 24, y + 40, wide - 48, tall - 260), (4, 5), (SLATE, TEAL, STEEL))
    for x in (930, 1480):
        tree(c, x, 1030, 480, LEAF)
    c.gradient((0, 1000, 2400, 600), (222, 210, 190), (202, 188, 166))
    for x, color in ((150, BRIGHT), (900, RED), (1650, BRIGHT)):
        for pole in (0, 580):
            c.limb([(x + pole + 10, 640), (x + pole + 10, 1290)], 14, MIST)
        c.polygon([(x - 40, 660), (x + 640, 660), (x + 500, 500), (x + 100, 500)], color)
        for strip in range(8):
            c.polygon(
                [
                    (x - 40 + strip * 85, 658),
                    (x + 45 + strip * 85, 658),
                    (x + 40 + strip * 85, 710),
                    (x - 35 + strip * 85, 710),
                ],
                WHITE if strip % 2 else color,
            )
        for seat, dx in enumerate((140, 300, 460)):
            if seat != 1 or x != 900:
                seated_front(c, x + dx, 1120, 110, BRIGHT if seat % 2 else None)
        c.gradient((x + 20, 1110, 560, 190), WHITE, MIST)
        c.box(x + 20, 1110, 560, 20, GOLD, 4)
        books(c, x + 60, 1112, 110, 70)
    for x, y, size, pose in (
        (300, 1480, 400, "stand"),
        (560, 1500, 410, "talk"),
        (1120, 1470, 420, "hold-left"),
        (1400, 1510, 400, "wave-left"),
        (1840, 1480, 410, "stand"),
        (2150, 1500, 420, "talk-left"),
    ):
        c.shade(x, y, 90, 18, 0.3)
        person(c, x, y, size, pose)


def reading_circle(c: Canvas) -> None:
    """A round table with books and tea by a large window."""
    c.gradient((0, 0, 2400, 1600), (246, 232, 210), (226, 202, 172))
    c.box(420, 90, 1560, 780, mix(BARK, WOOD, 0.5), 12)
    c.gradient((450, 120, 1500, 720), (158, 200, 214), (236, 240, 222))
    for x, size in ((600, 420), (900, 330), (1480, 380), (1790, 460)):
        tree(c, x, 850, size, mix(LEAF, SKY, 0.25))
    c.box(450, 800, 1500, 40, mix(LEAF, SKY, 0.1))
    for x in (930, 1440):
        c.box(x, 110, 26, 740, mix(BARK, WOOD, 0.5))
    c.box(400, 850, 1600, 44, mix(WOOD, HONEY, 0.3), 8)
    plant(c, 300, 960, 230)
    plant(c, 2130, 960, 230)
    for x, y, size in ((640, 1110, 205), (940, 1060, 195), (1250, 1050, 192), (1560, 1070, 196), (1830, 1120, 206)):
        seated_front(c, x, y, size)
    c.shade(1230, 1480, 1000, 120, 0.4)
    c.ellipse(1230, 1300, 980, 300, BARK)
    c.ellipse(1230, 1270, 980, 290, mix(WOOD, HONEY, 0.3))
    c.soft([(500, 1060), (1100, 1020), (1700, 1500), (800, 1500)], WHITE, 0.25, 90)
    for x, y in ((640, 1190), (960, 1130), (1270, 1115), (1580, 1135), (1840, 1200)):
        c.polygon([(x - 100, y + 40), (x, y + 52), (x, y - 4), (x - 84, y - 12)], WHITE)
        c.polygon([(x + 100, y + 40), (x, y + 52), (x, y - 4), (x + 84, y - 12)], mix(WHITE, SAND, 0.4))
    for x, y in ((800, 1340), (1160, 1270), (1440, 1300), (1700, 1370)):
        c.ellipse(x, y + 30, 62, 18, mix(WOOD, BARK, 0.4))
        c.box(x - 42, y - 34, 84, 66, WHITE, 20)
        c.ellipse(x, y - 32, 40, 13, mix(GOLD, LEAF, 0.4))
    for index, color in enumerate((RED, NAVY, GOLD)):
        c.box(1060 - index * 8, 1420 - index * 34, 300 + index * 10, 34, color, 6)


def tug_of_war(c: Canvas) -> None:
    """A sports day: two teams at the rope on a red track."""
    sky(c, (136, 186, 212), (234, 240, 232), 760)
    cloud(c, 380, 210, 180)
    cloud(c, 1500, 150, 210)
    for row in range(4):
        c.box(0, 500 + row * 62, 2400, 62, mix(STEEL, SLATE, 0.12 * row))
        for _ in range(62):
            x = c.random.uniform(0, 2400)
            c.ellipse(x, 516 + row * 62, 13, 15, c.random.choice(SKIN))
            c.box(x - 19, 530 + row * 62, 38, 40, c.random.choice((BRIGHT, GOLD, WHITE, NAVY, TEAL)), 14)
    c.gradient((0, 748, 2400, 852), (206, 96, 74), (178, 70, 58))
    c.gradient((0, 748, 2400, 200), (140, 176, 104), (120, 158, 92))
    for lane in range(5):
        y = 1000 + lane * lane * 26 + lane * 40
        c.polygon([(0, y), (2400, y - 20), (2400, y - 20 + 5 + lane * 2), (0, y + 5 + lane * 2)], PALE)
    c.limb([(150, 1062), (2250, 1062)], 17, SAND)
    c.polygon([(1180, 1062), (1220, 1062), (1224, 1190), (1200, 1166), (1176, 1190)], BRIGHT)
    for side, shirt in ((-1, RED), (1, NAVY)):
        for index in range(5):
            _puller(c, 1200 + side * (250 + index * 190), 1320, side, shirt)
    person(c, 1200, 1240, 400, "wave", WHITE)


def _puller(c: Canvas, x: float, y: float, side: int, shirt: Color) -> None:
    """Someone leaning away from the middle, hands on the rope."""
    skin = c.random.choice(SKIN)
    hip, shoulder = (x + side * 66, y - 180), (x + side * 150, y - 320)
    c.shade(x, y + 10, 120, 18, 0.3)
    c.limb([hip, (x + side * 10, y - 100), (x - side * 40, y - 4)], 44, mix(INK, NAVY, 0.3))
    c.limb([hip, (x + side * 60, y - 80), (x + side * 30, y - 4)], 44, INK)
    c.limb([hip, shoulder], 84, shirt)
    c.limb([shoulder, (x + side * 66, y - 286), (x - side * 10, y - 258)], 30, mix(shirt, INK, 0.16))
    c.ellipse(x - side * 14, y - 258, 20, 20, skin)
    _head(c, shoulder[0] + side * 34, shoulder[1] - 78, 46, skin)


def exhibition(c: Canvas) -> None:
    """A gallery with framed panels and visitors."""
    c.gradient((0, 0, 2400, 1120), (150, 34, 38), (122, 22, 30))
    c.box(0, 0, 2400, 70, mix(DEEP, INK, 0.5))
    c.gradient((0, 1100, 2400, 500), (206, 172, 136), (170, 130, 98))
    c.box(0, 1090, 2400, 22, GOLD)
    for index, (x, wide) in enumerate(((130, 460), (680, 620), (1390, 380), (1860, 430))):
        c.soft([(x + wide / 2 - 30, 70), (x + wide / 2 + 30, 70), (x + wide + 60, 900), (x - 60, 900)], HONEY, 0.3, 60)
        c.box(x - 18, 262, wide + 36, 536, mix(GOLD, BARK, 0.2), 6)
        c.gradient((x, 280, wide, 500), PALE, mix(SAND, WHITE, 0.4))
        if index % 2:
            c.gradient((x + 40, 320, wide - 80, 270), (240, 196, 130), (206, 104, 78))
            c.polygon(
                [
                    (x + 40, 590),
                    (x + wide * 0.35, 420),
                    (x + wide * 0.55, 530),
                    (x + wide * 0.75, 450),
                    (x + wide - 40, 590),
                ],
                BRICK,
            )
        else:
            c.gradient((x + 40, 320, wide - 80, 270), (214, 208, 196), (172, 160, 146))
            for column in range(5):
                c.box(
                    x + 70 + column * (wide - 140) / 5,
                    500 - (column % 3) * 50,
                    (wide - 140) / 7,
                    90 + (column % 3) * 50,
                    mix(SLATE, SAND, 0.3),
                )
        for line in range(4):
            c.box(x + 50, 630 + line * 34, (wide - 100) * (1 - 0.12 * (line % 3)), 12, mix(STEEL, BARK, 0.3), 6)
    c.gradient((980, 1010, 380, 230), WHITE, MIST)
    c.box(960, 990, 420, 30, mix(STEEL, WHITE, 0.5), 6)
    books(c, 1040, 992, 240, 110)
    for x, size, pose in (
        (330, 560, "talk-left"),
        (560, 530, "stand"),
        (780, 545, "hold"),
        (1500, 550, "stand-left"),
        (1680, 530, "stand"),
        (1920, 560, "talk"),
        (2160, 535, "hold-left"),
    ):
        y = 1430 + c.random.uniform(-24, 40)
        c.shade(x, y + 6, 130, 22, 0.4)
        person(c, x, y, size, pose)


def ginkgo(c: Canvas) -> None:
    """A lane of ginkgo trees in autumn."""
    sky(c, (158, 198, 218), (250, 240, 214), 900)
    hall(c, (760, 560, 880, 300), (206, 140, 112), (NAVY, SLATE))
    c.gradient((0, 850, 2400, 750), (232, 200, 110), (212, 166, 74))
    c.polygon([(1130, 850), (1270, 850), (1980, 1600), (420, 1600)], (220, 206, 188))
    for index, size in enumerate((300, 400, 540, 740, 1040)):
        offset = 170 + size * 0.98
        for side in (-1, 1):
            x, y = 1200 + side * offset, 870 + size * 0.48
            c.shade(x, y, size * 0.22, 18, 0.25)
            tree(c, x, y, size * 1.12, mix((238, 190, 74), (224, 158, 56), (index % 2) * 0.7))
    for _ in range(240):
        x, y = c.random.uniform(0, 2400), c.random.uniform(900, 1590)
        c.ellipse(
            x,
            y,
            4 + (y - 900) / 110,
            2.5 + (y - 900) / 220,
            c.random.choice(((250, 214, 100), (240, 186, 66), (218, 150, 52))),
        )
    for x, y, size, pose in (
        (1150, 1010, 150, "walk"),
        (1230, 1020, 156, "walk-left"),
        (1010, 1290, 320, "walk"),
        (1400, 1360, 350, "walk-left"),
        (1560, 1370, 345, "walk-left"),
    ):
        c.shade(x, y, size * 0.24, 12, 0.3)
        person(c, x, y, size, pose)


def desk(c: Canvas) -> None:
    """An open book, a pen and a lamp by the window."""
    c.gradient((0, 0, 2400, 1060), (62, 82, 108), (108, 122, 138))
    c.box(1320, 80, 900, 800, mix(INK, NAVY, 0.4), 10)
    c.gradient((1350, 110, 840, 740), (48, 66, 104), (222, 150, 112))
    for x, tall in ((1380, 240), (1500, 330), (1640, 260), (1760, 380), (1900, 290), (2040, 340)):
        c.box(x, 850 - tall, 110, tall, mix(NAVY, INK, 0.45))
        windows(c, (x + 8, 860 - tall, 94, tall - 20), (3, 6), (HONEY, mix(NAVY, INK, 0.4), mix(NAVY, INK, 0.4)))
    c.box(1755, 100, 26, 760, mix(INK, NAVY, 0.4))
    c.gradient((0, 1020, 2400, 580), (190, 134, 88), (138, 92, 62))
    c.box(0, 1010, 2400, 22, mix(WOOD, HONEY, 0.4))
    c.limb([(330, 1110), (330, 640), (620, 420)], 26, GOLD)
    c.box(210, 1090, 250, 44, mix(GOLD, BARK, 0.3), 20)
    c.polygon([(560, 330), (740, 460), (640, 600), (430, 440)], BRIGHT)
    c.soft([(620, 480), (700, 460), (1700, 1460), (420, 1460)], HONEY, 0.5, 120)
    c.shade(1080, 1440, 620, 50, 0.4)
    for shift, color in ((26, DEEP), (0, WHITE)):
        c.polygon(
            [
                (1080, 1440 + shift),
                (1080, 1110 + shift),
                (860, 1066 + shift),
                (610, 1090 + shift),
                (480, 1410 + shift),
                (800, 1390 + shift),
            ],
            color,
        )
        c.polygon(
            [
                (1080, 1440 + shift),
                (1080, 1110 + shift),
                (1300, 1066 + shift),
                (1550, 1090 + shift),
                (1680, 1410 + shift),
                (1360, 1390 + shift),
            ],
            mix(color, SAND, 0.28),
        )
    for line in range(7):
        y, inset = 1144 + line * 34, line * 13
        c.limb([(660 - inset, y), (1020, y + 22)], 6, mix(STEEL, SAND, 0.3))
        c.limb([(1140, y + 22), (1500 + inset, y)], 6, mix(STEEL, SAND, 0.5))
    c.limb([(1740, 1390), (1960, 1200)], 24, INK)
    c.polygon([(1714, 1414), (1724, 1374), (1752, 1404)], GOLD)
    for index, color in enumerate((NAVY, RED, TEAL, SAND)):
        c.box(1900 + index * 14, 1086 - index * 52, 420 - index * 22, 50, color, 8)
        c.box(1900 + index * 14, 1096 - index * 52, 60, 30, mix(color, HONEY, 0.5))


def oath(c: Canvas) -> None:
    """New members with raised fists before a red flag without an emblem."""
    sky(c, (186, 208, 216), (248, 236, 214), 1000)
    hills(c, 900, 60, (176, 192, 168), 1.5)
    c.gradient((0, 960, 2400, 640), (224, 212, 192), (196, 180, 156))
    c.shade(1200, 1010, 900, 30, 0.3)
    c.gradient((330, 130, 1740, 860), (214, 58, 50), (164, 26, 34))
    for fold in range(6):
        x = 360 + fold * 300
        c.soft([(x, 130), (x + 110, 130), (x + 150, 990), (x + 30, 990)], DEEP if fold % 2 else ROSE, 0.28, 50)
    for x in (300, 2076):
        c.box(x, 90, 26, 910, GOLD, 10)
        cypress(c, x + (-170 if x < 999 else 200), 1010, 520, PINE)
    for row, (count, y, size) in enumerate(((10, 1200, 400), (9, 1350, 460), (8, 1530, 520))):
        for index in range(count):
            x = 1200 + (index - (count - 1) / 2) * size * 0.44
            c.shade(x, y + 4, size * 0.2, 14, 0.25)
            person(c, x, y, size, "oath", (NAVY, WHITE, SLATE, STEEL)[(index + row) % 4])


def computer_room(c: Canvas) -> None:
    """A seminar at the screens."""
    c.gradient((0, 0, 2400, 1600), (228, 236, 238), (198, 212, 216))
    for x in range(0, 2400, 480):
        c.gradient((x + 40, 0, 400, 26), WHITE, MIST)
    screen(c, 820, 110, 760, 420)
    for x in (90, 1760):
        c.gradient((x, 140, 560, 420), (164, 204, 222), (232, 242, 240))
        c.box(x + 272, 140, 16, 420, WHITE)
    person(c, 700, 830, 430, "talk", RED)
    for row, (y, size, count) in enumerate(((900, 150, 7), (1190, 200, 6), (1520, 260, 5))):
        c.gradient((0, y - 40, 2400, 60), mix(WHITE, SAND, 0.3), mix(SAND, WOOD, 0.3))
        for index in range(count):
            x = (index + 0.5) * 2400 / count + (row % 2) * 60 - 30
            c.box(x - size * 0.75, y - size * 1.2, size * 1.5, size * 0.95, INK, 12)
            c.gradient((x - size * 0.68, y - size * 1.13, size * 1.36, size * 0.78), TEAL, NAVY)
            points = [
                (x - size * 0.55 + step * size * 0.22, y - size * (0.6 + 0.3 * c.random.random())) for step in range(6)
            ]
            c.limb(points, size * 0.03, HONEY)
            c.box(x - size * 0.07, y - size * 0.27, size * 0.14, size * 0.2, SLATE)
        c.box(0, y + 18, 2400, 24, mix(WOOD, BARK, 0.3))
        for index in range(count):
            x = (index + 0.5) * 2400 / count + (row % 2) * 60 - 30
            seated_back(c, x + size * 0.5, y + size * 0.35, size * 0.82)


def village(c: Canvas) -> None:
    """Terraced fields, white houses and a survey team."""
    sky(c, (142, 192, 214), (246, 240, 216), 900)
    cloud(c, 1750, 220, 220)
    cloud(c, 520, 300, 150)
    hills(c, 640, 150, (142, 178, 176), 1.3)
    hills(c, 760, 120, (118, 160, 132), 1.8)
    for x, y, wide in (
        (1250, 720, 210),
        (1500, 700, 240),
        (1780, 730, 200),
        (2010, 705, 230),
        (1390, 800, 240),
        (1690, 810, 230),
    ):
        c.gradient((x, y, wide, 110), WHITE, mix(WHITE, SAND, 0.5))
        c.polygon(
            [(x - 24, y + 4), (x + wide + 24, y + 4), (x + wide - 30, y - 62), (x + 30, y - 62)], mix(INK, SLATE, 0.45)
        )
        windows(c, (x + 16, y + 20, wide - 32, 66), (4, 1), (BARK, SLATE))
    colors = (
        (196, 196, 96),
        (150, 178, 92),
        (222, 192, 96),
        (128, 164, 88),
        (206, 184, 90),
        (112, 150, 82),
        (150, 176, 92),
    )
    for index, color in enumerate(colors):
        hills(c, 930 + index * 98, 34, mix(color, BARK, 0.25), 1.2 + 0.2 * index)
        c.random.seed(40 + index)
        hills(c, 946 + index * 98, 34, color, 1.2 + 0.2 * index)
    for x, y, size in ((180, 980, 330), (2280, 1020, 360), (1080, 900, 210)):
        tree(c, x, y, size, PINE)
    flag(c, 520, 1480, 560, 210)
    for x, size, pose, shirt in (
        (650, 440, "walk", BRIGHT),
        (880, 430, "talk", WHITE),
        (1120, 425, "hold-left", SAND),
        (1370, 440, "walk-left", BRIGHT),
        (1600, 430, "wave-left", NAVY),
    ):
        c.shade(x, 1494, 100, 16, 0.3)
        person(c, x, 1490, size, pose, shirt)


def night(c: Canvas) -> None:
    """The building at night, many windows lit."""
    sky(c, (20, 30, 62), (120, 96, 118), 1150)
    c.glow(1200, 1080, 700, (236, 156, 108), 0.4)
    for _ in range(110):
        x, y, r = c.random.uniform(0, 2400), c.random.uniform(0, 620), c.random.uniform(1.2, 3.4)
        c.ellipse(x, y, r, r, mix(WHITE, HONEY, c.random.random()))
    c.glow(1960, 260, 150, HONEY, 0.4)
    c.ellipse(1960, 260, 78, 78, (252, 240, 212))
    for x, y, wide, tall in ((60, 560, 360, 560), (1990, 520, 350, 600)):
        c.gradient((x, y, wide, tall), (44, 46, 78), (58, 50, 74))
        windows(c, (x + 16, y + 20, wide - 32, tall - 40), (5, 8), (HONEY, (68, 66, 94), (68, 66, 94), GOLD))
    hall(c, (470, 620, 1460, 490), (110, 78, 92), (HONEY, HONEY, GOLD, (86, 74, 100)))
    c.gradient((0, 1105, 2400, 495), (52, 50, 74), (30, 32, 56))
    c.soft([(900, 1110), (1500, 1110), (1760, 1600), (640, 1600)], HONEY, 0.4, 90)
    for x, y, size in ((260, 1200, 480), (2150, 1210, 500), (60, 1330, 560), (2370, 1340, 560)):
        tree(c, x, y, size, (44, 66, 72))
    for x in (720, 1680):
        c.limb([(x, 1330), (x, 1020)], 12, INK)
        c.glow(x, 1010, 100, HONEY, 0.7)
        c.ellipse(x, 1010, 28, 28, WHITE)
    for x, y, size, pose in ((1090, 1400, 260, "walk-left"), (1210, 1405, 255, "walk-left"), (1420, 1300, 200, "walk")):
        c.shade(x, y, 70, 14, 0.5)
        person(c, x, y, size, pose)


def railway(c: Canvas) -> None:
    """A fast train on a viaduct: setting out."""
    sky(c, (126, 180, 208), (250, 232, 202), 1000)
    c.glow(560, 480, 300, HONEY, 0.7)
    c.ellipse(560, 480, 92, 92, (255, 246, 218))
    hills(c, 800, 170, (150, 184, 190), 1.1)
    hills(c, 950, 150, (122, 164, 152), 1.5)
    hills(c, 1130, 110, (96, 142, 112), 1.3)
    for x in range(-80, 2500, 360):
        c.gradient((x, 900, 84, 520), (226, 222, 214), (176, 176, 170))
        c.polygon([(x - 70, 872), (x + 154, 872), (x + 84, 960), (x, 960)], (206, 202, 194))
    c.gradient((0, 812, 2400, 66), (238, 234, 226), (196, 192, 186))
    for x in range(60, 2400, 300):
        c.limb([(x, 812), (x, 560), (x + 90, 560)], 9, SLATE)
    c.limb([(0, 566), (2400, 566)], 4, SLATE)
    c.polygon([(0, 640), (1620, 640), (1820, 670), (1960, 740), (1990, 800), (0, 800)], WHITE)
    c.polygon([(0, 760), (1975, 760), (1990, 800), (0, 800)], STEEL)
    c.polygon([(0, 728), (1950, 728), (1968, 752), (0, 752)], BRIGHT)
    for x in range(40, 1540, 96):
        c.box(x, 664, 66, 42, NAVY, 10)
    c.polygon([(1630, 662), (1780, 684), (1850, 716), (1640, 716)], NAVY)
    hills(c, 1330, 70, (118, 156, 96), 1.4)
    for x in range(40, 2400, 130):
        tree(
            c,
            x + c.random.uniform(-40, 40),
            1420 + c.random.uniform(-20, 60),
            c.random.uniform(150, 260),
            c.random.choice((LEAF, PINE, LIME)),
        )
    hills(c, 1520, 40, (98, 138, 82), 1.2)


def choir(c: Canvas) -> None:
    """A choir on stage under spotlights."""
    curtain(c, 0, 0, 2400, 1180)
    c.soft([(0, 0), (2400, 0), (2400, 460), (0, 460)], INK, 0.4, 160)
    for x in (300, 850, 1550, 2100):
        c.soft(
            [(x - 30, 0), (x + 30, 0), (1200 + (x - 1200) * 0.6 + 330, 1240), (1200 + (x - 1200) * 0.6 - 330, 1240)],
            HONEY,
            0.3,
            60,
        )
        c.ellipse(x, 20, 60, 30, WHITE)
    c.gradient((0, 1150, 2400, 450), (186, 130, 86), (112, 70, 52))
    for row, (count, y, size) in enumerate(((12, 980, 470), (11, 1110, 490), (10, 1250, 510))):
        c.box(1200 - count * size * 0.2 - 60, y, count * size * 0.4 + 120, 150, mix(DEEP, INK, 0.3 - 0.1 * row), 10)
        for index in range(count):
            x = 1200 + (index - (count - 1) / 2) * size * 0.38
            person(c, x, y, size, "hold" if index < count / 2 else "hold-left", RED if (index + row) % 2 else WHITE)
            c.polygon(
                [(x - 44, y - size * 0.62), (x, y - size * 0.6), (x, y - size * 0.5), (x - 40, y - size * 0.52)], NAVY
            )
            c.polygon(
                [(x + 44, y - size * 0.62), (x, y - size * 0.6), (x, y - size * 0.5), (x + 40, y - size * 0.52)],
                mix(NAVY, INK, 0.3),
            )
    c.shade(1200, 1550, 130, 18, 0.5)
    person(c, 1200, 1540, 420, "wave", INK)


def walkers(c: Canvas) -> None:
    """A long walk around the lake with flags."""
    sky(c, (150, 196, 216), (250, 236, 208), 820)
    cloud(c, 1820, 210, 200)
    hills(c, 720, 110, (160, 190, 184), 1.2)
    hills(c, 800, 70, (134, 172, 146), 1.9)
    c.gradient((0, 800, 2400, 300), (166, 204, 214), (196, 220, 220))
    for _ in range(50):
        x, y = c.random.uniform(0, 2400), c.random.uniform(830, 1080)
        c.box(x, y, c.random.uniform(50, 190), 5, WHITE, 2)
    c.polygon([(1700, 800), (1760, 800), (1760, 680), (1700, 680)], BRICK)
    c.polygon([(1640, 690), (1820, 690), (1730, 610)], mix(INK, SLATE, 0.4))
    c.polygon([(0, 1060), (2400, 1000), (2400, 1600), (0, 1600)], (146, 176, 102))
    c.polygon([(0, 1240), (2400, 1140), (2400, 1420), (0, 1560)], (226, 208, 178))
    for x, y, size in ((140, 1170, 430), (760, 1120, 330), (2310, 1120, 480)):
        tree(c, x, y, size, LEAF if size > 400 else LIME)
    for index in range(9):
        x, y = 300 + index * 225, 1460 - index * 19
        if index in (0, 4, 8):
            flag(c, x + 52, y - 150, 380, 170)
        c.shade(x, y + 4, 80, 14, 0.3)
        person(c, x, y, 380 - index * 8, "walk", (BRIGHT, WHITE, RED, NAVY, SAND)[index % 5])
    for _ in range(60):
        x, y = c.random.uniform(0, 2400), c.random.uniform(1530, 1600)
        c.ellipse(x, y, 9, 9, c.random.choice((HONEY, WHITE, ROSE)))


def committee(c: Canvas) -> None:
    """A small meeting at an oval table."""
    c.gradient((0, 0, 2400, 1600), (244, 230, 208), (222, 196, 164))
    curtain(c, 0, 0, 330, 1000)
    curtain(c, 2070, 0, 330, 1000)
    c.box(560, 110, 1280, 500, mix(WOOD, BARK, 0.3), 10)
    c.gradient((590, 140, 1220, 440), RED, DEEP)
    c.box(760, 330, 880, 66, HONEY, 33)
    c.box(0, 940, 2400, 660, mix(WOOD, SAND, 0.35))
    plant(c, 440, 900, 190)
    plant(c, 1960, 900, 190)
    for index in range(7):
        seated_front(c, 600 + index * 200, 990, 150, (NAVY, SLATE, INK, WHITE, NAVY, STEEL, TEAL)[index])
    c.shade(1200, 1400, 1060, 110, 0.4)
    c.ellipse(1200, 1230, 1080, 270, BARK)
    c.ellipse(1200, 1200, 1080, 262, mix(WOOD, HONEY, 0.18))
    c.ellipse(1200, 1200, 620, 120, mix(BARK, WOOD, 0.45))
    for x, y in ((900, 1190), (1050, 1210), (1200, 1200), (1350, 1212), (1500, 1192)):
        plant(c, x, y - 20, 80)
    for index in range(7):
        x = 600 + index * 200
        y = 1010 - 20 * (3 - abs(index - 3)) + 30
        c.polygon([(x - 62, y + 34), (x + 62, y + 34), (x + 52, y), (x - 52, y)], WHITE)
        c.box(x + 74, y - 26, 34, 46, MIST, 10)
    for index in range(6):
        x = 420 + index * 312
        seated_back(c, x, 1440 + 26 * (2.5 - abs(index - 2.5)), 235)


def archive(c: Canvas) -> None:
    """Files and forms: for reports about paper work."""
    c.gradient((0, 0, 2400, 1600), (240, 230, 214), (220, 200, 174))
    for shelf in range(2):
        y = 430 + shelf * 420
        for index in range(16):
            x, color = 170 + index * 130, (RED, NAVY, TEAL, DEEP)[(index // 4 + shelf) % 4]
            c.gradient((x, y - 320, 116, 320), mix(color, WHITE, 0.12), color)
            c.box(x + 22, y - 270, 72, 96, PALE, 6)
            c.box(x + 34, y - 246, 48, 10, STEEL, 4)
            c.box(x + 34, y - 222, 36, 10, STEEL, 4)
            c.ellipse(x + 58, y - 60, 20, 20, mix(color, INK, 0.4))
        c.box(110, y, 2180, 34, mix(WOOD, HONEY, 0.2), 6)
        c.soft([(120, y + 34), (2280, y + 34), (2280, y + 80), (120, y + 80)], BARK, 0.35, 30)
    c.gradient((0, 1080, 2400, 520), (186, 136, 94), (146, 100, 70))
    c.box(0, 1066, 2400, 24, mix(WOOD, HONEY, 0.4))
    for x, y, tilt in ((420, 1180, -26), (1010, 1160, 10), (1580, 1190, 34)):
        c.soft([(x, y + 20), (x + 470, y + 20 + tilt), (x + 440, y + 330 + tilt), (x - 50, y + 330)], INK, 0.4, 30)
        c.polygon([(x + 20, y), (x + 450, y + tilt), (x + 480, y + 320 + tilt), (x - 20, y + 310)], WHITE)
        c.limb([(x + 130, y + 46 + tilt * 0.3), (x + 340, y + 46 + tilt * 0.7)], 15, RED)
        for line in range(5):
            yy = y + 104 + line * 40
            c.limb([(x + 50 - line * 5, yy), (x + 410 - 60 * (line % 2), yy + tilt * 0.8)], 6, STEEL)
    c.limb([(1480, 1500), (1660, 1380)], 22, DEEP)
    c.polygon([(1456, 1520), (1470, 1486), (1492, 1514)], INK)
    c.box(250, 1340, 130, 130, WHITE, 30)
    c.ellipse(315, 1342, 62, 18, mix(GOLD, LEAF, 0.3))


def main() -> None:
    """Draw every scene, or the ones whose file names hold `--only`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", default=FONT)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "content")
    options = parser.parse_args()
    for seed, (name, (scene, width, height)) in enumerate(SCENES.items()):
        if options.only not in f"{name} {scene.__name__}":
            continue
        canvas = Canvas(width, height, seed)
        scene(canvas)
        target = options.out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        canvas.finished(options.font).save(target, "JPEG", quality=80, optimize=True, progressive=True)


MEETING = "meetings/2024-03-13-gongzuohuiyi"
SCENES: dict[str, tuple[Callable[[Canvas], None], int, int]] = {
    f"{MEETING}/全景照.jpg": (conference, 4000, 1300),
    f"{MEETING}/个人照.jpg": (speaker, 1500, 2000),
    "meetings/2024-12-05-shuzhi/会议现场.jpg": (committee, 2400, 1600),
    "meetings/2024-09-12-xinxueqi/会场.jpg": (conference, 2400, 1600),
    "theory/2024-07-01-dangke/党课现场.jpg": (lecture, 2400, 1600),
    "theory/2024-04-23-dushu/图书馆.jpg": (library, 2400, 1600),
    "theory/2023-11-16-biji/书桌.jpg": (desk, 2400, 1600),
    "topics/2024-04-15-dangji/朝霞.jpg": (dawn, 2400, 1600),
    "topics/2024-10-08-pinpai/红绸.jpg": (ribbons, 2400, 1600),
    "topics/2023-09-18-zhutijiaoyu/校园.jpg": (campus, 2400, 1600),
    "branches/2024-04-03-zhishu/植树.jpg": (planting, 2400, 1600),
    "branches/2024-11-06-qiye/参观车间.jpg": (factory, 2400, 1600),
    "branches/2024-05-25-shequ/服务现场.jpg": (community, 2400, 1600),
    "branches/2024-10-17-dushuhui/读书会.jpg": (reading_circle, 2400, 1600),
    "branches/2024-06-21-zhanlan/展厅.jpg": (exhibition, 2400, 1600),
    "branches/2024-08-20-shijian/村庄.jpg": (village, 2400, 1600),
    "branches/2024-08-20-shijian/出发.jpg": (railway, 2400, 1600),
    "branches/2024-03-28-wanzixi/夜晚的教学楼.jpg": (night, 2400, 1600),
    "branches/2024-11-21-zhuanti/机房.jpg": (computer_room, 2400, 1600),
    "organization/development/2024-06-28-xuanshi/宣誓.jpg": (oath, 2400, 1600),
    "organization/2024-10-24-dangan/档案.jpg": (archive, 2400, 1600),
    "union/2024-04-26-yundonghui/拔河.jpg": (tug_of_war, 2400, 1600),
    "union/2024-11-02-jianbuzou/湖边.jpg": (walkers, 2400, 1600),
    "union/2023-12-28-hechang/合唱.jpg": (choir, 2400, 1600),
    "branches/2024-11-14-yinxing/银杏路.jpg": (ginkgo, 2400, 1600),
}
"""File below content/ -> what it shows, width, height."""

if __name__ == "__main__":
    main()
