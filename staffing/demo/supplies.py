"""24 households of one compound who need something, and the neighbours who will bring it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from communities.models import Compound, User
from staffing.actions import supplies
from staffing.actions.signups import sign_up
from staffing.actions.supplies import Wish
from staffing.models import CallUp, Post, SupplyRequest
from staffing.states import SupplyNeed
from volunteers.models import Volunteer

HOUSEHOLDS = 24
NEEDS = (SupplyNeed.FOOD, SupplyNeed.MEDICINE, SupplyNeed.FOOD, SupplyNeed.INFANT, SupplyNeed.WATER, SupplyNeed.HYGIENE)


def households(estate: Compound, lead: User, due: datetime, now: datetime) -> list[SupplyRequest]:
    """Each asked for; every fourth has changed its mind since."""
    found = []
    for number in range(HOUSEHOLDS):
        house, flat = number % 6 + 1, 101 + 100 * (number % 5)
        wish = Wish(
            NEEDS[number % len(NEEDS)],
            due + timedelta(minutes=30 * (number % 8)),
            1 + number % 3,
            estate.pk,
            f"{house}号楼2单元{flat}",
        )
        made = supplies.ask(estate.community_id, wish, by=lead, now=now)
        if number % 4 == 0:
            supplies.change(made.pk, SupplyNeed.FOOD, wish.parcels + 1, wish.due_at, by=lead, now=now)
        found.append(made)
    return found


def stationed(call: CallUp, people: Sequence[Volunteer], now: datetime) -> None:
    """Neighbours on the first of the supply shifts."""
    post = Post.objects.filter(shift__call_up=call).order_by("shift__starts_at", "pk")[0]
    for person in people:
        sign_up(post.pk, person.pk, now=now)
