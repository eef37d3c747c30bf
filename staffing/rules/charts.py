"""Numbers as shapes: bars and lines on a plain sheet, in whole units of it, so that a page needs no style of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 36, 12, 28
SPACE, WIDEST = 0.2, 72  # of a bar's place, left free beside it; how wide a bar becomes at most
NARROW, BROAD, BETWEEN = 6.5, 12, 14  # a letter, a Chinese character, and what keeps two labels apart
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each place on the sheet; `tone` names how it is drawn."""

    name: str
    tone: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars stand on each other, lines beside. `at`: where the places lie; None: as far apart as each other."""

    title: str
    labels: Sequence[str]
    bars: Sequence[Series] = ()
    lines: Sequence[Series] = ()
    at: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    tone: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    tone: str
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    ticks: Sequence[tuple[float, int]]
    labels: Sequence[tuple[float, str]]
    bars: Sequence[Bar]
    lines: Sequence[Line]


def draw(chart: Chart) -> Drawing:
    """The shapes; a chart of nothing is an empty sheet."""
    top = scale(highest(chart))
    return Drawing(
        WIDTH,
        HEIGHT,
        [(height_of(value, top[-1]), value) for value in top],
        labels(chart),
        list(bars(chart, top[-1])),
        [Line(line.tone, path(chart, line, top[-1])) for line in chart.lines],
    )


def highest(chart: Chart) -> int:
    stacked = [sum(column) for column in zip(*(series.values for series in chart.bars), strict=True)]
    points = [value for line in chart.lines for value in line.values]
    return max((*stacked, *points), default=0)


def scale(most: int) -> list[int]:
    """Round numbers from 0 to one that is not below the most, five of them at most after the 0."""
    unit = 1
    while True:
        for step in STEPS:
            if step * unit * 5 >= most:
                wide = step * unit
                return list(range(0, max(1, -(-most // wide)) * wide + 1, wide))
        unit *= 10


def height_of(value: int, top: int) -> float:
    return round(HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM) / top, 1)


def places(chart: Chart) -> list[float]:
    """The middle of each place."""
    room, number = WIDTH - LEFT - RIGHT, len(chart.labels)
    if chart.at is None or not chart.at or chart.at[0] == chart.at[-1]:
        return [round(LEFT + room * (index + 0.5) / number, 1) for index in range(number)]
    first, last = chart.at[0], chart.at[-1]
    return [round(LEFT + room * (one - first) / (last - first), 1) for one in chart.at]


def labels(chart: Chart) -> list[tuple[float, str]]:
    """From left to right as many as do not touch."""
    found: list[tuple[float, str]] = []
    end = float("-inf")
    for middle, word in zip(places(chart), chart.labels, strict=True):
        half = breadth(word) / 2
        if middle - half >= end:
            found.append((middle, word))
            end = middle + half + BETWEEN
    return found


def breadth(word: str) -> float:
    return sum(BROAD if ord(letter) > 0x2000 else NARROW for letter in word)


def bars(chart: Chart, top: int) -> list[Bar]:
    wide = min(WIDEST, round((WIDTH - LEFT - RIGHT) / max(1, len(chart.labels)) * (1 - SPACE), 1))
    found = []
    for index, middle in enumerate(places(chart) if chart.bars else ()):
        below = 0
        for series in chart.bars:
            if value := series.values[index]:
                high = height_of(below + value, top)
                tall = round(height_of(below, top) - high, 1)
                found.append(Bar(series.tone, round(middle - wide / 2, 1), high, wide, tall))
                below += value
    return found


def path(chart: Chart, line: Series, top: int) -> str:
    """From point to point; a single one is a short dash."""
    points = list(zip(places(chart), (height_of(value, top) for value in line.values), strict=True))
    if len(points) == 1:
        (x, y) = points[0]
        return f"M{x - 8:g} {y:g}H{x + 8:g}"
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


@dataclass(frozen=True, slots=True)
class Gist:
    """What somebody who cannot see the sheet is told of one series."""

    name: str
    most: int
    at: str
    last: int


def gists(chart: Chart) -> list[Gist]:
    found = []
    for series in (*chart.bars, *chart.lines):
        if series.values:
            most = max(series.values)
            found.append(Gist(series.name, most, chart.labels[series.values.index(most)], series.values[-1]))
    return found
