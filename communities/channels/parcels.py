"""What every channel takes and gives back, and how calls are kept side by side."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


class Channel(Protocol):
    name: str

    def available(self) -> bool:
        """Is it set up on this system?"""

    def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Hand over the parcels; never raises, and answers for each."""


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
) -> list[Outcome]:
    """`call` for every `size` parcels, with some calls in flight. What is not begun in time is untried."""
    end = monotonic() + seconds

    def guarded(chunk: Sequence[Parcel]) -> Sequence[Outcome]:
        if monotonic() > end:
            return outcomes(chunk, Result.UNTRIED)
        try:
            return call(chunk)
        except Exception:
            log.exception("A channel failed on %d parcels", len(chunk))
            return outcomes(chunk, Result.RETRY, "error")

    with ThreadPoolExecutor(in_flight) as pool:
        return [outcome for part in pool.map(guarded, chunks(parcels, size)) for outcome in part]
