from datetime import datetime
from typing import Any

from django.db.models import F, Func, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, deed, load, says
from communities.api.rows import Many, Plain, Ref, Row
from communities.api.words import Choice, Id, Instant, Said, Several, Text
from communities.models import User
from communities.phrases import reasons
from staffing import access
from staffing.actions import lendings
from staffing.actions.lendings import Plan
from staffing.api.secondments import StayedRow
from staffing.models import Lending, LentPerson
from staffing.states import LendingEnd, LendingStatus
from volunteers.access import volunteers_visible_to


class LentPersonRow(Row):
    """Somebody in a lending; `dropped` is why they could not go after all."""

    model = LentPerson
    id = serializers.IntegerField()
    lending = serializers.IntegerField()
    volunteer = serializers.IntegerField()
    binds = serializers.BooleanField(help_text="Both communities have agreed, and the person is lent.")
    dropped = serializers.CharField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return LentPerson.objects.filter(lending__in=access.lendings_visible_to(user))


class LendingRow(Row):
    """One community lends people to another over [start, end). Those to and from the areas you run or stand above."""

    model = Lending
    computed = {"start": Func(F("period"), function="lower"), "end": Func(F("period"), function="upper")}

    id = serializers.IntegerField()
    giver = Ref(AreaRow)
    taker = Ref(AreaRow)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    reason = serializers.CharField()
    status = Choice(LendingStatus)
    proposed_at = serializers.DateTimeField()
    given_at = serializers.DateTimeField(allow_null=True, help_text="When the giving community agreed.")
    taken_at = serializers.DateTimeField(allow_null=True, help_text="When the receiving one did.")
    closed_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(help_text="Why it was refused.")
    people = Many(LentPersonRow, by="lending")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.lendings_visible_to(user)


class LendingFilters(Filters):
    status = word("status", LendingStatus)
    giver = of("giver")
    taker = of("taker")
    under = under("taker__path")


class ProposingToLend(Said):
    giver = Id(help_text="The community whose people they are.")
    taker = Id(help_text="The community that needs them.")
    volunteers = Several(Id(), max_length=lendings.MOST)
    start = Instant()
    end = Instant(help_text="At most three days later.")
    reason = Text(max_length=200)


class AgreeingToLend(Said):
    end = Choice(LendingEnd, help_text="For which of the two communities.")


class RefusingToLend(Said):
    answer = Text(max_length=200)


class ProposedRow(serializers.Serializer):
    """The lending, and who is not in it, with the reasons."""

    lending = LendingRow()
    stayed = StayedRow(many=True)


class Lendings(Readable, Resource):
    row = LendingRow
    noun = "lendings"
    orderings = ("id", "proposed_at")
    filterset_class = LendingFilters

    @says(ProposingToLend, ProposedRow)
    def create(self, request: Request) -> Response:
        """Propose that one community lends another these people, as somebody above both.

        Who cannot help there is left out and comes back in `stayed` with the reasons; if that is everybody, 409.
        Proposed again, the first.
        """
        said, user, now = ProposingToLend.read(request.data), request.user, timezone.now()
        ends = [load(AreaRow.visible(user), areas(user, May.SHARE), said[name]).pk for name in ("giver", "taker")]
        people = said["volunteers"]
        if volunteers_visible_to(user).filter(pk__in=people).count() < len(people):
            raise Http404
        plan = Plan(*ends, people, said["start"], said["end"], said["reason"])
        made = lendings.propose(plan, by=user, now=now)
        stayed = [{"id": pk, "reasons": reasons(why)} for pk, why in made.stayed.items()]
        row: Plain = {"lending": LendingRow.one(made.lending.pk, user), "stayed": stayed}
        return Response(row, status=status.HTTP_201_CREATED if made.new else status.HTTP_200_OK)

    @deed(allowed=access.lendings_decided_by, takes=AgreeingToLend)
    def agree(self, lending: Lending, end: str, *, by: User, now: datetime) -> Lending:
        """Say yes for one of the two communities; with the second yes the people are lent."""
        allowed = access.lendings_given_by if end == LendingEnd.GIVER else access.lendings_taken_by
        load(access.lendings_visible_to(by), allowed(by), lending.pk)
        return lendings.agree(lending.pk, LendingEnd(end), by=by, now=now)

    @deed(allowed=access.lendings_decided_by, takes=RefusingToLend)
    def refuse(self, lending: Lending, answer: str, *, by: User, now: datetime) -> Lending:
        """Say no for one of the two communities, and why."""
        return lendings.refuse(lending.pk, answer, by=by, now=now)

    @deed(allowed=access.lendings_proposed_by)
    def withdraw(self, lending: Lending, *, by: User, now: datetime) -> Lending:
        """Take the proposal back before both have agreed."""
        return lendings.withdraw(lending.pk, by=by, now=now)

    @deed(allowed=access.lendings_ended_by)
    def end(self, lending: Lending, *, by: User, now: datetime) -> Lending:
        """End it before its time: seats given to lent staff that begin later open again."""
        return lendings.end(lending.pk, by=by, now=now)
