"""Group robots of WeCom, DingTalk and Feishu: one webhook call per message, plain text, so that nothing in it acts.

None of them takes an idempotency key or calls back: after a crash between their answer and our commit a call can stand
in the group twice.
"""

from collections.abc import Sequence
from functools import partial
from time import time
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from communities.channels.parcels import Gate, Outcome, Parcel, Result, open_gate, side_by_side
from communities.channels.robot.shapes import SHAPES

IN_FLIGHT = 4


class Robot:
    name = "robot"

    def available(self) -> bool:
        return True

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        with httpx.Client(timeout=httpx.Timeout(10, connect=3), trust_env=False) as web:
            return side_by_side(parcels, partial(say, web), size=1, in_flight=IN_FLIGHT, gate=gate)


channel = Robot()


def say(web: httpx.Client, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
    return [say_one(web, parcel) for parcel in parcels]


def say_one(web: httpx.Client, parcel: Parcel) -> Outcome:
    shape = SHAPES[parcel.style]
    if not allowed(parcel.address, shape.hosts):
        return Outcome(parcel.id, Result.FAILED, reason="address not allowed")
    query, body = shape.pack(parcel.text, parcel.secret, time())
    try:
        url = httpx.URL(parcel.address).copy_merge_params(query)
        answer = web.post(url, json=body).raise_for_status().json()
    except httpx.HTTPStatusError as error:
        return Outcome(parcel.id, Result.RETRY, reason=f"http {error.response.status_code}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Outcome(parcel.id, Result.RETRY, reason=type(error).__name__)
    code = answer.get("errcode", answer.get("code", -1)) if isinstance(answer, dict) else -1
    if code == 0:
        return Outcome(parcel.id, Result.SENT)
    return Outcome(parcel.id, Result.RETRY if code in shape.busy else Result.FAILED, reason=f"code {code}")


def allowed(address: str, hosts: frozenset[str]) -> bool:
    """Only the product's own hosts over https, so that a webhook cannot point into our network; and the demo's."""
    try:
        parts = urlsplit(address)
        if settings.DEMO and settings.SMS_GATEWAY_URL:
            demo = urlsplit(settings.SMS_GATEWAY_URL)
            if (parts.scheme, parts.netloc) == (demo.scheme, demo.netloc):
                return True
        return parts.scheme == "https" and parts.hostname in hosts and parts.port in (None, 443) and not parts.username
    except ValueError:
        return False
