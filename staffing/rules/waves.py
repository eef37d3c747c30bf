"""Waves of a call: how many people to ask at once, how long to wait for them, and when it is enough.

Somebody who is asked comes with the chance p. It is learned from those who were asked before, as the mean of a Beta
distribution: p = (yes + 1) / (asked + 4), as if four more had been asked and one had come (rule of succession; Gelman
et al., Bayesian Data Analysis, 3rd edition, 2.4). Earlier calls count as 60 people at most, so that the call itself has
its say soon. Who comes says so after a time that is exponential with the mean m, so the share F(t) = 1 - exp(-t/m) of
the answers is in after t, and somebody still silent then comes with p (1 - F) / (1 - p F), by Bayes' rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, exp, log

from staffing.states import RunStatus

PRIOR_YES, PRIOR_ASKED = 1, 4
MOST_PAST = 60
DELAY = timedelta(minutes=12)  # until an answer, when nothing is known
CALM = (timedelta(minutes=10), timedelta(minutes=60))
URGENT = (timedelta(minutes=3), timedelta(minutes=15))
IN_BY_THEN = 0.8  # of the answers, when the next wave may go
RATIO = (1.0, 50.0)  # people asked for one seat


@dataclass(frozen=True, slots=True)
class Asked:
    """People who were asked, how many of them came, and how long those took to say so on the average."""

    people: int = 0
    yes: int = 0
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One wave that has gone out: how many it reached, how many came, who has said nothing, and how long ago it was."""

    people: int
    yes: int
    silent: int
    ago: timedelta


def mean_delay(past: Asked) -> timedelta:
    return past.delay or DELAY


def answered_by(ago: timedelta, delay: timedelta) -> float:
    """The share of the answers that is in."""
    return 1 - exp(-max(ago, timedelta()) / delay)


def chance(past: Asked, told: Sequence[Told] = ()) -> float:
    """That somebody who is asked comes. A wave counts as far as its answers can be in."""
    weight = min(1.0, MOST_PAST / past.people) if past.people else 0.0
    delay = mean_delay(past)
    asked = weight * past.people + sum(max(one.yes, one.people * answered_by(one.ago, delay)) for one in told)
    yes = weight * past.yes + sum(one.yes for one in told)
    return (yes + PRIOR_YES) / (asked + PRIOR_ASKED)


def still_to_come(past: Asked, told: Sequence[Told]) -> float:
    """How many of the silent are expected to come yet."""
    p, delay = chance(past, told), mean_delay(past)
    return sum(one.silent * later(p, answered_by(one.ago, delay)) for one in told)


def later(p: float, share: float) -> float:
    """That somebody comes who has been silent while this share of the answers came in."""
    return p * (1 - share) / (1 - p * share)


def ratio(past: Asked, told: Sequence[Told] = ()) -> float:
    """People to ask for one seat, as far as is known."""
    return min(max(1 / chance(past, told), RATIO[0]), RATIO[1])


def size(gap: int, expected: float, per_seat: float, audience: int) -> int:
    """How many to ask now, so that as many come as are missing; nobody while enough are expected yet."""
    short = gap - expected
    return min(audience, ceil(short * per_seat)) if short > 0 else 0


def wait(past: Asked, *, urgent: bool) -> timedelta:
    """Until the next wave: when four of five answers are in, within bounds, in whole minutes."""
    shortest, longest = URGENT if urgent else CALM
    found = min(max(mean_delay(past) * -log(1 - IN_BY_THEN), shortest), longest)
    return timedelta(minutes=ceil(found.total_seconds() / 60))


class Verdict(StrEnum):
    SEND = "send"
    WAIT = "wait"
    END = "end"


@dataclass(frozen=True, slots=True)
class Standing:
    """A run of waves as it stands. `gap` is None once the call takes nobody any more; `per_seat` the lead's own ratio."""

    gap: int | None
    next_at: datetime
    until: datetime
    told: Sequence[Told] = ()
    past: Asked = Asked()
    per_seat: float | None = None
    audience: int | None = None  # None: nobody has looked yet


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    people: int = 0
    ends: RunStatus | None = None


WAIT = Decision(Verdict.WAIT)


def over(standing: Standing, now: datetime) -> RunStatus | None:
    """How the run has ended, if it has: filled, or the call or its time is over."""
    if standing.gap is None or now >= standing.until:
        return RunStatus.OVER
    return RunStatus.FILLED if standing.gap <= 0 else None


def decide(standing: Standing, now: datetime) -> Decision:
    """What to do now. Without the audience it says how many are wanted; nobody left to ask, or to wait for, is the end."""
    if ends := over(standing, now):
        return Decision(Verdict.END, ends=ends)
    if now < standing.next_at:
        return WAIT
    assert standing.gap is not None
    expected = still_to_come(standing.past, standing.told)
    per_seat = standing.per_seat or ratio(standing.past, standing.told)
    most = standing.audience if standing.audience is not None else 10**6
    people = size(standing.gap, expected, per_seat, most)
    if people:
        return Decision(Verdict.SEND, people)
    if standing.audience == 0 and expected < 1:
        return Decision(Verdict.END, ends=RunStatus.DONE)
    return WAIT


@dataclass(frozen=True, slots=True)
class Outlook:
    """A wave in numbers before it goes: people, how many of them are expected to come, and how long sending takes."""

    people: int
    expected: int
    seconds: int


def outlook(people: int, p: float, *, ahead: int, per_second: float) -> Outlook:
    """`ahead`: messages that leave before these."""
    return Outlook(people, round(people * p), max(1, ceil((people + ahead) / per_second)) if people else 0)
