from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import known_as
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import swaps
from staffing.admin.calls import is_in
from staffing.models import Swap
from staffing.states import SwapStatus


def approve(row: Swap, ask: Ask) -> None:
    swaps.approve(row.pk, by=ask.by, now=ask.now)


def refuse(row: Swap, ask: Ask) -> None:
    swaps.refuse(row.pk, by=ask.by, now=ask.now)


@admin.register(Swap)
class SwapAdmin(Stepping):
    """Seats that change hands. The two people propose and agree; the lead decides here or at the desk."""

    areas = ["offered__shift__site__area"]
    sees = [May.NAMES, May.HISTORY]
    shows = [
        "owner",
        "offered",
        "other",
        "wanted",
        "given",
        "status",
        "created_at",
        "agreed_at",
        "expires_at",
        "decided_at",
        "decided_by",
        "passed_on",
        "received",
    ]
    list_display = ["id", "owner", "other", "offered", "given", "status", "created_at"]
    list_select_related = ["offered__post__role", "given", "partner__user", "wanted__role"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["offered__volunteer__number", "partner__number"]
    date_hierarchy = "created_at"
    ordering = ["-id"]
    steps = [
        Step(
            "approve",
            _("Approve the swap"),
            approve,
            (May.RUN,),
            "check",
            when=is_in(SwapStatus.AGREED),
            foresee=lambda _rows: [str(_("Both seats change hands, and both people are told."))],
        ),
        Step(
            "refuse",
            _("Refuse the swap"),
            refuse,
            (May.RUN,),
            "close",
            when=is_in(SwapStatus.AGREED),
            foresee=lambda _rows: [str(_("Everything stays as it was, and both people are told."))],
            danger=True,
        ),
    ]

    def annotated(self, rows: QuerySet[Swap], user: Visitor) -> QuerySet[Swap]:
        here = "offered__shift__site__area"
        return rows.annotate(
            owner_name=known_as(user, here, "offered__volunteer__"), other_name=known_as(user, here, "partner__")
        )

    @admin.display(description=_("who offers"))
    def owner(self, row: Swap) -> str:
        return str(row.owner_name)  # type: ignore[attr-defined]

    @admin.display(description=_("with whom"))
    def other(self, row: Swap) -> str:
        return str(row.other_name) if row.partner_id else "–"  # type: ignore[attr-defined]
