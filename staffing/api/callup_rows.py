"""What is said of a call over the API, and what is answered."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from communities.access import Visitor
from communities.api.areas import CommunityRow
from communities.api.filters import Filters, before, flag, of, since, text, under, word
from communities.api.rows import Plain, Ref, Row
from communities.api.words import (
    Choice,
    Consent,
    Day,
    Flag,
    Id,
    Instant,
    Integer,
    Name,
    Phone,
    Said,
    Several,
    Text,
)
from staffing.access import calls_read_by
from staffing.actions.calls import MOST_ON_STANDBY
from staffing.api.people import SomebodySaid
from staffing.api.signup_rows import SignUpRow
from staffing.models import CallUp
from staffing.queries.reserves import standing_by
from staffing.rules.escalation import Risk
from staffing.states import CallStatus


class CallUpRow(Row):
    """A call for people: what, where, when, the risks and the protection offered. Drafts are for the desk alone."""

    model = CallUp
    filled = frozenset({"url", "standing_by"})

    id = serializers.IntegerField()
    url = serializers.URLField(help_text="The public page.")
    slug = serializers.CharField()
    community = Ref(CommunityRow)
    status = Choice(CallStatus)
    urgent = serializers.BooleanField()
    title = serializers.CharField()
    title_en = serializers.CharField()
    activity = serializers.CharField()
    activity_en = serializers.CharField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    risks = serializers.CharField(help_text="One a line.")
    risks_en = serializers.CharField()
    protection = serializers.CharField(help_text="One a line.")
    protection_en = serializers.CharField()
    insured = serializers.BooleanField()
    bring = serializers.CharField()
    bring_en = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    sign_up_from = serializers.DateTimeField(allow_null=True)
    sign_up_until = serializers.DateTimeField(allow_null=True)
    arrive_minutes = serializers.IntegerField(help_text="How long before the start to be there.")
    standby = serializers.IntegerField(help_text="How many are to stand by at home, apart from the seats.")
    standing_by = serializers.IntegerField(help_text="How many do: in line for any seat of the call.")
    issuer = serializers.CharField()
    organisation = serializers.IntegerField(
        allow_null=True, help_text="Asked for people too, with all below it; see the pledges."
    )
    published_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return calls_read_by(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        reserves = standing_by([row["id"] for row in rows], timezone.now())
        for row in rows:
            row["standing_by"] = reserves.get(row["id"], 0)
            row["url"] = f"{settings.PUBLIC_URL}/c/{row['slug']}/"
        return rows


class CallUpFilters(Filters):
    community = of("community")
    under = under("community__path")
    status = word("status", CallStatus)
    urgent = flag("urgent")
    slug = text("slug")
    starts_from = since("starts_at")
    starts_before = before("starts_at")
    ends_after = since("ends_at")


class CallUpChange(Said):
    title = Text(max_length=120)
    title_en = Text(max_length=120, required=False, allow_blank=True)
    activity = Text(max_length=120)
    activity_en = Text(max_length=120, required=False, allow_blank=True)
    text = Text(required=False, allow_blank=True)
    text_en = Text(required=False, allow_blank=True)
    risks = Text(required=False, allow_blank=True, help_text="One a line.")
    risks_en = Text(required=False, allow_blank=True)
    protection = Text(required=False, allow_blank=True, help_text="One a line.")
    protection_en = Text(required=False, allow_blank=True)
    insured = Flag(required=False)
    bring = Text(required=False, allow_blank=True)
    bring_en = Text(required=False, allow_blank=True)
    starts_at = Instant()
    ends_at = Instant()
    sign_up_from = Instant(required=False, allow_null=True)
    sign_up_until = Instant(required=False, allow_null=True)
    arrive_minutes = Integer(min_value=0, max_value=240, required=False)
    standby = Integer(min_value=0, max_value=MOST_ON_STANDBY, required=False)
    urgent = Flag(required=False)
    issuer = Text(max_length=120, required=False, allow_blank=True)
    organisation = Id(required=False, allow_null=True, help_text="Asked for people too, with all below it.")


class NewCallUp(CallUpChange):
    community = Id()


class Cancelling(Said):
    reason = Text(max_length=200)


class ConsequencesRow(serializers.Serializer):
    """What cancelling does, in numbers of people; each is told once."""

    seats = serializers.IntegerField(help_text="Who have a seat or an offer of one.")
    waiting = serializers.IntegerField(help_text="Who wait in line.")
    here = serializers.IntegerField(help_text="Who are checked in already; they keep their check-in.")
    told = serializers.IntegerField()


class PlaceMe(SomebodySaid):
    """Where you are needed most; or somebody in your scope, by staff."""

    shifts = Several(Id(), required=False, help_text="Only these shifts of the call.")
    auto_accept = Flag(required=False, help_text="Take a freed seat without being asked.")


class CalledRow(serializers.Serializer):
    people = serializers.IntegerField(help_text="Who are told by this call; nobody is told twice.")
    groups = serializers.IntegerField(help_text="Chat groups it is posted into.")


class CopyingDay(Said):
    day = Day()
    days = Several(Day(), min_length=1, max_length=366)


class ShiftsMade(serializers.Serializer):
    shifts = serializers.ListField(child=serializers.IntegerField(), help_text="Their ids.")


class CompanionSaid(Said):
    """Somebody you bring, who agreed to it."""

    name = Name()
    phone = Phone(required=False)
    skills = Several(Text(max_length=50), required=False)
    consent = Consent()


class Party(Said):
    blocks = serializers.ListField(
        child=Several(Id(), min_length=1), min_length=1, max_length=20, help_text="Of each block, one of these shifts."
    )
    companions = serializers.ListField(child=CompanionSaid(), required=False, max_length=10)
    role = Id(required=False)
    waitlist = Flag(required=False, help_text="A place in line will do.")
    auto_accept = Flag(required=False, help_text="Take a freed seat without being asked.")


class PartyRow(serializers.Serializer):
    sign_ups = SignUpRow(many=True)


class AtRiskRow(serializers.Serializer):
    sign_up = serializers.IntegerField()
    risk = Choice(Risk)
    since = serializers.DateTimeField(allow_null=True, help_text="When the reminder went out.")


class AtRiskRows(serializers.Serializer):
    seats = AtRiskRow(many=True)
