"""Which characters the typesetter's own font can draw: those of Libertinus Serif, in regular and bold.

What always holds: a text that passed `drawable` is drawn whole by that one font, so that no letter and its accent are
looked for in two; what the font lacks is shown by its code point, as `domain.text.visible` shows what is not seen, and
so are marks that are heaped on one letter beyond what any script needs, over which readers of the file stumble.
"""

import unicodedata
from functools import cache

MOST_MARKS = 4

_RANGES = """
0020-007E 00A0-00AC 00AE-02E4 02EA-034E 0350-036F 0374-0375 037A-037E 0384-038A 038C 038E-03A1 03A3-03CE 03D0-03E1
03F0-03F6 03F8-03F9 03FB 03FD-045F 0462-0463 0470-0477 0490-04C4 04C7-04CC 04D0-04F9 05B0-05C3 05C6 05D0-05EA
05F0-05F4 1D35 1D43-1D5F 1D62-1D67 1D9C 1DA0 1DA4 1DB6 1DBB 1E00-1E9B 1E9E 1EA0-1EF9 1F00-1F15 1F18-1F1D 1F20-1F45
1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF 1FF2-1FF4 1FF6-1FFE
2000-200A 2010-2027 202F-2037 2039-203E 2042 2044 2047-204B 204F 2070-2071 2074-208E 2090-209C 20A2-20A4 20A7-20A8
20AB-20AC 20AF 20B1 20BF 2100-2103 2105-2106 2109 210C-210F 2111 2113 2115-2116 2119-211A 211C-211D 2120 2122 2124
2126-2127 212E 2135-2139 214F 2153-2184 2190-219B 21A8 21AE 21BC-21BD 21C0-21C1 21CB-21D9 2200-220D 220F-221C
221E-221F 2223-222B 2236 223C 2241 2245 2248-2249 2259 2260-2262 2264-2265 226A-226B 226E-2271 2282-2285 2295-2298
22C5 22EF 2302-2303 2310 2320-2321 2326-2327 2329-232B 23D3 2460-2473 24EA 24FF 25A0-25A1 25B2-25B3 25B6-25B7
25BC-25BD 25C0-25C1 25C6-25C7 25C9-25CC 25CE-25D7 2605 2619 261B 261E 2627 262F 2639-2653 2660 2663 2665-2666
2669-266C 2695 2698 26A2-26A5 2767 2776-277F 27E6-27E9 2C60-2C6C 2C74-2C77 2E17-2E18 A71B-A71D A720-A721 A789-A78C
FB29-FB36 FB38-FB3C FB3E FB40-FB41 FB43-FB44 FB46-FB4E FFFD 1D106-1D107 1F12F
"""
"""Code points in hexadecimal, as the character maps of both faces in typst 0.15.2 have them, without control and format
characters. A test sets every one of them."""


def drawable(text: str) -> str:
    """`text` with every character that the font lacks, or that is a fifth mark on its letter, as ⟨U+XXXX⟩."""
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        drawn = ord(character) in covered() and marks <= MOST_MARKS
        shown.append(character if drawn else f"⟨U+{ord(character):04X}⟩")
    return "".join(shown)


@cache
def covered() -> frozenset[int]:
    """The code points that are drawn as they are."""
    found: set[int] = set()
    for each in _RANGES.split():
        first, _, last = each.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
