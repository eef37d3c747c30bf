"""python -m bench.matching_pictures INSTANCE.npz: the pictures of docs/matching.md, drawn from a run on this instance."""

import sys
from pathlib import Path

import numpy as np

from bench.system import HOME
from staffing.matching import instances
from staffing.matching.problems import index
from staffing.matching.solve import Moment, solve

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 70, 40
RED, BLUE, GREY = "#c8102e", "#1f5f99", "#666"
Points = list[tuple[float, float]]


def frame(title: str, told: str, parts: list[str]) -> str:
    """With its gist in words, for who does not see it."""
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-labelledby="title told">'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    words = [f'<title id="title">{title}</title>', f'<desc id="told">{told}</desc>']
    return "\n".join([head, *words, back, *parts, "</svg>\n"])


def text(x: float, y: float, words: str, anchor: str = "middle", colour: str = GREY) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def line(points: Points, colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def over_time(trace: list[Moment]) -> str:
    """Objective and bound in percent of the last bound, from -5 to +5."""
    end, last = trace[-1].seconds, trace[-1].bound or 1
    bounds = [(m.seconds, (m.bound / last - 1) * 100) for m in trace if m.bound is not None]
    plans = [(m.seconds, (m.objective / last - 1) * 100) for m in trace if m.objective is not None]

    def place(points: Points) -> Points:
        wide, high = WIDTH - LEFT - 20, HEIGHT - BOTTOM - 30
        inside = [(x, y) for x, y in points if -5 <= y <= 5]
        return [(LEFT + x / end * wide, 30 + (5 - y) / 10 * high) for x, y in inside]

    parts = [line(place([(0, y), (end, y)]), "#eee") for y in (-4, -2, 0, 2, 4)]
    parts += [text(LEFT - 8, place([(0, y)])[0][1] + 4, f"{y:+d} %", "end") for y in (-4, -2, 0, 2, 4)]
    ticks = [round(end * n / 4, 1) for n in range(5)]
    parts += [text(place([(x, 0)])[0][0], HEIGHT - 15, f"{x:g} s") for x in ticks]
    parts += [line(place(bounds), BLUE), line(place(plans), RED)]
    parts += [text(WIDTH - 20, 50, "plan", "end", RED), text(WIDTH - 20, HEIGHT - 60, "bound", "end", BLUE)]
    (first, above), (until, left) = plans[0], plans[-1]
    told = (
        f"The first plan, after {first:.1f} s, is {above:.2f} % above the last bound; "
        f"the last one, after {until:.1f} s, {left:.3f} %."
    )
    return frame("Objective and bound over time, in percent of the last bound", told, parts)


def shifts(counts: np.ndarray) -> str:
    """Bars: how many people have so many shifts."""
    wide, high = (WIDTH - LEFT - 20) / len(counts), HEIGHT - BOTTOM - 40
    parts = []
    for n, count in enumerate(counts):
        x, tall = LEFT + n * wide, count / counts.max() * high
        parts.append(
            f'<rect x="{x + 6:.1f}" y="{HEIGHT - BOTTOM - tall:.1f}" width="{wide - 12:.1f}" height="{tall:.1f}" fill="{RED}"/>'
        )
        parts += [text(x + wide / 2, HEIGHT - 20, str(n)), text(x + wide / 2, HEIGHT - BOTTOM - tall - 6, f"{count:,}")]
    parts.append(text(LEFT, 18, "people by number of shifts in three days", "start"))
    told = "; ".join(f"{n} shifts: {count:,} people" for n, count in enumerate(counts.tolist()))
    return frame("People by number of shifts in three days", f"{told}.", parts)


def main(instance: str) -> None:
    p = instances.pose(instances.load(instance))
    found = solve(p)
    held = np.bincount(index(p).person[np.argsort(p.origin)[found.pairs]], minlength=p.people)
    folder = HOME / "docs" / "pictures"
    Path(folder / "matching-over-time.svg").write_text(over_time(found.trace))
    Path(folder / "matching-shifts.svg").write_text(shifts(np.bincount(held)))
    print(f"{found.objective:,} against {found.bound:,}, {found.gap:.4%}; shifts: {np.bincount(held).tolist()}")


if __name__ == "__main__":
    main(sys.argv[1])
