"""Delivery: claim what is due, render it, hand it over, settle. Nothing is sent inside a transaction.

A sender may die at any step: what it had in hand is claimed again when its lease is over, and goes out under the same
key, by which the gateway knows it.
"""

import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from communities.channels import channels
from communities.channels.parcels import Outcome, Parcel, Result
from communities.messages import links
from communities.messages.addresses import Address, addresses
from communities.messages.claims import Settled, claim, settle
from communities.messages.gates import Gate
from communities.messages.kinds import KINDS, Claimed, Kind
from communities.rules.retries import MOST_ATTEMPTS, again
from communities.states import MessageStatus

log = logging.getLogger(__name__)
BUDGET = 45.0  # seconds
WITH_SUBJECT = {"email", "push"}


def deliver(queue: str, now: datetime | None = None, *, budget: float = BUDGET) -> Counter[str]:
    """Send what is due in the queue until nothing is, or until `budget` seconds are used.

    Returns how many messages ended in which state. Without `now` the database's clock decides what is due. May run in
    any number of processes at once.
    """
    counts: Counter[str] = Counter()
    end = monotonic() + budget
    while monotonic() < end:
        messages, at = claim(queue, now)
        if not messages:
            break
        found = work_off(messages, at, queue)
        settle(found, at)
        counts.update(one.status.value for one in found)
    return counts


def work_off(messages: Sequence[Claimed], now: datetime, queue: str) -> list[Settled]:
    """What becomes of each of these messages."""
    known = addresses(messages, now)
    contexts = gather(messages, now)
    settled: list[Settled] = []
    ready: list[Claimed] = []
    for message in messages:
        verdict = judge(message, known[message.id], contexts.get(message.id), now)
        settled.append(verdict) if verdict else ready.append(message)
    by_channel = pack(ready, known, contexts, settled, now)
    for name, parcels in by_channel.items():
        settled += hand_over(name, parcels, known, now, queue)
    return settled


def gather(messages: Sequence[Claimed], now: datetime) -> dict[int, Any]:
    """The contexts of all messages, or the error that kept a kind from telling."""
    by_kind: defaultdict[str, list[Claimed]] = defaultdict(list)
    for message in messages:
        by_kind[message.kind].append(message)
    contexts: dict[int, Any] = {}
    for name, some in by_kind.items():
        contexts.update(contexts_of(name, some, now))
    return contexts


def contexts_of(name: str, messages: Sequence[Claimed], now: datetime) -> Mapping[int, Any]:
    try:
        return KINDS[name].contexts(messages, now)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("Messages of kind %s cannot be rendered", name)
        return {message.id: error for message in messages}


def judge(message: Claimed, address: Address, context: Any, now: datetime) -> Settled | None:
    """Why the message is not to be sent now; None if it is."""
    if isinstance(context, Exception):
        return unreadable(message, now)
    kind = KINDS[message.kind]
    if message.attempts > MOST_ATTEMPTS:
        return Settled(message, MessageStatus.FAILED, reason="too many attempts")
    if message.expires_at and message.expires_at <= now:
        return Settled(message, MessageStatus.EXPIRED)
    if context is None or not address.active or (address.muted_at and not kind.vital):
        return Settled(message, MessageStatus.CANCELLED)
    if kind.topic in address.unwanted:
        return Settled(message, MessageStatus.CANCELLED)
    if not address.ways:
        return Settled(message, MessageStatus.FAILED, reason="no address")
    return put_off(message, kind, address, context, now)


def unreadable(message: Claimed, now: datetime) -> Settled:
    """A mistake of ours: kept for a corrected version to send, as long as there are attempts left."""
    if message.attempts >= MOST_ATTEMPTS:
        return Settled(message, MessageStatus.FAILED, reason="unreadable")
    return Settled(message, MessageStatus.SCHEDULED, due_at=now + timedelta(minutes=5), reason="unreadable")


def put_off(message: Claimed, kind: Kind, address: Address, context: Any, now: datetime) -> Settled | None:
    """In quiet hours a call waits for the morning, except an urgent one for somebody who agreed to that, and what
    somebody has sent as an emergency. A group cannot agree, so its robot keeps quiet too.
    """
    if kind.own_duty or context.emergency or (context.urgent and address.urgent_calls):
        return None
    loud = context.customs.next_loud(now)
    if loud <= now:
        return None
    if message.expires_at and message.expires_at <= loud:
        return Settled(message, MessageStatus.EXPIRED)
    return Settled(message, MessageStatus.SCHEDULED, due_at=loud, free=True)


type Packed = dict[str, list[tuple[Claimed, Parcel]]]


def pack(
    messages: Iterable[Claimed],
    known: Mapping[int, Address],
    contexts: Mapping[int, Any],
    settled: list[Settled],
    now: datetime,
) -> Packed:
    """Parcels by channel, rendered language by language; what cannot be rendered is settled."""
    packed: Packed = defaultdict(list)
    by_language: defaultdict[str, list[Claimed]] = defaultdict(list)
    for message in messages:
        by_language[known[message.id].language].append(message)
    for language, some in by_language.items():
        with translation.override(language):
            for message in some:
                address = known[message.id]
                way = message.channel if message.channel in address.ways else next(iter(address.ways))
                try:
                    packed[way].append((message, parcel(message, way, address, contexts[message.id], now)))
                except Exception:
                    log.exception("Message %d cannot be rendered", message.id)
                    settled.append(unreadable(message, now))
    return packed


def parcel(message: Claimed, way: str, address: Address, context: Any, now: datetime) -> Parcel:
    kind = KINDS[message.kind]
    no_more = links.no_more(message.id, now) if way == "email" and kind.topic and message.reader else ""
    text = kind.text(context)
    if no_more:
        text += "\n\n" + _("No more messages like this: %(link)s") % {"link": no_more}
    return Parcel(
        id=f"{message.id}:{way}",
        address=address.ways[way],
        subject=kind.subject(context) if way in WITH_SUBJECT else "",
        text=text,
        style=address.style,
        secret=address.secret,
        no_more=no_more,
        until=message.expires_at,
    )


def hand_over(
    name: str, packed: Sequence[tuple[Claimed, Parcel]], known: Mapping[int, Address], now: datetime, queue: str
) -> list[Settled]:
    gate = Gate(name, queue, {parcel.id: message for message, parcel in packed}, now)
    answers = {one.id: one for one in channels()[name].send([parcel for _message, parcel in packed], gate)}
    return [
        Settled(message, MessageStatus.CANCELLED)
        if parcel.id in gate.stopped
        else outcome(message, name, answers[parcel.id], list(known[message.id].ways), now)
        for message, parcel in packed
    ]


def outcome(message: Claimed, channel: str, answer: Outcome, ways: Sequence[str], now: datetime) -> Settled:
    if answer.result is Result.UNTRIED:
        return Settled(message, MessageStatus.SCHEDULED, channel, due_at=now, free=True)
    if answer.result is Result.SENT:
        return Settled(message, MessageStatus.SENT, channel, tried=channel, ref=answer.ref, gone=answer.gone)
    dead = answer.result is Result.FAILED
    next_try = again(message.attempts, channel, ways, for_good=dead)
    if next_try is None:
        return Settled(
            message,
            MessageStatus.FAILED,
            channel,
            tried=channel,
            reason=answer.reason,
            dead=dead,
            gone=answer.gone,
        )
    return Settled(
        message,
        MessageStatus.SCHEDULED,
        next_try.channel,
        due_at=now + next_try.after * random.uniform(1, 1.2),  # noqa: S311
        tried=channel,
        reason=answer.reason,
        dead=dead,
        gone=answer.gone,
    )
