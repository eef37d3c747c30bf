"""A courtyard with two stairwells of six floors and three flats, a door round over them, and people on its beats."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from communities.actions import doors
from communities.models import Area, Compound, Entrance, User
from staffing.actions import beats, door_rounds
from staffing.actions.door_rounds import RoundPlan
from staffing.actions.door_visits import Taken, Tap, record
from staffing.actions.signups import sign_up
from staffing.models import Beat, DoorRound, RoundDoor, RoundEntrance, Shift, SignUp
from staffing.states import DoorOutcome, Need
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from volunteers.models import Volunteer

NOON = DAWN + timedelta(hours=6, minutes=30)
MINUTE = timedelta(minutes=1)


class Yard:
    """`round` over 2 x 18 doors from DAWN to NOON, dealt in `beats`; `shift` has the seats of those who knock."""

    def __init__(
        self, *, storeys: int = 6, flats: int = 3, dealt: int = 1, start: datetime = DAWN, now: datetime = NIGHT
    ) -> None:
        self.area: Area = places.area(name="并三社区", name_en="Bingsan Community")
        self.lead: User = places.lead(self.area)
        self.home: Compound = places.compound(self.area, name="5号院", name_en="Courtyard 5")
        self.start, self.end = start, start + timedelta(hours=6, minutes=30)
        for building, entrance in (("4号楼", "3单元"), ("6号楼", "1单元")):
            doors.build(self.home.pk, building, entrance, storeys, flats, has_lift=False, by=self.lead)
        site = places.site(compound=self.home, kind="door_beat")
        self.shift: Shift = make.shift(site, start=start, length=self.end - start, override_reason="x")
        self.post = make.post(self.shift, seats=30, role=make.role("door_knocker", max_block_minutes=720))
        self.now = now
        self.round: DoorRound = self.begin()
        self.beats: list[Beat] = beats.deal(self.round.pk, dealt, by=self.lead, now=now)

    def begin(self, **fields: Any) -> DoorRound:
        stairs = list(Entrance.objects.filter(building__compound=self.home).values_list("pk", flat=True))
        said = {
            "title": "通知下楼",
            "title_en": "Come down for the test",
            "entrances": stairs,
            "shift_id": self.shift.pk,
        }
        plan = RoundPlan(**said | {"begins_at": self.start, "ends_at": self.end} | fields)
        return door_rounds.begin(self.area.pk, plan, by=self.lead, now=self.now)

    def helper(self, beat: Beat | None = None, *, since: datetime | None = None, user: User | None = None) -> Volunteer:
        """Somebody with a confirmed seat of the shift, who holds the beat."""
        person = make.volunteer(self.home, user=user)
        seat = sign_up(self.post.pk, person.pk, now=self.now)
        beats.give((beat or self.beats[0]).pk, seat.pk, by=self.lead, now=since or self.now)
        return person

    @property
    def stairs(self) -> list[RoundEntrance]:
        return list(self.round.entrances.order_by("pk"))

    def door(self, number: str = "101", stairs: int = 0) -> RoundDoor:
        return RoundDoor.objects.get(stairs=self.stairs[stairs], door__number=number)

    def doors(self) -> list[RoundDoor]:
        return list(RoundDoor.objects.filter(stairs__round=self.round).order_by("pk"))


def seat_of(person: Volunteer) -> SignUp:
    return SignUp.objects.get(volunteer=person)


def tap(
    door: RoundDoor | int,
    outcome: str = "notified",
    at: datetime = DAWN + MINUTE,
    need: str | None = None,
    client_id: UUID | None = None,
) -> Tap:
    pk = door if isinstance(door, int) else door.pk
    return Tap(client_id or uuid4(), at, pk, DoorOutcome(outcome), Need(need) if need else None)


def knock(person: Volunteer, *taps: Tap, now: datetime | None = None) -> list[Taken]:
    return record(taps, by=person.user, now=now or max(one.made_at for one in taps))
