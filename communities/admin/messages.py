"""What was told to whom and what became of it. Contents and addresses are not shown: the texts are personal."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May, Visitor, granted, within
from communities.actions import repeats
from communities.admin.base import Admin, ReadOnlyInline
from communities.admin.steps import Ask, Step, Stepping
from communities.models import DeadEnd, Delivery, Message
from communities.states import MessageStatus

# Packages further up add the messages about their own things in the user's areas.
SCOPES: list[Callable[[Visitor, May], Q]] = []
WORDS: dict[str, Any] = {}  # what the kinds are called


class Parked(admin.SimpleListFilter):
    """What was given up and is still news: whoever mended the cause tries it again."""

    title = _("given up")
    parameter_name = "parked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("still news"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.failed(timezone.now()) if self.value() == "1" else queryset


class About(admin.SimpleListFilter):
    title = _("about what")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() in WORDS else queryset


def messages_of(user: Visitor, may: May) -> Q:
    if may is May.ADMINISTER:
        return Q(pk__isnull=not granted(user, may))  # an empty Q would vanish in an OR
    found = within(user, may, "robot__area")
    for add in SCOPES:
        found |= add(user, may)
    return found


def try_again(row: Message, ask: Ask) -> None:
    repeats.try_again(row.pk, now=ask.now)


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ["at", "channel", "status", "attempt", "reason", "ref"]
    readonly_fields = fields
    ordering = ["-at"]


@admin.register(Message)
class MessageAdmin(Stepping):
    sees = [May.ADMINISTER, May.SEE]
    shows = [
        "about",
        "told",
        "status",
        "channel",
        "queue",
        "attempts",
        "created_at",
        "due_at",
        "expires_at",
        "sent_at",
    ]
    list_display = ["id", "about", "told", "status", "channel", "queue", "attempts", "why", "due_at", "sent_at"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        Parked,
        About,
    ]
    search_fields = ["kind", "=target"]
    search_help_text = _("A kind of message, or the number of the sign-up it is about")
    date_hierarchy = "created_at"
    ordering = ["-id"]
    inlines = [DeliveryInline]
    steps = [
        Step(
            "again",
            _("Try again"),
            try_again,
            (May.ADMINISTER, May.RUN),
            "replay",
            when=lambda row: row.status == MessageStatus.FAILED,
        )
    ]

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        found = Q(pk__in=[])
        for may in capabilities:
            if granted(user, may):
                found |= messages_of(user, may)
        return found

    def holds(self, request: Any, capabilities: Any, row: Any = None) -> bool:
        if not super().holds(request, capabilities):
            return False
        return row is None or Message.objects.filter(self.scope(request.user, capabilities), pk=row.pk).exists()

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        number = Concat(Value("#"), Cast("reader_id", CharField()))
        mine = messages_of(user, May.NAMES) if granted(user, May.NAMES) else Q(pk__in=[])
        names = Case(
            When(robot__isnull=False, then=F("robot__name")),
            When(mine, then=F("reader__name")),
            default=number,
            output_field=CharField(),
        )
        last = Delivery.objects.filter(message=OuterRef("pk")).order_by("-at", "-pk")
        return rows.annotate(told_name=names, last_reason=Subquery(last.values("reason")[:1]))

    @admin.display(description=_("about what"), ordering="kind")
    def about(self, row: Message) -> str:
        return str(WORDS.get(row.kind, row.kind))

    @admin.display(description=_("reason"))
    def why(self, row: Any) -> str:
        return str(row.last_reason or "")

    @admin.display(description=_("told"), ordering="reader_id")
    def told(self, row: Any) -> str:
        return str(row.told_name)


@admin.register(DeadEnd)
class DeadEndAdmin(Admin):
    """Numbers and addresses that do not work. They go by themselves when something arrives or they are changed."""

    sees = [May.ADMINISTER]
    deletes = [May.ADMINISTER]
    shows = ["user", "channel", "reason", "since"]
    list_display = ["user", "channel", "reason", "since"]
    list_select_related = ["user"]
    list_filter = [("channel", ChoicesDropdownFilter)]
    search_fields = ["user__name"]
    date_hierarchy = "since"
    ordering = ["-since", "-id"]


@admin.register(Delivery)
class DeliveryAdmin(Admin):
    sees = [May.ADMINISTER, May.SEE]
    shows = ["message", "channel", "status", "attempt", "at", "reason", "ref"]
    list_display = ["id", "message", "channel", "status", "attempt", "at", "reason"]
    list_select_related = ["message"]
    list_filter = [("status", ChoicesDropdownFilter), ("channel", ChoicesDropdownFilter)]
    search_fields = ["ref", "reason"]
    date_hierarchy = "at"
    ordering = ["-id"]

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        if granted(user, May.ADMINISTER) and May.ADMINISTER in capabilities:
            return Q()
        return Q(message__in=Message.objects.filter(messages_of(user, May.SEE)).values("pk"))
