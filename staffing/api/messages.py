from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, When
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import Visitor
from communities.actions import repeats
from communities.api.filters import Filters, IdFilter, described, since, text, word
from communities.api.resources import Readable, Resource, deed
from communities.api.rows import Plain, Row
from communities.api.words import Choice
from communities.errors import Gone
from communities.messages.kinds import KINDS, Claimed
from communities.models import Message, User
from communities.models.messages import CHANNELS
from communities.states import MessageStatus
from staffing.access import broadcasts_run_by, calls_run_by, signups_run_by
from staffing.queries.undelivered import CALLS, SEATS, about, of_notices


class MessageRow(Row):
    """Something told, or to be told: to you, or about the calls and sign-ups you run. Never its words or address."""

    model = Message
    hidden = {"_reader": "reader_id"}
    filled = frozenset({"own"})
    computed = {
        "call_up": Case(When(kind__in=CALLS, then=F("target"))),
        "sign_up": Case(When(kind__in=SEATS, then=F("target"))),
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
        return own(user) | run_by(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        for row in rows:
            row["own"] = row.pop("_reader") == user.pk
        return rows


class CallFilter(IdFilter):
    def filter(self, queryset: Any, value: int | None) -> Any:
        return queryset.filter(kind__in=CALLS, target=value) if value else queryset


class SeatFilter(IdFilter):
    def filter(self, queryset: Any, value: int | None) -> Any:
        return queryset.filter(kind__in=SEATS, target=value) if value else queryset


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


def run_by(user: Visitor) -> QuerySet[Message]:
    notices = of_notices(broadcasts_run_by(user))
    return Message.objects.filter(about(signups_run_by(user), calls_run_by(user)) | notices)


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

    @deed(allowed=run_by)
    def retry(self, message: Message, *, by: User, now: datetime) -> Message:
        """Send a message again that did not arrive.

        To the same reader, as things stand then; what is out of date by then is not sent.
        """
        repeats.try_again(message.pk, now=now)
        return message


def claimed(message: Message) -> Claimed:
    """As a sender would hold it."""
    names = ("id", "kind", "key", "target", "facts", "channel", "attempts", "expires_at")
    return Claimed(**{name: getattr(message, name) for name in names}, reader=message.reader_id, robot=None)
