from datetime import datetime
from typing import Any

from django.db.models import F, Func, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, FlagFilter, described, of, under
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Many, Ref, Row
from communities.api.words import Choice, Flag, Id, Instant, Said, Text
from communities.models import Area, User
from staffing import access
from staffing.actions import hand_overs, task_forces
from staffing.actions.task_forces import ForcePlan
from staffing.models import Extension, HandOver, Posting, TaskForce
from staffing.states import Duty, ExtensionStatus


class PostingRow(Row):
    """Somebody's duty in a task force, now or before. The rights of it are a grant that ends with the task force."""

    model = Posting
    id = serializers.IntegerField()
    task_force = serializers.IntegerField()
    user = serializers.IntegerField()
    name = serializers.CharField(source="user__name")
    duty = Choice(Duty)
    joined_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.postings_visible_to(user)


class ExtensionRow(Row):
    """More time for a task force: asked for by one person, agreed to by another."""

    model = Extension
    id = serializers.IntegerField()
    task_force = serializers.IntegerField()
    until = serializers.DateTimeField()
    reason = serializers.CharField()
    status = Choice(ExtensionStatus)
    asked_by = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    answered_by = serializers.IntegerField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.extensions_visible_to(user)


class TaskForceRow(Row):
    """A body for one purpose, over one area, over [start, end). Its rights end by themselves."""

    model = TaskForce
    computed = {"start": Func(F("period"), function="lower"), "end": Func(F("period"), function="upper")}

    id = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True)
    area = Ref(AreaRow)
    name = serializers.CharField()
    name_en = serializers.CharField()
    purpose = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    people = Many(PostingRow, by="task_force")
    extensions = Many(ExtensionRow, by="task_force")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.task_forces_visible_to(user)


class Going(FlagFilter):
    def filter(self, queryset: Any, value: str) -> Any:
        if not value:
            return queryset
        now = {"period__contains": timezone.now()}
        return queryset.filter(**now) if value == "true" else queryset.exclude(**now)


class TaskForceFilters(Filters):
    area = of("area")
    under = under("area__path")
    parent = of("parent")
    going = described(Going(), {"type": "boolean"}, "Neither over nor still to begin.")


class Founding(Said):
    area = Id()
    name = Text(max_length=120)
    name_en = Text(max_length=120, required=False)
    purpose = Text(max_length=200)
    ends_at = Instant(help_text="At most 30 days from now, and not after that of the one above.")
    parent = Id(required=False, help_text="The task force that it is part of.")


class Appointing(Said):
    user = Id(help_text="An account with a role in the area, above or below it, or of somebody on duty there.")
    duty = Choice(Duty)
    anyway = Flag(required=False, help_text="For a new lead: the one before cannot leave a note.")


class Releasing(Said):
    posting = Id()


class Extending(Said):
    until = Instant()
    reason = Text(max_length=200)


class AnsweringExtension(Said):
    extension = Id()
    agree = Flag()


class Noting(Said):
    text = Text(max_length=2000, help_text="No names of residents.")


class TaskForces(Readable, Resource):
    row = TaskForceRow
    noun = "task-forces"
    filterset_class = TaskForceFilters

    @says(Founding)
    def create(self, request: Request) -> Response:
        """Found one, as who stands above the area, or leads the task force that it is part of. Again, the first."""
        said, user, now = Founding.read(request.data), request.user, timezone.now()
        if parent := said.get("parent"):
            load(access.task_forces_visible_to(user), access.task_forces_led_by(user), parent)
            if not Area.objects.filter(pk=said["area"]).exists():
                raise Http404
        else:
            load(AreaRow.visible(user), areas(user, May.COMMAND), said["area"])
        done = task_forces.found(ForcePlan(**said), by=user, now=now)
        return made(TaskForceRow, done, user, new=done.founded_at >= now)

    @deed(allowed=access.task_forces_led_by, takes=Appointing, gives=PostingRow)
    def appoint(
        self, force: TaskForce, user: int, duty: str, anyway: bool = False, *, by: User, now: datetime
    ) -> Response:
        """Give somebody a duty and its rights until the end. The lead is named from above."""
        if not access.colleagues_of(force, now).filter(pk=user).exists():
            raise Http404
        done = task_forces.appoint(force.pk, user, Duty(duty), by=by, now=now, anyway=anyway)
        return made(PostingRow, done, by, new=done.joined_at >= now)

    @deed(allowed=access.task_forces_visible_to, takes=Releasing, gives=PostingRow)
    def release(self, force: TaskForce, posting: int, *, by: User, now: datetime) -> Response:
        """End a duty, somebody's or your own; its rights are gone with the next request."""
        found = load(access.postings_visible_to(by).filter(task_force=force), access.postings_ended_by(by), posting)
        return Response(PostingRow.one(task_forces.release(found.pk, by=by, now=now).pk, by))

    @deed(allowed=access.task_forces_led_by, takes=Extending, gives=ExtensionRow)
    def extend(self, force: TaskForce, until: datetime, reason: str, *, by: User, now: datetime) -> Response:
        """Ask for more time; a second person has to agree."""
        done = task_forces.ask_extension(force.pk, until, reason, by=by, now=now)
        return made(ExtensionRow, done, by, new=done.asked_at >= now)

    @deed("answer-extension", allowed=access.task_forces_founded_by, takes=AnsweringExtension, gives=ExtensionRow)
    def answer_extension(self, force: TaskForce, extension: int, agree: bool, *, by: User, now: datetime) -> Response:
        """Agree to more time, or refuse it, as a second person above."""
        found = load(access.extensions_visible_to(by), force.extensions, extension)
        return Response(ExtensionRow.one(task_forces.answer_extension(found.pk, yes=agree, by=by, now=now).pk, by))

    @deed(allowed=access.task_forces_led_by, takes=Noting)
    def end(self, force: TaskForce, text: str, *, by: User, now: datetime) -> TaskForce:
        """End it now, with all below it, and leave a note for those who come after."""
        return task_forces.end(force.pk, text, by=by, now=now)


class HandOverRow(Row):
    """What one lead has left to the next, of a shift or of a task force."""

    model = HandOver
    id = serializers.IntegerField()
    shift = serializers.IntegerField(allow_null=True)
    task_force = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    written_by = serializers.IntegerField()
    written_at = serializers.DateTimeField()
    read_by = serializers.IntegerField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True, help_text="When somebody took over from there.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.hand_overs_visible_to(user)


class HandOverFilters(Filters):
    shift = of("shift")
    site = of("shift__site")
    task_force = of("task_force")


class HandingOver(Noting):
    shift = Id(required=False)
    task_force = Id(required=False, help_text="Yours to lead, now or until a week ago.")


class HandOvers(Readable, Resource):
    row = HandOverRow
    noun = "hand-overs"
    filterset_class = HandOverFilters

    @says(HandingOver)
    def create(self, request: Request) -> Response:
        """Leave a note about a shift or about a task force; exactly one of them. The same words again, the first."""
        said, user, now = HandingOver.read(request.data), request.user, timezone.now()
        if ("shift" in said) == ("task_force" in said):
            raise serializers.ValidationError({"shift": ["shift | task_force"]})
        if "shift" in said:
            shift = load(access.shifts_read_by(user), access.boards_of(user), said["shift"])
            done = hand_overs.of_shift(shift.pk, said["text"], by=user, now=now)
        else:
            mine = access.task_forces_of(user)
            force = load(access.task_forces_visible_to(user) | mine, mine, said["task_force"])
            done = hand_overs.of_task_force(force.pk, said["text"], by=user, now=now)
        return made(HandOverRow, done, user, new=done.written_at >= now)

    @deed("take-over", allowed=access.hand_overs_visible_to)
    def take_over(self, note: HandOver, *, by: User, now: datetime) -> HandOver:
        """You have read it and go on from there; not your own."""
        return hand_overs.take_over(note.pk, by=by, now=now)
