"""From posts to people (domain.md 2.2): relief, standby, a long day, and the three ways to staff a window."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from staffing.rules.norms import Norm
from staffing.rules.steps import Inputs, Ledger
from staffing.states import Crewing


@dataclass(frozen=True, slots=True)
class Posts:
    """The community's own: how many at a time, how many of them in several blocks, seats in all, most blocks."""

    all: int
    long: int
    seats: int
    blocks: int


@dataclass(frozen=True, slots=True)
class Option:
    """A way to staff the window: how many people it takes, and how many of them are still to be found."""

    crewing: Crewing
    people: int
    gap: int
    crews: int
    relief: int = 0
    needs_override: bool = False


@dataclass(frozen=True, slots=True)
class People:
    relief: int
    standby: int
    headcount: int
    available: int
    gap: int
    options: tuple[Option, ...]


def people(norm: Norm, posts: Posts, hours: Fraction, book: Ledger, available: int) -> People:
    """Who relieves them, who stands by, how many a long day takes, how many are still missing."""
    relief = relief_for(norm, posts.long, hours, book)
    standby = standby_for(norm, posts.all, book)
    headcount = headcount_for(norm, posts.all, hours, book)
    there = book.put("available", available, "available")
    gap = book.put("gap", max(0, posts.all - there), "gap", posts=posts.all, available=there)
    return People(relief, standby, headcount, there, gap, options(posts, headcount, relief, there))


def relief_for(norm: Norm, posts: int, hours: Fraction, book: Ledger) -> int:
    """People more, so that everybody in back-to-back blocks gets a break in turn."""
    more = ceil(posts * hours / (hours - norm.break_hours)) - posts if posts else 0
    inputs: Inputs = {"posts": posts, "window": hours, "pause": norm.break_hours}
    return book.put("relief", more, "relief", norm.source("break_hours"), **inputs)


def standby_for(norm: Norm, posts: int, book: Ledger) -> int:
    inputs: Inputs = {"posts": posts, "share": norm.standby_share}
    return book.put("standby", ceil(posts * norm.standby_share), "standby", norm.source("standby_share"), **inputs)


def headcount_for(norm: Norm, posts: int, hours: Fraction, book: Ledger) -> int:
    """More people than posts where the window is longer than anybody may work in a day."""
    number = ceil(posts * hours / min(hours, norm.day_hours))
    inputs: Inputs = {"posts": posts, "window": hours, "day": norm.day_hours}
    return book.put("headcount", number, "headcount", norm.source("day_hours"), **inputs)


def options(posts: Posts, headcount: int, relief: int, available: int) -> tuple[Option, ...]:
    """The same people in every block; the same with relief, so that each rests in turn; a crew for each block."""
    seats = max(headcount, posts.seats)

    def gap(people: int) -> int:
        return max(0, people - available)

    return (
        Option(Crewing.SAME_CREW, headcount, gap(headcount), 1, needs_override=posts.blocks > 1),
        Option(Crewing.STAGGERED, headcount + relief, gap(headcount + relief), 1, relief=relief),
        Option(Crewing.TWO_CREWS, seats, gap(seats), posts.blocks),
    )
