"""A call for tomorrow at dawn, as neighbours find it: two blocks, a few posts, one community of two compounds."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from communities.models import Compound
from staffing.models import CallUp, Post, Role, SignUp
from staffing.queries import kept_calls
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, TAIYUAN

PHONE, TYPED = "+8612900000062", "129 0000 0062"
NAME = "沈示例"


def tomorrow(hour: int = 5, minute: int = 30) -> datetime:
    day = timezone.now().astimezone(TAIYUAN).date() + timedelta(days=1)
    return datetime.combine(day, time(hour, minute), tzinfo=TAIYUAN)


class Scene:
    """`call` has `seats` data-entry seats and as many marshals on the first block, and one block more."""

    def __init__(self, seats: int = 2, **fields: Any) -> None:
        self.community = places.area(name="香樟社区", name_en="Xiangzhang Community")
        self.east = places.compound(self.community, name="东苑", name_en="East Court")
        self.west = places.compound(self.community, name="西苑", name_en="West Court")
        self.contact = places.user("高演示")
        start = tomorrow()
        window = {"starts_at": start, "ends_at": start + 2 * BLOCK}
        told = {
            "published_at": timezone.now() - timedelta(hours=1),
            "contact": self.contact,
            "bring": "手机充满电\n穿好走的鞋",
            "bring_en": "A charged phone\nGood shoes",
            "risks_en": "Close contact with people",
            "protection_en": "Suit, mask",
        }
        self.call = make.call(self.community, **window | told | fields)
        self.site = places.site(
            self.community, self.west, name="12号点", name_en="Point 12", gate="西苑2号门", gate_en="West Court, gate 2"
        )
        self.entry = role("data_entry", "信息录入员", "Data-entry clerk", "keys")
        self.marshal = role("queue", "秩序维护员", "Queue marshal", "users")
        typing = make.qualification("typing", name="手机打字快", name_en="Types fast on a phone")
        self.entry.prefers.add(typing)
        self.leader = places.user("邓演示")
        self.first = make.shift(self.site, self.call, start=start, leader=self.leader)
        self.second = make.shift(self.site, self.call, start=start + BLOCK, leader=self.leader)
        self.post = make.post(self.first, seats, role=self.entry)
        self.other = make.post(self.first, seats, role=self.marshal)
        self.later = make.post(self.second, seats, role=self.entry)
        self.page = f"/c/{self.call.slug}/"
        self.form = f"{self.page}sign-up/"

    def block(self, shift: Any = None) -> str:
        shift = shift or self.first
        return f"{shift.starts_at.timestamp():.0f}-{shift.ends_at.timestamp():.0f}"

    def neighbour(self, home: Compound | None = None, **fields: Any) -> Any:
        return make.volunteer(home or self.west, community=self.community, **fields)

    def take(self, post: Post | None = None, person: Any = None, now: datetime | None = None) -> SignUp:
        from staffing.actions.signups import sign_up

        person = person or self.neighbour()
        taken = sign_up((post or self.post).pk, person.pk, now=now or timezone.now())
        self.fresh()
        return SignUp.objects.select_related("volunteer__user").get(pk=taken.pk)

    def fill(self, *posts: Post) -> list[SignUp]:
        return [self.take(post) for post in posts or (self.post,) for _seat in range(post.seats)]

    def fresh(self) -> None:
        kept_calls.forget(self.call.slug)

    def said(self, client: Client, **changed: Any) -> dict[str, Any]:
        """The form as somebody fills it in."""
        shown = client.get(self.form, {"again": 1}).context["form"]
        told = {"name": NAME, "phone": TYPED, "code": "", "home": str(self.west.pk), "skills": ["typing"]}
        wish = {"role": "any", "blocks": [self.block()], "fit": "on", "consent": "on", "ready": "on"}
        return {"key": str(shown["key"].value()), "others": "0"} | told | wish | changed


def role(slug: str, name: str, english: str, icon: str) -> Role:
    found = make.role(slug)
    found.name, found.name_en, found.icon = name, english, icon
    found.save()
    return found


def signed_in(person: Any) -> Client:
    """A browser in which the person is signed in, and reads English."""
    browser = places.client(person.user, proved=False)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def places_of(call: CallUp) -> list[tuple[str, str]]:
    """Who has what on the call, in the order in which they came."""
    rows = SignUp.objects.filter(shift__call_up=call).order_by("pk").select_related("volunteer__user")
    return [(row.volunteer.name, row.status) for row in rows]
