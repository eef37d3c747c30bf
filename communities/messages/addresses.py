"""Where a message goes: the reader's channels in the order they are tried, or a group's robot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from communities.channels import channels
from communities.messages.dead_ends import dead_ways
from communities.messages.kinds import Claimed
from communities.models import GroupRobot, User

DEFAULT_LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Address:
    """`ways`: what to hand to which channel, first choice first."""

    language: str = DEFAULT_LANGUAGE
    ways: dict[str, str] = field(default_factory=dict)
    style: str = ""
    secret: str = ""
    active: bool = True
    muted_at: datetime | None = None
    urgent_calls: bool = False


def addresses(messages: Iterable[Claimed], now: datetime) -> dict[int, Address]:
    """By message id, in at most two queries."""
    messages = list(messages)
    people = readers({message.reader for message in messages if message.reader}, now)
    groups = robots({message.robot for message in messages if message.robot})
    nobody = Address(active=False)
    return {
        message.id: people.get(message.reader, nobody) if message.reader else groups.get(message.robot or 0, nobody)
        for message in messages
    }


def readers(ids: set[int], now: datetime) -> dict[int, Address]:
    found = User.objects.filter(pk__in=ids).only(
        "language", "phone_cipher", "email", "is_active", "muted_at", "urgent_calls"
    )
    return {user.pk: address_of(user) for user in found.annotate(dead=dead_ways(now))} if ids else {}


def address_of(user: User) -> Address:
    """A way that has led nowhere comes last: it is better than none."""
    ways = {"sms": user.phone, "email": user.email}
    dead: list[str] = user.dead  # type: ignore[attr-defined]
    return Address(
        language=user.language,
        ways={
            name: way
            for name, way in sorted(ways.items(), key=lambda one: one[0] in dead)
            if way and channels()[name].available()
        },
        active=user.is_active,
        muted_at=user.muted_at,
        urgent_calls=user.urgent_calls,
    )


def robots(ids: set[int]) -> dict[int, Address]:
    if not ids:
        return {}
    return {
        robot.pk: Address(ways={"robot": robot.url}, style=robot.kind, secret=robot.secret, active=robot.active)
        for robot in GroupRobot.objects.filter(pk__in=ids)
    }
