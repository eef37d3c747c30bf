from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Id, Instant, Integer, Nothing, Said
from communities.errors import Invalid
from communities.models import User
from staffing import access
from staffing.actions import fillings
from staffing.api.callup_rows import CallUpRow
from staffing.api.posts import PostRow
from staffing.api.signup_rows import SignUpRow
from staffing.models import CallUp, Filling, Gap, Move
from staffing.phrases import field_error
from staffing.rules.fillings import MOST_SECONDS
from staffing.states import FillingStatus, Mark, MoveStatus

MOST = 1000


class StaffingProposalRow(Row):
    """A proposal who could take the open seats of an area, or of one call. Nothing of it stands before it is adopted."""

    model = Filling
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    call_up = Ref(CallUpRow, allow_null=True)
    starts_at = serializers.DateTimeField(help_text="Of shifts that begin from here on.")
    ends_at = serializers.DateTimeField(help_text="And before this.")
    seconds = serializers.IntegerField(help_text="Its parts may take so long each.")
    seed = serializers.IntegerField(help_text="The same seed over the same facts gives the same proposal.")
    status = Choice(FillingStatus)
    made_at = serializers.DateTimeField()
    solved_at = serializers.DateTimeField(allow_null=True)
    adopted_at = serializers.DateTimeField(allow_null=True)
    progress = serializers.DictField(
        help_text="While it is worked out: parts, done; then chunks, explained; and what the solver says."
    )
    summary = serializers.DictField(
        help_text="Once it is there: seats short before and after, people asked and placed, people looked at."
    )

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.fillings_visible_to(user)


class ProposedSeatRow(Row):
    """One person proposed for one post."""

    model = Move
    id = serializers.IntegerField()
    post = Ref(PostRow)
    volunteer = serializers.IntegerField()
    asked = serializers.BooleanField(help_text="Gets an invitation; false: seconded there, placed at once.")
    reasons = serializers.ListField(child=serializers.DictField(), help_text="Codes, the strongest first.")
    mark = Choice(Mark)
    status = Choice(MoveStatus)
    code = serializers.CharField(help_text="Why it did not hold when it was adopted.")
    sign_up = Ref(SignUpRow, allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Move.objects.filter(filling__in=access.fillings_visible_to(user).values("pk"))


class EmptySeatRow(Row):
    """Seats left empty, and the rule that binds."""

    model = Gap
    post = Ref(PostRow)
    seats = serializers.IntegerField()
    binding = serializers.CharField()
    eligible = serializers.IntegerField(help_text="People who may stand there.")
    near = serializers.DictField(help_text="By rule, how many that rule alone keeps away.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Gap.objects.filter(filling__in=access.fillings_visible_to(user).values("pk"))


class SeatsOfProposal(serializers.Serializer):
    moves = serializers.ListField(child=ProposedSeatRow(), help_text="At most 1,000.")
    gaps = serializers.ListField(child=EmptySeatRow(), help_text="The largest first; at most 1,000.")


class FillingFilters(Filters):
    area = of("area")
    under = under("area__path")
    call_up = of("call_up")
    status = word("status", FillingStatus)


class NewStaffingProposal(Said):
    area = Id(help_text="All its open seats, and those of areas below it.")
    call_up = Id(required=False, help_text="Only the seats of this call.")
    starts_at = Instant()
    ends_at = Instant(help_text="At most six days later.")
    seconds = Integer(min_value=1, max_value=MOST_SECONDS, default=60)
    seed = Integer(min_value=0, max_value=2**31 - 1, default=1)


class Marking(Said):
    move = Id()
    mark = Choice(Mark)


class Fillings(Readable, Resource):
    row = StaffingProposalRow
    noun = "proposals"
    orderings = ("id", "starts_at")
    filterset_class = FillingFilters

    @says(NewStaffingProposal)
    def create(self, request: Request) -> Response:
        """Have it worked out who could take the open seats. Look at the proposal until its status is ready."""
        said, user, now = NewStaffingProposal.read(request.data), request.user, timezone.now()
        area = load(AreaRow.visible(user), access.areas_planned_by(user), said.pop("area"))
        call = said.pop("call_up", None)
        if call and not CallUp.objects.filter(pk=call, community__path__startswith=area.path).exists():
            raise Invalid(call_up=field_error("unknown_call"))
        found = fillings.propose(
            area.pk, said.pop("starts_at"), said.pop("ends_at"), by=user, now=now, call_up_id=call, **said
        )
        return made(StaffingProposalRow, found, user, new=found.made_at >= now)

    @says(Nothing, SeatsOfProposal)
    @action(detail=True)
    def seats(self, request: Request, pk: str) -> Response:
        """Who is proposed for which post and why, and which seats stay empty and why."""
        filling = get_object_or_404(self.get_queryset(), pk=pk)
        moves: list[Plain] = ProposedSeatRow.read(filling.moves.order_by("pk")[:MOST], request.user)
        gaps: list[Plain] = EmptySeatRow.read(filling.gaps.order_by("-seats", "pk")[:MOST], request.user)
        return Response({"moves": moves, "gaps": gaps})

    @deed(allowed=access.fillings_made_by)
    def stop(self, filling: Filling, *, by: User, now: datetime) -> Filling:
        """Stop working it out; the best found so far becomes the proposal."""
        return fillings.stop(filling.pk, by=by, now=now)

    @deed("put-aside", allowed=access.fillings_made_by)
    def put_aside(self, filling: Filling, *, by: User, now: datetime) -> Filling:
        """Nothing comes of it."""
        return fillings.put_aside(filling.pk, by=by, now=now)

    @deed(allowed=access.fillings_made_by, takes=Marking)
    def mark(self, filling: Filling, move: int, mark: str, *, by: User, now: datetime) -> Filling:
        """Pin a proposed seat, say that it is not wanted, or leave it free again."""
        if not filling.moves.filter(pk=move).exists():
            raise Http404
        fillings.mark(move, Mark(mark), by=by, now=now)
        return filling

    @deed(allowed=access.fillings_made_by)
    def rework(self, filling: Filling, *, by: User, now: datetime) -> Filling:
        """Work it out again with what was marked, changing as little else as possible."""
        return fillings.rework(filling.pk, by=by, now=now)

    @deed(allowed=access.fillings_run_by)
    def adopt(self, filling: Filling, *, by: User, now: datetime) -> Filling:
        """Ask the volunteers and place the seconded, each by the rules as they are now."""
        return fillings.adopt(filling.pk, by=by, now=now)

    @deed(allowed=access.fillings_run_by)
    def undo(self, filling: Filling, *, by: User, now: datetime) -> Filling:
        """Take it all back, until the first person has answered."""
        return fillings.undo(filling.pk, by=by, now=now)
