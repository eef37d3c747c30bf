from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.steps import Ask, Step, Stepping
from staffing.access import pledged_by
from staffing.actions import pledges
from staffing.admin.calls import is_in
from staffing.models import Pledge
from staffing.states import PledgeStatus


def release(row: Pledge, ask: Ask) -> None:
    pledges.release(row.pk, now=ask.now)


@admin.register(Pledge)
class PledgeAdmin(Stepping):
    """Seats kept for an organisation's people. The organisation sees its own promises, the community all of its posts."""

    areas = ["post__shift__site__area"]
    sees = [May.SEE, May.PLEDGE]
    adds = [May.RUN]
    fills = ["post", "organisation", "seats", "due_at"]
    shows = ["post", "organisation", "seats", "named", "due_at", "status", "made_by"]
    list_display = ["organisation", "post", "seats", "named", "due_at", "status"]
    list_select_related = ["organisation", "post__role"]
    list_filter = [("status", ChoicesDropdownFilter), ("organisation", AutocompleteSelectFilter)]
    search_fields = ["organisation__name", "post__role__name"]
    autocomplete_fields = ["post", "organisation"]
    date_hierarchy = "due_at"
    ordering = ["-due_at", "-id"]
    steps = [
        Step(
            "release",
            _("Give the seats up"),
            release,
            (May.RUN, May.PLEDGE),
            "event_seat",
            when=is_in(PledgeStatus.OPEN),
            foresee=lambda _rows: [str(_("Seats without a name go to those in line, then to everybody."))],
            danger=True,
        )
    ]

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        found = super().scope(user, capabilities)
        return found | pledged_by(user) if May.PLEDGE in capabilities else found

    def save_model(self, request: HttpRequest, obj: Pledge, form: Any, change: bool) -> None:
        made = pledges.promise(
            obj.post_id, obj.organisation_id, obj.seats, obj.due_at, by=request.user, now=timezone.now()
        )
        obj.pk = made.pk
