"""The doors of the story: 36 in two old stairwells, knocked at in 390 minutes; and the same stairwells today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from communities.models import Compound, Entrance, User
from staffing.actions import attendance, beats, calls, door_rounds, homes
from staffing.actions.door_rounds import RoundPlan
from staffing.actions.door_visits import Tap, record
from staffing.actions.signups import Entry, sign_up
from staffing.demo import nights
from staffing.models import BeatHolding, DoorRound, HomeService, Post, RoundDoor, Shift, SignUp
from staffing.states import DoorOutcome, Need
from volunteers.models import Enrolment, Volunteer
from volunteers.states import PersonKind

EVERY, QUICK = timedelta(minutes=10), timedelta(minutes=5)
VACANT, HOMES = (8, 19, 30), {3: Need.SAMPLING, 12: Need.CARE, 22: Need.SAMPLING, 33: Need.MEDICINE}  # of 36 doors
TODAY = 11  # doors that have been knocked at today
SCRIPT = "您好，我是社区志愿者。请全家下楼做核酸，带好手机和身份证。家里有人下不了楼，请告诉我，会有人上门。"
SCRIPT_EN = (
    "Hello, I am a volunteer of the community. Please come down for the test with your phone and identity card. "
    "If somebody cannot come down, tell me, and somebody will come to you."
)
NAMES = UUID("1d3c6a52-7f0e-4b7a-9a53-0c6a2e6f9b11")  # client ids of the demo's taps are made under it


def plan(yard: Compound, shift: Shift, title: str, title_en: str) -> RoundPlan:
    return RoundPlan(
        title=title,
        title_en=title_en,
        entrances=list(Entrance.objects.filter(building__compound=yard).values_list("pk", flat=True)),
        begins_at=shift.starts_at,
        ends_at=shift.ends_at,
        script=SCRIPT,
        script_en=SCRIPT_EN,
        shift_id=shift.pk,
    )


def given_out(yard: Compound, seat: SignUp, lead: User, now: datetime, title: str, title_en: str) -> DoorRound:
    """A round over both stairwells, all of it one beat, held by the seat."""
    found = door_rounds.begin(yard.community_id, plan(yard, seat.shift, title, title_en), by=lead, now=now)
    (beat,) = beats.deal(found.pk, 1, by=lead, now=now)
    beats.give(beat.pk, seat.pk, by=lead, now=now)
    return found


def knocked(found: DoorRound, number: int, first: datetime, every: timedelta = EVERY) -> None:
    """So many doors, one after the other: the third flats vacant, four homes that need a visit, the rest told."""
    doors = list(RoundDoor.objects.filter(stairs__round=found).order_by("pk"))
    person = BeatHolding.objects.get(beat__round=found).sign_up.volunteer.user
    for place, door in enumerate(doors[:number]):
        at = first + place * every
        record([tap(door, place, at)], by=person, now=at)


def tap(door: RoundDoor, place: int, at: datetime) -> Tap:
    need = HOMES.get(place)
    outcome = DoorOutcome.HOME_SERVICE if need else DoorOutcome.VACANT if place in VACANT else DoorOutcome.NOTIFIED
    return Tap(uuid5(NAMES, str(door.pk)), at, door.pk, outcome, need)


def over(found: DoorRound, lead: User, end: datetime) -> None:
    """Everybody who needed a visit has had one, and the round is closed."""
    for home in HomeService.objects.filter(door__stairs__round=found).order_by("pk"):
        homes.plan(home.pk, by=lead, now=end)
        homes.finish(home.pk, by=lead, now=end + timedelta(hours=2))
    door_rounds.close(found.pk, by=lead, now=end + timedelta(hours=3))


def today(yard: Compound, places: Sequence[int], helper: User, lead: User, now: datetime) -> DoorRound:
    """The same stairwells right now, for looking at the phone's page: eleven doors done, the rest to do."""
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    end, before = start + timedelta(hours=8), start - timedelta(hours=3)
    told = nights.call_plan("今天挨门通知", "Door-to-door today", "入户通知", "Door-to-door round", start, end)
    call = calls.create(yard.community_id, told, by=lead, now=before)
    shift = nights.simple_shift(
        call,
        yard.sites.get(pk=places[0]),
        start,
        end,
        {"door_knocker": 1},
        lead=lead,
        now=before,
        reason="演示用的长班",
    )
    calls.publish(call.pk, by=lead, now=before)
    person = Volunteer.objects.create(
        user=helper, kind=PersonKind.VOLUNTEER, residence=yard, is_adult=True, is_demo=True
    )
    Enrolment.objects.create(volunteer=person, community=yard.community, channel="desk")
    entry = Entry(channel="desk", by=lead, on_behalf=True)
    seat = sign_up(Post.objects.get(shift=shift).pk, person.pk, now=before, entry=entry)
    found = given_out(yard, seat, lead, before, "今天通知下楼做核酸", "Come down for the test, today")
    attendance.check_in(seat.pk, by=lead, now=start)
    knocked(found, TODAY, start + timedelta(minutes=2), QUICK)
    return found
