from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import chains
from staffing.actions.chains import Answer
from staffing.models import ChainAlias, ChainList, ChainRow
from staffing.states import ChainState


@admin.register(ChainList)
class ChainListAdmin(Admin):
    """Which calls have a chain list, and when it was last pasted."""

    areas = ["call_up__community"]
    sees = [May.RUN, May.HISTORY]
    shows = ["call_up", "title", "pastes", "pasted_at", "pasted_by"]
    list_display = ["call_up", "title", "pastes", "pasted_at", "pasted_by"]
    list_select_related = ["call_up", "pasted_by"]
    search_fields = ["call_up__title", "title"]
    date_hierarchy = "pasted_at"
    ordering = ["-pasted_at", "-id"]


def leave(row: ChainRow, ask: Ask) -> None:
    chains.answer(row.pk, Answer("leave"), by=ask.by, now=ask.now)


@admin.register(ChainRow)
class ChainRowAdmin(Stepping):
    """What has become of each line. What was written is encrypted, and read on the desk."""

    areas = ["chain__call_up__community"]
    sees = [May.RUN]
    shows = ["chain", "line", "state", "reason", "how", "gone", "volunteer", "sign_up", "entered_by", "changed_at"]
    list_display = ["chain", "line", "state", "reason", "how", "gone", "changed_at"]
    list_select_related = ["chain"]
    list_filter = [("state", ChoicesDropdownFilter), ("chain", AutocompleteSelectFilter), "gone"]
    search_fields = ["volunteer__number"]
    date_hierarchy = "changed_at"
    ordering = ["chain_id", "line", "id"]
    steps = [
        Step("leave", _("Leave it"), leave, (May.RUN,), "low_priority", when=lambda row: row.state == ChainState.ASKING)
    ]


@admin.register(ChainAlias)
class ChainAliasAdmin(Admin):
    """By which names people are known in the chats of a community. Who may see names may forget one."""

    areas = ["community"]
    sees = [May.NAMES]
    removes = [May.RUN]
    shows = ["community", "name", "volunteer", "learned_by", "learned_at"]
    list_display = ["community", "name", "volunteer", "learned_at"]
    list_select_related = ["community", "volunteer__user"]
    search_fields = ["volunteer__number"]
    date_hierarchy = "learned_at"
    ordering = ["-learned_at", "-id"]
