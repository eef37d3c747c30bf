"""Where a message goes: the reader's channels in the order they are tried, or a group's robot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from communities.channels import channels
from communities.messages.dead_ends import dead_ways
from communities.messages.kinds import Claimed
from communities.models import Browser, GroupRobot, OptOut, User

DEFAULT_LANGUAGE = "zh-hans"
MOST_BROWSERS = 5  # of one person, the newest


@dataclass(frozen=True, slots=True)
class Address:
    """`ways`: what to hand to which channel, first choice first. `unwanted`: topics the reader wants no more of."""

    language: str = DEFAULT_LANGUAGE
    ways: dict[str, str] = field(default_factory=dict)
    style: str = ""
    secret: str = ""
    active: bool = True
    muted_at: datetime | None = None
    urgent_calls: bool = False
    unwanted: frozenset[str] = frozenset()


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
    known = found.annotate(dead=dead_ways(now), unwanted=unwanted(), shown_in=browsers())
    return {user.pk: address_of(user) for user in known} if ids else {}


def unwanted() -> ArraySubquery:
    """For each account, the topics it wants no more of."""
    return ArraySubquery(OptOut.objects.filter(user=OuterRef("pk")).order_by("topic").values("topic"))


def browsers() -> ArraySubquery:
    """For each account, what its newest browsers have given to be reached by."""
    found = Browser.objects.filter(user=OuterRef("pk")).order_by("-since", "-pk")
    return ArraySubquery(found.values("subscription")[:MOST_BROWSERS])


def address_of(user: User) -> Address:
    """A way that has led nowhere comes last: it is better than none."""
    shown_in: list[str] = user.shown_in  # type: ignore[attr-defined]
    ways = {"sms": user.phone, "push": f"[{','.join(shown_in)}]" if shown_in else "", "email": user.email}
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
        unwanted=frozenset(user.unwanted),  # type: ignore[attr-defined]
    )


def robots(ids: set[int]) -> dict[int, Address]:
    if not ids:
        return {}
    return {
        robot.pk: Address(ways={"robot": robot.url}, style=robot.kind, secret=robot.secret, active=robot.active)
        for robot in GroupRobot.objects.filter(pk__in=ids)
    }
