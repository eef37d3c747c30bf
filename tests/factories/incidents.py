"""An incident in one community, over and settled, with names in every place where people leave them."""

from datetime import datetime, timedelta
from typing import Any

import time_machine

from communities.models import Area, User
from communities.states import RoleName
from staffing.actions import attendance, chains, closeouts, door_rounds, fillings, rides, signups
from staffing.actions.closeouts import Incident
from staffing.models import CallUp, DoorRound, Driver, Move, Passenger, Ride, Shift, SignUp
from staffing.states import DoorOutcome
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.doors import Yard, knock, tap
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.actions.people import Profile, enrol
from volunteers.models import Volunteer

START, END = NIGHT - timedelta(days=1), DAWN + timedelta(days=2)
AFTER = END + timedelta(days=1)
VOLUNTEERS = ("欧阳一号", "司徒二号", "诸葛三号")
RESIDENT = "王奶奶家"
PHONE = "+8612008"
WORDS = (*VOLUNTEERS, RESIDENT, PHONE)


class Scene:
    """`lead` and `second` may close it out, `people` served there and nowhere else."""

    def __init__(self) -> None:
        with time_machine.travel(NIGHT, tick=False):
            self.build()

    def build(self) -> None:
        self.yard = Yard()
        self.area: Area = self.yard.area
        self.second: User = places.lead(self.area)
        self.lead: User = self.yard.lead
        self.watch: User = places.lead(self.area, RoleName.AUDITOR)
        self.call: CallUp = make.call(self.area, text=f"有事找{VOLUNTEERS[0]}", contact=self.lead)
        self.shift: Shift = make.shift(
            places.site(self.area, self.yard.home), self.call, briefing=f"{RESIDENT}门口集合", override_reason=RESIDENT
        )
        self.post = make.post(self.shift, seats=3)
        self.people = [self.person(name) for name in VOLUNTEERS]
        self.seats = [self.serve(one) for one in self.people]
        chains.commit(self.call.pk, f"1. {VOLUNTEERS[1]} {PHONE[3:]}0000005", by=self.lead, now=NIGHT)
        self.ride()
        self.knock()
        proposal = fillings.propose(self.area.pk, NIGHT, NIGHT + timedelta(days=1), by=self.lead, now=NIGHT)
        Move.objects.create(filling=proposal, post=self.post, volunteer=self.people[0], reasons=[{"said": RESIDENT}])
        fillings.put_aside(proposal.pk, by=self.lead, now=NIGHT)
        Shift.objects.update(status="finished")

    def person(self, name: str) -> Volunteer:
        number = next(places.serial)
        user = places.user(name, f"{PHONE}{number:07d}", email=f"u{number}@example.org")
        return enrol(user, self.area.pk, Profile(residence=self.yard.home.pk, is_adult=True), now=NIGHT)

    def serve(self, person: Volunteer) -> SignUp:
        seat = signups.sign_up(self.post.pk, person.pk, now=NIGHT)
        attendance.check_in(seat.pk, by=person.user, now=DAWN)
        return attendance.check_out(seat.pk, by=person.user, now=DAWN + BLOCK)

    def ride(self) -> None:
        way = rides.RidePlan("示范街", self.shift.site_id, DAWN, DAWN + BLOCK, 1, origin_note=f"{RESIDENT}楼下")
        ride = rides.post(self.area.pk, way, by=self.lead, now=NIGHT)
        driver = Driver.objects.create(volunteer=self.people[2], area=self.area, plate=f"晋A{VOLUNTEERS[2]}")
        Passenger.objects.create(ride=ride, sign_up=self.seats[0])
        Ride.objects.filter(pk=ride.pk).update(
            status="done", driver=driver, finished_at=DAWN + BLOCK, reason=f"接{VOLUNTEERS[0]}"
        )

    def knock(self) -> None:
        self.helper = self.yard.helper()
        knock(self.helper, *[tap(door, DoorOutcome.VACANT) for door in self.yard.doors()])
        door_rounds.close(self.yard.round.pk, by=self.lead, now=DAWN + timedelta(hours=7))
        DoorRound.objects.update(script=f"问问{RESIDENT}", waiver=f"{RESIDENT}不在")

    def incident(self, **fields: Any) -> Incident:
        said = {"area": self.area.pk, "title": "四月疫情", "start": START, "end": END, "notice_days": 30}
        return Incident(**said | fields)

    def agreed(self, now: datetime = AFTER) -> Any:
        found = closeouts.propose(self.incident(), by=self.lead, now=now)
        return closeouts.agree(found.pk, by=self.second, now=now)

    def closed(self, now: datetime = AFTER) -> Any:
        return closeouts.work(self.agreed(now).pk, now + timedelta(days=31))
