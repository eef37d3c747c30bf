"""The colours of the one stylesheet can be read (WCAG 2.2, 1.4.3 and 1.4.11), by day and by night."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, GRAPHIC = 4.5, 3.0
PAIRS = [
    ("ink", "surface", TEXT),
    ("ink", "canvas", TEXT),
    ("ink-2", "surface", TEXT),
    ("ink-2", "canvas", TEXT),
    ("ink-2", "sunk", TEXT),
    ("ink-3", "surface", TEXT),
    ("ink-3", "canvas", TEXT),
    ("ink-3", "sunk", TEXT),
    ("link", "surface", TEXT),
    ("red-ink", "surface", TEXT),
    ("red-ink", "red-tint", TEXT),
    ("ok", "ok-tint", TEXT),
    ("info", "info-tint", TEXT),
    ("warn", "warn-tint", TEXT),
    ("edge", "surface", GRAPHIC),
    ("edge", "canvas", GRAPHIC),
    ("focus", "surface", GRAPHIC),
    ("focus", "canvas", GRAPHIC),
    ("red", "surface", GRAPHIC),
    ("white", "red", TEXT),
    ("white", "red-deep", TEXT),
]


def tokens():
    css = (Path(settings.BASE_DIR) / "config/static/css/redvest.css").read_text()
    found = re.findall(r"--([a-z0-9-]+): var\(--lt, (#\w{6})\) var\(--dk, (#\w{6})\)", css)
    return {"white": ("#ffffff", "#ffffff")} | {name: (light, dark) for name, light, dark in found}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "needed"), PAIRS)
def test_it_can_be_read(front, ground, needed, theme):
    colours = tokens()

    assert contrast(colours[front][theme], colours[ground][theme]) >= needed
