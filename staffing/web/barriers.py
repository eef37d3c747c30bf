"""What keeps the reader of a call from every place of it: said on its page, before they fill in anything."""

from django.http import HttpRequest

from communities.phrases import say
from staffing.queries.call_pages import OpenCall
from staffing.queries.reach import traveller
from staffing.rules.reach import barred


def barrier(request: HttpRequest, page: OpenCall) -> str:
    """The sentence if no place of the call is within the reader's reach, else nothing. One query, for who is signed in."""
    if not hasattr(request, "barrier"):
        request.barrier = found(request, page)  # type: ignore[attr-defined]
    sentence: str = request.barrier  # type: ignore[attr-defined]
    return sentence


def found(request: HttpRequest, page: OpenCall) -> str:
    places = page.places_on_offer
    person = traveller(request.user.pk, places[0].interval) if places and request.user.is_authenticated else None
    if not person:
        return ""
    walls = [barred(person.kind, person.home, place.where, person.passes, place.interval) for place in places]
    first = walls[0]
    return say(first) if first and all(walls) else ""
