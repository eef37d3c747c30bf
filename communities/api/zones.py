from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, granted
from communities.actions import policies
from communities.api.filters import Filters, of
from communities.api.resources import Readable, Resource, made, says
from communities.api.rows import Row
from communities.api.words import Choice, Flag, Id, Instant, Integer, Said, Several, Text
from communities.errors import Forbidden
from communities.models import ZonePolicy, ZoneScheme
from communities.models.places import SITE_KINDS
from communities.states import Entry, ZoneReason


class Decreeing(Said):
    """What a notice says."""

    level = Text(max_length=30, help_text="One of zone-policies.")
    since = Instant()
    issuer = Text(max_length=120)
    notice_no = Text(max_length=60)
    group = Text(max_length=40, required=False, help_text="Compounds of one zone share it.")
    reason = Choice(ZoneReason, required=False)
    earliest_release_at = Instant(
        required=False, help_text="When somebody looks whether it can be released. Nothing releases by itself."
    )


class ZonePolicyRow(Row):
    """What a level means: the three zones by default, or those of another scheme."""

    model = ZonePolicy
    id = serializers.IntegerField()
    scheme = serializers.IntegerField()
    scheme_slug = serializers.CharField(source="scheme__slug")
    level = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    strictness = serializers.IntegerField()
    entry = Choice(Entry)
    residents_may_leave = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    allows = serializers.ListField(child=Choice(SITE_KINDS, name="SiteKind"), help_text="Empty: everything.")
    pass_for = serializers.ListField(child=Choice(SITE_KINDS, name="SiteKind"))
    gathering_limit = serializers.IntegerField(allow_null=True)
    release_days = serializers.IntegerField(allow_null=True)
    escalates_to = serializers.IntegerField(
        allow_null=True, help_text="The level to propose when a round has a result."
    )
    version = serializers.IntegerField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return ZonePolicy.objects.order_by("id")


class PolicyFilters(Filters):
    scheme = of("scheme")


class PolicyChange(Said):
    name = Text(max_length=120)
    name_en = Text(max_length=120, required=False, allow_blank=True)
    entry = Choice(Entry)
    strictness = Integer(min_value=0, max_value=100)
    residents_may_leave = Flag(required=False)
    needs_approval = Flag(required=False)
    allows = Several(Choice(SITE_KINDS, name="SiteKind"), required=False)
    pass_for = Several(Choice(SITE_KINDS, name="SiteKind"), required=False)
    gathering_limit = Integer(min_value=1, max_value=10_000, required=False, allow_null=True)
    release_days = Integer(min_value=1, max_value=365, required=False, allow_null=True)


class NewPolicy(PolicyChange):
    scheme = Id()
    level = serializers.SlugField(max_length=30)


class ZonePolicies(Readable, Resource):
    row = ZonePolicyRow
    noun = "zone-policies"
    orderings = ("id", "strictness")
    filterset_class = PolicyFilters

    @says(NewPolicy)
    def create(self, request: Request) -> Response:
        """Add a level. A stricter one than another of its scheme may not let more people through."""
        said, now = NewPolicy.read(request.data), writes(request)
        scheme = ZoneScheme.objects.filter(pk=said["scheme"]).first()
        if not scheme:
            raise serializers.ValidationError({"scheme": [_("There is no such scheme.")]})
        plan = policies.PolicyPlan(**said | {name: tuple(said.get(name, ())) for name in ("allows", "pass_for")})
        return made(ZonePolicyRow, policies.add(plan, by=request.user, now=now), request.user)

    @says(PolicyChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Write its next version; where it changes who may serve, future seats are looked at again."""
        policy = self.load(pk, written_by)
        said, now = PolicyChange.read(request.data, partial=True), writes(request)
        done = policies.edit(policy.pk, said, by=request.user, now=now)
        return Response(ZonePolicyRow.one(done.pk, request.user))


def written_by(user: Visitor) -> QuerySet[ZonePolicy]:
    return ZonePolicy.objects.all() if granted(user, May.SCHEME) else ZonePolicy.objects.none()


def writes(request: Request) -> datetime:
    """The instant of the change; Forbidden to who may not write policies."""
    if not granted(request.user, May.SCHEME):
        raise Forbidden
    return timezone.now()
