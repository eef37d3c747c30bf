"""The night of the story, played through the real doors: the API, the one-tap links, the gateway's inbox.

The stage (places, staff, a published call) is set through actions; from then on everything is HTTP. The night begins
in 47 minutes, so that the area's one reminder, 45 minutes ahead, goes out while one watches, and check-in is open.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from communities.actions.tokens import issue
from communities.models import Area, Grant, Message, Organisation, User, ZoneStatus
from communities.states import Level, RoleName, ZoneLevel
from staffing.demo import nights, places
from staffing.demo.people import Crowd
from staffing.models import CallUp, Post, Shift, SignUp
from volunteers.models import Volunteer
from volunteers.states import PersonKind

LEAD_MINUTES = 45
FIRST_PHONE = 500_000
NEIGHBOURS, SPARE, STAFF, ABSENT = 84, 9, 22, 3
SEALED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Stage:
    call: CallUp
    lead: User
    staff: Sequence[Volunteer]
    neighbours: Sequence[Volunteer]
    spare: Sequence[Volunteer]

    @property
    def first_block(self) -> list[int]:
        return list(self.call.shifts.filter(starts_at=self.call.starts_at).values_list("pk", flat=True))

    @property
    def blocks(self) -> list[list[int]]:
        starts = self.call.shifts.values_list("starts_at", flat=True).distinct().order_by("starts_at")
        return [list(self.call.shifts.filter(starts_at=start).values_list("pk", flat=True)) for start in starts]


@transaction.atomic
def set_stage(now: datetime, pause: timedelta) -> Stage:
    """A community like Poly Xiangzhang, sealed, with 22 staff in place and 84 people to find."""
    number = Area.objects.filter(is_demo=True, name__startswith="演练社区").count() + 1
    home = places.area(
        f"演练社区{number}", Level.COMMUNITY, Area.objects.get(name="龙城街道", is_demo=True), None, f"Drill {number}"
    )
    Area.objects.filter(pk=home.pk).update(reminder_leads=[LEAD_MINUTES], evening_before=None)
    crowd = Crowd(seed=now.microsecond, since=now - timedelta(days=1))
    crowd.begin(FIRST_PHONE + User.objects.filter(is_demo=True).count())
    lead = crowd.account()
    lead.save()
    Grant.objects.create(user=lead, role=RoleName.COMMUNITY_LEAD, area=home)
    east = places.compound(home, "演练A", "Drill A", 4300, 1850)
    west = places.compound(home, "演练B", "Drill B", 3700, 1592)
    for compound in (east, west):
        ZoneStatus.objects.create(
            compound=compound,
            level=ZoneLevel.LOCKDOWN,
            valid=(now - timedelta(days=1), now + SEALED_FOR),
            issuer="示范区指挥部办公室",
            notice_no=f"演练{number}",
        )
    grounds = [
        nights.Ground(compound, places.sampling_points(compound, numbers, gate, gate_en), common(home, compound))
        for compound, numbers, gate, gate_en in (
            (east, range(1, 10), "东门进", "East gate"),
            (west, range(10, 18), "2号门进", "Gate 2"),
        )
    ]
    hospital = Organisation.objects.get(name="示范医院", is_demo=True)
    homes: dict[str, Any] = {"community": home, "approved_by": lead}
    staff = crowd.make(STAFF, PersonKind.COMMUNITY_STAFF, homes=[east] * 14 + [west] * 8, **homes)
    for person in staff:
        crowd.train(person, "disinfection", lead)
    medics = crowd.make(17, PersonKind.MEDICAL, organisations=[hospital], **homes)
    start = now + pause + timedelta(minutes=LEAD_MINUTES)
    change, end = start + timedelta(hours=3, minutes=15), start + timedelta(hours=6, minutes=30)
    plan = nights.call_plan(
        "今晚核酸，招84位志愿者",
        "84 volunteers needed tonight",
        "演练核酸检测",
        "Drill round",
        start,
        end,
        contact_id=lead.pk,
    )
    call = nights.round_of_testing(home, grounds, plan, [(start, change), (change, end)], hospital, lead, now)
    nights.stand(call, staff, nights.STAFF_SEATS, lead=lead, now=now)
    nights.send_medics(call, medics, lead=lead, now=now)
    free: dict[str, Any] = {"community": home, "skills": 0}
    trained = crowd.make(1, PersonKind.VOLUNTEER, homes=[west], **free)
    crowd.train(trained[0], "disinfection", lead)
    crowd.train(trained[0], "chinese", lead)
    others = crowd.make(NEIGHBOURS - 1, PersonKind.VOLUNTEER, homes=[east] * 42 + [west] * 41, **free)
    spare = crowd.make(SPARE, PersonKind.VOLUNTEER, homes=[east] * 5 + [west] * 4, **free)
    return Stage(call, lead, staff, [*trained, *others], spare)


def common(home: Area, compound: Any) -> Any:
    return places.site(home, "compound_post", f"{compound.name}岗位", f"{compound.name_en} posts", compound=compound)


class Door:
    """The product as seen from outside."""

    def __init__(self, base: str, inbox: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=30)
        self.inbox = httpx.Client(base_url=inbox, timeout=30)
        self.tokens: dict[int, str] = {}

    def token(self, user: User) -> str:
        if user.pk not in self.tokens:
            scopes = ["read", "sign-ups:write", "call-ups:write"]
            self.tokens[user.pk] = issue(user, "play_night", scopes, 1, now=timezone.now())[1]
        return self.tokens[user.pk]

    def post(self, user: User, path: str, **body: Any) -> Any:
        answer = self.http.post(f"/api/v1/{path}", json=body, headers={"Authorization": f"Bearer {self.token(user)}"})
        if answer.status_code >= 400:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    def newest_link(self, phone: str) -> str:
        """The path of the one-tap link in the newest message that the phone got."""
        texts = [row["text"] for row in self.inbox.get("/messages.json", params={"to": phone}).json()["messages"]]
        found = [match for text in texts if (match := re.search(r"/a/[\w.\-~]+", text))]
        if not found:
            raise RuntimeError("no link in the inbox")
        return found[0].group().rstrip(".") + "/"

    def answer(self, phone: str, said: str) -> None:
        """Open the link as the person would, and press one button."""
        with httpx.Client(base_url=self.http.base_url, timeout=30, follow_redirects=True) as phone_browser:
            page = phone_browser.get(self.newest_link(phone))
            hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]*)"', page.text))
            sent = phone_browser.post(page.url.path, data=hidden | {"answer": said}, headers={"Referer": str(page.url)})
            if sent.status_code >= 400:
                raise RuntimeError(f"answer {said}: {sent.status_code}")


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.5)
    return true()


class Night:
    def __init__(self, say: Callable[[str], object], speed: float, base: str, inbox: str) -> None:
        self.say, self.speed = say, speed
        self.door = Door(base, inbox)
        self.stage = set_stage(timezone.now(), timedelta(seconds=110 + 60 / speed))
        self.figures: list[tuple[str, object, object]] = []

    def play(self) -> list[tuple[str, object, object]]:
        """All of it; returns (what, in the story, in the database) lines."""
        self.say(
            f"Call {settings.PUBLIC_URL}/c/{self.stage.call.slug}/ starts at {self.stage.call.starts_at:%H:%M} UTC"
        )
        self.count_stage()
        self.sign_up(self.stage.neighbours)
        self.sign_up(self.stage.spare)
        self.confirm()
        self.count_full()
        self.remind()
        self.replace()
        self.check_in()
        return self.figures

    def compare(self, what: str, story: object, found: object) -> None:
        self.figures.append((what, story, found))
        self.say(f"  {what}: {story} in the story, {found} in the database")

    def posts(self) -> Any:
        return Post.objects.filter(shift__in=self.stage.first_block, role__counted=True)

    def held(self, *statuses: str) -> Any:
        own = SignUp.objects.filter(shift__in=self.stage.first_block, post__role__counted=True)
        return own.filter(status__in=statuses)

    def count_stage(self) -> None:
        points = Shift.objects.filter(pk__in=self.stage.first_block, site__kind="sampling_point").count()
        seats = self.posts().aggregate(n=Sum("seats"))["n"]
        self.compare("sampling points", 17, points)
        self.compare(
            "data-entry clerks", 17, self.posts().filter(role__slug="data_entry").aggregate(n=Sum("seats"))["n"]
        )
        self.compare("posts", 106, seats)
        self.compare("staff in place", STAFF, self.held("confirmed").count())
        self.compare("people to find", NEIGHBOURS, seats - self.held("confirmed").count())

    def sign_up(self, people: Iterable[Volunteer]) -> None:
        for person in people:
            for shifts in self.stage.blocks:
                self.door.post(person.user, f"call-ups/{self.stage.call.pk}/sign-ups/", shifts=shifts)
            time.sleep(60 / self.speed / (NEIGHBOURS + SPARE))

    def confirm(self) -> None:
        waiting = SignUp.objects.filter(shift__call_up=self.stage.call, status="signed_up").order_by("pk")
        for pk in list(waiting.values_list("pk", flat=True)):
            self.door.post(self.stage.lead, f"sign-ups/{pk}/confirm/")

    def count_full(self) -> None:
        taken = self.posts().aggregate(n=Sum("taken"))["n"]
        neighbours = self.held("confirmed").filter(volunteer__kind="volunteer").count()
        self.compare("people still missing", 0, 106 - taken)
        self.compare("volunteers in place", NEIGHBOURS, neighbours)
        self.compare("on the waitlist", SPARE, self.held("waitlisted").count())
        self.compare("volunteers' share of the seats, %", 79, round(100 * neighbours / taken))

    def remind(self) -> None:
        """Everybody of the first block, medics too, is reminded once; the worker and the beat do it."""
        self.say("Waiting for the reminders ...")
        seats = SignUp.objects.filter(shift__in=self.stage.first_block, status="confirmed")
        expected = seats.count()
        told = Message.objects.filter(kind="reminder", target__in=list(seats.values_list("pk", flat=True)))
        done = told.filter(status__in=["sent", "delivered", "acknowledged"])
        wait_until(lambda: done.count() >= expected, 240)
        self.compare("reminders sent, one a seat", expected, done.count())
        self.compare("of them twice", 0, told.count() - told.values("target").distinct().count())

    def replace(self) -> None:
        """Three cannot come, and say so by the link; the reserve is asked by message and says yes."""
        leaving = self.held("confirmed").filter(volunteer__kind="volunteer", post__waiting__gt=0)
        one_a_post = {signup.post_id: signup for signup in leaving.select_related("volunteer__user").order_by("pk")}
        gone = list(one_a_post.values())[:ABSENT]
        for signup in gone:
            self.door.answer(signup.volunteer.user.phone, "cannot")
        offered = self.held("invited")
        heirs = list(offered.select_related("volunteer__user"))
        told = Message.objects.filter(kind="offered", target__in=[heir.pk for heir in heirs])
        wait_until(lambda: told.filter(status__in=["sent", "delivered"]).count() >= len(heirs), 60)
        for heir in heirs:
            self.door.answer(heir.volunteer.user.phone, "come")
        self.compare(
            "could not come", ABSENT, SignUp.objects.filter(pk__in=[s.pk for s in gone], status="cancelled").count()
        )
        stepped_in = SignUp.objects.filter(pk__in=[heir.pk for heir in heirs], status="confirmed").count()
        self.compare("reserves who stepped in", ABSENT, stepped_in)

    def check_in(self) -> None:
        for pk in list(self.held("confirmed").order_by("pk").values_list("pk", flat=True)):
            self.door.post(self.stage.lead, f"sign-ups/{pk}/check-in/")
        self.compare("checked in", 106, self.held("checked_in").count())
        self.compare("seats oversold", 0, sum(max(0, post.taken - post.seats) for post in self.posts()))
