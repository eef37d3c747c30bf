"""Zones at the desk: proposed by the community, set by the district with the consequences in sight, never rewritten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.actions import policies
from communities.actions.proposals import Wish, propose, refuse, withdraw
from communities.actions.proposals import decree as set_proposed
from communities.actions.zones import Decree, Target, set_level, set_zone
from communities.errors import Forbidden, Invalid, Refused
from communities.models import ZonePolicy, ZoneProposal, ZoneStatus
from communities.states import RoleName, ZoneLevel
from staffing.actions import rechecks, shifts
from staffing.actions.signups import sign_up
from staffing.models import Post, SignUp, ZoneRecheck
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text
from volunteers.models import AccessPass

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    places.policies()
    return Desk()


def decree(since, **fields):
    return Decree(**{"level": ZoneLevel.LOCKDOWN, "since": since, "issuer": "示范指挥部", "notice_no": "42"} | fields)


def test_a_new_level_ends_the_row_before_and_bumps_the_posts_there(desk):
    old = places.zone(ZoneLevel.CONTROLLED, since=desk.now - timedelta(days=1), compound=desk.home)
    version = Post.objects.get().version

    new = set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now)

    old.refresh_from_db(), new.refresh_from_db()
    assert [old.valid.upper, new.valid.lower, new.valid.upper] == [desk.now, desk.now, None]
    assert list(ZoneStatus.objects.at(desk.now)) == [new]
    assert Post.objects.get().version == version + 1


def test_posts_elsewhere_where_a_resident_serves_are_read_again_too(desk):
    away = make.post(make.shift(places.site(desk.area), start=desk.start), role=make.role("away"))
    sign_up(away.pk, make.volunteer(desk.home).pk, now=desk.now)
    version = Post.objects.get(pk=away.pk).version
    set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now)

    assert Post.objects.get(pk=away.pk).version == version + 1


@pytest.mark.parametrize(
    ("ago", "code"), [(timedelta(0), "zone_same_instant"), (timedelta(hours=1), "zone_before_current")]
)
@pytest.mark.parametrize("whole", [False, True], ids=["compound", "area"])
def test_what_was_in_force_is_not_rewritten(desk, ago, code, whole):
    target = Target(area=desk.area.pk) if whole else Target(compound=desk.home.pk)
    set_zone(target, decree(desk.now), by=desk.lead, now=desk.now)

    with pytest.raises(Refused) as refused:
        set_zone(target, decree(desk.now - ago, level=ZoneLevel.NONE), by=desk.lead, now=desk.now)

    assert refused.value.code == code
    assert ZoneStatus.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"issuer": " "}, {"notice_no": ""}, {"level": "red"}, {"since": timedelta(hours=25)}, {"reason": "somebody"}],
)
def test_a_decree_without_its_basis_or_too_far_back_is_not_taken(desk, wrong):
    said = {name: desk.now - value if name == "since" else value for name, value in wrong.items()}

    with pytest.raises(Invalid) as invalid:
        set_level(desk.home.pk, decree(**{"since": desk.now} | said), by=desk.lead, now=desk.now)

    assert set(invalid.value.fields) == set(wrong)
    assert not ZoneStatus.objects.exists()


def test_the_release_is_a_day_to_look_and_never_an_end(desk):
    ZonePolicy.objects.filter(level=ZoneLevel.LOCKDOWN).update(release_days=14)
    long_ago = desk.now - timedelta(hours=20)
    status = set_level(desk.home.pk, decree(long_ago), by=desk.lead, now=desk.now)
    assert status.earliest_release_at == long_ago + timedelta(days=14)

    ZoneStatus.objects.update(earliest_release_at=desk.now - timedelta(hours=1))
    page = desk.as_lead().get(reverse("zones"))

    assert [lane.place for lane in page.context["release"]] == [desk.home]
    assert ZoneStatus.objects.get().valid.upper is None


def body(desk, **fields):
    now = timezone.localtime(desk.now, make.TAIYUAN)
    said = {"level": "lockdown", "day": now.date().isoformat(), "clock": f"{now:%H:%M}", "reason": "notice"}
    return said | {"issuer": "示范指挥部", "notice_no": "42"} | fields


def look_then_set(client, address, said):
    """What a person does: looks, reads the figures, presses the button that has come."""
    looked = client.post(address, said | {"do": "look"})
    seen = looked.context["form"]["seen"].value()
    return looked, client.post(address, said | {"do": "set", "seen": seen})


def test_the_district_sees_the_consequences_and_then_sets_it(desk):
    sign_up(desk.post.pk, make.volunteer().pk, now=desk.now)
    address = reverse("zone_set", args=[desk.home.pk])

    assert desk.as_lead().post(address, body(desk)).status_code == 403
    assert places.client(places.lead(places.area())).post(address, body(desk)).status_code == 404
    client = places.client(desk.holder(RoleName.DISTRICT_LEAD))
    assert client.post(address, body(desk, do="set")).context["figures"].cannot_enter == 1  # not seen, so shown first
    assert not ZoneStatus.objects.exists()
    looked, done = look_then_set(client, address, body(desk))

    assert (looked.context["figures"].people, done.status_code) == (1, 303)
    assert ZoneStatus.objects.get().level == "lockdown"
    page = desk.as_lead().get(reverse("zones"))
    assert [str(lane.policy) for lane in page.context["lanes"]] == ["lockdown"]


def test_other_words_than_those_looked_at_are_looked_at_again(desk):
    client, address = places.client(desk.holder(RoleName.DISTRICT_LEAD)), reverse("zone_set", args=[desk.home.pk])
    seen = client.post(address, body(desk, do="look")).context["form"]["seen"].value()

    again = client.post(address, body(desk, do="set", level="controlled", seen=seen))

    assert (again.status_code, ZoneStatus.objects.count()) == (200, 0)


def test_an_overlay_is_set_for_the_whole_area(desk):
    client = places.client(desk.holder(RoleName.DISTRICT_LEAD))
    _looked, done = look_then_set(client, reverse("overlay_set", args=[desk.district.pk]), body(desk))
    assert done.status_code == 303
    assert ZoneStatus.objects.get().area == desk.district


def test_the_community_proposes_and_somebody_of_the_district_sets_it(desk):
    said = body(desk, level="lockdown", reason="round_result")
    _looked, done = look_then_set(desk.as_lead(), reverse("zone_propose", args=[desk.home.pk]), said)
    assert done.status_code == 303
    asked = ZoneProposal.objects.get()
    address = reverse("zone_proposal", args=[asked.pk])
    assert not ZoneStatus.objects.exists()

    assert desk.as_lead().get(address).context["decides"] is False
    assert desk.as_lead().post(address, body(desk)).status_code == 403
    client = places.client(desk.holder(RoleName.DISTRICT_LEAD))
    assert client.get(address).context["figures"].people == 0
    assert client.post(address, body(desk)).status_code == 303

    asked.refresh_from_db()
    assert (asked.status, asked.made.level, asked.made.notice_no) == ("set", "lockdown", "42")


def test_nobody_sets_or_refuses_what_they_proposed_themselves(desk):
    places.grant(RoleName.DISTRICT_LEAD, desk.district, desk.lead)
    asked = propose(Target(compound=desk.home.pk), Wish("lockdown", desk.now), by=desk.lead, now=desk.now)

    with pytest.raises(Forbidden) as forbidden:
        set_proposed(asked.pk, decree(desk.now), by=desk.lead, now=desk.now)
    with pytest.raises(Forbidden):
        refuse(asked.pk, "no", by=desk.lead, now=desk.now)

    assert forbidden.value.code == "same_person"
    assert not ZoneStatus.objects.exists()


def test_a_proposal_waits_alone_and_is_answered_once(desk):
    target, other = Target(compound=desk.home.pk), desk.holder(RoleName.DISTRICT_LEAD)
    asked = propose(target, Wish("lockdown", desk.now), by=desk.lead, now=desk.now)
    assert propose(target, Wish("lockdown", desk.now), by=desk.lead, now=desk.now) == asked
    with pytest.raises(Refused) as refused:
        propose(target, Wish("controlled", desk.now), by=desk.lead, now=desk.now)
    assert refused.value.code == "proposal_waits"

    assert refuse(asked.pk, "再看看", by=other, now=desk.now).answer == "再看看"
    with pytest.raises(Refused):
        set_proposed(asked.pk, decree(desk.now), by=other, now=desk.now)
    with pytest.raises(Refused):
        withdraw(asked.pk, by=desk.lead, now=desk.now)


def test_a_controlled_compound_offers_to_propose_the_next_level_and_does_nothing_by_itself(desk):
    sealed = ZonePolicy.objects.get(level="lockdown")
    ZonePolicy.objects.filter(level="controlled").update(escalates_to=sealed)
    set_level(desk.home.pk, decree(desk.now, level="controlled"), by=desk.lead, now=desk.now)

    page = text(desk.as_lead().get(reverse("zones")))

    address = reverse("zone_propose", args=[desk.home.pk]) + "?level=lockdown&amp;reason=round_result"
    assert address in page
    assert "checked" in text(desk.as_lead().get(address.replace("&amp;", "&")))
    assert ZoneStatus.objects.count() == 1


def repaired(desk) -> ZoneRecheck:
    """One loses the seat, one is on duty, one stays."""
    out, here = make.volunteer(), make.volunteer()
    for person in (out, here, make.volunteer(desk.home)):
        sign_up(desk.post.pk, person.pk, now=desk.now)
    SignUp.objects.filter(volunteer=here).update(status="checked_in")
    recheck = set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now).recheck
    rechecks.run(recheck.pk, timezone.now())
    return recheck


def test_the_repair_list_names_people_with_what_to_do_next_and_shows_others_figures_only(desk):
    Post.objects.update(seats=5)
    recheck = repaired(desk)
    address = reverse("repair_list", args=[recheck.pk])

    page = desk.as_lead().get(address)
    assert [line.seat.verdict for line in page.context["lines"]] == ["on_duty", "cannot_enter", "approve"]
    assert reverse("post_find", args=[desk.post.pk]) in text(page)
    assert reverse("pass_new") in text(page)

    command = places.client(places.lead(desk.district, RoleName.CITY_COMMAND)).get(address)
    assert (command.context["figures"].lost, list(command.context["lines"])) == (1, [])
    assert places.client(places.lead(places.area())).get(address).status_code == 404


def test_the_community_asks_for_a_pass_and_the_district_gives_it(desk):
    person = make.volunteer(community=desk.area)
    district = places.client(desk.holder(RoleName.DISTRICT_LEAD))
    said = {
        "volunteer": person.pk,
        "place": f"compound:{desk.home.pk}",
        "day": "2026-01-01",
        "clock": "00:00",
        "end_day": "2026-01-03",
        "end_clock": "00:00",
        "reason": "消毒",
    }
    said |= {name: f"{desk.now + timedelta(days=days):%Y-%m-%d}" for name, days in (("day", 0), ("end_day", 3))}

    assert desk.as_lead().post(reverse("pass_new"), said).status_code == 303
    asked = AccessPass.objects.get()
    assert (asked.state(desk.now), AccessPass.objects.in_force().count()) == ("asked", 0)
    address = reverse("pass_do", args=[asked.pk, "issue"])
    assert desk.as_lead().post(address).status_code == 403
    assert district.post(address).status_code == 303

    assert AccessPass.objects.in_force().get() == asked
    assert desk.as_lead().post(reverse("pass_do", args=[asked.pk, "revoke"])).status_code == 303
    assert AccessPass.objects.in_force().count() == 0


def test_a_stricter_level_cannot_be_written_looser_than_a_less_strict_one(desk):
    sealed = ZonePolicy.objects.get(level="lockdown")
    with pytest.raises(Refused) as refused:
        policies.edit(sealed.pk, {"entry": "anyone"}, by=desk.lead, now=desk.now)
    assert refused.value.code == "policy_looser"
    assert policies.edit(sealed.pk, {"entry": "holders"}, by=desk.lead, now=desk.now).version == 2
    assert policies.edit(sealed.pk, {"entry": "holders"}, by=desk.lead, now=desk.now).version == 2


def test_the_volunteer_is_told_why_not_and_offered_only_what_is_within_reach(desk):
    person = make.volunteer(desk.home)
    make.consent(person)
    away = make.post(make.shift(places.site(desk.area), desk.call, start=desk.start), 3, role=make.role("away"))
    set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now)
    client = places.client(person.user)

    mine = client.get(reverse("my_shifts"))
    assert [post.pk for post, _zone in mine.context["near"]] == [desk.post.pk]
    reasons = client.get(f"/api/v1/posts/{away.pk}/reasons/").json()
    assert [reason["code"] for reason in reasons["reasons"]] == ["zone_cannot_leave"]
    refused = client.post("/api/v1/sign-ups/", {"post": away.pk}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "zone_cannot_leave")


def test_the_page_of_a_call_says_why_the_reader_cannot_get_there(desk):
    sealed = places.compound(desk.area)
    set_level(sealed.pk, decree(desk.now), by=desk.lead, now=desk.now)
    shut_in, neighbour = make.volunteer(sealed), make.volunteer(desk.home)
    address = reverse("call", args=[desk.call.slug])

    assert places.client(shut_in.user).get(address).context["barrier"] != ""
    assert places.client(neighbour.user).get(address).context["barrier"] == ""
    assert places.client().get(address).context["barrier"] == ""


def test_what_a_zone_does_not_allow_is_not_published_there(desk):
    draft = desk.point(status="draft")
    make.post(draft)
    policies.edit(ZonePolicy.objects.get(level="lockdown").pk, {"allows": ["door_beat"]}, by=desk.lead, now=desk.now)
    set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now)

    with pytest.raises(Refused) as refused:
        shifts.publish(draft.pk, by=desk.lead, now=desk.now)
    assert "zone_activity" in [reason.code for reason in refused.value.reasons]
