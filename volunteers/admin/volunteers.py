from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May, Visitor, granted
from communities.admin.base import ReadOnlyInline
from communities.fields import keyed_hash
from communities.rules.words import clean_phone, masked
from volunteers.access import enrolled_within
from volunteers.actions import people
from volunteers.admin.people import OfPerson, theirs
from volunteers.models import Absence, Affiliation, Availability, Consent, Enrolment, HeldQualification, Volunteer


class Beside(ReadOnlyInline):
    def __init_subclass__(cls) -> None:
        cls.readonly_fields = cls.fields


class HeldInline(Beside):
    model = HeldQualification
    fields = ["qualification", "from_day", "expires_on", "verified_at", "verified_by", "reference"]


class EnrolmentInline(Beside):
    model = Enrolment
    fields = ["community", "channel", "created_at", "approved_at", "ended_at"]


class ConsentInline(Beside):
    model = Consent
    fields = ["purpose", "text_version", "channel", "given_at", "withdrawn_at"]


class AvailabilityInline(Beside):
    model = Availability
    fields = ["weekday", "from_time", "to_time"]


class AbsenceInline(Beside):
    model = Absence
    fields = ["period"]


class AffiliationInline(Beside):
    model = Affiliation
    fields = ["organisation", "external_id", "from_day", "to_day"]


@admin.register(Volunteer)
class VolunteerAdmin(OfPerson):
    """People, as far as the reader's communities know them. The phone's last digits are for those who call them."""

    changes = [May.RUN]
    edits = ["kind", "residence", "is_adult"]
    shows = [
        "name_shown",
        "number",
        "phone_end",
        "kind",
        "residence",
        "is_adult",
        "identity_document",
        "identity_verified_at",
        "identity_verified_by",
    ]
    list_display = ["name_shown", "number", "kind", "residence", "is_adult", "identity_verified_at"]
    list_select_related = ["user", "residence"]
    list_filter = [("kind", ChoicesDropdownFilter), ("residence", AutocompleteSelectFilter), "is_adult"]
    search_fields = ["user__name", "number"]
    search_help_text = _("A part of the name or number, or the whole phone number")
    autocomplete_fields = ["residence"]
    inlines = [HeldInline, EnrolmentInline, AffiliationInline, ConsentInline, AvailabilityInline, AbsenceInline]

    def save_model(self, request: HttpRequest, obj: Volunteer, form: Any, change: bool) -> None:
        said = {"kind": obj.kind, "residence": obj.residence_id, "is_adult": obj.is_adult}
        people.correct(obj.pk, **said, by=request.user, now=timezone.now())

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        return theirs(user, capabilities, prefix="")

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(reachable=enrolled_within(user, May.PHONES))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        phone = clean_phone(search_term, demo=settings.DEMO)
        if phone and granted(request.user, May.PHONES):
            return queryset.filter(enrolled_within(request.user, May.PHONES), user__phone_hash=keyed_hash(phone)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("name"), ordering="user__name")
    def name_shown(self, row: Volunteer) -> str:
        return row.user.name

    @admin.display(description=_("phone ends in"))
    def phone_end(self, row: Any) -> str:
        return masked(row.user.phone) if row.reachable else ""
