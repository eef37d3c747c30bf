from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import known_as
from communities.admin.steps import Ask, Moment, Step, Stepping
from staffing.actions import proposals
from staffing.models import Proposal, SignUp


class HoursForm(forms.Form):
    started_at = Moment(label=_("from"))
    ended_at = Moment(label=_("until"))


def correct(row: SignUp, ask: Ask, started_at: datetime, ended_at: datetime) -> None:
    proposals.propose_correction(row.pk, started_at=started_at, ended_at=ended_at, by=ask.by, now=ask.now)


def hours_of(row: SignUp) -> dict[str, datetime]:
    return {"started_at": row.period.lower, "ended_at": row.period.upper}


def agree(row: Proposal, ask: Ask) -> None:
    proposals.agree(row.pk, by=ask.by, now=ask.now)


@admin.register(Proposal)
class ProposalAdmin(Stepping):
    """Hours that one person proposed; they count when a second one agrees."""

    areas = ["sign_up__shift__site__area"]
    sees = [May.NAMES, May.HISTORY]
    shows = [
        "person",
        "sign_up",
        "kind",
        "started_at",
        "ended_at",
        "proposed_by",
        "proposed_at",
        "agreed_by",
        "agreed_at",
    ]
    list_display = ["person", "kind", "started_at", "ended_at", "proposed_by", "proposed_at", "agreed_by"]
    list_select_related = ["proposed_by", "agreed_by"]
    list_filter = [("kind", ChoicesDropdownFilter), ("agreed_at", admin.EmptyFieldListFilter)]
    search_fields = ["sign_up__volunteer__number"]
    date_hierarchy = "proposed_at"
    ordering = ["-proposed_at", "-id"]
    steps = [Step("agree", _("Agree"), agree, (May.CHECK_IN,), "check", when=lambda row: row.agreed_at is None)]

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(person=known_as(user, "sign_up__shift__site__area", "sign_up__volunteer__"))

    @admin.display(description=_("person"))
    def person(self, row: Any) -> str:
        return str(row.person)
