from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.filters import Filters, IdFilter, described, since, text, word
from communities.api.resources import Readable, Resource, deed
from communities.api.rows import Plain, Row
from communities.api.words import Choice
from communities.errors import Gone
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message, User
from communities.models.messages import CHANNELS
from communities.states import MessageStatus
from staffing.access import calls_run_by, signups_run_by

ABOUT_A_CALL = ("call_up",)


class MessageRow(Row):
    """Something told, or to be told: to you, or about the calls and sign-ups you run. Never its words or address."""

    model = Message
    hidden = {"_reader": "reader_id"}
    filled = frozenset({"own"})
    computed = {
        "call_up": Case(When(kind__in=ABOUT_A_CALL, then=F("target"))),
        "sign_up": Case(When(~Q(kind__in=ABOUT_A_CALL), then=F("target"))),
    }

    id = serializers.IntegerField()
    kind = serializers.CharField()
    own = serializers.BooleanField(help_text="To you.")
    sign_up = serializers.IntegerField(allow_null=True)
    call_up = serializers.IntegerField(allow_null=True)
    status = Choice(MessageStatus)
    channel = Choice(["", *CHANNELS], name="MessageChannel", help_text="Empty until it was sent.")
    attempts = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        seats = ~Q(kind__in=ABOUT_A_CALL) & Q(target__in=signups_run_by(user).values("pk"))
        calls = Q(kind__in=ABOUT_A_CALL, target__in=calls_run_by(user).values("pk"))
        return Message.objects.filter(Q(reader=user.pk) | seats | calls)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        for row in rows:
            row["own"] = row.pop("_reader") == user.pk
        return rows


class CallFilter(IdFilter):
    def filter(self, queryset: Any, value: int | None) -> Any:
        return queryset.filter(kind__in=ABOUT_A_CALL, target=value) if value else queryset


class SeatFilter(IdFilter):
    def filter(self, queryset: Any, value: int | None) -> Any:
        return queryset.exclude(kind__in=ABOUT_A_CALL).filter(target=value) if value else queryset


class MessageFilters(Filters):
    status = word("status", MessageStatus)
    kind = text("kind")
    sign_up = described(SeatFilter(field_name="target"), {"type": "integer"}, "About this sign-up.")
    call_up = described(CallFilter(field_name="target"), {"type": "integer"}, "About this call.")
    due_from = since("due_at")


class TextRow(serializers.Serializer):
    subject = serializers.CharField()
    text = serializers.CharField()


def own(user: Visitor) -> QuerySet[Message]:
    return Message.objects.filter(reader=user.pk)


class Messages(Readable, Resource):
    row = MessageRow
    noun = "messages"
    orderings = ("id", "due_at")
    filterset_class = MessageFilters

    @deed(allowed=own, methods=("get",), gives=TextRow)
    def text(self, message: Message, *, by: User, now: datetime) -> Response:
        """Read your message, in the language of the request; gone once it is not true any more."""
        kind = KINDS[message.kind]
        found = kind.contexts([claimed(message)], now).get(message.pk)
        if found is None:
            raise Gone("expired")
        return Response({"subject": kind.subject(found), "text": kind.text(found)})


def claimed(message: Message) -> Claimed:
    """As a sender would hold it."""
    names = ("id", "kind", "key", "target", "facts", "channel", "attempts", "expires_at")
    return Claimed(**{name: getattr(message, name) for name in names}, reader=message.reader_id, robot=None)
