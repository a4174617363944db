"""Colours of CSS and the contrast between two of them.

Names: CSS Color Module Level 4, §6.1; contrast and luminance: WCAG 2.1, glossary.
"""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["BLACK", "WHITE", "Colour", "contrast", "read_colour", "shines_through"]


class Colour(NamedTuple):
    red: int  # 0 to 255
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)

_HEX = re.compile(r"#?([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{4}|[0-9a-f]{3})\b")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"(-?\d{0,6}(?:\.\d{1,6})?)(%|deg|)")
_LONGEST = 120  # characters that the value of a colour is looked for in

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


def read_colour(value: str) -> Colour | None:
    """The colour that a CSS value or an attribute of HTML names, first of a shorthand's too;
    None where it names none that stands by itself: nothing, a variable, one that lets what is
    below shine through."""
    read = _read(value[:_LONGEST].lower()) if value else None
    return read.colour if read and read.alpha >= 1 else None


def shines_through(value: str) -> bool:
    """Whether a value names a colour that mixes with what is below, or one that nobody knows."""
    if "var(" in value or "color-mix(" in value:
        return True
    read = _read(value[:_LONGEST].lower()) if value else None
    return read is not None and 0 < read.alpha < 1


class _Read(NamedTuple):
    colour: Colour
    alpha: float = 1.0  # 0 transparent


@lru_cache(maxsize=2048)
def _read(value: str) -> _Read | None:
    if found := _FUNCTION.search(value):
        return _called(found[1], found[2])
    words = value.split()
    for word in words:
        match = _HEX.fullmatch(word)
        if match and (word[0] == "#" or len(words) == 1):  # bgcolor is written without the sign
            return _of_digits(match[1])
        if digits := _NAMED.get(word):
            return _of_digits(digits)
    return None


def _of_digits(digits: str) -> _Read:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    colour = Colour(int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
    return _Read(colour, int(digits[6:] or "ff", 16) / 255)


def _called(name: str, arguments: str) -> _Read | None:
    parts = re.split(r"[\s,/]+", arguments.strip())
    read = [_NUMBER.fullmatch(part) for part in parts]
    if len(parts) not in (3, 4) or not all(match and match[1] not in ("", "-") for match in read):
        return None
    numbers = [(float(match[1]), match[2]) for match in read if match]
    alpha = 1.0
    if len(numbers) == 4:
        alpha = numbers[3][0] / (100 if numbers[3][1] == "%" else 1)
    if name == "rgb":
        scaled = [value * 255 / 100 if unit == "%" else value for value, unit in numbers[:3]]
        return _Read(Colour(*(round(min(255.0, max(0.0, value))) for value in scaled)), alpha)
    hue, full, light = (value for value, _ in numbers[:3])
    rgb = colorsys.hls_to_rgb(hue % 360 / 360, _share(light), _share(full))
    return _Read(Colour(*(round(value * 255) for value in rgb)), alpha)


def _share(percent: float) -> float:
    return min(1.0, max(0.0, percent / 100))


@lru_cache(maxsize=2048)
def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
