"""Webhooks at the desk: whoever administers an area sees how they stand, and does what the API does."""

from datetime import UTC, datetime

import pytest

from communities.actions import webhooks
from communities.actions.webhooks import HookPlan
from communities.messages.webhooks import deliver
from communities.models import Webhook, WebhookDelivery
from communities.states import HookStatus, Level, RoleName
from tests.factories import communities as make

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
FORM = {"name": "区平台", "url": "https://hooks.example.org/in", "topics": ["sign-ups", "zone-statuses"]}


@pytest.fixture
def district():
    return make.area(Level.DISTRICT)


@pytest.fixture
def admin(district):
    return make.lead(district, RoleName.SYSTEM_ADMIN)


@pytest.fixture
def desk(admin):
    return make.client(admin)


def made(area, admin, url="https://hooks.example.org/"):
    return webhooks.make(HookPlan(area.pk, "街道大屏", url, ("zone-statuses",)), by=admin, now=NOW)


def lost(hook):
    test = webhooks.ping(hook.pk, by=hook.made_by, now=NOW)
    WebhookDelivery.objects.filter(pk=test.pk).update(
        status=HookStatus.PARKED, answer=500, reason="http 500", tried_at=NOW
    )
    return test


class TestTheList:
    def test_holds_those_of_the_areas_that_one_administers(self, district, admin, desk):
        made(make.area(parent=district), admin)
        elsewhere = make.area(Level.DISTRICT)
        webhooks.make(
            HookPlan(elsewhere.pk, "别处", "https://hooks.example.org/", ("shifts",)),
            by=make.lead(elsewhere, RoleName.SYSTEM_ADMIN),
            now=NOW,
        )
        text = desk.get("/desk/webhooks/").content.decode()
        assert "街道大屏" in text
        assert "别处" not in text

    def test_is_not_there_for_who_runs_a_community(self, district):
        assert make.client(make.lead(district)).get("/desk/webhooks/").status_code == 404

    def test_costs_the_same_for_one_and_for_thirty(self, district, admin, desk, queries_of):
        made(district, admin)
        one = queries_of(lambda: desk.get("/desk/webhooks/"))
        for _more in range(29):
            lost(made(district, admin))
        assert queries_of(lambda: desk.get("/desk/webhooks/")) == one


class TestItsSecret:
    def test_stands_on_the_page_that_made_it_and_nowhere_again(self, district, desk):
        answer = desk.post("/desk/webhooks/new/", FORM | {"area": district.pk})
        hook = Webhook.objects.get()
        assert hook.topics == ["zone-statuses", "sign-ups"]
        assert hook.secret in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        for page in ("", "change/", "rotate/"):
            assert hook.secret not in desk.get(f"/desk/webhooks/{hook.pk}/{page}").content.decode()

    def test_is_made_anew_only_when_asked_for(self, district, admin, desk):
        hook = made(district, admin)
        desk.get(f"/desk/webhooks/{hook.pk}/rotate/")
        assert Webhook.objects.get().secret == hook.secret
        answer = desk.post(f"/desk/webhooks/{hook.pk}/rotate/")
        new = Webhook.objects.get()
        assert (new.former_secret, new.secret in answer.content.decode()) == (hook.secret, True)
        assert hook.secret not in answer.content.decode()

    def test_an_address_that_is_not_called_is_said_beside_its_field(self, district, desk):
        answer = desk.post("/desk/webhooks/new/", FORM | {"area": district.pk, "url": "http://10.0.0.1/"})
        assert answer.status_code == 400
        assert "id_url_error" in answer.content.decode()
        assert not Webhook.objects.exists()

    def test_an_area_of_others_cannot_be_chosen(self, desk):
        beside = make.area(Level.DISTRICT)
        assert desk.post("/desk/webhooks/new/", FORM | {"area": beside.pk}).status_code == 400


class TestWhatItWasTold:
    def test_a_test_is_sent_and_its_answer_stands_there(self, receiver, district, admin, desk):
        hook = made(district, admin, f"{receiver.origin}/in")
        assert desk.post(f"/desk/webhooks/{hook.pk}/ping/").status_code == 303
        deliver()
        text = desk.get(f"/desk/webhooks/{hook.pk}/").content.decode()
        assert "webhook.ping" in text
        assert [heard.told["type"] for heard in receiver.heard] == ["webhook.ping"]
        assert WebhookDelivery.objects.get().status == HookStatus.ARRIVED

    def test_what_was_given_up_is_sent_again_one_by_one_or_all(self, district, admin, desk):
        hook = made(district, admin)
        first, second, third = (lost(hook) for _one in range(3))
        desk.post(f"/desk/webhook-deliveries/{second.pk}/again/")
        assert list(WebhookDelivery.objects.waiting()) == [second]
        desk.post(f"/desk/webhooks/{hook.pk}/again/")
        assert set(WebhookDelivery.objects.waiting()) == {first, second, third}

    def test_given_up_only(self, district, admin, desk):
        hook = made(district, admin)
        gone, fine = lost(hook), webhooks.ping(hook.pk, by=admin, now=NOW)
        rows = desk.get(f"/desk/webhooks/{hook.pk}/?only=parked").context["rows"]
        assert [one for one, *_words in rows] == [gone] != [fine]

    def test_costs_the_same_for_one_and_for_thirty(self, district, admin, desk, queries_of):
        hook = made(district, admin)
        lost(hook)
        one = queries_of(lambda: desk.get(f"/desk/webhooks/{hook.pk}/"))
        for _more in range(29):
            lost(hook)
        assert queries_of(lambda: desk.get(f"/desk/webhooks/{hook.pk}/")) == one


def test_it_is_changed_switched_off_and_on_and_deleted(district, admin, desk):
    hook = made(district, admin)
    desk.post(f"/desk/webhooks/{hook.pk}/change/", FORM | {"topics": ["shifts"]})
    hook.refresh_from_db()
    assert (hook.name, hook.url, hook.topics) == ("区平台", FORM["url"], ["shifts"])
    desk.post(f"/desk/webhooks/{hook.pk}/switch-off/")
    assert not Webhook.objects.get().active
    assert desk.post(f"/desk/webhooks/{hook.pk}/ping/").status_code == 409
    desk.post(f"/desk/webhooks/{hook.pk}/switch-on/")
    assert Webhook.objects.get().active
    desk.get(f"/desk/webhooks/{hook.pk}/end/")
    assert Webhook.objects.exists()
    desk.post(f"/desk/webhooks/{hook.pk}/end/")
    assert not Webhook.objects.exists()


def test_who_lands_at_the_desk_to_administer_alone_finds_the_way(desk):
    answer = desk.get("/desk/", follow=True)
    assert answer.status_code == 200
    assert 'href="/desk/webhooks/"' in answer.content.decode()
