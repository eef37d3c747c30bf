from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, within
from communities.api.filters import Filters, before, of, since, under, word
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.rows import Many, Ref, Row
from communities.api.sites import SiteRow
from communities.api.words import Choice, Day, Flag, Id, Instant, Integer, Said, Seats, Several, Text
from communities.errors import Invalid
from communities.models import Site, User
from communities.queries.customs import customs_of
from staffing import access
from staffing.actions import copies, deputies, rounds, shift_moves, shifts
from staffing.actions.shifts import ShiftPlan
from staffing.api.callup_rows import CallUpRow, Cancelling, ConsequencesRow
from staffing.api.callups import in_numbers
from staffing.api.posts import PostRow, plan_of
from staffing.models import Shift
from staffing.phrases import field_error
from staffing.states import ShiftStatus
from volunteers.access import volunteers_visible_to
from volunteers.states import PersonKind

HEADS = ("leader", "deputy")


class ShiftRow(Row):
    """People at one site over the half-open interval from starts_at to ends_at. Drafts are for the desk alone."""

    model = Shift
    id = serializers.IntegerField()
    call_up = Ref(CallUpRow, allow_null=True)
    site = Ref(SiteRow)
    status = Choice(ShiftStatus)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    briefing = serializers.CharField()
    briefing_en = serializers.CharField()
    cancel_reason = serializers.CharField()
    posts = Many(PostRow, by="shift")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.shifts_read_by(user)


class ShiftFilters(Filters):
    call_up = of("call_up")
    site = of("site")
    area = of("site__area")
    under = under("site__area__path")
    status = word("status", ShiftStatus)
    starts_from = since("starts_at")
    starts_before = before("starts_at")
    ends_after = since("ends_at")


class PostOfShift(Said):
    role = Id()
    seats = Seats()
    agency = Id(required=False, allow_null=True, help_text="Seats of this organisation's people only.")
    person_kinds = Several(Choice(PersonKind), required=False, help_text="Empty: open to all.")
    auto_confirm = Flag(required=False, help_text="false: each sign-up waits for the lead's word.")


class NewShift(Said):
    site = Id()
    call_up = Id(required=False, allow_null=True)
    starts_at = Instant()
    ends_at = Instant()
    briefing = Text(required=False, allow_blank=True)
    briefing_en = Text(required=False, allow_blank=True)
    leader = Id(required=False, help_text="The volunteer who leads it.")
    deputy = Id(required=False, help_text="The volunteer who stands in if the leader cannot come.")
    override_reason = Text(max_length=200, required=False, help_text="Why it may be longer than a block.")
    posts = serializers.ListField(child=PostOfShift(), required=False, max_length=50)


class Moving(Said):
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)
    site = Id(required=False)


class Briefing(Said):
    """What is not said stays as it is."""

    leader = Id(required=False, allow_null=True, help_text="The volunteer who leads it.")
    deputy = Id(required=False, allow_null=True, help_text="The volunteer who stands in if the leader cannot come.")
    briefing = Text(required=False, allow_blank=True)
    briefing_en = Text(required=False, allow_blank=True)
    override_reason = Text(max_length=200, required=False, allow_blank=True)


class MoveRow(serializers.Serializer):
    """What moving does to the people, by sign-up."""

    keep = serializers.ListField(child=serializers.IntegerField(), help_text="They keep their seat and are told.")
    ask = serializers.ListField(child=serializers.IntegerField(), help_text="They have to say yes again.")
    conflict = serializers.ListField(child=serializers.IntegerField(), help_text="Asked because they are busy then.")


class Copying(Said):
    days = Several(Day(), min_length=1, max_length=366)
    call_up = Id(required=False, help_text="Put the copies under this call.")


class Repeating(Said):
    until = Day()
    weekdays = Several(Integer(min_value=0, max_value=6), min_length=1, max_length=7, help_text="Monday is 0.")


class CopiesMade(serializers.Serializer):
    shifts = ShiftRow(many=True)


def sites_run_by(user: Visitor) -> QuerySet[Site]:
    return Site.objects.filter(within(user, May.RUN, "area"))


def started_by(user: Visitor) -> QuerySet[Shift]:
    return access.boards_of(user) | access.shifts_run_by(user)


class Shifts(Readable, Resource):
    row = ShiftRow
    noun = "shifts"
    orderings = ("starts_at", "id", "ends_at")
    filterset_class = ShiftFilters

    @says(NewShift)
    def create(self, request: Request) -> Response:
        """Write a shift with its posts.

        It is a draft until you publish it, or its call.
        """
        said = NewShift.read(request.data)
        load(SiteRow.visible(request.user), sites_run_by(request.user), said["site"])
        self.check_call(said.get("call_up"))
        posts = [plan_of(post) for post in said.pop("posts", [])]
        heads = {name: self.account(name, said.pop(name, None)) for name in HEADS}
        plan = ShiftPlan(**said, **heads, posts=posts)
        return made(ShiftRow, shifts.create(plan, by=request.user, now=timezone.now()), request.user)

    def account(self, name: str, volunteer: int | None) -> int | None:
        if volunteer is None:
            return None
        found = volunteers_visible_to(self.request.user).filter(pk=volunteer).values_list("user_id", flat=True).first()
        if found is None:
            raise Invalid(**{name: field_error("unknown_person")})
        return found

    def check_call(self, call_up: int | None) -> None:
        if call_up:
            load(access.calls_read_by(self.request.user), access.calls_run_by(self.request.user), call_up)

    @says(Moving, MoveRow, parameters=["dry_run"])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Move a shift to another time or place.

        By more than 30 minutes, or elsewhere, everybody with a seat is asked again. With dry_run nothing changes.
        """
        shift, now = self.load(pk, access.shifts_run_by), timezone.now()
        said = Moving.read(request.data, partial=True)
        if "site" in said:
            load(SiteRow.visible(request.user), sites_run_by(request.user), said["site"])
        there = {"starts_at": shift.starts_at, "ends_at": shift.ends_at, "site": None} | said
        if dry_run(request):
            shifts.check(there["starts_at"], there["ends_at"], now)
            return Response(asdict(shift_moves.foresee(shift, *there.values())))
        return Response(asdict(shift_moves.move(shift.pk, **there, by=request.user, now=now)))

    @deed(allowed=access.shifts_run_by, takes=Briefing)
    def brief(self, shift: Shift, *, by: User, now: datetime, **said: Any) -> Shift:
        """Change who leads the shift and who stands in, and what its people hear before they start."""
        as_is = {name: getattr(shift, name) for name in ("briefing", "briefing_en", "override_reason")}
        heads = {name: self.account(name, said.pop(name)) for name in HEADS if name in said}
        as_was = {"leader": shift.leader_id, "deputy": shift.deputy_id}
        return rounds.brief(shift.pk, rounds.Brief(**as_was | heads | as_is | said), by=by, now=now)

    @deed("step-up", allowed=started_by)
    def step_up(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """Say that the leader cannot be there: who stands in is in charge, and the desk is told."""
        return deputies.step_up(shift.pk, by=by, now=now)

    @deed(allowed=access.shifts_run_by)
    def publish(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """Open the shift for sign-up."""
        return shifts.publish(shift.pk, by=by, now=now)

    @deed(allowed=access.shifts_run_by)
    def close(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """Take no new sign-ups; those in line still move up."""
        return shifts.close(shift.pk, by=by, now=now)

    @deed(allowed=access.shifts_run_by)
    def reopen(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """Take sign-ups again."""
        return shifts.reopen(shift.pk, by=by, now=now)

    @deed(allowed=started_by)
    def start(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """Begin, up to 30 minutes early."""
        return shifts.start(shift.pk, by=by, now=now)

    @deed(allowed=started_by)
    def finish(self, shift: Shift, *, by: User, now: datetime) -> Shift:
        """End the shift.

        Who is still checked in is checked out by the system, and who never came is a no-show.
        """
        return shifts.finish(shift.pk, by=by, now=now)

    @deed(allowed=access.shifts_run_by, methods=("get",), gives=ConsequencesRow)
    def consequences(self, shift: Shift, *, by: User, now: datetime) -> Response:
        """Say what cancelling the shift would do."""
        return in_numbers(shifts.consequences([shift.pk]))

    @deed(allowed=access.shifts_run_by, takes=Cancelling, gives=ConsequencesRow, parameters=["dry_run"])
    def cancel(self, shift: Shift, reason: str, *, by: User, now: datetime) -> Response:
        """Cancel the shift for everybody."""
        if dry_run(self.request):
            return in_numbers(shifts.consequences([shift.pk]))
        return in_numbers(shifts.cancel([shift.pk], by=by, now=now, reason=reason))

    @deed(allowed=access.shifts_run_by, takes=Copying, gives={201: CopiesMade})
    def copy(self, shift: Shift, days: list[date], call_up: int | None = None, *, by: User, now: datetime) -> Response:
        """Copy the shift to other days, as drafts and without the people.

        A copy that is there already is not made twice.
        """
        self.check_call(call_up)
        return self.drafts(copies.copy([shift.pk], days, zone=zone_of(shift), by=by, now=now, call_up=call_up))

    @deed(allowed=access.shifts_run_by, takes=Repeating, gives={201: CopiesMade})
    def repeat(self, shift: Shift, until: date, weekdays: list[int], *, by: User, now: datetime) -> Response:
        """Repeat the shift every week on these weekdays, at the same clock time, as drafts."""
        return self.drafts(copies.repeat_weekly(shift.pk, until, set(weekdays), zone=zone_of(shift), by=by, now=now))

    def drafts(self, found: list[Shift]) -> Response:
        rows = ShiftRow.read(
            Shift.objects.filter(pk__in=[shift.pk for shift in found]).order_by("id"), self.request.user
        )
        return Response({"shifts": rows}, status=status.HTTP_201_CREATED)


def zone_of(shift: Shift) -> Any:
    area = Site.objects.values_list("area_id", flat=True).get(pk=shift.site_id)
    return customs_of([area])[area].zone
