"""Messages shown by a browser (RFC 8030), sealed so that the push service between cannot read them.

The service keeps one message per topic, and the browser shows one notice per tag: a repeat after a crash takes the
place of the first.
"""

import json
import re
from collections.abc import Sequence
from functools import partial
from time import time
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from communities.channels.parcels import Gate, Outcome, Parcel, Result, open_gate, side_by_side
from communities.channels.push import vapid
from communities.channels.push.sealing import Keys, padded, seal

IN_FLIGHT = 8
LONGEST = 4 * 7 * 24 * 3600  # seconds a service is asked to keep a message
LETTERS = 900  # at most three bytes each, and the rest of the record for what stands around them
GONE = {404, 410}


class Push:
    name = "push"

    def available(self) -> bool:
        return bool(settings.VAPID_PRIVATE_KEY)

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        with httpx.Client(timeout=httpx.Timeout(10, connect=3), trust_env=False) as web:
            return side_by_side(parcels, partial(show, web), size=1, in_flight=IN_FLIGHT, gate=gate)


channel = Push()


def show(web: httpx.Client, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
    return [show_one(web, parcel) for parcel in parcels]


def show_one(web: httpx.Client, parcel: Parcel) -> Outcome:
    """To all browsers of the reader: arrived if it did in one, failed if none of them is left."""
    found = [(one["endpoint"], call(web, parcel, one)) for one in json.loads(parcel.address)]
    gone = tuple(endpoint for endpoint, status in found if status in GONE)
    if any(200 <= status < 300 for _endpoint, status in found):
        return Outcome(parcel.id, Result.SENT, gone=gone)
    if len(gone) == len(found):
        return Outcome(parcel.id, Result.FAILED, reason="no browser", gone=gone)
    status = next(status for _endpoint, status in found if status not in GONE)
    return Outcome(parcel.id, Result.RETRY, reason=f"http {status}" if status else "no answer", gone=gone)


def call(web: httpx.Client, parcel: Parcel, browser: dict[str, str]) -> int:
    """The status of the answer; 0 for none, 410 for an address that is none of a push service."""
    endpoint = browser["endpoint"]
    if not allowed(endpoint):
        return 410
    try:
        body = seal(words(parcel), Keys(padded(browser["p256dh"]), padded(browser["auth"])))
        return web.post(endpoint, content=body, headers=headers(parcel, endpoint, int(time()))).status_code
    except ValueError:
        return 410  # its keys are none
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def headers(parcel: Parcel, endpoint: str, now: int) -> dict[str, str]:
    left = int(parcel.until.timestamp()) - now if parcel.until else LONGEST
    return {
        "Authorization": vapid.authorization(settings.VAPID_PRIVATE_KEY, endpoint, settings.VAPID_SUBJECT, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, min(left, LONGEST))),
        "Topic": parcel.id.partition(":")[0],
        "Urgency": "high",
    }


def words(parcel: Parcel) -> bytes:
    """What the worker in the browser shows, and where a tap leads: the first link of ours in the text."""
    ours = re.search(rf"{re.escape(settings.PUBLIC_URL)}/\S*", parcel.text)
    told = {
        "title": parcel.subject[:120],
        "body": parcel.text[:LETTERS],
        "tag": parcel.id,
        "url": ours[0] if ours else f"{settings.PUBLIC_URL}/my/messages/",
    }
    return json.dumps(told, ensure_ascii=False).encode()


def allowed(endpoint: str) -> bool:
    """Only push services over https, so that a subscription cannot point into our network."""
    try:
        parts = urlsplit(endpoint)
        if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_ORIGINS:
            return True
        known = any(under(parts.hostname or "", host) for host in settings.PUSH_HOSTS)
        return parts.scheme == "https" and known and parts.port in (None, 443) and not parts.username
    except ValueError:
        return False


def under(name: str, host: str) -> bool:
    return name == host or name.endswith(f".{host}")
