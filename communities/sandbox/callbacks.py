"""Delivery reports, signed and posted back to Redvest a moment after a message was taken."""

import hashlib
import hmac
import json
import queue
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Thread

import httpx

from communities.sandbox.box import Letter

DELAY = 1.0  # seconds between taking a message and reporting it
TRIES = 5
BATCH = 500


def signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"v1={digest}"


class Callbacks:
    def __init__(self, url: str, secret: str, *, delay: float = DELAY) -> None:
        self._url = url.rstrip("/") + "/hooks/sms/"
        self._secret = secret
        self._delay = delay
        self._due: queue.Queue[tuple[float, list[dict[str, str]], Callable[[], int]]] = queue.Queue()
        Thread(target=self._work, daemon=True).start()

    def report(self, letters: Iterable[Letter], times: Callable[[], int]) -> None:
        """Report them all as delivered; `times` is asked when they are due."""
        at = datetime.now(UTC).isoformat()
        events = [{"ref": one.ref, "id": one.id, "status": "delivered", "at": at} for one in letters]
        for start in range(0, len(events), BATCH):
            self._due.put((time.monotonic() + self._delay, events[start : start + BATCH], times))

    def _work(self) -> None:
        with httpx.Client(timeout=10) as client:
            while True:
                due, events, times = self._due.get()
                time.sleep(max(0.0, due - time.monotonic()))
                for _ in range(times()):
                    self._post(client, events)

    def _post(self, client: httpx.Client, events: list[dict[str, str]]) -> None:
        body = json.dumps({"events": events}).encode()
        for attempt in range(TRIES):
            if self._taken(client, body):
                return
            time.sleep(0.2 * 2**attempt)
        sys.stderr.write(f"{len(events)} delivery reports were not taken by {self._url}\n")

    def _taken(self, client: httpx.Client, body: bytes) -> bool:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Redvest-Timestamp": timestamp,
            "X-Redvest-Signature": signature(self._secret, timestamp, body),
        }
        try:
            return client.post(self._url, content=body, headers=headers).is_success
        except httpx.HTTPError:
            return False
