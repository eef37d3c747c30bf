"""The doors on a phone without script, and the round at the desk."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from communities.states import RoleName
from staffing.actions import door_rounds
from staffing.models import BeatHolding, DoorRound, DoorVisit, HomeService, RoundDoor
from tests.factories import communities as places
from tests.factories.doors import Yard, knock, seat_of, tap
from tests.staffing.phone import signed_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def yard():
    """A round that began twenty minutes ago."""
    now = timezone.now()
    return Yard(start=now - 20 * MINUTE, now=now - 60 * MINUTE)


def page_of(yard, stairs=0):
    return f"/doors/{yard.stairs[stairs].pk}/"


def text(response):
    return response.content.decode()


class TestPhone:
    def test_the_beats_of_a_person_are_listed_with_what_is_left(self, yard):
        person = yard.helper()
        knock(person, tap(yard.door(), at=yard.start + MINUTE))

        page = text(signed_in(person).get("/doors/"))

        assert "4号楼 3单元" in page
        assert "1 / 18" in page
        assert "no lift" in page

    def test_they_are_one_tap_from_ones_own_shifts_and_from_nobody_elses(self, yard):
        holder, other = yard.helper(), places.client(places.user(), proved=False)
        assert 'href="/doors/"' in text(signed_in(holder).get("/my/"))
        assert 'href="/doors/"' not in text(other.get("/my/"))

    def test_one_tap_is_one_form_and_leads_to_the_next_door(self, yard):
        person = yard.helper()
        browser = signed_in(person)
        first, second = yard.door("601"), yard.door("602")

        shown = text(browser.get(page_of(yard)))
        answer = browser.post(page_of(yard), {"door": first.pk, "outcome": "notified", "client_id": uuid4()})

        assert f'value="{first.pk}" data-state="pending" data-settled="" aria-current="true"' in shown
        assert (answer.status_code, answer["Location"]) == (303, f"{page_of(yard)}?door={second.pk}")
        assert yard.door("601").outcome == "notified"

    def test_the_same_form_sent_twice_is_one_tap(self, yard):
        browser, said = signed_in(yard.helper()), {"door": yard.door().pk, "outcome": "vacant", "client_id": uuid4()}

        for _time in range(2):
            browser.post(page_of(yard), said)

        assert DoorVisit.objects.count() == 1

    def test_a_home_that_needs_a_visit_is_asked_what_for(self, yard):
        browser, door = signed_in(yard.helper()), yard.door()

        asked = browser.post(page_of(yard), {"door": door.pk, "outcome": "home_service"})
        assert asked["Location"] == f"{page_of(yard)}?door={door.pk}&need"
        assert DoorVisit.objects.count() == 0
        browser.post(page_of(yard), {"door": door.pk, "need": "medicine"})

        assert HomeService.objects.get().need == "medicine"

    def test_the_last_tap_can_be_taken_back(self, yard):
        person = yard.helper()
        browser, one = signed_in(person), tap(yard.door(), at=yard.start + MINUTE)
        knock(person, one)

        shown = text(browser.get(page_of(yard)))
        browser.post(f"{page_of(yard)}undo/", {"client_id": one.client_id})

        assert str(one.client_id) in shown
        assert yard.door().outcome == "pending"

    def test_skipping_writes_nothing(self, yard):
        answer = signed_in(yard.helper()).post(page_of(yard), {"door": yard.door("601").pk, "outcome": "next"})

        assert answer["Location"].endswith(f"?door={yard.door('602').pk}")
        assert DoorVisit.objects.count() == 0

    def test_nobody_at_home_is_told_when_to_come_again_and_never_first_before_an_untouched_door(self, yard):
        person = yard.helper()
        knock(person, tap(yard.door("601"), "no_answer", yard.start + MINUTE))

        page = text(signed_in(person).get(page_of(yard)))

        assert "601: no answer, 1 time." in page
        assert f'value="{yard.door("602").pk}" data-state="pending" data-settled="" aria-current="true"' in page

    def test_it_is_there_for_the_holder_alone_and_until_the_beat_is_taken_back(self, yard):
        person, other = yard.helper(), yard.helper()
        BeatHolding.objects.filter(sign_up=seat_of(other)).update(until=timezone.now())

        assert signed_in(person).get(page_of(yard)).status_code == 200
        assert signed_in(other).get(page_of(yard)).status_code == 404
        door_rounds.close(yard.round.pk, by=yard.lead, now=timezone.now(), waiver="x")
        assert signed_in(person).get(page_of(yard)).status_code == 404

    def test_no_name_of_anybody_is_on_it(self, yard):
        person, other = yard.helper(), yard.helper()
        knock(other, tap(yard.door(), at=yard.start + MINUTE))

        page = text(signed_in(person).get(page_of(yard)))

        assert other.user.name not in page
        assert other.user.phone not in page

    def test_one_flat_or_thirty_cost_the_same(self, yard, queries_of):
        person = yard.helper()
        browser = signed_in(person)
        few = queries_of(lambda: browser.get(page_of(yard)))
        knock(person, *(tap(door, at=yard.start + MINUTE) for door in yard.doors()[:17]))

        assert queries_of(lambda: browser.get(page_of(yard))) <= few + 1  # the tap that can be taken back

    def test_the_page_says_until_when_a_phone_may_keep_it(self, yard):
        answer = signed_in(yard.helper()).get(page_of(yard))

        until = yard.end + timedelta(hours=2)
        assert answer.headers["X-Doors-Until"] == f"{until.timestamp():.0f}"

    def test_the_pass_leads_to_the_doors_while_they_are_there(self, yard):
        person = yard.helper()
        browser, ticket = signed_in(person), f"/s/{seat_of(person).pk}/"

        before = text(browser.get(ticket))
        BeatHolding.objects.update(until=timezone.now())

        assert 'href="/doors/"' in before
        assert 'href="/doors/"' not in text(browser.get(ticket))

    def test_the_script_stays_under_4_kib_compressed(self):
        script = Path(settings.BASE_DIR) / "config/static/js/doors.js"
        assert len(gzip.compress(script.read_bytes())) < 4 * 1024

    def test_the_worker_is_a_script_of_its_own_folder(self, client):
        answer = client.get("/doors/worker.js")

        assert answer.headers["Content-Type"] == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "/static/js/doors" in text(answer)

    def test_signing_out_clears_what_is_stored_on_the_phone(self, yard):
        browser = signed_in(yard.helper())

        assert browser.post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'
        assert "Clear-Site-Data" not in browser.get("/accounts/login/").headers


class TestSync:
    def send(self, browser, *taps, **said):
        rows = [
            {
                "client_id": str(one.client_id),
                "door": one.door,
                "outcome": one.outcome,
                "made_at": one.made_at.isoformat(),
            }
            for one in taps
        ]
        body = {"visits": rows, "sent_at": timezone.now().isoformat()} | said
        return browser.post("/doors/sync/", json.dumps(body), content_type="application/json")

    def test_taps_that_waited_are_taken_and_the_stairwell_is_answered(self, yard):
        browser, one = signed_in(yard.helper()), tap(yard.door(), "vacant", yard.start + MINUTE)

        answer = self.send(browser, one, stairs=yard.stairs[0].pk).json()

        assert answer["results"] == [{"client_id": str(one.client_id), "result": "taken", "detail": ""}]
        found = {row["id"]: row["outcome"] for row in answer["doors"]}
        assert (len(found), found[yard.door().pk]) == (18, "vacant")

    def test_a_tap_that_cannot_count_is_answered_with_the_reason(self, yard):
        browser = signed_in(yard.helper())

        answer = self.send(browser, tap(yard.door(), at=yard.start - timedelta(days=1))).json()

        assert answer["results"][0]["result"] == "refused"
        assert answer["results"][0]["detail"] == "This door was not yours at that time."

    @pytest.mark.parametrize(
        "body",
        ["", "[]", "{}", '{"visits": 3, "sent_at": "2022-04-04T05:30:00+08:00"}', '{"visits": [], "sent_at": "now"}'],
    )
    def test_what_is_no_tap_is_refused_as_a_whole(self, yard, body):
        answer = signed_in(yard.helper()).post("/doors/sync/", body, content_type="application/json")

        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "changed",
        [{"outcome": "pending"}, {"outcome": "home_service"}, {"need": "care"}, {"made_at": "2022-04-04T05:30:00"}],
    )
    def test_a_tap_that_makes_no_sense_is_none(self, yard, changed):
        row = {
            "client_id": str(uuid4()),
            "door": yard.door().pk,
            "outcome": "vacant",
            "made_at": timezone.now().isoformat(),
        }

        answer = self.send(signed_in(yard.helper()), visits=[row | changed])

        assert (answer.status_code, DoorVisit.objects.count()) == (400, 0)


class TestDesk:
    def test_a_round_is_begun_from_the_buildings_whose_doors_are_entered(self, yard):
        browser = places.client(yard.lead)
        day = timezone.now() + timedelta(days=1)
        said = {"title": "再走一遍", "day": f"{day:%Y-%m-%d}", "start": "0800", "end": "1200", "owner": yard.lead.pk}
        buildings = {row.entrance.building_id for row in yard.stairs}

        wrong = browser.post(f"/desk/doors/new/?area={yard.area.pk}", said)
        right = browser.post(f"/desk/doors/new/?area={yard.area.pk}", said | {"buildings": list(buildings)})

        assert (wrong.status_code, right.status_code) == (400, 303)
        made = DoorRound.objects.exclude(pk=yard.round.pk).get()
        assert RoundDoor.objects.filter(stairs__round=made).count() == 36

    def test_the_round_shows_coverage_and_holders_and_gives_beats(self, yard):
        person = yard.helper()
        knock(person, tap(yard.door(), at=yard.start + MINUTE))
        browser, holding = places.client(yard.lead), BeatHolding.objects.get()

        page = text(browser.get(f"/desk/doors/{yard.round.pk}/"))
        browser.post(f"/desk/doors/holdings/{holding.pk}/take-back/")
        browser.post(f"/desk/doors/beats/{holding.beat_id}/give/", {"seat": seat_of(person).pk})

        assert person.user.name in page
        assert "1 / 36" in page
        assert [one.until is None for one in BeatHolding.objects.order_by("pk")] == [False, True]

    def test_an_auditor_sees_counts_and_no_name(self, yard):
        person = yard.helper()
        knock(person, tap(yard.door(), "no_answer", yard.start + MINUTE))

        page = text(places.client(places.lead(yard.area, RoleName.AUDITOR)).get(f"/desk/doors/{yard.round.pk}/"))

        assert person.user.name not in page
        assert "101" not in page

    def test_a_dispute_is_decided_with_one_button(self, yard):
        first, second = yard.helper(), yard.helper()
        knock(first, tap(yard.door(), "vacant", yard.start + MINUTE))
        knock(second, tap(yard.door(), "notified", yard.start + 2 * MINUTE))
        browser = places.client(yard.lead)

        shown = text(browser.get(f"/desk/doors/{yard.round.pk}/"))
        browser.post(f"/desk/doors/decide/{yard.door().pk}/", {"outcome": "notified"})

        assert f"/desk/doors/decide/{yard.door().pk}/" in shown
        assert not yard.door().disputed

    def test_open_doors_want_a_reason_before_the_round_is_closed(self, yard):
        browser = places.client(yard.lead)

        wrong = browser.post(f"/desk/doors/{yard.round.pk}/close/", {"waiver": ""})
        right = browser.post(f"/desk/doors/{yard.round.pk}/close/", {"waiver": "天黑了"})

        assert (wrong.status_code, right.status_code) == (400, 303)
        assert DoorRound.objects.get(pk=yard.round.pk).waiver == "天黑了"

    def test_needs_go_to_whom_the_lead_chooses(self, yard):
        other, browser = places.lead(yard.area), places.client(yard.lead)

        for owner, status in ((other.pk, 303), (places.user().pk, 400)):
            assert browser.post(f"/desk/doors/{yard.round.pk}/owner/", {"owner": owner}).status_code == status
        assert DoorRound.objects.get().owner == other

    def test_a_home_is_planned_handed_over_and_done(self, yard):
        knock(yard.helper(), tap(yard.door(), "home_service", yard.start + MINUTE, need="care"))
        browser, home = places.client(yard.lead), HomeService.objects.get()
        other = places.lead(yard.area)

        page = text(browser.get(f"/desk/homes/?area={yard.area.pk}"))
        for doing, said in (("plan", {}), ("give", {"owner": other.pk}), ("done", {})):
            browser.post(f"/desk/homes/{home.pk}/{doing}/", said)

        home.refresh_from_db()
        assert "5号院 4号楼 3单元 101" in page or "Courtyard 5 4号楼 3单元 101" in page
        assert (home.status, home.owner) == ("done", other)

    def test_a_list_is_shown_row_by_row_and_then_taken_in(self, yard):
        browser, address = places.client(yard.lead), f"/desk/door-lists/{yard.home.pk}/"
        upload = SimpleUploadedFile("doors.csv", "楼栋,单元,房号\n4号楼,3单元,101\n9号楼,1单元,201\n".encode("gb18030"))

        shown = browser.post(address, {"file": upload})
        assert [row["word"] for row in shown.context["rows"]]
        assert (len(shown.context["found"].new), len(shown.context["found"].known)) == (1, 1)
        taken = browser.post(address, {"text": shown.context["text"], "take": ""})

        assert taken.status_code == 303
        assert yard.home.buildings.filter(no="9号楼").exists()

    def test_a_pattern_makes_the_doors_of_an_entrance(self, yard):
        said = {"building": "8号楼", "entrance": "1单元", "storeys": "6", "flats": "3"}

        answer = places.client(yard.lead).post(f"/desk/door-lists/{yard.home.pk}/", said)

        assert answer.status_code == 303
        assert yard.home.buildings.get(no="8号楼").entrances.get().doors.count() == 18

    def test_pages_ask_as_much_for_thirty_rows_as_for_one(self, queries_of):
        now = timezone.now()
        small, large = (Yard(start=now - 20 * MINUTE, now=now - 60 * MINUTE, flats=flats) for flats in (1, 5))
        asked = []
        for yard in (small, large):
            person = yard.helper()
            knock(person, *(tap(door, "home_service", yard.start + MINUTE, need="care") for door in yard.doors()[::2]))
            browser = places.client(yard.lead)
            asked.append(
                [
                    queries_of(lambda browser=browser, path=path: browser.get(path))
                    for path in (f"/desk/doors/{yard.round.pk}/", f"/desk/homes/?area={yard.area.pk}", "/desk/doors/")
                ]
            )

        assert asked[0] == asked[1]
