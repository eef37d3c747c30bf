"""What happens is told to the webhooks of its area: signed, once for each, again until it arrives, for a day."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from communities.actions import tokens, webhooks
from communities.actions.webhooks import HookPlan
from communities.channels.webhook.signing import genuine
from communities.errors import Forbidden, Invalid, Refused
from communities.messages.kinds import KINDS, Claimed
from communities.messages.spreading import spread
from communities.messages.webhooks import RECEIVERS, claim, deliver, outcome, write
from communities.messages.webhooks_off import contexts
from communities.models import Happening, IdempotentAnswer, Message, Webhook, WebhookDelivery
from communities.rules.webhooks import WAITS, again, hopeless, kind_of
from communities.states import HookStatus, Level, RoleName
from tests.factories import communities as make
from tests.receiving import receiving

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def district():
    return make.area(Level.DISTRICT)


@pytest.fixture
def admin(district):
    return make.lead(district, RoleName.SYSTEM_ADMIN)


def made(area, admin, url, *topics, **fields):
    return webhooks.make(HookPlan(area.pk, "区平台", url, topics or ("zone-statuses",)), by=admin, now=NOW)


def zone(area):
    return make.zone("controlled", compound=make.compound(area), since=NOW)


def moved(now=NOW):
    spread(now)
    return deliver(now)


class TestWhatIsWritten:
    def test_nothing_without_a_webhook_that_wants_it(self, district, admin):
        zone(make.area(parent=district))
        hook = made(district, admin, "https://hooks.example.org/", "shifts")
        zone(make.area(parent=district))
        webhooks.change(hook.pk, {"topics": ["zone-statuses"]}, by=admin, now=NOW)
        webhooks.switch_off(hook.pk, by=admin, now=NOW)
        zone(make.area(parent=district))
        assert not Happening.objects.exists()

    def test_a_row_in_the_same_transaction_whoever_does_it(self, district, admin):
        made(district, admin, "https://hooks.example.org/")
        status = zone(district)
        (row,) = Happening.objects.all()
        assert (row.topic, row.target, row.state, row.spread_at) == ("zone-statuses", status.pk, "set", None)


class TestWhoIsTold:
    def test_the_webhooks_of_the_area_and_above_that_want_the_topic(self, district, admin):
        here, beside = make.area(parent=district), make.area(parent=district)
        above, own = (made(area, admin, "https://hooks.example.org/") for area in (district, here))
        made(beside, admin, "https://hooks.example.org/")
        made(here, admin, "https://hooks.example.org/", "shifts")
        off = made(here, admin, "https://hooks.example.org/")
        webhooks.switch_off(off.pk, by=admin, now=NOW)
        zone(here)
        assert (spread(NOW), spread(NOW)) == (2, 0)
        assert set(WebhookDelivery.objects.values_list("webhook", flat=True)) == {above.pk, own.pk}

    def test_what_has_gone_meanwhile_is_told_to_nobody(self, district, admin):
        made(district, admin, "https://hooks.example.org/")
        zone(district).delete()
        assert spread(NOW) == 0
        assert Happening.objects.get().spread_at == NOW

    def test_it_takes_the_same_statements_for_one_and_for_many(self, district, admin, queries_of):
        made(district, admin, "https://hooks.example.org/")
        zone(district)
        one = queries_of(lambda: spread(NOW))
        for _more in range(29):
            zone(district)
        for _more in range(4):
            made(district, admin, "https://hooks.example.org/")
        assert queries_of(lambda: spread(NOW)) == one
        assert WebhookDelivery.objects.count() == 1 + 29 * 5


class TestTelling:
    def test_it_arrives_signed_with_ids_and_nothing_personal(self, receiver, district, admin):
        here = make.area(parent=district, code="310101001001")
        hook = made(here, admin, f"{receiver.origin}/in?key=1")
        status = zone(here)
        assert moved() == {"arrived": 1}
        (heard,) = receiver.heard
        happening = Happening.objects.get()
        assert heard.path == "/in?key=1"
        assert heard.headers["content-type"] == "application/json"
        assert heard.headers["webhook-id"] == f"hap_{happening.pk}"
        assert heard.told == {
            "id": f"hap_{happening.pk}",
            "type": "zone-status.set",
            "at": happening.at.isoformat(),
            "area": {"id": here.pk, "code": "310101001001"},
            "data": {
                "zone_status": status.pk,
                "level": "controlled",
                "compound": status.compound_id,
                "state": "set",
            },
            "url": f"http://127.0.0.1:8000/api/v1/zone-statuses/{status.pk}/",
        }
        assert genuine(hook.secret, heard.headers, heard.body, float(heard.headers["webhook-timestamp"]))
        row = WebhookDelivery.objects.get()
        assert (row.status, row.attempts, row.answer) == (HookStatus.ARRIVED, 1, 204)

    def test_what_fails_is_told_again_under_the_same_id_with_growing_waits_for_a_day_and_then_given_up(
        self, receiver, district, admin
    ):
        made(district, admin, receiver.origin)
        zone(district)
        receiver.status, now = 500, NOW
        spread(now)
        for attempt in range(1, len(WAITS) + 2):
            deliver(now)
            row = WebhookDelivery.objects.get()
            assert (row.attempts, row.answer, row.reason) == (attempt, 500, "http 500")
            if attempt <= len(WAITS):
                assert WAITS[attempt - 1] <= row.due_at - now <= WAITS[attempt - 1] * 1.2
                assert deliver(now) == {}
                now = row.due_at
        assert row.status == HookStatus.PARKED
        assert 23 * 3600 < (now - NOW).total_seconds() < 29 * 3600
        assert deliver(now + DAY) == {}
        assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1
        assert len({heard.body for heard in receiver.heard}) == 1
        assert len(receiver.heard) == len(WAITS) + 1

    def test_what_was_given_up_can_be_tried_again(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        zone(district)
        spread(NOW)
        WebhookDelivery.objects.update(status=HookStatus.PARKED, attempts=9)
        assert webhooks.try_again(hook.pk, by=admin, now=NOW) == 1
        assert webhooks.try_again(hook.pk, by=admin, now=NOW) == 0
        assert deliver(NOW) == {"arrived": 1}

    def test_a_worker_that_dies_leaves_it_to_the_next_under_the_same_id(self, receiver, district, admin):
        made(district, admin, receiver.origin)
        zone(district)
        spread(NOW)
        WebhookDelivery.objects.update(status=HookStatus.SENDING, attempts=1, claimed_until=NOW + timedelta(seconds=60))
        assert deliver(NOW) == {}
        assert deliver(NOW + timedelta(seconds=61)) == {"arrived": 1}
        assert WebhookDelivery.objects.get().attempts == 2

    def test_one_that_does_not_answer_is_left_alone_for_a_minute_with_all_that_waits(self, district, admin, settings):
        settings.WEBHOOK_ORIGINS = ["http://127.0.0.1:9"]
        made(district, admin, "http://127.0.0.1:9")
        for _one in range(25):
            zone(district)
        spread(NOW)
        assert sum(deliver(NOW).values()) == 20
        assert WebhookDelivery.objects.filter(attempts=0).count() == 5
        assert deliver(NOW + timedelta(seconds=59)) == {}

    def test_a_slow_one_holds_nobody_up(self, receiver, district, admin, settings):
        with receiving() as slow:
            settings.WEBHOOK_ORIGINS.append(slow.origin)
            slow.wait = 3
            made(make.area(parent=district), admin, slow.origin)
            zone(Webhook.objects.get().area)
            made(district, admin, receiver.origin)
            for _one in range(24):
                zone(district)
            spread(NOW)
            assert deliver(NOW) == {"arrived": 26}
        (last,) = slow.heard
        assert len(receiver.heard) == 25
        assert max(one.at for one in receiver.heard) < last.at + slow.wait

    def test_it_takes_the_same_statements_for_one_and_for_twenty(self, receiver, district, admin):
        made(district, admin, receiver.origin)
        zone(district)
        spread(NOW)
        with CaptureQueriesContext(connection) as one:
            deliver(NOW)
        for _more in range(20):
            zone(district)
        spread(NOW)
        with CaptureQueriesContext(connection) as many:
            assert deliver(NOW) == {"arrived": 20}
        assert len(one) == len(many)
        assert RECEIVERS > 1

    def test_for_a_day_after_a_rotation_both_secrets_sign(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        former, fresh = hook.secret, webhooks.rotate(hook.pk, by=admin, now=NOW).secret
        for now in (NOW, NOW + DAY):
            zone(district)
            moved(now)
        first, second = receiver.heard
        told = [
            [
                genuine(secret, one.headers, one.body, float(one.headers["webhook-timestamp"]))
                for secret in (former, fresh)
            ]
            for one in (first, second)
        ]
        assert told == [[True, True], [False, True]]


class TestSwitchingOff:
    def test_after_three_days_of_nothing_but_failures_and_its_administrators_are_told(self, receiver, district, admin):
        make.lead(district)
        hook = made(district, admin, receiver.origin)
        receiver.status = 503
        for days in range(4):
            zone(district)
            moved(NOW + days * DAY)
        hook.refresh_from_db()
        assert (hook.active, hook.off_reason, hook.off_at) == (False, "failing", NOW + 3 * DAY)
        assert not WebhookDelivery.objects.waiting().exists()
        (note,) = Message.objects.filter(kind="webhook_off")
        assert note.reader == admin
        claimed = Claimed(note.pk, note.kind, note.key, note.target, admin.pk, None, {}, "", 1, None)
        with translation.override("en"):
            text = KINDS["webhook_off"].text(contexts([claimed], NOW)[note.pk])
        assert "has not taken anything for three days" in text
        webhooks.switch_on(hook.pk, by=admin, now=NOW)
        assert contexts([claimed], NOW) == {}

    def test_one_arrival_begins_the_three_days_anew(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        for days, status in enumerate([500, 500, 204, 500, 500]):
            receiver.status = status
            zone(district)
            moved(NOW + days * DAY)
        hook.refresh_from_db()
        assert (hook.active, hook.failing_since) == (True, NOW + 3 * DAY)

    def test_at_once_when_it_says_that_it_is_gone(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        receiver.status = 410
        zone(district)
        assert moved() == {"parked": 1}
        hook.refresh_from_db()
        assert (hook.active, hook.off_reason) == (False, "gone")

    def test_what_was_in_flight_when_it_was_switched_off_waits_no_more(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        receiver.status = 500
        zone(district)
        spread(NOW)
        (group,) = claim(NOW, 1)
        webhooks.switch_off(hook.pk, by=admin, now=NOW)
        write(
            hook.pk, [outcome(one, answer, NOW) for one, answer in zip(group.claimed, group.tell(), strict=True)], NOW
        )
        assert WebhookDelivery.objects.get().status == HookStatus.PARKED

    def test_one_that_is_off_is_not_called_and_says_so(self, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        zone(district)
        spread(NOW)
        webhooks.switch_off(hook.pk, by=admin, now=NOW)
        assert deliver(NOW) == {}
        for doing in (webhooks.ping, webhooks.try_again):
            with pytest.raises(Refused, match="webhook_off"):
                doing(hook.pk, by=admin, now=NOW)


class TestWhoMay:
    def test_only_who_administers_the_area(self, district, admin):
        elsewhere, hook = make.area(), made(district, admin, "https://hooks.example.org/")
        with pytest.raises(Forbidden):
            made(elsewhere, admin, "https://hooks.example.org/")
        for doing in (webhooks.rotate, webhooks.ping, webhooks.switch_off, webhooks.switch_on, webhooks.end):
            with pytest.raises(Forbidden):
                doing(hook.pk, by=make.lead(district), now=NOW)

    def test_what_is_no_address_or_topic_is_said(self, district, admin):
        for url, topics, field in [
            ("http://hooks.example.org/", ("shifts",), "url"),
            ("https://127.0.0.1/", ("shifts",), "url"),
            ("https://hooks.example.org/", ("everything",), "topics"),
            ("https://hooks.example.org/", (), "topics"),
            ("https://hooks.example.org/", ("webhooks",), "topics"),
        ]:
            with pytest.raises(Invalid) as refused:
                webhooks.make(HookPlan(district.pk, "x", url, topics), by=admin, now=NOW)
            assert list(refused.value.fields) == [field]


class TestTheApi:
    @pytest.fixture
    def api(self, admin):
        token = tokens.issue(admin, "t", ["webhooks:read", "webhooks:write"], 1, now=datetime.now(UTC))[1]
        return Client(headers={"authorization": f"Bearer {token}"})

    def post(self, api, path="", body=None, **headers):
        return api.post(f"/api/v1/webhooks/{path}", body or {}, content_type="application/json", headers=headers)

    def test_the_secret_is_in_the_first_answer_and_nowhere_else(self, api, district):
        asked = {"area": district.pk, "name": "区平台", "url": "https://hooks.example.org/", "topics": ["shifts"]}
        answer = self.post(api, "", asked, **{"Idempotency-Key": "k"})
        secret, pk = answer.json()["secret"], answer.json()["id"]
        assert (answer.status_code, secret) == (201, Webhook.objects.get().secret)
        repeat = self.post(api, "", asked, **{"Idempotency-Key": "k"}).json()
        assert (repeat["id"], "secret" in repeat) == (pk, False)
        assert secret not in str(list(IdempotentAnswer.objects.values()))
        assert "secret" not in api.get(f"/api/v1/webhooks/{pk}/").json()
        with connection.cursor() as cursor:
            cursor.execute("select secret, url from communities_webhook")
            assert not {secret, "https://hooks.example.org/"} & set(cursor.fetchone())
        fresh = self.post(api, f"{pk}/rotate/").json()["secret"]
        assert fresh not in (secret, None)

    def test_from_a_test_to_what_became_of_it(self, api, receiver, district, admin):
        hook = made(district, admin, receiver.origin)
        receiver.status = 410
        sent = self.post(api, f"{hook.pk}/ping/").json()
        assert (sent["topic"], sent["state"], sent["status"]) == ("webhooks", "ping", "waiting")
        deliver()
        shown = api.get(f"/api/v1/webhooks/{hook.pk}/").json()
        assert (shown["active"], shown["off_reason"], shown["waiting"], shown["parked"]) == (False, "gone", 0, 1)
        (row,) = api.get(f"/api/v1/webhook-deliveries/?webhook={hook.pk}&status=parked").json()["results"]
        assert (row["answer"], row["attempts"], row["reason"]) == (410, 1, "http 410")
        assert self.post(api, f"{hook.pk}/try-again/").json()["code"] == "webhook_off"

        receiver.status = 204
        assert self.post(api, f"{hook.pk}/switch-on/").json()["active"] is True
        again = api.post(f"/api/v1/webhook-deliveries/{row['id']}/try-again/", {}, content_type="application/json")
        assert again.json()["status"] == "waiting"
        deliver()
        assert receiver.types == ["webhook.ping"] * 2
        changed = api.patch(
            f"/api/v1/webhooks/{hook.pk}/", json.dumps({"topics": ["shifts"]}), content_type="application/json"
        )
        assert changed.json()["topics"] == ["shifts"]
        assert self.post(api, f"{hook.pk}/switch-off/").json()["off_reason"] == "by_hand"
        assert api.delete(f"/api/v1/webhooks/{hook.pk}/").status_code == 204
        assert not WebhookDelivery.objects.exists()


class TestTheAdminSite:
    def test_the_secret_is_shown_once_when_it_is_made_and_when_it_is_new(self, district):
        keeper = make.grant(RoleName.SYSTEM_ADMIN, district, make.user(is_staff=True)).user
        browser = make.client(keeper)
        asked = {"area": district.pk, "name": "区平台", "url": "https://hooks.example.org/", "topics": ["shifts"]}
        inlines = {"deliveries-TOTAL_FORMS": 0, "deliveries-INITIAL_FORMS": 0}
        answer = browser.post("/admin/communities/webhook/add/", asked | inlines)
        hook = Webhook.objects.get()
        assert (hook.made_by, hook.secret in answer.content.decode()) == (keeper, True)
        page = f"/admin/communities/webhook/{hook.pk}/"
        assert hook.secret not in browser.get(f"{page}change/").content.decode()
        answer = browser.post(f"{page}step/rotate/", {"sure": "1"})
        former, fresh = hook.secret, Webhook.objects.get().secret
        assert (fresh != former, fresh in answer.content.decode()) == (True, True)
        bad = browser.post(f"{page}change/", asked | inlines | {"url": "https://127.0.0.1/"})
        assert bad.status_code == 200
        assert Webhook.objects.get().url == "https://hooks.example.org/"
        browser.post(f"{page}step/ping/", {})
        browser.post(f"{page}step/switch_off/", {"sure": "1"})
        assert WebhookDelivery.objects.get().reason == "switched off"


class TestRules:
    def test_waits_grow_and_end_after_a_day(self):
        assert [again(attempt, 0) for attempt in range(1, 9)] == list(WAITS)
        assert list(WAITS) == sorted(WAITS)
        assert again(9, 0) is None
        assert again(1, 1) == WAITS[0] * 1.2
        assert timedelta(hours=23) < sum(WAITS, timedelta()) <= DAY

    @pytest.mark.parametrize(("days", "off"), [(None, False), (2.9, False), (3, True)])
    def test_hopeless_is_three_days(self, days, off):
        assert hopeless(None if days is None else NOW - timedelta(days=days), NOW) is off

    def test_kinds_are_the_noun_and_the_state(self):
        assert kind_of("sign-up", "no_show") == "sign-up.no-show"
