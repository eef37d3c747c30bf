"""Swaps as the two people and the lead see them: the offer with its link, the page behind it, the desk; and over REST."""

import pytest
from django.conf import settings

from communities.states import RoleName
from staffing.actions import swaps
from staffing.models import SignUp, Swap
from tests.doors import Api, told
from tests.factories import communities as places
from tests.staffing.desks import text
from tests.staffing.phone import Scene, signed_in

pytestmark = pytest.mark.django_db


class Pair(Scene):
    """`anna` has the data-entry seat, `bo` the marshal's; `carl` has none."""

    def __init__(self, **fields) -> None:
        super().__init__(1)
        for post in (self.post, self.other):
            for name, value in fields.items():
                setattr(post, name, value)
            post.save()
        self.anna, self.bo, self.carl = (self.neighbour() for _person in range(3))
        self.annas, self.bos = self.take(self.post, self.anna), self.take(self.other, self.bo)
        SignUp.objects.update(status="confirmed")
        self.lead = places.lead(self.community)
        self.offer = f"/s/{self.annas.pk}/swap/"

    def link(self) -> str:
        return f"/w/{Swap.objects.latest('pk').key}/"

    def holders(self) -> dict[int, int]:
        return dict(SignUp.objects.confirmed().order_by("pk").values_list("post_id", "volunteer_id"))


def test_the_ticket_leads_to_the_offer_and_the_offer_to_a_link():
    pair = Pair()
    browser = signed_in(pair.anna)
    assert pair.offer in text(browser.get(f"/s/{pair.annas.pk}/"))
    page = browser.get(pair.offer)
    assert page.context["form"].fields["wanted"].choices[0][1].startswith("Nothing")
    assert [value for value, _label in page.context["form"].fields["wanted"].choices] == ["", str(pair.other.pk)]
    answer = browser.post(pair.offer, {"wanted": ""})
    assert (answer.status_code, answer["Location"]) == (303, pair.offer)
    assert f"{settings.PUBLIC_URL}{pair.link()}" in text(browser.get(pair.offer))


def test_whoever_opens_the_link_takes_the_seat_over():
    pair = Pair()
    signed_in(pair.anna).post(pair.offer, {"wanted": ""})
    browser = signed_in(pair.carl)
    page = text(browser.get(pair.link()))
    assert "Yes, I come instead" in page
    assert pair.anna.user.name not in page
    assert pair.anna.user.phone not in page
    done = browser.post(pair.link(), {"do": "agree"}, follow=True)
    assert "My new seat" in text(done)
    assert pair.holders() == {pair.post.pk: pair.carl.pk, pair.other.pk: pair.bo.pk}
    assert "You don't need to come" in text(signed_in(pair.anna).get(pair.offer))
    assert "swapped or handed on" in text(signed_in(pair.anna).get(f"/s/{pair.annas.pk}/"))


def test_two_people_exchange_and_the_lead_says_yes_on_the_roster():
    pair = Pair(auto_confirm=False)
    signed_in(pair.anna).post(pair.offer, {"wanted": pair.other.pk})
    bo = signed_in(pair.bo)
    bo.post(pair.link(), {"do": "agree"})
    assert "You have agreed" in text(bo.get(pair.link()))
    desk = places.client(pair.lead)
    roster = desk.get(f"/desk/shifts/{pair.first.pk}/")
    assert [swap.offered for swap in roster.context["swaps"]] == [pair.annas]
    assert 'id="swaps"' in text(roster)
    assert [found[2].code for found in desk.get(f"/desk/calls/{pair.call.pk}/").context["attention"]][:1] == ["swaps"]
    desk.post(f"/desk/swaps/{Swap.objects.get().pk}/approve/")
    assert pair.holders() == {pair.post.pk: pair.bo.pk, pair.other.pk: pair.anna.pk}
    assert desk.get(f"/desk/shifts/{pair.first.pk}/").context["swaps"] == []


def test_the_lead_says_no_and_a_second_word_is_refused():
    pair = Pair(auto_confirm=False)
    signed_in(pair.anna).post(pair.offer, {"wanted": ""})
    signed_in(pair.carl).post(pair.link(), {"do": "agree"})
    desk, swap = places.client(pair.lead), Swap.objects.get()
    assert desk.post(f"/desk/swaps/{swap.pk}/refuse/").status_code == 303
    assert desk.post(f"/desk/swaps/{swap.pk}/approve/").status_code == 409
    assert pair.holders() == {pair.post.pk: pair.anna.pk, pair.other.pk: pair.bo.pk}
    point = places.client(places.lead(pair.community, RoleName.POINT_LEAD))
    elsewhere = places.client(places.lead(places.area()))
    assert (point.post(f"/desk/swaps/{swap.pk}/refuse/").status_code) == 403
    assert (elsewhere.post(f"/desk/swaps/{swap.pk}/refuse/").status_code) == 404


def test_either_takes_it_back_before_it_is_done():
    pair = Pair(auto_confirm=False)
    anna, carl = signed_in(pair.anna), signed_in(pair.carl)
    anna.post(pair.offer, {"wanted": ""})
    anna.post(pair.offer, {"do": "withdraw"})
    assert Swap.objects.get().status == "withdrawn"
    assert carl.post(pair.link(), {"do": "agree"}).status_code == 409
    anna.post(pair.offer, {"wanted": ""})
    carl.post(pair.link(), {"do": "agree"})
    signed_in(pair.bo).post(pair.link(), {"do": "withdraw"})
    assert Swap.objects.latest("pk").status == "agreed"
    carl.post(pair.link(), {"do": "withdraw"})
    assert Swap.objects.latest("pk").status == "withdrawn"


def test_a_refusal_is_told_with_its_reason_and_a_link_that_is_over_asks_nothing():
    pair = Pair()
    signed_in(pair.anna).post(pair.offer, {"wanted": ""})
    answer = signed_in(pair.bo).post(pair.link(), {"do": "agree"})
    assert (answer.status_code, "may not have another, or an offer, on the same shift" in text(answer)) == (409, True)
    signed_in(pair.carl).post(pair.link(), {"do": "agree"})
    late = signed_in(pair.bo).get(pair.link())
    assert "This offer is over" in text(late)
    assert pair.carl.user.name not in text(late)
    stranger = places.client(places.user(), proved=False)
    assert stranger.post(pair.link(), {"do": "agree"}).status_code == 409


def test_the_owner_is_shown_their_own_page_and_others_have_to_sign_in():
    pair = Pair()
    anna = signed_in(pair.anna)
    anna.post(pair.offer, {"wanted": ""})
    assert anna.get(pair.link())["Location"] == pair.offer
    assert "login" in places.client().get(pair.link())["Location"]
    assert signed_in(pair.bo).get(pair.offer).status_code == 404
    assert signed_in(pair.bo).get("/w/no-such-key/").status_code == 404


def test_over_rest_it_is_the_same():
    pair = Pair(auto_confirm=False)
    anna, bo, lead = Api(pair.anna.user), Api(pair.bo.user), Api(pair.lead)
    body = {"sign_up": pair.annas.pk, "wanted": pair.other.pk}
    first, again = anna.post("swaps/", body), anna.post("swaps/", body)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    key = first.json()["link"].rstrip("/").rpartition("/")[2]
    agreed = bo.post("swaps/agree/", {"key": key}).json()
    assert (agreed["status"], agreed["partner"], agreed["given"]) == ("agreed", pair.bo.pk, pair.bos.pk)
    assert "link" not in agreed
    assert lead.ids("swaps/", status="agreed") == [agreed["id"]]
    assert told(bo.post(f"swaps/{agreed['id']}/approve/")) == (403, "not_your_role")
    done = lead.post(f"swaps/{agreed['id']}/approve/").json()
    assert done["status"] == "done"
    assert SignUp.objects.get(pk=done["passed_on"]).volunteer_id == pair.bo.pk
    assert told(anna.post(f"swaps/{agreed['id']}/withdraw/")) == (409, "invalid_transition")
    assert told(Api(pair.carl.user).get(f"swaps/{agreed['id']}/")) == (404, "not_found")


def test_rest_refuses_what_is_not_ones_own():
    pair = Pair()
    assert told(Api(pair.bo.user).post("swaps/", {"sign_up": pair.annas.pk})) == (404, "not_found")
    assert told(Api(pair.lead).post("swaps/", {"sign_up": pair.annas.pk})) == (403, "not_your_role")
    assert told(Api(pair.anna.user).post("swaps/", {"sign_up": pair.annas.pk, "wanted": 10**9})) == (404, "not_found")
    assert told(Api(pair.bo.user).post("swaps/agree/", {"key": "guess"})) == (404, "not_found")
    assert told(Api(places.user()).post("swaps/agree/", {"key": "guess"})) == (409, "not_enrolled")
    assert told(Api(pair.anna.user, scopes=["read"]).post("swaps/", {"sign_up": pair.annas.pk})) == (
        403,
        "scope_missing",
    )


def test_the_admin_page_takes_the_same_steps():
    pair = Pair(auto_confirm=False)
    swap = swaps.propose(pair.annas.pk, now=pair.annas.created_at)
    swaps.agree(swap.key, pair.carl.pk, now=pair.annas.created_at)
    staff = places.grant(RoleName.COMMUNITY_LEAD, pair.community, places.user(is_staff=True)).user
    browser = places.client(staff)
    page = text(browser.get(f"/admin/staffing/swap/{swap.pk}/change/"))
    assert pair.anna.user.name in page
    assert swap.key not in page
    browser.post(f"/admin/staffing/swap/{swap.pk}/step/approve/", {"sure": "1"})
    assert pair.holders()[pair.post.pk] == pair.carl.pk
