from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget

from communities.access import May
from communities.actions import policies, proposals, zones
from communities.admin.base import Admin, DomainForm
from communities.admin.steps import Ask, Step, Stepping, TextInput
from communities.errors import Invalid
from communities.models import ZonePolicy, ZoneProposal, ZoneScheme, ZoneStatus
from communities.states import ProposalStatus


def levels() -> list[tuple[str, str]]:
    return [(policy.level, str(policy)) for policy in ZonePolicy.objects.select_related("scheme")]


class ZoneForm(DomainForm):
    level = forms.ChoiceField(label=_("level"), widget=UnfoldAdminSelectWidget)
    since = forms.SplitDateTimeField(label=_("valid from"), widget=UnfoldAdminSplitDateTimeWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "level" in self.fields:
            self.fields["level"].choices = levels()
        if "reason" in self.fields:
            self.fields["reason"].required = False


@admin.register(ZoneStatus)
class ZoneStatusAdmin(Admin):
    """A notice makes a new row, which ends the one before. Rows are never changed or deleted: they are the history."""

    areas = ["compound__community", "area"]
    sees = [May.SEE, May.ZONES]
    adds = [May.ZONES]
    form = ZoneForm
    fills = ["compound", "area", "level", "group", "since", "issuer", "notice_no", "reason", "earliest_release_at"]
    shows = [
        "compound",
        "area",
        "level",
        "group",
        "valid",
        "issuer",
        "notice_no",
        "reason",
        "earliest_release_at",
        "set_by",
    ]
    list_display = ["level", "compound", "area", "group", "valid", "notice_no", "issuer"]
    list_select_related = ["compound", "area"]
    list_filter = [("reason", ChoicesDropdownFilter), ("compound", AutocompleteSelectFilter)]
    search_fields = ["notice_no", "issuer", "compound__name", "group", "level"]
    autocomplete_fields = ["compound", "area"]
    ordering = ["-valid", "-id"]

    def save_model(self, request: HttpRequest, obj: ZoneStatus, form: Any, change: bool) -> None:
        if bool(obj.compound_id) == bool(obj.area_id):
            raise Invalid(compound=_("Choose one compound or one area."))
        decree = zones.Decree(
            level=obj.level,
            since=form.cleaned_data["since"],
            issuer=obj.issuer,
            notice_no=obj.notice_no,
            group=obj.group,
            earliest_release_at=obj.earliest_release_at,
            reason=obj.reason,
        )
        target = zones.Target(compound=obj.compound_id, area=obj.area_id)
        obj.pk = zones.set_zone(target, decree, by=request.user, now=timezone.now()).pk


@admin.register(ZoneScheme)
class ZoneSchemeAdmin(Admin):
    """Levels that belong together."""

    sees = [May.SEE, May.ZONES, May.SCHEME]
    changes = adds = [May.SCHEME]
    fills = ["slug", "name", "name_en"]
    edits = ["name", "name_en"]
    list_display = ["slug", "name", "name_en"]
    search_fields = ["name", "name_en"]


RULES = [
    "name",
    "name_en",
    "strictness",
    "entry",
    "residents_may_leave",
    "needs_approval",
    "allows",
    "pass_for",
    "gathering_limit",
    "release_days",
    "escalates_to",
]


@admin.register(ZonePolicy)
class ZonePolicyAdmin(Admin):
    """What the levels mean. Each change is a new version; where it changes who may serve, seats are looked at again."""

    sees = [May.SEE, May.ZONES, May.SCHEME]
    changes = adds = [May.SCHEME]
    fills = ["scheme", "level", *RULES]
    edits = RULES
    shows = ["scheme", "level", *RULES, "version"]
    list_display = ["level", "scheme", "name", "name_en", "entry", "residents_may_leave", "strictness", "version"]
    list_select_related = ["scheme"]
    search_fields = ["name", "name_en", "level"]
    ordering = ["scheme", "strictness"]

    def save_model(self, request: HttpRequest, obj: ZonePolicy, form: Any, change: bool) -> None:
        now = timezone.now()
        if change:
            policies.edit(obj.pk, {name: form.cleaned_data[name] for name in RULES}, by=request.user, now=now)
            return
        names = [name for name in policies.PolicyPlan.__slots__ if name != "scheme"]
        plan = policies.PolicyPlan(scheme=obj.scheme_id, **{name: getattr(obj, name) for name in names})
        obj.pk = policies.add(plan, by=request.user, now=now).pk


class Answer(forms.Form):
    answer = TextInput(label=_("answer"), max_length=200)


def refuse(row: ZoneProposal, ask: Ask, answer: str) -> None:
    proposals.refuse(row.pk, answer, by=ask.by, now=ask.now)


def withdraw(row: ZoneProposal, ask: Ask) -> None:
    proposals.withdraw(row.pk, by=ask.by, now=ask.now)


def waits(row: ZoneProposal) -> bool:
    return row.status == ProposalStatus.PROPOSED


@admin.register(ZoneProposal)
class ZoneProposalAdmin(Stepping):
    """What communities ask for. It is set on the desk, under a notice and with its consequences in sight."""

    areas = ["compound__community", "area"]
    sees = [May.SEE, May.ZONES]
    shows = [
        "compound",
        "area",
        "level",
        "group",
        "since",
        "reason",
        "status",
        "proposed_by",
        "proposed_at",
        "decided_by",
        "decided_at",
        "answer",
        "made",
    ]
    list_display = ["level", "compound", "area", "since", "status", "proposed_at"]
    list_select_related = ["compound", "area"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["compound__name", "area__name", "level"]
    steps = [
        Step("refuse", _("Refuse"), refuse, (May.ZONES,), "block", when=waits, form=Answer, danger=True),
        Step("withdraw", _("Withdraw"), withdraw, (May.PROPOSE,), "undo", when=waits),
    ]
