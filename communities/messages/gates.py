"""The gate before a channel: asked for each handful of messages just before they leave.

What was stopped since it was claimed stays, and nobody is handed more a second than they take.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from time import monotonic, sleep

from communities import pace
from communities.channels.parcels import Parcel
from communities.errors import Busy
from communities.messages.kinds import KINDS, Claimed

log = logging.getLogger(__name__)
LOOK_AGAIN = 0.25  # seconds
LONGEST = 60.0  # seconds that messages are held for their turn
SILENCED: list[Callable[[Set[int]], Set[int]]] = []  # each says which of these readers must not be told anything now


class Gate:
    """`stopped` are the ids of the parcels that will never leave."""

    def __init__(self, channel: str, queue: str, messages: Mapping[str, Claimed], now: datetime) -> None:
        self.channel, self.queue, self.messages = channel, queue, messages
        self.begun, self.at = monotonic(), now
        self.stopped: set[str] = set()

    def __call__(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        """Those that may leave now. What is stopped already takes no turn; a stop while a turn is waited for counts."""
        left = self.going(parcels) if pace.rate_of(self.channel) else parcels
        return self.going(left) if left and self.has_turn(len(left)) else []

    def going(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        messages = [self.messages[parcel.id] for parcel in parcels]
        halted = self.halted(messages) | silenced(messages)
        self.stopped |= {parcel.id for parcel in parcels if self.messages[parcel.id].id in halted}
        return [parcel for parcel in parcels if parcel.id not in self.stopped]

    def has_turn(self, count: int) -> bool:
        while rest := self.pause(count):
            if monotonic() - self.begun > LONGEST:
                return False
            sleep(min(rest, LOOK_AGAIN))
        return True

    def pause(self, count: int) -> float:
        try:
            return pace.take(self.channel, count, self.queue)
        except Busy:
            log.warning("Redis is away; the pace of %s is kept by each sender alone", self.channel)
            sleep(min(pace.own_pace(self.channel, count), LONGEST))
            return 0.0

    def halted(self, messages: Sequence[Claimed]) -> set[int]:
        by_kind: defaultdict[str, list[Claimed]] = defaultdict(list)
        for message in messages:
            by_kind[message.kind].append(message)
        now, found = self.at + timedelta(seconds=monotonic() - self.begun), set[int]()
        for name, some in by_kind.items():
            if halted := KINDS[name].halted:
                found |= halted(some, now)
        return found


def silenced(messages: Sequence[Claimed]) -> set[int]:
    """Those of these messages whose reader has said in the meantime that they want to hear nothing more."""
    readers = {message.reader for message in messages if message.reader}
    silent = set[int]().union(*(ask(readers) for ask in SILENCED)) if readers else set()
    return {message.id for message in messages if message.reader in silent}
