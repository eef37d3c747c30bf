"""Accounts, roles, keys, robots, zones and messages in the admin site."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.models import ApiToken, Compound, Grant, GroupRobot, Message, User, ZoneStatus
from communities.states import Level, RoleName
from tests.factories import communities as places

pytestmark = pytest.mark.django_db
INLINES = {f"{name}-{part}_FORMS": "0" for name in ("grants", "api_tokens") for part in ("TOTAL", "INITIAL")}


@pytest.fixture
def city():
    return places.area(Level.CITY)


@pytest.fixture
def keeper(city):
    return places.grant(RoleName.SYSTEM_ADMIN, city, places.user(is_staff=True)).user


@pytest.fixture
def client(keeper):
    return places.client(keeper)


def test_a_role_is_given_and_says_by_whom(client, keeper, city):
    user = places.user()

    client.post("/admin/communities/grant/add/", {"user": user.pk, "role": "auditor", "area": city.pk})

    assert user.grants.values_list("role", "area", "given_by").get() == ("auditor", city.pk, keeper.pk)


def test_nobody_gives_a_role_to_themselves(client, keeper, city):
    said = {"user": keeper.pk, "role": "community_lead", "area": city.pk}

    answer = client.post("/admin/communities/grant/add/", said)

    assert answer.status_code == 200
    assert keeper.grants.count() == 1


def test_a_role_on_a_foreign_tree_cannot_be_given(client):
    said = {"user": places.user().pk, "role": "auditor", "area": places.area(Level.CITY).pk}

    assert client.post("/admin/communities/grant/add/", said).status_code == 200
    assert Grant.objects.filter(role="auditor").count() == 0


def test_a_role_on_nothing_or_on_two_things_is_refused(client, city):
    user = places.user()
    for node in ({}, {"area": city.pk, "organisation": places.organisation().pk}):
        answer = client.post("/admin/communities/grant/add/", {"user": user.pk, "role": "auditor", **node})
        assert answer.status_code == 200

    assert user.grants.count() == 0


def test_a_role_ends_and_is_never_deleted(client, city):
    grant = places.grant(RoleName.AUDITOR, city)

    deleting = client.post(f"/admin/communities/grant/{grant.pk}/delete/", {"post": "yes"})
    client.post(f"/admin/communities/grant/{grant.pk}/step/end/")

    grant.refresh_from_db()
    assert deleting.status_code == 403
    assert grant.ends_at <= timezone.now()


def test_an_account_is_entered_with_a_phone_in_any_spelling(client):
    said = {"name": "王演示0001", "phone": "+86 12000-000901", "language": "zh-hans", "is_staff": "on"} | INLINES

    client.post("/admin/communities/user/add/", said)

    user = User.objects.by_phone("+8612000000901")
    assert (user.name, user.is_staff, user.phone_verified, user.is_superuser) == ("王演示0001", True, False, False)


def test_an_account_needs_a_way_to_be_reached(client):
    answer = client.post("/admin/communities/user/add/", {"name": "王演示0001", "language": "en"} | INLINES)

    assert answer.context["adminform"].form.errors.keys() == {"phone"}


def test_nobody_becomes_superuser_here(client):
    user = places.user()

    client.post(
        f"/admin/communities/user/{user.pk}/change/",
        {"name": "甲", "language": "en", "is_superuser": "on", "is_active": "on"} | INLINES,
    )

    user.refresh_from_db()
    assert (user.name, user.is_superuser) == ("甲", False)


def test_nobody_shuts_themselves_out(client, keeper):
    client.post(f"/admin/communities/user/{keeper.pk}/change/", {"name": "甲", "language": "en"} | INLINES)

    keeper.refresh_from_db()
    assert (keeper.is_active, keeper.is_staff) == (True, True)


def test_an_account_is_found_by_its_whole_phone_only(client):
    user = places.user(name="找得到", phone="+8612000000777")

    def found(text):
        return list(client.get("/admin/communities/user/", {"q": text}).context["cl"].queryset)

    assert found("120 0000 0777") == [user]
    assert found("00000777") == []
    assert found("找得") == [user]


def test_pages_never_show_a_phone_or_a_token(client):
    user = places.user(phone="+8612000000778")
    token = ApiToken.objects.create(user=user, name="t", token_hash="f" * 64, expires_at=timezone.now())
    pages = [
        "/admin/communities/user/",
        f"/admin/communities/user/{user.pk}/change/",
        f"/admin/communities/user/{user.pk}/history/",
        "/admin/communities/apitoken/",
        f"/admin/communities/apitoken/{token.pk}/change/",
        f"/admin/communities/apitoken/{token.pk}/history/",
    ]
    shown = "".join(client.get(page).content.decode() for page in pages)

    assert "12000000778" not in shown
    assert user.phone_hash not in shown
    assert "f" * 64 not in shown


def test_filtering_by_what_is_private_is_refused(client):
    user = places.user()

    answer = client.get("/admin/communities/user/", {"phone_hash": user.phone_hash})

    assert answer.status_code == 400


def test_a_token_is_revoked(client):
    token = ApiToken.objects.create(
        user=places.user(), name="t", token_hash="f" * 64, expires_at=timezone.now() + timedelta(days=1)
    )

    client.post(f"/admin/communities/apitoken/{token.pk}/step/revoke/")

    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_robot_keeps_its_secret(client, city):
    good = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=sentinel-key"
    said = {"area": city.pk, "name": "群", "kind": "wecom", "active": "on"}
    inward = client.post("/admin/communities/grouprobot/add/", said | {"url": "https://127.0.0.1/hook"})
    client.post("/admin/communities/grouprobot/add/", said | {"url": good})
    robot = GroupRobot.objects.get()
    page = client.get(f"/admin/communities/grouprobot/{robot.pk}/change/").content.decode()
    client.post(f"/admin/communities/grouprobot/{robot.pk}/change/", said | {"name": "新群", "url": ""})

    robot.refresh_from_db()
    assert inward.context["adminform"].form.errors.keys() == {"url"}
    assert "sentinel-key" not in page
    assert (robot.name, robot.url) == ("新群", good)


def test_a_failed_message_is_tried_again_and_others_are_not(client):
    now = timezone.now()
    failed, sent = (
        Message.objects.create(
            kind="reminder", key=state, reader=places.user(), target=1, due_at=now, status=state, attempts=5
        )
        for state in ("failed", "sent")
    )

    client.post("/admin/communities/message/", {"action": "again", "_selected_action": [failed.pk, sent.pk]})

    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.status, failed.attempts) == ("scheduled", 0)
    assert (sent.status, sent.attempts) == ("sent", 5)


def test_a_zone_is_set_by_a_notice_and_ends_the_one_before(city):
    places.policies()
    compound = places.compound(places.area(parent=city))
    client = places.client(places.grant(RoleName.DISTRICT_LEAD, city, places.user(is_staff=True)).user)
    start = timezone.localtime()
    said = {"compound": compound.pk, "issuer": "指挥部", "notice_no": "1", "since_0": f"{start:%Y-%m-%d}"}

    client.post("/admin/communities/zonestatus/add/", said | {"level": "controlled", "since_1": f"{start:%H:%M:%S}"})
    later = {"level": "lockdown", "since_1": f"{start + timedelta(seconds=1):%H:%M:%S}"}
    client.post("/admin/communities/zonestatus/add/", said | later)
    earlier = client.post(
        "/admin/communities/zonestatus/add/", said | {"level": "none", "since_1": f"{start:%H:%M:%S}"}
    )

    rows = list(ZoneStatus.objects.order_by("valid").values_list("level", "valid"))
    assert [level for level, _valid in rows] == ["controlled", "lockdown"]
    assert rows[0][1].upper == rows[1][1].lower
    assert earlier.status_code == 200


def test_a_compound_in_use_is_not_deleted_and_says_why(city):
    here = places.area(parent=city)
    client = places.client(places.grant(RoleName.COMMUNITY_LEAD, here, places.user(is_staff=True)).user)
    used, unused = places.compound(here), places.compound(here)
    places.site(here, used)

    page = client.get(f"/admin/communities/compound/{used.pk}/delete/")
    for compound in (used, unused):
        client.post(f"/admin/communities/compound/{compound.pk}/delete/", {"post": "yes"})
    client.post(
        "/admin/communities/compound/", {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"}
    )

    assert page.context["protected"] != []
    assert list(Compound.objects.values_list("pk", flat=True)) == [used.pk]


def test_a_compound_cannot_be_handed_to_a_foreign_community(city):
    here = places.area(parent=city)
    client = places.client(places.grant(RoleName.COMMUNITY_LEAD, here, places.user(is_staff=True)).user)
    compound = places.compound(here)
    said = {"name": "新名", "kind": "estate", "community": places.area().pk}
    inlines = {
        f"{name}-{part}_FORMS": "0" for name in ("buildings", "sites", "zone_statuses") for part in ("TOTAL", "INITIAL")
    }

    answer = client.post(f"/admin/communities/compound/{compound.pk}/change/", said | inlines)

    compound.refresh_from_db()
    assert answer.status_code == 200
    assert compound.community == here


def test_the_history_says_who_changed_what(city):
    here = places.area(parent=city)
    lead = places.grant(RoleName.COMMUNITY_LEAD, here, places.user(is_staff=True)).user
    client = places.client(lead)
    compound = places.compound(here, name="旧名")
    inlines = {
        f"{name}-{part}_FORMS": "0" for name in ("buildings", "sites", "zone_statuses") for part in ("TOTAL", "INITIAL")
    }
    client.post(
        f"/admin/communities/compound/{compound.pk}/change/",
        {"name": "新名", "kind": "estate", "community": here.pk} | inlines,
    )

    newest = client.get(f"/admin/communities/compound/{compound.pk}/history/").context["entries"][0]

    assert newest.who == lead
    assert newest.method == "POST"
    assert [(change.old, change.new) for change in newest.changes] == [("旧名", "新名")]


def test_the_list_of_events_is_for_who_audits_the_whole_tree(city):
    here = places.area(parent=city)
    places.grant(RoleName.POINT_LEAD, here)
    whole = places.client(places.grant(RoleName.AUDITOR, city, places.user(is_staff=True)).user)
    part = places.client(places.grant(RoleName.AUDITOR, here, places.user(is_staff=True)).user)

    rows = whole.get("/admin/pghistory/events/").context["cl"].result_list

    assert {row.pgh_obj_model for row in rows} == {"communities.Grant"}
    assert part.get("/admin/pghistory/events/").status_code == 403
