"""A swap of two sign-ups: both seats change hands or none, by both people's word and the lead's where that is needed."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist

from communities.errors import Gone, Refused
from communities.messages.kinds import KINDS
from communities.models import Message
from staffing.actions import decisions, signups, swaps
from staffing.actions.audit import recount
from staffing.api.messages import claimed
from staffing.models import Post, SignUp, Swap
from staffing.rules.transitions import SWAP
from staffing.states import SwapStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)
DAYS_AFTER = DAWN + timedelta(days=3)


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NIGHT, tick=False):
        yield


class Scene:
    """Two posts of a call at the same hours, with `anna` on the one and `bo` on the other; `carl` has no seat."""

    def __init__(self, **fields) -> None:
        self.area = places.area()
        self.lead = places.lead(self.area)
        self.call = make.call(self.area)
        self.first = make.post(make.shift(call_up=self.call), 1, **fields)
        self.second = make.post(make.shift(call_up=self.call), 1, role=make.role("guide"))
        self.anna, self.bo, self.carl = (make.volunteer(community=self.area) for _person in range(3))
        self.annas = signups.sign_up(self.first.pk, self.anna.pk, now=NIGHT)
        self.bos = signups.sign_up(self.second.pk, self.bo.pk, now=NIGHT)
        if self.annas.status == "signed_up":
            decisions.confirm(self.annas.pk, by=self.lead, now=NIGHT)
        Message.objects.all().delete()

    def holders(self) -> dict[int, int]:
        """Who holds a seat on which post."""
        return dict(SignUp.objects.confirmed().order_by("pk").values_list("post_id", "volunteer_id"))

    @property
    def before(self) -> dict[int, int]:
        return {self.first.pk: self.anna.pk, self.second.pk: self.bo.pk}


def codes(act, *args, **how) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **how)
    return [reason.code for reason in refused.value.reasons]


def told() -> Counter:
    return Counter(Message.objects.exclude(status="cancelled").values_list("kind", "reader"))


def words(kind: str, reader: int) -> str:
    message = Message.objects.get(kind=kind, reader=reader)
    found = KINDS[kind].contexts([claimed(message)], LATER)[message.pk]
    return KINDS[kind].text(found)


def test_a_seat_is_handed_over_at_once_where_nobody_confirms_people():
    scene = Scene()
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    done = swaps.agree(swap.key, scene.carl.pk, now=LATER)
    assert (done.status, done.partner_id, done.decided_by) == ("done", scene.carl.pk, None)
    assert scene.holders() == scene.before | {scene.first.pk: scene.carl.pk}
    old, new = SignUp.objects.get(pk=scene.annas.pk), done.passed_on
    assert (old.status, old.reason, new.seat_no, new.period) == ("cancelled", "swapped", old.seat_no, old.period)
    assert told() == {("confirmed", scene.carl.user_id): 1, ("handed_on", scene.anna.user_id): 1}
    assert recount() == []


def test_two_people_exchange_their_seats():
    scene = Scene()
    swap = swaps.propose(scene.annas.pk, now=NIGHT, wanted=scene.second.pk)
    done = swaps.agree(swap.key, scene.bo.pk, now=LATER)
    assert scene.holders() == {scene.first.pk: scene.bo.pk, scene.second.pk: scene.anna.pk}
    assert (done.status, done.received.volunteer_id) == ("done", scene.anna.pk)
    assert told() == {("confirmed", scene.bo.user_id): 1, ("confirmed", scene.anna.user_id): 1}
    assert list(Post.objects.order_by("pk").values_list("taken", "waiting")) == [(1, 0), (1, 0)]
    assert recount() == []


def test_two_posts_of_one_shift_can_be_exchanged():
    scene = Scene()
    other = make.post(scene.first.shift, 1, role=make.role("guide"))
    neighbour = signups.sign_up(other.pk, scene.carl.pk, now=NIGHT)
    swap = swaps.propose(scene.annas.pk, now=NIGHT, wanted=other.pk)
    swaps.agree(swap.key, scene.carl.pk, now=LATER)
    assert scene.holders()[scene.first.pk] == scene.carl.pk
    assert scene.holders()[other.pk] == scene.anna.pk
    assert SignUp.objects.get(pk=neighbour.pk).reason == "swapped"


def test_where_the_lead_confirms_people_they_say_yes_to_a_swap_too():
    scene = Scene(auto_confirm=False)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    agreed = swaps.agree(swap.key, scene.carl.pk, now=LATER)
    assert (agreed.status, scene.holders()) == ("agreed", scene.before)
    assert told() == {("swap_agreed", scene.anna.user_id): 1, ("swap_asked", scene.lead.pk): 1}
    done = swaps.approve(swap.pk, by=scene.lead, now=LATER)
    assert (done.status, done.decided_by) == ("done", scene.lead)
    assert scene.holders()[scene.first.pk] == scene.carl.pk
    assert swaps.approve(swap.pk, by=scene.lead, now=LATER).passed_on == done.passed_on


def test_a_seat_is_not_handed_on_past_people_in_line_without_the_lead():
    scene = Scene()
    waiting = signups.sign_up(scene.first.pk, make.volunteer().pk, now=NIGHT)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    assert swaps.agree(swap.key, scene.carl.pk, now=LATER).status == "agreed"
    swaps.approve(swap.pk, by=scene.lead, now=LATER)
    waiting.refresh_from_db()
    assert (scene.holders()[scene.first.pk], waiting.status) == (scene.carl.pk, "waitlisted")


def test_who_takes_a_seat_leaves_the_line_of_that_shift():
    scene = Scene()
    waiting = signups.sign_up(scene.first.pk, scene.carl.pk, now=NIGHT)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    swaps.agree(swap.key, scene.carl.pk, now=LATER)
    swaps.approve(swap.pk, by=scene.lead, now=LATER)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("cancelled", "swapped")
    assert list(Post.objects.filter(pk=scene.first.pk).values_list("taken", "waiting")) == [(1, 0)]
    assert recount() == []


def test_the_lead_says_no_and_everything_stays():
    scene = Scene(auto_confirm=False)
    swap = swaps.propose(scene.annas.pk, now=NIGHT, wanted=scene.second.pk)
    swaps.agree(swap.key, scene.bo.pk, now=LATER)
    assert swaps.refuse(swap.pk, by=scene.lead, now=LATER).status == "refused"
    assert scene.holders() == scene.before
    assert told()[("swap_ended", scene.anna.user_id)] == told()[("swap_ended", scene.bo.user_id)] == 1
    assert codes(swaps.approve, swap.pk, by=scene.lead, now=LATER) == ["invalid_transition"]


def test_the_words_go_to_whom_they_are_for():
    scene = Scene(auto_confirm=False)
    for person, name in ((scene.anna, "安演示"), (scene.bo, "柏演示")):
        person.user.name = name
        person.user.save()
    swap = swaps.propose(scene.annas.pk, now=NIGHT, wanted=scene.second.pk)
    swaps.agree(swap.key, scene.bo.pk, now=LATER)
    assert "演示" in words("swap_agreed", scene.anna.user_id)
    lead = words("swap_asked", scene.lead.pk)
    assert f"/desk/shifts/{scene.first.shift_id}/#swaps" in lead
    assert scene.second.role.name in lead
    assert scene.bo.user.phone not in lead
    swaps.withdraw(swap.pk, now=LATER)
    assert words("swap_ended", scene.bo.user_id)
    message = Message.objects.get(kind="swap_asked")
    assert KINDS["swap_asked"].contexts([claimed(message)], LATER) == {}


def test_all_rules_are_asked_again_for_both():
    scene = Scene()
    minor = make.volunteer(is_adult=False)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    assert codes(swaps.agree, swap.key, minor.pk, now=LATER) == ["minor"]
    assert codes(swaps.agree, swap.key, scene.bo.pk, now=LATER) == ["overlap"]
    third = make.post(make.shift(call_up=scene.call, start=DAYS_AFTER))
    signups.sign_up(third.pk, scene.carl.pk, now=NIGHT)
    swaps.withdraw(swap.pk, now=LATER)
    swap = swaps.propose(scene.annas.pk, now=LATER, wanted=third.pk)
    clash = make.post(make.shift(start=DAYS_AFTER))
    signups.sign_up(clash.pk, scene.anna.pk, now=LATER)
    assert codes(swaps.agree, swap.key, scene.carl.pk, now=LATER) == ["swap_other_unfit"]
    assert Swap.objects.get(pk=swap.pk).partner is None
    assert scene.holders()[scene.first.pk] == scene.anna.pk


def test_what_changed_between_agreeing_and_the_leads_yes_is_seen():
    scene = Scene(auto_confirm=False)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    swaps.agree(swap.key, scene.carl.pk, now=LATER)
    clash = make.post(make.shift())
    signups.sign_up(clash.pk, scene.carl.pk, now=LATER)
    assert codes(swaps.approve, swap.pk, by=scene.lead, now=LATER) == ["overlap"]
    assert scene.holders()[scene.first.pk] == scene.anna.pk


def test_only_a_confirmed_seat_that_has_not_begun_is_swapped():
    scene = Scene()
    waiting = signups.sign_up(scene.first.pk, scene.carl.pk, now=NIGHT)
    assert codes(swaps.propose, waiting.pk, now=NIGHT) == ["swap_not_confirmed"]
    assert codes(swaps.propose, scene.annas.pk, now=DAWN) == ["already_started"]
    elsewhere = make.post(make.shift(call_up=make.call(scene.area)))
    assert codes(swaps.propose, scene.annas.pk, now=NIGHT, wanted=elsewhere.pk) == ["swap_elsewhere"]
    assert codes(swaps.propose, scene.annas.pk, now=NIGHT, wanted=scene.first.pk) == ["swap_elsewhere"]


def test_an_exchange_needs_a_seat_on_the_post_that_is_wanted():
    scene = Scene()
    swap = swaps.propose(scene.annas.pk, now=NIGHT, wanted=scene.second.pk)
    assert codes(swaps.agree, swap.key, scene.carl.pk, now=LATER) == ["swap_needs_seat"]
    assert codes(swaps.agree, swap.key, scene.anna.pk, now=LATER) == ["swap_with_oneself"]


def test_who_has_an_offer_on_that_shift_answers_that_first():
    scene = Scene()
    other = make.post(scene.first.shift, 1, role=make.role("guide"))
    decisions.invite(other.pk, scene.carl.pk, by=scene.lead, now=NIGHT)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    assert codes(swaps.agree, swap.key, scene.carl.pk, now=LATER) == ["swap_has_place"]


def test_proposing_and_agreeing_twice_is_once():
    scene = Scene(auto_confirm=False)
    first = swaps.propose(scene.annas.pk, now=NIGHT)
    assert swaps.propose(scene.annas.pk, now=LATER) == first
    assert codes(swaps.propose, scene.annas.pk, now=LATER, wanted=scene.second.pk) == ["swap_open"]
    swaps.agree(first.key, scene.carl.pk, now=LATER)
    swaps.agree(first.key, scene.carl.pk, now=LATER)
    assert codes(swaps.agree, first.key, make.volunteer().pk, now=LATER) == ["invalid_transition"]
    assert sum(told().values()) == 2


def test_a_proposal_stands_for_a_day_and_never_past_the_start():
    scene = Scene()
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    assert swap.expires_at == DAWN
    with pytest.raises(Gone):
        swaps.agree(swap.key, scene.carl.pk, now=DAWN)
    early = Scene()
    swap = swaps.propose(early.annas.pk, now=DAWN - timedelta(days=3))
    assert swap.expires_at == DAWN - timedelta(days=2)
    assert swaps.expire(swap.pk, now=DAWN - timedelta(days=2, seconds=1)) is None
    assert swaps.expire(swap.pk, now=DAWN - timedelta(days=2)).status == "expired"
    with pytest.raises(Gone):
        swaps.agree(swap.key, early.carl.pk, now=NIGHT)
    with pytest.raises(ObjectDoesNotExist):
        swaps.agree("no-such-key", early.carl.pk, now=NIGHT)


def test_a_swap_is_over_when_its_seat_is():
    scene = Scene(auto_confirm=False)
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    swaps.agree(swap.key, scene.carl.pk, now=LATER)
    signups.withdraw(scene.annas.pk, now=LATER)
    assert codes(swaps.approve, swap.pk, by=scene.lead, now=LATER) == ["swap_not_confirmed"]
    assert list(Swap.objects.over(LATER)) == [swap]
    assert swaps.expire(swap.pk, now=LATER).status == "expired"


ACTS = {
    SwapStatus.AGREED: lambda swap, scene: swaps.agree(swap.key, scene.carl.pk, now=LATER),
    SwapStatus.DONE: lambda swap, scene: swaps.approve(swap.pk, by=scene.lead, now=LATER),
    SwapStatus.REFUSED: lambda swap, scene: swaps.refuse(swap.pk, by=scene.lead, now=LATER),
    SwapStatus.WITHDRAWN: lambda swap, scene: swaps.withdraw(swap.pk, now=LATER),
}


@pytest.mark.parametrize("there", ACTS)
@pytest.mark.parametrize("here", SwapStatus)
def test_every_step_that_is_not_allowed_is_refused_and_changes_nothing(here, there):
    """Saying the same again, by the same, is no step. Agreeing leads to done where no lead is needed."""
    scene = Scene()
    swap = swaps.propose(scene.annas.pk, now=NIGHT)
    partner = make.volunteer() if here != SwapStatus.PROPOSED else None
    Swap.objects.filter(pk=swap.pk).update(status=here, partner=partner)
    by_lead = there == SwapStatus.DONE and here != SwapStatus.AGREED
    allowed = here == there != SwapStatus.AGREED or (there in SWAP[here] and not by_lead)
    if allowed:
        ACTS[there](swap, scene)
        return
    with pytest.raises(Refused) as refused:
        ACTS[there](swap, scene)
    assert refused.value.code in {"invalid_transition", "expired"}
    assert Swap.objects.get(pk=swap.pk).status == here
    assert scene.holders() == scene.before
