"""Whom a request is about: oneself, a volunteer in one's scope, or somebody entered on their behalf."""

from datetime import datetime
from typing import Any

from django.http import Http404

from communities.api.words import Id, Said
from communities.errors import Invalid, Refused
from communities.models import User
from staffing.phrases import field_error
from volunteers.access import volunteers_visible_to
from volunteers.actions.entries import enter
from volunteers.api.volunteers import PersonSaid, contact, profile
from volunteers.models import Volunteer
from volunteers.states import Channel


class SomebodySaid(Said):
    """A known volunteer by id, or a person; never both."""

    volunteer = Id(required=False)
    person = PersonSaid(required=False)


def themselves(user: User) -> int:
    """The volunteer that the account is. Raises Refused(not_enrolled)."""
    if (found := Volunteer.objects.filter(user=user).values_list("pk", flat=True).first()) is None:
        raise Refused("not_enrolled")
    return found


def somebody(said: dict[str, Any], community_id: int, *, by: User, now: datetime) -> int:
    """The volunteer meant, entered first if it is a person. Raises Http404 for one that `by` cannot see."""
    if ("volunteer" in said) == ("person" in said):
        raise Invalid(volunteer=field_error("missing"))
    if "person" in said:
        person = said["person"]
        return enter(contact(person), community_id, profile(person), channel=Channel.API, by=by, now=now).pk
    if not volunteers_visible_to(by).filter(pk=said["volunteer"]).exists():
        raise Http404
    return int(said["volunteer"])
