"""Calls to other systems that want to know: signed, one after the other for each of them."""

import ssl
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic, time

from communities.channels.webhook.addresses import NoHostError, NotAllowedError, looked_up, read
from communities.channels.webhook.lines import Line
from communities.channels.webhook.signing import headers

TIME_TO_SEND = 15.0  # seconds for all calls to one receiver; well under the lease
KIND = {"Content-Type": "application/json", "User-Agent": "Redvest-Webhooks/1"}
NOT_NOW = {429, 503}  # and no use in asking again at once
GONE = 410


@dataclass(frozen=True, slots=True)
class Call:
    """`name` is the same on every attempt: by it the receiver knows a repeat."""

    id: int
    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where nobody answered. `begun` is False of calls for which there was no time."""

    id: int
    status: int | None
    reason: str = ""
    begun: bool = True

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def tell(url: str, secrets: Sequence[str], calls: Sequence[Call], *, seconds: float = TIME_TO_SEND) -> list[Answer]:
    """What became of each call; never raises. Once the receiver does not answer, or wants to be left alone, the rest is not
    sent and has the same outcome.
    """
    try:
        target = read(url)
        line = Line(target, looked_up(target))
    except NotAllowedError:
        return [Answer(call.id, None, "address not allowed") for call in calls]
    except NoHostError:
        return [Answer(call.id, None, "no such host") for call in calls]
    with closing(line):
        return in_turn(line, secrets, calls, seconds)


def in_turn(line: Line, secrets: Sequence[str], calls: Sequence[Call], seconds: float) -> list[Answer]:
    end, found = monotonic() + seconds, list[Answer]()
    for number, call in enumerate(calls):
        if monotonic() > end:
            return found + [Answer(one.id, None, begun=False) for one in calls[number:]]
        answer = one_call(line, secrets, call)
        found.append(answer)
        if answer.status is None or answer.status in NOT_NOW or answer.status == GONE:
            return found + [Answer(one.id, answer.status, answer.reason) for one in calls[number + 1 :]]
    return found


def one_call(line: Line, secrets: Sequence[str], call: Call) -> Answer:
    try:
        status = line.post(call.body, KIND | headers(call.name, call.body, secrets, int(time())))
    except (OSError, HTTPException, ValueError) as error:
        line.close()
        return Answer(call.id, None, why(error))
    return Answer(call.id, status, "" if 200 <= status < 300 else f"http {status}")


def why(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return "certificate"
        case TimeoutError():
            return "timeout"
        case OSError():
            return "no connection"
    return "bad answer"
