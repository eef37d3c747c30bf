"""Text messages over an HTTP gateway.

One call carries many messages, each with its idempotency key, so a repeat after a crash is not a second message.
What became of them comes back in signed callbacks, see `signing`. POST {SMS_GATEWAY_URL}/v1/messages:
{"messages": [{"id", "to", "text"}]} -> {"results": [{"id", "ref", "status": "accepted|rejected", "reason"}]}.
"""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import httpx
from django.conf import settings

from communities.channels.parcels import Gate, Outcome, Parcel, Result, open_gate, outcomes, side_by_side

PER_CALL = 50
IN_FLIGHT = 6


class Sms:
    name = "sms"

    def available(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        with client(timeout=10) as gateway:
            return side_by_side(parcels, partial(hand_over, gateway), size=per_call(), in_flight=IN_FLIGHT, gate=gate)


channel = Sms()


def per_call() -> int:
    """No more in one call than the gateway takes in a second."""
    rate = settings.CHANNEL_RATES["sms"]
    return max(1, min(PER_CALL, int(rate))) if rate else PER_CALL


def client(timeout: float) -> httpx.Client:
    return httpx.Client(
        base_url=settings.SMS_GATEWAY_URL,
        headers={"Authorization": f"Bearer {settings.SMS_GATEWAY_SECRET}"},
        timeout=httpx.Timeout(timeout, connect=3),
        trust_env=False,
    )


def hand_over(gateway: httpx.Client, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
    messages = [{"id": parcel.id, "to": parcel.address, "text": parcel.text} for parcel in parcels]
    try:
        answer = gateway.post("/v1/messages", json={"messages": messages}).raise_for_status()
        results = {result["id"]: result for result in answer.json()["results"]}
    except httpx.HTTPStatusError as error:
        return outcomes(parcels, Result.RETRY, f"http {error.response.status_code}")
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return outcomes(parcels, Result.RETRY, type(error).__name__)
    return [outcome(parcel, results.get(parcel.id)) for parcel in parcels]


def outcome(parcel: Parcel, result: dict[str, str] | None) -> Outcome:
    if result is None:
        return Outcome(parcel.id, Result.RETRY, reason="no answer")
    if result.get("status") == "accepted":
        return Outcome(parcel.id, Result.SENT, ref=str(result.get("ref", ""))[:80])
    return Outcome(parcel.id, Result.FAILED, reason=str(result.get("reason", "rejected"))[:120])


def send_now(phone: str, text: str) -> Outcome:
    """One message at once, outside the outbox: for one-time codes, which nobody wants later. Waits 5 s at most."""
    parcel = Parcel(id=f"now:{uuid4().hex}", address=phone, subject="", text=text)
    if not channel.available():
        return Outcome(parcel.id, Result.FAILED, reason="no gateway")
    with client(timeout=5) as gateway:
        return hand_over(gateway, [parcel])[0]
