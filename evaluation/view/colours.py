"""Colours as CSS and HTML write them.

CSS Color Module Level 4: §6.1 names, §5 hexadecimal, §5.1 rgb(), §7 hsl().
"""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["BLACK", "WHITE", "Colour", "Paint", "read_paint"]


class Colour(NamedTuple):
    red: int  # 0 to 255
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def apart(self, other: Colour) -> int:
        """How far two colours are apart: 0 the same, 765 white and black."""
        return abs(self[0] - other[0]) + abs(self[1] - other[1]) + abs(self[2] - other[2])


class Paint(NamedTuple):
    colour: Colour
    alpha: float = 1.0  # 0 transparent, 1 nothing shines through

    def over(self, ground: Colour) -> Colour:
        """What is seen where the paint lies on `ground`."""
        pairs = zip(self.colour, ground, strict=True)
        return Colour(*(round(top * self.alpha + low * (1 - self.alpha)) for top, low in pairs))


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)

_LONGEST = 200  # characters of a value that are looked at
_HEX = re.compile(r"#([0-9a-f]{3,8})")
_BARE_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_FUNCTION = re.compile(r"\b(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))(%|deg|)")

_NAMES = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc
bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a
burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50
cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b
darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b
darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000
darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f
darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff
dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0
forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700
goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0
hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa
lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080
lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3
lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa
lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00
limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa
mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371
mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585
midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead
navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500
orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093
papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6
purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1
saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d
silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa
springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347
turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00
yellowgreen 9acd32
"""
_NAMED = dict(re.findall(r"(\w+)\s(\w{6})\s", _NAMES))


def read_paint(value: str, *, bare: bool = False) -> Paint | None:
    """The first colour that a value in lower case names; None where it names none.

    Args:
        bare: the value is that of an attribute, where the sign before the digits may be missing.
    """
    return _read(value[:_LONGEST], bare) if value else None


@lru_cache(maxsize=4096)
def _read(value: str, bare: bool) -> Paint | None:
    if "(" in value and (found := _FUNCTION.search(value)):
        return _called(found[1], found[2])
    words = value.split()
    if bare and len(words) == 1 and (match := _BARE_HEX.fullmatch(words[0])):
        return _of_digits(match[1])
    for word in words:
        if word[0] == "#":
            match = _HEX.fullmatch(word)
            return _of_digits(match[1]) if match else None
        if word == "transparent":
            return Paint(BLACK, 0.0)
        if digits := _NAMED.get(word):
            return _of_digits(digits)
    return None


def _of_digits(digits: str) -> Paint | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    colour = Colour(int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
    return Paint(colour, int(digits[6:] or "ff", 16) / 255)


def _called(name: str, arguments: str) -> Paint | None:
    parts = re.split(r"[\s,/]+", arguments.strip())
    read = [match for part in parts if (match := _NUMBER.fullmatch(part))]
    if len(parts) not in (3, 4) or len(read) != len(parts):
        return None
    numbers = [(float(match[1]), match[2]) for match in read]
    alpha = 1.0
    if len(numbers) == 4:
        alpha = _share(numbers[3][0] / (100 if numbers[3][1] == "%" else 1))
    if name == "rgb":
        scaled = [value * 255 / 100 if unit == "%" else value for value, unit in numbers[:3]]
        return Paint(Colour(*(round(min(255.0, max(0.0, value))) for value in scaled)), alpha)
    hue, full, light = (value for value, _ in numbers[:3])
    rgb = colorsys.hls_to_rgb(hue % 360 / 360, _share(light / 100), _share(full / 100))
    return Paint(Colour(*(round(value * 255) for value in rgb)), alpha)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
