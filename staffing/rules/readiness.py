"""Backwards from "in place by": what has to hold by when, how it stands, and when the gap will have closed.

The defaults are proposals, not norms: a community changes them for each call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, expm1, log, sqrt

from staffing.states import Aim, Light


@dataclass(frozen=True, slots=True)
class Milestone:
    """At most `limit` per cent may be open at `due`; `warn` before that it turns amber."""

    aim: Aim
    due: datetime
    limit: int = 0
    warn: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Count:
    open: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Default:
    """Minutes before everybody has to be in place, and the share that may be open then."""

    aim: Aim
    minutes: int
    limit: int = 0


DEFAULTS = (
    Default(Aim.GAP, 480, limit=20),
    Default(Aim.PLACEMENT, 120),
    Default(Aim.RIDES, 60),
    Default(Aim.LEADERS, 20),
    Default(Aim.IN_PLACE, 0),
)
WARNING = {Aim.GAP: timedelta(minutes=60), Aim.PLACEMENT: timedelta(minutes=60)}


def met(milestone: Milestone, count: Count) -> bool:
    return count.open * 100 <= milestone.limit * count.of


def light(milestone: Milestone, count: Count, now: datetime, *, late: bool = False) -> Light:
    """How the milestone stands. `late`: it is foreseen that it will be missed."""
    if met(milestone, count):
        return Light.MET
    if now >= milestone.due:
        return Light.RED
    return Light.AMBER if late or now >= milestone.due - milestone.warn else Light.AHEAD


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known when the gap is foreseen.

    `joined`: seats taken over the last `window`. `asked`: people with an unanswered offer, of whom `yes` (0..1) say
    yes. `fade`: how fast a call is forgotten; sign-ups come in at a rate that falls by a factor of e in this time.
    """

    missing: int
    joined: int
    window: timedelta
    asked: int = 0
    yes: float = 0.25
    fade: timedelta = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the last seat is taken, with the range that holds in four of five cases; None: not without another call."""

    likely: datetime | None
    soonest: datetime | None
    latest: datetime | None


ENOUGH = 3  # sign-ups before anything is foreseen
SPREAD = 1.2816  # standard normal quantile of 0.9


def forecast(pace: Pace, now: datetime) -> Forecast | None:
    """When the gap will have closed by itself; None while too little has happened to say.

    Sign-ups are taken as a Poisson process whose rate fades exponentially: r(t) = r0 exp(-t/fade). The count of the
    window gives r0, the missing seats (less those expected from open offers) the time. The range moves the rate by
    the relative error of the two counts, sqrt(1/joined + 1/missing), at the 10 % and 90 % quantiles.
    """
    rest = pace.missing - pace.asked * pace.yes
    if rest <= 0:
        return Forecast(now, now, now)
    if pace.joined < ENOUGH:
        return None
    doubt = exp(SPREAD * sqrt(1 / pace.joined + 1 / rest))
    rate = pace.joined / (pace.fade.total_seconds() * expm1(pace.window / pace.fade))
    return Forecast(*(filled(rest, rate * factor, pace.fade, now) for factor in (1, doubt, 1 / doubt)))


def filled(rest: float, rate: float, fade: timedelta, now: datetime) -> datetime | None:
    """The instant at which `rest` seats are taken, at `rate` per second now and fading; None: they never are."""
    still_to_come = rate * fade.total_seconds()
    if rest >= still_to_come:
        return None
    return now - fade * log(1 - rest / still_to_come)
