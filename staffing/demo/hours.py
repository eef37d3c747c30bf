"""Three days ago at the urban village: a round served by people on loan, a day that was too long, and what is left to settle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from communities.models import Area, Organisation, Site, User
from staffing.actions import attendance, calls, decisions, proposals, shifts
from staffing.actions.signups import Entry, sign_up
from staffing.demo import logbook, nights
from staffing.models import CallUp, Post, Shift, SignUp
from volunteers.actions import certificates
from volunteers.models import Volunteer

TIRED = "物资车晚到，本人同意"
type At = Callable[[str, int], datetime]


@dataclass(frozen=True)
class Village:
    """Where it was, whose call it was, and who tells the time."""

    home: Area
    ground: nights.Ground
    hospital: Organisation
    station: Site
    lead: User
    at: At

    def days_ago(self, clock: str) -> datetime:
        return self.at(clock, -3)


def served(village: Village, seconded: Sequence[Volunteer], seats: dict[str, int]) -> CallUp:
    """The second round: all 22 come, work four hours and go home."""
    start, end, before = (village.days_ago(clock) for clock in ("06:00", "10:00", "03:00"))
    plan = nights.call_plan(
        "红寺核酸，机关来支援", "Hongsi, with help from the offices", "第2轮核酸检测", "Testing round 2", start, end
    )
    call = nights.round_of_testing(
        village.home, [village.ground], plan, [(start, end)], village.hospital, village.lead, before
    )
    nights.stand(call, seconded, seats, lead=village.lead, now=before)
    nights.live_through(call, lead=village.lead)
    calls.close(call.pk, by=village.lead, now=end)
    return call


def supplies(village: Village, tired: Sequence[Volunteer], neighbours: Sequence[Volunteer]) -> CallUp:
    """Supplies came late: two on loan carry on after the round, two more until ten at night, with four neighbours."""
    noon, evening = ("11:30", "16:00"), ("18:00", "22:00")
    before = village.days_ago("10:30")
    start, end = village.days_ago(noon[0]), village.days_ago(evening[1])
    plan = nights.call_plan("送物资到晚上", "Supplies until late", "物资配送", "Supplies", start, end)
    call = calls.create(village.home.pk, plan, by=village.lead, now=before)
    for (first, last), number in ((noon, 2), (evening, 7)):
        times = village.days_ago(first), village.days_ago(last)
        nights.simple_shift(
            call, village.station, *times, {"supply_aide": number}, lead=village.lead, now=before, reason=TIRED
        )
    calls.publish(call.pk, by=village.lead, now=before)
    early, late = Post.objects.filter(shift__call_up=call).order_by("shift__starts_at")
    for post, people in ((early, tired[:2]), (late, tired[2:4])):
        for person in people:
            decisions.assign(post.pk, person.pk, by=village.lead, now=before, override_reason=TIRED)
    for person in neighbours:
        sign_up(post.pk, person.pk, now=before, entry=Entry(channel="desk", by=village.lead, on_behalf=True))
    worked(early.shift, village.lead)
    worked(late.shift, village.lead, absent=1, forgotten=2)
    calls.close(call.pk, by=village.lead, now=end)
    return call


def worked(shift: Shift, lead: User, *, absent: int = 0, forgotten: int = 0) -> None:
    """They come and go, but for the last: some of them stay away, and some go without checking out."""
    seats = list(SignUp.objects.confirmed().filter(shift=shift).order_by("pk"))
    came = seats[: len(seats) - absent]
    early = shift.starts_at - timedelta(minutes=5)
    with logbook.at(early, lead):
        for seat in came:
            attendance.check_in(seat.pk, by=lead, now=early)
    with logbook.at(shift.starts_at, lead):
        shifts.start(shift.pk, by=lead, now=shift.starts_at)
    with logbook.at(shift.ends_at, lead):
        for seat in came[: len(came) - forgotten]:
            attendance.check_out(seat.pk, by=lead, now=shift.ends_at)
        shifts.finish(shift.pk, by=lead, now=shift.ends_at)


def settling(village: Village, call: CallUp, clerk: User, now: datetime) -> None:
    """Of the hours that the system closed one waits for the lead's word beside the clerk's; two neighbours have asked for
    certificates.
    """
    done = SignUp.objects.filter(shift__call_up=call, status="completed").select_related("shift", "volunteer__user")
    seat = done.filter(auto_checkout=True).order_by("pk")[0]
    left = seat.shift.ends_at - timedelta(minutes=30)
    proposals.propose_correction(seat.pk, started_at=seat.shift.starts_at, ended_at=left, by=clerk, now=now)
    day = village.days_ago("00:00").date()
    for one in done.filter(auto_checkout=False, secondment=None).order_by("pk"):
        wish = certificates.Wish(one.volunteer_id, village.home.pk, day, day)
        certificates.ask(wish, by=one.volunteer.user, now=now)
