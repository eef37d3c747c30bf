"""The demo holds the figures of the story (domain.md section 6)."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db.models import F, Sum
from django.utils import timezone

from communities.models import Area, Door, Grant, SamplingPoint, User, ZoneStatus
from communities.models.areas import DEFAULT_ZONE
from communities.rules.words import clean_phone
from staffing.access import posts_asking
from staffing.actions import fillings, solving
from staffing.models import (
    CallUp,
    DoorRound,
    Equipment,
    EquipmentIssue,
    HomeService,
    Lending,
    Post,
    Proposal,
    Secondment,
    Shift,
    SignUp,
    TaskForce,
    Team,
)
from staffing.queries.audience import Audience, audience
from staffing.queries.beats import entrances_on_phone
from staffing.queries.command import coming
from staffing.queries.corrections import unconfirmed
from staffing.queries.door_rounds import totals
from staffing.queries.reports import ALL, Scope, table
from staffing.queries.reports.logs import LOG
from staffing.queries.task_forces import strength
from staffing.queries.teams import groups_of, listed
from staffing.rules.reports import days
from staffing.rules.teams import balance
from volunteers.models import Certificate, Companionship, ServiceRecord, Volunteer
from volunteers.queries.companions import companions_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "demo.json"
    with django_db_blocker.unblock():
        from django.db import connection, transaction

        with transaction.atomic():
            call_command("load_demo", file=file, force=True, verbosity=0)
            yield json.loads(file.read_text())
            transaction.set_rollback(True)
        connection.close()


def total(**where):
    return Post.objects.filter(**where).aggregate(n=Sum("seats"))["n"]


@pytest.fixture
def night(told) -> CallUp:
    return CallUp.objects.get(activity="第2轮核酸检测", community__name="保利香樟社区")


def first_block(night):
    return {"shift__call_up": night, "shift__starts_at": night.starts_at, "role__counted": True}


def test_seventeen_points_in_two_sealed_compounds_of_eight_thousand(night):
    points = SamplingPoint.objects.filter(area=night.community)
    assert points.count() == 17
    assert set(points.values_list("compound__residents", flat=True)) == {3700, 4300}
    assert ZoneStatus.objects.filter(compound__community=night.community, level="lockdown").count() == 2


def test_a_block_has_106_posts_17_clerks_and_17_medical_seats(night):
    assert total(**first_block(night)) == 106
    assert total(**first_block(night) | {"role__slug": "data_entry"}) == 17
    assert total(shift__call_up=night, shift__starts_at=night.starts_at, role__slug="sampler") == 17
    assert total(shift__call_up=night, role__counted=True) == 212


def test_22_staff_stand_and_84_are_to_find(night):
    posts = Post.objects.filter(**first_block(night))
    assert posts.aggregate(n=Sum("taken"))["n"] == 22
    assert posts.aggregate(n=Sum(F("seats") - F("taken")))["n"] == 84


def test_the_first_round_had_only_the_staff(told):
    first = CallUp.objects.get(activity="第1轮核酸检测")
    done = SignUp.objects.filter(shift__call_up=first, post__role__counted=True)
    assert set(done.values_list("status", flat=True)) == {"completed"}
    assert (done.count(), total(shift__call_up=first, role__counted=True) - done.count()) == (22, 84)


def test_bingsan_has_36_doors_and_a_walk_in_of_390_minutes(told):
    assert Door.objects.filter(entrance__building__compound__name="5号院").count() == 36
    record = ServiceRecord.objects.get(community__name="并三社区")
    assert record.minutes == 390
    signup = SignUp.objects.get(pk=record.sign_up)
    assert (signup.channel, signup.entered_by.name) == ("walk_in", "武演示")
    assert {held.qualification.slug for held in signup.volunteer.held.all()} >= {"chinese", "english"}


def test_who_served_at_bingsan_has_a_certificate_of_six_and_a_half_hours(told):
    one = Certificate.objects.get(status="issued")
    assert (one.community.name, one.status, one.minutes) == ("并三社区", "issued", 390)
    assert one.asked_by == one.volunteer.user != one.decided_by


def test_the_round_of_bingsan_reached_36_of_36_doors_29_told_4_homes_3_vacant(told):
    found = DoorRound.objects.get(area__name="并三社区", closed_at__isnull=False)
    figures = totals([found])[found.pk]
    assert (figures.done, figures.doors, figures.share) == (36, 36, 100)
    assert (figures.notified, figures.home_service, figures.vacant) == (29, 4, 3)
    assert set(found.beats.get().entrances.values_list("entrance__no", flat=True)) == {"3单元", "1单元"}
    assert set(HomeService.objects.filter(door__stairs__round=found).values_list("status", flat=True)) == {"done"}


def test_a_helper_finds_the_doors_of_today_on_the_phone(told):
    helper = User.objects.get(email="door-helper@example.org")
    rows = entrances_on_phone(helper, timezone.now())
    assert sorted(row.pending for row in rows) == [7, 18]


def test_hongsi_has_five_lanes_32_posts_and_22_seconded(told):
    call = CallUp.objects.get(activity="第3轮核酸检测")
    assert SamplingPoint.objects.filter(area=call.community).aggregate(n=Sum("lanes"))["n"] == 5
    assert total(shift__call_up=call, role__counted=True) == 32
    assert Post.objects.filter(shift__call_up=call, role__counted=True).aggregate(n=Sum("taken"))["n"] == 22


def test_eleven_checkpoints_have_220_cadre_seats_for_260_people(told):
    call = CallUp.objects.get(activity="卡口值守")
    assert call.shifts.values("site").distinct().count() == 11
    assert total(shift__call_up=call, role__slug="checkpoint") == 220
    assert SignUp.objects.filter(shift__call_up=call, post__agency=None).values("volunteer").distinct().count() == 220
    assert (
        Volunteer.objects.filter(
            affiliations__organisation__name="示范县机关", enrolments__community=call.community
        ).count()
        == 260
    )
    agencies = Post.objects.filter(shift=call.shifts.first(), agency__isnull=False)
    assert sorted(agencies.values_list("role__slug", "seats")) == [
        ("health", 1),
        ("police", 2),
        ("township", 1),
        ("transport", 1),
    ]


def test_one_account_per_role_is_told(told):
    assert {
        "community_lead",
        "grid_member",
        "point_lead",
        "district_lead",
        "city_command",
        "org_hr",
        "auditor",
        "system_admin",
        "volunteer",
    } <= {account["role"] for account in told["accounts"]}
    with_password = [account for account in told["accounts"] if account["role"] != "volunteer"]
    assert all(account["totp"] and account["password"] for account in with_password)


def test_the_volunteer_who_is_told_can_sign_in_and_has_no_seat_yet(told, night):
    (login,) = [account["login"] for account in told["accounts"] if account["role"] == "volunteer"]
    person = Volunteer.objects.get(user=User.objects.by_phone(clean_phone(login, demo=True)))
    assert (person.residence.community, person.sign_ups.count()) == (night.community, 0)


def test_there_are_as_many_neighbours_to_ask_as_are_needed_and_a_reserve(night):
    assert audience(night.pk) == Audience(all=93, unasked=93)


def test_the_open_seats_of_the_night_can_be_filled_by_a_proposal(night):
    now = timezone.now()
    found = fillings.propose(night.community_id, now, night.ends_at, by=night.created_by, now=now, call_up_id=night.pk)
    assert solving.run(found.pk, now)
    found.refresh_from_db()
    assert found.status == "ready"
    assert found.summary["after"] < found.summary["before"]
    fillings.adopt(found.pk, by=night.created_by, now=now)
    while fillings.left(found.pk):
        fillings.give(found.pk, now)
    assert not found.moves.filter(status="gone").exists()


def test_two_couples_come_together_and_the_volunteer_is_asked_by_a_neighbour(told):
    (login,) = [account["login"] for account in told["accounts"] if account["role"] == "volunteer"]
    person = Volunteer.objects.get(user=User.objects.by_phone(clean_phone(login, demo=True)))
    assert Companionship.objects.together().count() == 2
    found = companions_of(person, timezone.now())
    assert (len(found.together), len(found.asking)) == (1, 1)


def test_some_things_of_the_first_round_have_not_come_back_and_masks_are_low(told):
    home = Area.objects.get(name="保利香樟社区")
    assert EquipmentIssue.objects.out().filter(sign_up__shift__site__area=home).exists()
    masks = Equipment.objects.get(area=home, name="口罩")
    assert masks.stock == 420 - 2 * 22
    assert masks.low is not None
    assert masks.stock <= masks.low


def test_who_leads_tomorrow_has_somebody_who_stands_in(night):
    led = night.shifts.exclude(leader=None)
    assert led.exists()
    assert not led.filter(deputy=None).exists()


def test_every_report_of_the_city_shows_something(told):
    city, today = Area.objects.get(code="140100"), timezone.localdate(timezone=DEFAULT_ZONE)
    since, until = days(today).span(DEFAULT_ZONE)
    empty = [
        (report.slug, way)
        for report in ALL
        for way in report.ways or [""]
        if not table(report, Scope(city, since, until, DEFAULT_ZONE, way, names=True)).lines
    ]
    assert empty == []


def test_the_activity_log_tells_of_the_first_round_when_it_was(told):
    home, day = Area.objects.get(name="保利香樟社区"), CallUp.objects.get(activity="第1轮核酸检测").starts_at
    rows = LOG.read(Scope(home, day - timedelta(hours=6), day + timedelta(hours=6), DEFAULT_ZONE, names=True))

    clock = [(f"{at.astimezone(DEFAULT_ZONE):%H:%M}", what, number) for at, _who, _site, what, number, _note in rows]
    assert {who for _at, who, *_rest in rows} == {"高演示"}
    assert len({at for at, _what, _number in clock}) >= 4
    assert sum(number for at, what, number in clock if at == "08:40") == 22
    assert sum(number for at, what, number in clock if at == "12:15" and what.startswith(("People", "人员"))) == 22
    assert {what for at, what, _number in clock if at == "12:15"} in (
        {"Shift: finished", "People: completed"},
        {"班次：已结束", "人员：已完成"},
    )


def test_at_hongsi_hours_and_certificates_wait_for_somebody(told):
    home = Area.objects.get(name="红寺社区")
    assert unconfirmed(home, names=True).count() == 2
    waiting = Proposal.objects.get(sign_up__shift__site__area=home, agreed_at=None)
    assert not Grant.objects.filter(user=waiting.proposed_by, role="community_lead").exists()
    assert Certificate.objects.filter(community=home, status="asked").count() == 2
    assert SignUp.objects.filter(shift__site__area=home, status="no_show").count() == 1


def test_the_organisation_officer_finds_what_asks_them(told):
    officer = User.objects.get(email="org-hr@example.org")
    assert set(posts_asking(officer).values_list("shift__call_up__title", flat=True)) == {"红寺核酸，还差10人"}


def test_everybody_is_marked_as_demo_and_has_a_number_that_no_network_gives_out(told):
    assert {user.phone[:5] for user in User.objects.filter(is_demo=True)} == {"+8612"}
    assert not User.objects.filter(is_demo=False).exists()


def test_loading_twice_changes_nothing(told, tmp_path):
    before = (User.objects.count(), Area.objects.count(), Shift.objects.count(), SignUp.objects.count())
    call_command("load_demo", file=tmp_path / "again.json", force=True, verbosity=0)
    assert (User.objects.count(), Area.objects.count(), Shift.objects.count(), SignUp.objects.count()) == before
    assert not (tmp_path / "again.json").exists()


def test_the_open_call_lies_ahead(night):
    assert night.starts_at > timezone.now()
    assert night.status == "open"
    assert isinstance(night.starts_at.date(), date)


def test_122_of_the_county_are_on_duty_where_they_live_and_one_placement_was_denied(told):
    """阳曲县: 122 people, in precaution and controlled compounds of six districts."""
    here = Secondment.objects.filter(organisation__name="示范县机关", area__name__startswith="示范社区")
    assert here.active().count() == 122
    assert here.active().exclude(volunteer__residence__community=F("area")).count() == 0
    assert set(ZoneStatus.objects.filter(compound__community__name__startswith="示范社区").values_list("level", flat=True)) == {"precaution", "controlled"}  # fmt: skip
    assert list(Secondment.objects.filter(status="rejected").values_list("reason", flat=True)) == ["cannot_enter"]


def test_ten_wait_to_be_received_and_every_seat_of_the_seconded_says_so(told):
    assert Secondment.objects.filter(status="approved", area__name="保利香樟社区").count() == 10
    assert SignUp.objects.filter(volunteer__kind="seconded", channel="desk", secondment=None).count() == 0


def test_the_city_sees_its_communities_by_what_they_lack_and_a_lending_waits(night):
    city, eve = Area.objects.get(code="140100"), night.starts_at - timedelta(hours=9)
    found = {line.name: line for line in coming(city, eve).lines}
    assert [found[name].tally.need for name in ("保利香樟社区", "红寺社区")] == [106, 32]
    assert [found[name].tally.bare for name in ("保利香樟社区", "红寺社区")] == [84, 10]
    assert found["文华苑社区"].free == 152
    waiting = Lending.objects.get()
    assert (waiting.giver.name, waiting.taker.name, waiting.people.count()) == ("文华苑社区", "红寺社区", 10)


def test_the_122_are_in_three_teams_that_are_alike(told):
    teams = listed(Team.objects.filter(task_force__name="下沉干部专班").order_by("pk"))
    found = balance([groups_of(teams)[team.pk] for team in teams])
    assert sorted(team.size for team in teams) == [40, 41, 41]
    assert [[head.part for head in team.heads] for team in teams] == [["leader", "deputy"]] * 3
    assert (found.home_spread, found.skill_spread) <= (1, 1)


def test_one_command_and_seven_branches_have_20_posts_85_people_on_loan_and_154_volunteers(told):
    top = TaskForce.objects.get(name="神堂沟指挥部")
    assert TaskForce.objects.under(top).count() == 1 + 7
    found = strength(top.area)
    assert (found.posts, found.seconded, found.volunteers) == (20, 85, 154)
