"""Close-outs and corrected hours on the desk and over REST: who sees them, who acts, what is shown."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from staffing.actions import attendance, proposals
from staffing.models import CloseOut, Proposal, SignUp
from staffing.rules.closeouts import seal
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.incidents import AFTER, WORDS, Scene
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.models import ServiceRecord

pytestmark = pytest.mark.django_db
DAYS = {"title": "四月疫情", "first": "2022-04-03", "last": "2022-04-05", "notice_days": "30"}


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture(autouse=True)
def _afterwards():
    with time_machine.travel(AFTER, tick=False):
        yield


def test_looking_changes_nothing_and_names_nobody(scene):
    page = places.client(scene.lead).get(reverse("close_out_new"), DAYS | {"area": scene.area.pk})
    said = page.content.decode()
    assert page.status_code == 200
    assert not [word for word in WORDS if word in said]
    assert page.context["foreseen"]["found"].goes == 4
    assert not CloseOut.objects.exists()


def test_proposed_by_one_agreed_by_another_carried_out_and_certified(scene):
    place = f"{reverse('close_out_new')}?area={scene.area.pk}"
    first, second = places.client(scene.lead), places.client(scene.second)
    made = first.post(place, DAYS)
    one = CloseOut.objects.get()
    assert (made.status_code, made["Location"]) == (303, reverse("close_out", args=[one.pk]))
    assert first.post(reverse("close_out_do", args=[one.pk, "agree"])).status_code == 403
    assert second.post(reverse("close_out_do", args=[one.pk, "agree"])).status_code == 303
    assert second.get(made["Location"]).status_code == 200
    assert first.get(reverse("close_out_certificate", args=[one.pk])).status_code == 404

    from staffing.actions import closeouts

    closeouts.work(one.pk, AFTER + timedelta(days=31))

    page = second.get(made["Location"])
    assert page.context["holds"] is True
    told = first.get(reverse("close_out_certificate", args=[one.pk])).json()
    assert seal(told["certificate"]) == told["digest"]


def test_a_certificate_changed_in_the_database_is_shown_as_changed(scene):
    done = scene.closed()
    CloseOut.objects.filter(pk=done.pk).update(counts={"people": 1})
    assert places.client(scene.lead).get(reverse("close_out", args=[done.pk])).context["holds"] is False


def test_what_is_not_settled_is_said_on_the_page(scene):
    ServiceRecord.objects.update(needs_confirmation=True)
    browser = places.client(scene.lead)
    page = browser.post(f"{reverse('close_out_new')}?area={scene.area.pk}", DAYS)
    assert page.status_code == 400
    assert page.context["foreseen"]["reasons"]


def test_the_auditor_reads_and_does_not_act(scene):
    found = scene.agreed()
    browser = places.client(scene.watch)
    assert browser.get(reverse("close_out", args=[found.pk])).status_code == 200
    assert browser.get(f"{reverse('close_out_new')}?area={scene.area.pk}").status_code == 403
    assert browser.post(reverse("close_out_do", args=[found.pk, "withdraw"])).status_code == 403


def test_over_the_api(scene):
    lead, second, other = Api(scene.lead), Api(scene.second), Api(places.lead(places.area()))
    said = {
        "area": scene.area.pk,
        "title": "四月疫情",
        "starts_at": scene.incident().start.isoformat(),
        "ends_at": scene.incident().end.isoformat(),
    }
    looked = lead.post("close-outs/?dry_run=true", said)
    assert (looked.status_code, looked.json()["goes"], CloseOut.objects.count()) == (200, 4, 0)
    made = lead.post("close-outs/", said)
    pk = made.json()["id"]
    assert (made.status_code, made.json()["notice_days"]) == (201, 30)
    assert other.post("close-outs/", said).status_code in (403, 404)
    assert other.get(f"close-outs/{pk}/").status_code == 404
    assert lead.post(f"close-outs/{pk}/agree/").json()["code"] == "same_person"
    assert second.post(f"close-outs/{pk}/agree/").json()["status"] == "agreed"
    assert lead.get(f"close-outs/{pk}/report/").json()["people"] == 4
    assert lead.get(f"close-outs/{pk}/certificate/").status_code == 409
    assert lead.post(f"close-outs/{pk}/withdraw/").json()["status"] == "withdrawn"


class TestHours:
    """Hours that the system closed, since nobody checked the person out, are set right by two."""

    def forgotten(self) -> SignUp:
        area = places.area()
        self.lead, self.second, self.watch = places.lead(area), places.lead(area), places.lead(area, "auditor")
        self.person = make.volunteer(community=area, user=places.user("王演示0099"))
        post = make.post(make.shift(places.site(area), make.call(area)))
        seat = SignUp.objects.create(
            post=post,
            shift=post.shift,
            volunteer=self.person,
            status="confirmed",
            period=(DAWN, DAWN + BLOCK),
            seat_no=1,
        )
        attendance.check_in(seat.pk, by=self.lead, now=DAWN)
        return attendance.check_out(seat.pk, by=None, now=DAWN + timedelta(hours=5), auto=True)

    def test_one_says_when_they_left_and_a_second_agrees(self):
        seat = self.forgotten()
        times = {"started_at": DAWN, "ended_at": DAWN + timedelta(hours=3)}
        word = proposals.propose_correction(seat.pk, **times, by=self.lead, now=AFTER + timedelta(days=30))
        done = proposals.agree(word.pk, by=self.second, now=AFTER + timedelta(days=30))
        row = ServiceRecord.objects.get()
        assert (row.minutes, row.needs_confirmation, row.confirmed_by) == (180, False, self.second)
        assert (done.status, done.seat_no) == ("completed", 1)

    def test_confirmed_hours_are_not_set_right_again(self):
        seat = self.forgotten()
        ServiceRecord.objects.update(needs_confirmation=False)
        with pytest.raises(Exception, match="invalid_transition"):
            proposals.propose_correction(
                seat.pk, started_at=DAWN, ended_at=DAWN + BLOCK, by=self.lead, now=DAWN + timedelta(days=1)
            )

    def test_the_page_shows_who_said_what_and_who_agreed(self):
        seat = self.forgotten()
        browser = places.client(self.lead)
        page = browser.get(reverse("corrections")).content.decode()
        assert reverse("signup_correct", args=[seat.pk]) in page
        word = proposals.propose_correction(
            seat.pk, started_at=DAWN, ended_at=DAWN + BLOCK, by=self.lead, now=AFTER - timedelta(hours=1)
        )
        assert browser.get(reverse("corrections"), {"show": "waiting"}).context["page"].paginator.count == 1
        proposals.agree(word.pk, by=self.second, now=AFTER)
        shown = browser.get(reverse("corrections"), {"show": "agreed"}).content.decode()
        assert self.second.name in shown
        assert "王演示0099" in shown

    def test_the_auditor_sees_numbers_and_no_names(self):
        self.forgotten()
        page = places.client(self.watch).get(reverse("corrections")).content.decode()
        assert f"#{self.person.number}" in page
        assert "王演示0099" not in page

    def test_it_costs_the_same_for_one_and_for_thirty(self, queries_of):
        seat = self.forgotten()
        browser = places.client(self.lead)
        words = [("agreed", 1), ("agreed", 30)]
        counts = []
        for _state, number in words:
            Proposal.objects.all().delete()
            for minute in range(number):
                Proposal.objects.create(
                    sign_up=seat,
                    kind="correct",
                    started_at=DAWN,
                    ended_at=DAWN + timedelta(minutes=minute + 1),
                    proposed_by=self.lead,
                    proposed_at=NIGHT,
                    agreed_by=self.second,
                    agreed_at=DAWN,
                )
            browser.get(reverse("corrections"))
            counts.append(queries_of(lambda: browser.get(reverse("corrections"))))
        assert counts[0] == counts[1]


@pytest.fixture
def closed(scene):
    """Proposed, agreed and carried out."""
    from staffing.actions import closeouts

    incident = closeouts.Incident(scene.area.pk, "四月疫情", NIGHT - timedelta(days=1), DAWN + timedelta(days=1))
    one = closeouts.propose(incident, by=scene.lead, now=AFTER)
    closeouts.agree(one.pk, by=scene.second, now=AFTER)
    return closeouts.work(one.pk, AFTER + timedelta(days=31))


def test_the_certificate_is_a_paper_in_both_languages_that_is_the_same_each_time(scene, closed):
    browser, api = places.client(scene.lead), Api(scene.lead)
    for language in ("zh", "en"):
        paper = browser.get(reverse("close_out_paper", args=[closed.pk, language]))
        assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
        over = api.get(f"close-outs/{closed.pk}/paper/", language=language)
        assert (over["Content-Type"], over.content) == ("application/pdf", paper.content)
    assert browser.get(reverse("close_out_paper", args=[closed.pk, "fr"])).status_code == 404
    assert api.get(f"close-outs/{closed.pk}/paper/", language="fr").status_code == 400


def test_there_is_no_paper_before_it_is_done(scene, closed):
    CloseOut.objects.update(status="agreed")
    assert places.client(scene.lead).get(reverse("close_out_paper", args=[closed.pk, "zh"])).status_code == 404
    assert Api(scene.lead).get(f"close-outs/{closed.pk}/paper/").status_code == 409


def test_anybody_with_the_seal_sees_whether_it_holds_and_reads_no_name(scene, closed):
    visitor = places.client()
    page = visitor.get(reverse("destruction_check", args=[closed.digest]))
    said = page.content.decode()
    assert page.context["holds"] is True
    assert scene.area.name in said
    assert scene.lead.name not in said
    groups = " ".join(closed.digest[at : at + 4] for at in range(0, 16, 4)).upper()
    assert visitor.get(reverse("destruction_look"), {"seal": groups}).context["holds"] is True

    CloseOut.objects.update(counts={"people": 1})
    assert visitor.get(reverse("destruction_check", args=[closed.digest])).context["holds"] is False
    assert visitor.get(reverse("destruction_look"), {"seal": closed.digest[:15]}).status_code == 404
    assert visitor.get(reverse("destruction_look"), {"seal": "%" * 20}).status_code == 404
    assert visitor.get(reverse("destruction_look")).status_code == 200
