"""Setting a zone: by the district and above, never rewriting what was in force, and felt by sign-ups under way."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.actions.zones import Decree, set_level
from communities.errors import Invalid, Refused
from communities.models import ZoneStatus
from communities.states import RoleName, ZoneLevel
from staffing.actions.signups import sign_up
from staffing.models import Post
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

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
def test_what_was_in_force_is_not_rewritten(desk, ago, code):
    set_level(desk.home.pk, decree(desk.now), by=desk.lead, now=desk.now)

    with pytest.raises(Refused) as refused:
        set_level(desk.home.pk, decree(desk.now - ago, level=ZoneLevel.NONE), by=desk.lead, now=desk.now)

    assert refused.value.code == code
    assert ZoneStatus.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"issuer": " "}, {"notice_no": ""}, {"level": "red"}, {"since": timedelta(hours=25)}]
)
def test_a_decree_without_its_basis_or_too_far_back_is_not_taken(desk, wrong):
    said = {name: desk.now - value if name == "since" else value for name, value in wrong.items()}

    with pytest.raises(Invalid) as invalid:
        set_level(desk.home.pk, decree(**{"since": desk.now} | said), by=desk.lead, now=desk.now)

    assert set(invalid.value.fields) == set(wrong)
    assert not ZoneStatus.objects.exists()


def test_the_district_sets_it_from_its_page_and_the_community_only_reads(desk):
    now = timezone.localtime(desk.now, make.TAIYUAN)
    body = {
        "level": "lockdown",
        "day": now.date().isoformat(),
        "clock": f"{now:%H:%M}",
        "issuer": "示范指挥部",
        "notice_no": "42",
    }
    address = reverse("zone_set", args=[desk.home.pk])

    assert desk.as_lead().post(address, body).status_code == 403
    assert places.client(places.lead(places.area())).post(address, body).status_code == 404
    assert not ZoneStatus.objects.exists()
    assert places.client(desk.holder(RoleName.DISTRICT_LEAD)).post(address, body).status_code == 303
    assert ZoneStatus.objects.get().level == "lockdown"
    page = desk.as_lead().get(reverse("zones"))
    assert [compound.word for compound in page.context["page"]] == ["lockdown"]
