from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, flag, of, text, under, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Flag, Id, Said, Text
from communities.models import Compound, User
from staffing import access
from staffing.actions import broadcasts
from staffing.actions.broadcasts import WORDS, Notice, Words
from staffing.models import Broadcast, NoticeTemplate
from staffing.queries import broadcasts as queries
from staffing.states import BroadcastStatus, Urgency
from volunteers.models import Qualification


class NoticeTemplateRow(Row):
    """Words that an area, and those below it, use again. Placeholders: {name} {community} {contact} {call} {when} {link}."""

    model = NoticeTemplate
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    name = serializers.CharField()
    subject = serializers.CharField()
    subject_en = serializers.CharField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    active = serializers.BooleanField()
    changed_at = serializers.DateTimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.notice_templates_visible_to(user)


class NoticeTemplateFilters(Filters):
    area = of("area")
    active = flag("active")
    name = text("name")


class SayingIt(Said):
    subject = Text(max_length=60, help_text="In Chinese; it follows the name of the area.")
    subject_en = Text(max_length=60)
    text = Text(max_length=600, help_text="Whom to call is added behind it.")
    text_en = Text(max_length=600)


class NewTemplate(SayingIt):
    area = Id()
    name = Text(max_length=80)


class TemplateChange(SayingIt):
    name = Text(max_length=80)
    active = Flag()


class NoticeTemplates(Readable, Resource):
    row = NoticeTemplateRow
    noun = "notice-templates"
    orderings = ("id", "name")
    filterset_class = NoticeTemplateFilters

    @says(NewTemplate)
    def create(self, request: Request) -> Response:
        """Keep words for an area."""
        said, user = NewTemplate.read(request.data), request.user
        area = load(AreaRow.visible(user), areas(user, May.PLAN), said.pop("area"))
        name = said.pop("name")
        kept = broadcasts.keep_template(area.pk, name, Words(**said), by=user, now=timezone.now())
        return made(NoticeTemplateRow, kept, user)

    @says(TemplateChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the words, or take them out of use."""
        found = self.load(pk, access.notice_templates_kept_by)
        said = TemplateChange.read(request.data, partial=True)
        words = Words(**{name: said.get(name, getattr(found, name)) for name in WORDS})
        kept = broadcasts.keep_template(
            found.area_id,
            said.get("name", found.name),
            words,
            by=request.user,
            now=timezone.now(),
            template_id=found.pk,
            active=said.get("active", found.active),
        )
        return Response(NoticeTemplateRow.one(kept.pk, request.user))


class BroadcastRow(Row):
    """One notice to many. `people` is for how many it was when it was sent."""

    model = Broadcast
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    subject = serializers.CharField()
    subject_en = serializers.CharField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    call_up = serializers.IntegerField(allow_null=True, help_text="To those with a place in this call.")
    qualification = serializers.IntegerField(allow_null=True)
    compound = serializers.IntegerField(allow_null=True, help_text="To those who live there.")
    groups = serializers.BooleanField(help_text="Chat groups are told too.")
    urgency = Choice(Urgency)
    reason = serializers.CharField(help_text="Why quiet hours were broken.")
    status = Choice(BroadcastStatus)
    people = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    leaves_at = serializers.DateTimeField(allow_null=True, help_text="Later than `sent_at` in quiet hours.")
    stopped_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.broadcasts_visible_to(user)


class BroadcastFilters(Filters):
    area = of("area")
    under = under("area__path")
    status = word("status", BroadcastStatus)
    call_up = of("call_up")


class NewBroadcast(SayingIt):
    area = Id()
    call_up = Id(required=False, allow_null=True)
    qualification = Id(required=False, allow_null=True)
    compound = Id(required=False, allow_null=True)
    groups = Flag(required=False)
    urgency = Choice(Urgency, required=False)
    reason = Text(max_length=200, required=False, allow_blank=True)


class BroadcastChange(SayingIt):
    call_up = Id(allow_null=True)
    qualification = Id(allow_null=True)
    compound = Id(allow_null=True)
    groups = Flag()
    urgency = Choice(Urgency)
    reason = Text(max_length=200, allow_blank=True)


class ReachRow(serializers.Serializer):
    """What would happen if it were sent now: people by the way that is tried first, and how long the texts are."""

    people = serializers.IntegerField()
    sms = serializers.IntegerField()
    push = serializers.IntegerField()
    email = serializers.IntegerField()
    unwilling = serializers.IntegerField(help_text="Want no notices, or none of this kind.")
    unreachable = serializers.IntegerField()
    groups = serializers.IntegerField()
    leaves_at = serializers.DateTimeField()
    text = serializers.CharField(help_text="As you would get it, in Chinese.")
    text_en = serializers.CharField()
    parts = serializers.IntegerField(help_text="Text messages that the longer one becomes.")


class Progress(serializers.Serializer):
    """The messages of a notice by what has become of them."""

    waiting = serializers.IntegerField()
    gathered = serializers.IntegerField(help_text="In a digest.")
    sent = serializers.IntegerField()
    delivered = serializers.IntegerField()
    failed = serializers.IntegerField()
    kept_back = serializers.IntegerField()


def notice(said: dict[str, Any]) -> Notice:
    """Raises Http404 for a place or a qualification that is none."""
    words = Words(**{name: said.pop(name) for name in WORDS})
    for name, model in (("qualification", Qualification), ("compound", Compound)):
        if said.get(name) and not model.objects.filter(pk=said[name]).exists():
            raise Http404
    return Notice(words, **said)


class Broadcasts(Readable, Resource):
    row = BroadcastRow
    noun = "broadcasts"
    orderings = ("id", "created_at")
    filterset_class = BroadcastFilters

    @says(NewBroadcast)
    def create(self, request: Request) -> Response:
        """Write a notice. It is a draft until you send it; you are whom to call."""
        said, user = NewBroadcast.read(request.data), request.user
        area = load(AreaRow.visible(user), areas(user, May.RUN), said.pop("area"))
        return made(BroadcastRow, broadcasts.write(area.pk, notice(said), by=user, now=timezone.now()), user)

    @says(BroadcastChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a draft."""
        found = self.load(pk, access.broadcasts_run_by)
        said = BroadcastChange.read(request.data, partial=True)
        told = {name: getattr(found, name) for name in (*WORDS, "urgency", "reason", "groups")}
        told |= {name: getattr(found, f"{name}_id") for name in ("call_up", "qualification", "compound", "contact")}
        kept = broadcasts.rewrite(found.pk, notice(told | said), by=request.user)
        return Response(BroadcastRow.one(kept.pk, request.user))

    @deed(allowed=access.broadcasts_run_by, methods=("get",), gives=ReachRow)
    def preview(self, found: Broadcast, *, by: User, now: datetime) -> Response:
        """Whom it would reach now, by which way, when it would leave, and how it reads."""
        reach = queries.reach(found, now)
        shown = broadcasts.preview(found, by, now)
        told = asdict(reach) | {"people": reach.people, "leaves_at": broadcasts.leaves_at(found, now)}
        told.pop("all")
        return Response(told | {"text": shown.text, "text_en": shown.text_en, "parts": shown.parts})

    @deed(allowed=access.broadcasts_run_by)
    def try_on(self, found: Broadcast, *, by: User, now: datetime) -> Broadcast:
        """Send it to yourself alone, at once."""
        return broadcasts.try_on(found.pk, by=by, now=now)

    @deed(allowed=access.broadcasts_run_by)
    def send(self, found: Broadcast, *, by: User, now: datetime) -> Broadcast:
        """Send it to everybody it is for, each once. An emergency breaks the quiet hours, with its reason in the history."""
        return broadcasts.send(found.pk, by=by, now=now)

    @deed(allowed=access.broadcasts_run_by)
    def stop(self, found: Broadcast, *, by: User, now: datetime) -> Broadcast:
        """What has not left stays."""
        return broadcasts.stop(found.pk, by=by, now=now)

    @deed(allowed=access.broadcasts_visible_to, methods=("get",), gives=Progress)
    def progress(self, found: Broadcast, *, by: User, now: datetime) -> Response:
        """How many have left, arrived, and not arrived."""
        return Response(asdict(queries.standing(found)))
