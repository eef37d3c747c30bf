"""Rows about one person: seen by the communities they are checked in with, under a number where names are not shown."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.access import May, Visitor, granted
from communities.admin.base import Admin, known_as
from volunteers.access import enrolled_within
from volunteers.models import Volunteer


def theirs(user: Visitor, capabilities: Iterable[May], prefix: str = "volunteer__") -> Q:
    """Rows of volunteers who are checked in where the user has one of the capabilities."""
    found = Q(pk__in=[])
    for may in capabilities:
        if granted(user, may):
            people = Volunteer.objects.filter(enrolled_within(user, may))
            found |= Q(pk__in=people.values("pk")) if not prefix else Q(volunteer__in=people.values("pk"))
    return found


class OfPerson(Admin):
    """A row that belongs to one volunteer, visible to those who may see names where the volunteer is checked in."""

    sees = [May.NAMES]
    list_select_related = ["volunteer__user"]
    search_fields = ["volunteer__user__name", "volunteer__number"]
    autocomplete_fields = ["volunteer"]
    ordering = ["-id"]

    def scope(self, user: Visitor, capabilities: Iterable[May]) -> Q:
        return theirs(user, capabilities)

    def holds(self, request: HttpRequest, capabilities: Iterable[May], row: Any = None) -> bool:
        if not any(granted(request.user, may) for may in capabilities):
            return False
        if not isinstance(row, self.model) or row.pk is None:
            return True
        return self.model._base_manager.filter(self.scope(request.user, capabilities), pk=row.pk).exists()


class Numbered(Admin):
    """A row with an area of its own: names where the reader may see names, numbers elsewhere."""

    named_by = "community"

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(person_name=known_as(user, self.named_by))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Who may not see names cannot search by them either."""
        named = granted(request.user, May.NAMES)
        return ["volunteer__number", *(["volunteer__user__name"] if named else [])]

    @admin.display(description=_("volunteer"))
    def person(self, row: Any) -> str:
        return str(row.person_name)
