"""A change of zones and the seats in its reach: who stays, who loses the seat and is told once, and a run cut off midway."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from communities.actions import policies
from communities.actions.zones import Decree, Target, set_zone
from communities.models import Message, ZonePolicy
from communities.states import RoleName, ZoneLevel
from staffing.actions import audit, rechecks
from staffing.actions.signups import sign_up
from staffing.models import Post, RecheckedSeat, SignUp, ZoneRecheck
from staffing.queries.rechecks import Figures, figures
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk
from volunteers.actions.passes import PassPlan, give, revoke
from volunteers.actions.people import correct
from volunteers.actions.profile import Self, describe
from volunteers.models import Enrolment, Volunteer
from volunteers.signals import homes_known
from volunteers.states import PersonKind

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    places.policies()
    return Desk(seats=10)


def seat(desk, post=None, *, home=None, **fields):
    return sign_up((post or desk.post).pk, make.volunteer(home, **fields).pk, now=desk.now)


def elsewhere(desk, seats=10):
    return make.post(make.shift(places.site(desk.area), start=desk.start), seats, role=make.role("away"))


def close(desk, level=ZoneLevel.LOCKDOWN, since=None, **target) -> ZoneRecheck:
    decree = Decree(level, since or desk.now, "示范指挥部", "42")
    return set_zone(Target(**target or {"compound": desk.home.pk}), decree, by=desk.lead, now=desk.now).recheck


def run(recheck) -> ZoneRecheck:
    assert rechecks.run(recheck.pk, timezone.now())
    recheck.refresh_from_db()
    return recheck


def verdicts(recheck) -> dict[int, str]:
    return dict(recheck.found.values_list("sign_up", "verdict"))


def state(signup) -> tuple[str, str]:
    signup.refresh_from_db()
    return signup.status, signup.reason


def told(kind="zone_change") -> Counter:
    return Counter(Message.objects.filter(kind=kind).values_list("reader", flat=True))


def test_sealing_a_compound_keeps_residents_and_takes_the_seats_of_outsiders_and_of_residents_elsewhere(desk):
    away = elsewhere(desk)
    resident, outsider = seat(desk, home=desk.home), seat(desk)
    leaver, other = seat(desk, away, home=desk.home), seat(desk, away)
    medic = seat(desk, kind=PersonKind.MEDICAL)

    recheck = run(close(desk))

    assert verdicts(recheck) == {
        resident.pk: "approve",
        outsider.pk: "cannot_enter",
        leaver.pk: "cannot_leave",
        medic.pk: "approve",
    }
    assert [state(one) for one in (outsider, leaver)] == [("cancelled", "zone_change")] * 2
    assert [state(one)[0] for one in (resident, other, medic)] == ["confirmed"] * 3
    assert told() == {outsider.volunteer.user_id: 1, leaver.volunteer.user_id: 1}
    assert told("repair_list") == {desk.lead.pk: 1}
    assert (recheck.seats, recheck.checked, bool(recheck.finished_at)) == (4, 4, True)
    desk.post.refresh_from_db()
    assert desk.post.taken == 2
    assert audit.recount() == []


def test_people_already_there_are_never_cancelled_and_the_lead_gets_their_names(desk):
    inside = seat(desk)
    SignUp.objects.filter(pk=inside.pk).update(status="checked_in", checked_in_at=desk.now)

    recheck = run(close(desk))

    assert verdicts(recheck) == {inside.pk: "on_duty"}
    assert state(inside) == ("checked_in", "")
    assert told() == {}
    assert told("repair_list") == {desk.lead.pk: 1}


def test_a_freed_seat_goes_to_the_next_in_line_who_may_come_under_the_new_rules(desk):
    Post.objects.filter(pk=desk.post.pk).update(seats=1)
    outsider, waits_outside, waits_inside = seat(desk), seat(desk), seat(desk, home=desk.home)

    run(close(desk))

    assert [state(one)[0] for one in (outsider, waits_outside, waits_inside)] == ["cancelled", "cancelled", "invited"]
    assert told() == {outsider.volunteer.user_id: 1, waits_outside.volunteer.user_id: 1}
    assert told("passed_over") == {}
    assert told("offered") == {waits_inside.volunteer.user_id: 1}
    assert audit.recount() == []


def test_somebody_who_loses_three_seats_is_told_once_of_all_three(desk):
    person = make.volunteer()
    posts = [desk.post] + [
        make.post(make.shift(desk.site, start=desk.start + day * timedelta(days=1)), role=make.role("more"))
        for day in (1, 2)
    ]
    for post in posts:
        sign_up(post.pk, person.pk, now=desk.now)

    run(close(desk))

    assert told() == {person.user_id: 1}
    assert RecheckedSeat.objects.filter(verdict="cannot_enter").count() == 3


def test_shifts_that_are_over_before_the_zone_begins_are_left_alone(desk):
    early = seat(desk)
    late = seat(desk, make.post(make.shift(desk.site, start=desk.start + timedelta(days=1)), role=make.role("more")))

    recheck = run(close(desk, since=desk.start + 12 * HOUR))

    assert verdicts(recheck) == {late.pk: "cannot_enter"}
    assert state(early)[0] == "confirmed"


def test_a_zone_that_begins_during_a_shift_counts_for_it(desk):
    outsider = seat(desk)
    assert verdicts(run(close(desk, since=desk.start + HOUR))) == {outsider.pk: "cannot_enter"}


def test_an_overlay_over_the_district_reaches_its_compounds_and_keeps_its_residents_inside(desk):
    inside, outside = seat(desk, home=places.compound(desk.area)), seat(desk)
    far = make.post(make.shift(places.site(), start=desk.start), role=make.role("far"))
    leaver = seat(desk, far, home=places.compound(desk.area))

    recheck = run(close(desk, ZoneLevel.CONTROLLED, area=desk.district.pk))

    assert verdicts(recheck) == {inside.pk: "stays", outside.pk: "cannot_enter", leaver.pk: "cannot_leave"}


class CutOff(Exception):
    pass


def crowd(desk) -> None:
    """Five shifts with residents, outsiders and people in line."""
    Post.objects.filter(pk=desk.post.pk).update(seats=3)
    posts = [desk.post]
    posts += [make.post(desk.point(places.site(compound=desk.home)), 3, role=make.role("more")) for _point in range(4)]
    for post in posts:
        for home in (None, desk.home, None, None, desk.home):
            seat(desk, post, home=home)


def snapshot() -> list:
    """What has become of everybody, without what differs from one clock to the next."""
    people = SignUp.objects.order_by("pk").values_list("status", "reason", "seat_no", "position")
    posts = Post.objects.order_by("pk").values_list("taken", "waiting", "free_seats")
    seen = RecheckedSeat.objects.order_by("sign_up").values_list("verdict", "code", "held_seat")
    said = Message.objects.filter(kind__in=["zone_change", "repair_list", "offered"]).order_by("kind", "reader")
    return [list(people), list(posts), list(seen), list(said.values_list("kind", flat=True)), told()]


@pytest.mark.parametrize("after", [0, 1, 3, 5])
def test_a_run_that_is_cut_off_goes_on_with_the_same_result(desk, monkeypatch, after):
    crowd(desk)
    recheck, calls, remember = close(desk), iter(range(100)), rechecks.remember

    def dies(*findings):
        if next(calls) == after:
            raise CutOff
        return remember(*findings)

    if after < 5:
        monkeypatch.setattr(rechecks, "remember", dies)
        with pytest.raises(CutOff):
            rechecks.run(recheck.pk, timezone.now())
        assert told() == {}  # nobody is told of half a change
        recheck.refresh_from_db()
        assert (recheck.finished_at, RecheckedSeat.objects.count()) == (None, recheck.checked)
    run(recheck)
    whole = snapshot()
    run(recheck)

    assert snapshot() == whole
    assert Counter(verdicts(recheck).values()) == {"approve": 10, "cannot_enter": 15}
    assert Counter(SignUp.objects.values_list("status", flat=True)) == {"confirmed": 5, "invited": 5, "cancelled": 15}
    assert set(told().values()) == {1}
    assert len(told()) == 15
    assert audit.recount() == []


def test_the_figures_before_the_button_are_those_of_the_repair_list_after_it(desk):
    away = elsewhere(desk)
    seat(desk, home=desk.home), seat(desk), seat(desk), seat(desk, away, home=desk.home)
    inside = seat(desk)
    SignUp.objects.filter(pk=inside.pk).update(status="checked_in")
    decree = Decree(ZoneLevel.LOCKDOWN, desk.now, "示范指挥部", "42")
    versions = list(Post.objects.order_by("pk").values_list("version", flat=True))

    foreseen = rechecks.foresee(Target(compound=desk.home.pk), decree, by=desk.lead, now=desk.now)

    assert foreseen == Figures(seats=5, stay=1, approve=1, cannot_enter=2, cannot_leave=1, on_duty=1, line=0, people=3)
    assert [desk.home.zone_statuses.count(), ZoneRecheck.objects.count(), told()] == [0, 0, {}]
    assert list(Post.objects.order_by("pk").values_list("version", flat=True)) == versions
    assert figures(run(close(desk))) == foreseen


def test_a_pass_keeps_the_seat_and_taking_it_back_takes_the_seat(desk):
    outsider = seat(desk)
    plan = PassPlan(
        outsider.volunteer_id, Target(compound=desk.home.pk), desk.now, desk.start + 12 * HOUR, "消毒", closed_loop=True
    )
    given = give(plan, by=desk.holder(RoleName.DISTRICT_LEAD), now=desk.now)
    assert verdicts(run(close(desk))) == {outsider.pk: "approve"}

    revoke(given.pk, by=desk.lead, now=timezone.now())
    recheck = run(ZoneRecheck.objects.get(access_pass=given))

    assert verdicts(recheck) == {outsider.pk: "cannot_enter"}
    assert state(outsider) == ("cancelled", "zone_change")


def test_who_moves_behind_a_fence_loses_the_seats_outside_and_is_told(desk):
    mover, neighbour = seat(desk), seat(desk)
    sealed = places.compound(places.area())
    run(close(desk, compound=sealed.pk))
    told_of = Self(mover.volunteer.user.name, "zh-hans", urgent_calls=False, residence=sealed.pk)

    describe(mover.volunteer.user, told_of, now=timezone.now())
    recheck = run(ZoneRecheck.objects.get(mover=mover.volunteer))

    assert verdicts(recheck) == {mover.pk: "cannot_leave"}
    assert [state(one) for one in (mover, neighbour)] == [("cancelled", "zone_change"), ("confirmed", "")]


def test_whose_home_a_list_of_staff_tells_is_looked_at_too(desk):
    people = [seat(desk), seat(desk)]
    sealed = places.compound(places.area())
    run(close(desk, compound=sealed.pk))
    ids = [one.volunteer_id for one in people] + [make.volunteer().pk]
    Volunteer.objects.filter(pk__in=ids).update(residence=sealed)
    homes_known.send(sender=Volunteer, volunteers=ids, by=desk.lead, now=timezone.now())
    opened = list(ZoneRecheck.objects.exclude(mover=None).order_by("pk"))
    assert {one.mover_id for one in opened} == set(ids[:2])
    assert [verdicts(run(one)) for one in opened] == [{one.pk: "cannot_leave"} for one in people]


def test_who_was_entered_at_the_wrong_home_or_as_a_medic_by_mistake_is_looked_at_again(desk):
    run(close(desk))
    medic = seat(desk, kind=PersonKind.MEDICAL)
    person = medic.volunteer
    said = {"residence": person.residence_id, "is_adult": True, "by": desk.lead, "now": timezone.now()}
    correct(person.pk, kind=person.kind, **said)
    assert not ZoneRecheck.objects.filter(mover=person).exists()
    correct(person.pk, kind=PersonKind.VOLUNTEER, **said)
    assert verdicts(run(ZoneRecheck.objects.get(mover=person))) == {medic.pk: "cannot_enter"}


def test_another_home_in_the_admin_site_is_a_move_as_well(desk):
    mover = seat(desk)
    sealed = places.compound(desk.area)
    run(close(desk, compound=sealed.pk))
    Enrolment.objects.create(volunteer=mover.volunteer, community=desk.area, channel="web")
    said = {"kind": "volunteer", "residence": sealed.pk, "is_adult": "on"}
    desk.lead.is_staff = True
    desk.lead.save()
    page = f"/admin/volunteers/volunteer/{mover.volunteer_id}/change/"
    client = places.client(desk.lead)
    forms = re.findall(r'name="(\S+)-TOTAL_FORMS"', client.get(page).content.decode())
    said |= {f"{form}-{part}_FORMS": "0" for form in forms for part in ("TOTAL", "INITIAL")}
    assert client.post(page, said).status_code == 302
    assert verdicts(run(ZoneRecheck.objects.get(mover=mover.volunteer))) == {mover.pk: "cannot_leave"}


def test_who_stays_at_home_or_has_no_seats_is_not_looked_at(desk):
    mover, idle = seat(desk), make.volunteer(desk.home)
    here, there = mover.volunteer.residence_id, places.compound(places.area()).pk
    for person, home in ((mover.volunteer, here), (idle, there)):
        describe(person.user, Self(person.user.name, "zh-hans", urgent_calls=False, residence=home), now=timezone.now())
    assert not ZoneRecheck.objects.exists()


def test_a_new_version_of_a_policy_is_felt_where_its_level_is_in_force(desk):
    outsider = seat(desk)
    run(close(desk, ZoneLevel.PRECAUTION))
    assert state(outsider)[0] == "confirmed"
    policy = ZonePolicy.objects.get(level=ZoneLevel.PRECAUTION)

    edited = policies.edit(policy.pk, {"entry": "group"}, by=desk.lead, now=timezone.now())

    assert edited.version == 2
    assert verdicts(run(ZoneRecheck.objects.get(policy=policy))) == {outsider.pk: "cannot_enter"}


def test_easing_a_zone_takes_nobodys_seat(desk):
    resident = seat(desk, home=desk.home)
    run(close(desk))
    desk.now = timezone.now()
    assert verdicts(run(close(desk, ZoneLevel.NONE))) == {resident.pk: "stays"}


@pytest.mark.parametrize("shifts", [1, 6])
def test_a_shift_costs_the_same_number_of_queries_however_many_people_it_has(desk, queries_of, shifts):
    for _point in range(shifts):
        post = make.post(desk.point(places.site(compound=desk.home)), 20, role=make.role("more"))
        for _person in range(2 * shifts):
            seat(desk, post)
    recheck = close(desk)
    assert queries_of(lambda: rechecks.run(recheck.pk, timezone.now())) == 14 + 12 * shifts
