"""What every channel takes and gives back, and how calls are kept side by side."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Protocol

log = logging.getLogger(__name__)
TIME_TO_SEND = 60.0  # seconds for one batch; well under the lease, so that nobody else begins it meanwhile


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished message. `id` is the same on every attempt, so that a provider can tell a repeat from a new one."""

    id: str
    address: str
    subject: str
    text: str
    style: str = ""  # of a robot: which product
    secret: str = ""  # of a robot: what its calls are signed with
    no_more: str = ""  # of an e-mail: where its reader unsubscribes from its topic
    until: datetime | None = None  # when it is no news any more


class Result(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    result: Result
    ref: str = ""
    reason: str = ""
    gone: tuple[str, ...] = ()  # of a browser: the endpoints that are no more


type Gate = Callable[[Sequence[Parcel]], Sequence[Parcel]]


def open_gate(parcels: Sequence[Parcel]) -> Sequence[Parcel]:
    """Everything may leave at once."""
    return parcels


class Channel(Protocol):
    name: str

    def available(self) -> bool:
        """Is it set up on this system?"""

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        """Hand over the parcels that the gate lets out; never raises, and answers for each."""


def outcomes(parcels: Sequence[Parcel], result: Result, reason: str = "") -> list[Outcome]:
    return [Outcome(parcel.id, result, reason=reason) for parcel in parcels]


def chunks(parcels: Sequence[Parcel], size: int) -> Iterator[Sequence[Parcel]]:
    return (parcels[start : start + size] for start in range(0, len(parcels), size))


def side_by_side(
    parcels: Sequence[Parcel],
    call: Callable[[Sequence[Parcel]], Sequence[Outcome]],
    *,
    size: int,
    in_flight: int,
    seconds: float = TIME_TO_SEND,
    gate: Gate = open_gate,
) -> list[Outcome]:
    """`call` for every `size` parcels, with some calls in flight. The gate is asked just before each call, in this
    thread; what it keeps back, or is not begun in time, is untried.
    """
    end, found, flying = monotonic() + seconds, list[Outcome](), set[Future[Sequence[Outcome]]]()
    with ThreadPoolExecutor(in_flight) as pool:
        for chunk in chunks(parcels, size):
            if len(flying) == in_flight:
                landed, flying = wait(flying, return_when=FIRST_COMPLETED)
                found += [outcome for one in landed for outcome in one.result()]
            leaving = let_out(chunk, gate) if monotonic() < end else []
            found += outcomes(others(chunk, leaving), Result.UNTRIED)
            if leaving:
                flying.add(pool.submit(guarded, call, leaving))
        found += [outcome for one in flying for outcome in one.result()]
    order = {parcel.id: number for number, parcel in enumerate(parcels)}
    return sorted(found, key=lambda outcome: order[outcome.id])


def let_out(chunk: Sequence[Parcel], gate: Gate) -> Sequence[Parcel]:
    try:
        return gate(chunk)
    except Exception:
        log.exception("Nobody knows whether %d parcels may leave", len(chunk))
        return []


def others(chunk: Sequence[Parcel], leaving: Sequence[Parcel]) -> list[Parcel]:
    ids = {parcel.id for parcel in leaving}
    return [parcel for parcel in chunk if parcel.id not in ids]


def guarded(call: Callable[[Sequence[Parcel]], Sequence[Outcome]], chunk: Sequence[Parcel]) -> Sequence[Outcome]:
    try:
        return call(chunk)
    except Exception:
        log.exception("A channel failed on %d parcels", len(chunk))
        return outcomes(chunk, Result.RETRY, "error")
