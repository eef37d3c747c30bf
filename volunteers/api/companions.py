"""Who comes together: one's own questions and answers, and, for staff who see both names, the pairs."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.resources import Readable, Resource, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Nothing, Said, Text
from volunteers import access
from volunteers.actions import companions
from volunteers.api.me import Mine, myself
from volunteers.api.volunteers import VolunteerRow
from volunteers.models import Companionship
from volunteers.queries import selves
from volunteers.states import CompanionState


class CompanionRow(Row):
    """Somebody you come with, or a question about it: yours, or one to you.

    `name` is there once you come together, and in a question to you. What you have asked looks the same whether or not
    somebody has the number, and whether or not they have said no; it lapses at `waits_until`.
    """

    model = Companionship
    filled = frozenset({"name", "state"})
    hidden = {
        "_asker": "asker__user",
        "_asker_name": "asker__user__name",
        "_asked_name": "asked__user__name",
    }

    id = serializers.IntegerField()
    state = Choice(CompanionState)
    number = serializers.CharField(allow_null=True, help_text="That you gave.")
    name = serializers.CharField(allow_null=True)
    asked_at = serializers.DateTimeField()
    together_since = serializers.DateTimeField(source="confirmed_at", allow_null=True)
    waits_until = serializers.DateTimeField(source="over_at", allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        person = selves.myself(user) if user.is_authenticated else None
        shown = Companionship.objects.shown_to(person.pk, timezone.now()) if person else Companionship.objects.none()
        return shown.order_by("id")

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        return [as_seen(row, row.pop("_asker") == user.pk) for row in rows]


def as_seen(row: Plain, mine: bool) -> Plain:
    """By who asked, or by who was asked: neither is told of the other what is not theirs yet."""
    asker, asked = row.pop("_asker_name"), row.pop("_asked_name")
    together = row["together_since"] is not None and row["waits_until"] is None
    state = CompanionState.ASKED if mine else CompanionState.ASKS_YOU
    return row | {
        "state": CompanionState.TOGETHER if together else state,
        "name": (asked if together else None) if mine else asker,
        "number": row["number"] if mine else None,
    }


class AskingCompanion(Said):
    number = Text(max_length=10, help_text="The other's volunteer number, which they have told you.")


class Companions(Mine):
    row = CompanionRow
    many = "companions"

    def list(self, request: Request) -> Response:
        return self.read_list(request)

    @says(AskingCompanion)
    def create(self, request: Request) -> Response:
        """Ask whoever has this number to come together with you.

        The answer is the same whether or not somebody has it. Asked again while it waits, the first. Five questions a
        day.
        """
        said, person, now = AskingCompanion.read(request.data), myself(request.user), timezone.now()
        done = companions.ask(person.pk, said["number"], now=now)
        return made(CompanionRow, done, request.user, new=done.asked_at >= now)

    @says(Nothing, CompanionRow)
    def agree(self, request: Request, pk: int) -> Response:
        """Say yes to who asks you. Said again, it stays so."""
        Nothing.read(request.data or {})
        mine = get_object_or_404(self.get_queryset(), pk=pk, asked__user=request.user)
        companions.agree(mine.pk, by=myself(request.user).pk, now=timezone.now())
        return Response(CompanionRow.one(mine.pk, request.user))

    def destroy(self, request: Request, pk: int) -> Response:
        """No more of it: take your question back, say no, or end coming together. Nobody is told."""
        mine = get_object_or_404(self.get_queryset(), pk=pk)
        companions.end(mine.pk, by=myself(request.user).pk, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CompanionshipRow(Row):
    """Two people who come together, where your role sees both names."""

    model = Companionship

    id = serializers.IntegerField()
    one = Ref(VolunteerRow, source="asker")
    other = Ref(VolunteerRow, source="asked")
    since = serializers.DateTimeField(source="confirmed_at")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.companionships_seen_by(user)


class Companionships(Readable, Resource):
    row = CompanionshipRow
    noun = "volunteers"
