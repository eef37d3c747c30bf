from datetime import datetime
from typing import Any

from django.db.models import F, Func, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, organisations, within
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under, word
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Flag, Id, Instant, Said, Several, Text
from communities.errors import Forbidden
from communities.models import Area, Organisation, User
from communities.models.areas import DEFAULT_ZONE
from communities.numbers import number_in
from communities.phrases import reasons
from staffing import access
from staffing.actions import recalls, secondments
from staffing.actions.secondments import Loan, Outcome
from staffing.api.people import themselves
from staffing.api.posts import ReasonRow
from staffing.api.roles import RoleRow
from staffing.models import Role, Secondment
from staffing.phrases import field_error
from staffing.queries.secondments import on_duty, unit_name
from staffing.rules.secondments import RETURN_REASONS, quarter_of, span_of_quarter
from staffing.states import SecondmentStatus
from volunteers.models import Affiliation, Volunteer

PERIOD = {"start": Func(F("period"), function="lower"), "end": Func(F("period"), function="upper")}


class SecondmentRow(Row):
    """Somebody lent by a unit to a community over [start, end).

    Yours, those of your unit, and those to areas where your role sees names. The unit reads the name it gave itself;
    `residence` is for the lead of the community and the person alone, and so is why somebody was returned.
    """

    model = Secondment
    computed = PERIOD
    filled = frozenset({"name", "residence", "reason"})
    hidden = {
        "_user": "volunteer__user_id",
        "_name": "volunteer__user__name",
        "_known_as": unit_name(),
        "_home": "volunteer__residence_id",
        "_reason": "reason",
    }

    id = serializers.IntegerField()
    volunteer = serializers.IntegerField()
    name = serializers.CharField()
    organisation = Ref(OrganisationRow)
    area = Ref(AreaRow)
    role = Ref(RoleRow, allow_null=True)
    status = Choice(SecondmentStatus)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    on_the_spot = serializers.BooleanField(help_text="The person reported in first.")
    confirm_by = serializers.DateTimeField(allow_null=True, help_text="Until when the unit confirms that.")
    proposed_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True)
    urgent = serializers.BooleanField(help_text="Recalled at once.")
    ended_at = serializers.DateTimeField(allow_null=True)
    renews = serializers.IntegerField(allow_null=True)
    request = serializers.IntegerField(allow_null=True)
    residence = serializers.IntegerField(required=False, allow_null=True)
    reason = serializers.CharField(required=False)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.secondments_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        named, run = (seen_with(user, capability, rows) for capability in (May.NAMES, May.RUN))
        for row in rows:
            own = row.pop("_user") == user.pk
            name, known_as = row.pop("_name"), row.pop("_known_as")
            home, reason = row.pop("_home"), row.pop("_reason")
            row["name"] = name if own or row["id"] in named else known_as
            if own or row["id"] in run:
                row |= {"residence": home, "reason": reason}
        return rows


def seen_with(user: Visitor, capability: May, rows: list[Plain]) -> set[int]:
    """Those that go to an area where the user has the capability."""
    here = Secondment.objects.filter(within(user, capability, "area"), pk__in=[row["id"] for row in rows])
    return set(here.values_list("pk", flat=True))


class SecondmentFilters(Filters):
    status = word("status", SecondmentStatus)
    organisation = of("organisation")
    area = of("area")
    under = under("area__path")
    volunteer = of("volunteer")


class Lending(Said):
    volunteer = Id()
    organisation = Id()
    area = Id(required=False, help_text="Where to; none: the community where the person lives.")
    role = Id(required=False)
    request = Id(required=False, help_text="The request it answers.")
    start = Instant()
    end = Instant()


class LendingHomes(Said):
    organisation = Id()
    start = Instant()
    end = Instant()
    volunteers = Several(Id(), required=False, help_text="These alone; none: all of the unit.")


class Reporting(Said):
    organisation = Id()
    area = Id()
    end = Instant()


class Receiving(Said):
    role = Id()


class Returning(Said):
    reason = Choice(RETURN_REASONS, name="ReturnReason")


class Recalling(Said):
    urgent = Flag(required=False, help_text="At once instead of in 24 hours.")


class Renewing(Said):
    end = Instant()


class Chosen(Said):
    secondments = Several(Id())


class ChosenFor(Chosen):
    role = Id()


class NumberRow(serializers.Serializer):
    proposed = serializers.IntegerField()


class StayedRow(serializers.Serializer):
    id = serializers.IntegerField()
    reasons = ReasonRow(many=True)


class OutcomeRow(serializers.Serializer):
    """Of many, which are done and which stay as they were, with the reasons."""

    done = serializers.ListField(child=serializers.IntegerField())
    stayed = StayedRow(many=True)


class SeatToCover(serializers.Serializer):
    sign_up = serializers.IntegerField()
    shift = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class FeedbackRow(serializers.Serializer):
    secondment = serializers.IntegerField()
    name = serializers.CharField()
    area = serializers.IntegerField()
    days = serializers.IntegerField()
    minutes = serializers.IntegerField()


class Secondments(Readable, Resource):
    row = SecondmentRow
    noun = "secondments"
    orderings = ("id", "proposed_at")
    filterset_class = SecondmentFilters

    @says(Lending)
    def create(self, request: Request) -> Response:
        """Offer one of your unit's people. Offered again, the first."""
        said, user, now = Lending.read(request.data), request.user, timezone.now()
        unit = own_unit(user, said["organisation"])
        person = theirs(said["volunteer"], unit)
        area = said.get("area") or (person.residence.community_id if person.residence else None)
        if not Area.objects.filter(pk=area).exists():
            raise Http404
        asked = access.staff_requests_visible_to(user).filter(pk=said.get("request"), organisation=unit).first()
        loan = Loan(person.pk, unit.pk, area, said["start"], said["end"], said.get("role"), asked.pk if asked else None)
        done = secondments.propose(loan, by=user, now=now)
        return made(SecondmentRow, done, user, new=done.proposed_at >= now)

    @action(detail=False, methods=["post"], url_path="propose-homes")
    @says(LendingHomes, NumberRow)
    def propose_homes(self, request: Request) -> Response:
        """Offer all of your unit's people, or these, to the communities where they live."""
        said, user = LendingHomes.read(request.data), request.user
        unit = own_unit(user, said["organisation"])
        number = secondments.propose_homes(
            unit.pk, said["start"], said["end"], by=user, now=timezone.now(), people=said.get("volunteers", ())
        )
        return Response({"proposed": number})

    @action(detail=False, methods=["post"], url_path="report-in")
    @says(Reporting)
    def report_in(self, request: Request) -> Response:
        """Report in yourself, on the spot; your unit confirms within 24 hours."""
        said, user, now = Reporting.read(request.data), request.user, timezone.now()
        known = Organisation.objects.filter(pk=said["organisation"]).exists()
        if not known or not Area.objects.filter(pk=said["area"]).exists():
            raise Http404
        themselves(user)
        done = secondments.report_in(said["organisation"], said["area"], said["end"], by=user, now=now)
        return made(SecondmentRow, done, user, new=done.proposed_at >= now)

    @action(detail=False, methods=["post"], url_path="approve-each")
    @says(Chosen, OutcomeRow)
    def approve_each(self, request: Request) -> Response:
        """Approve many for your unit; which stay as they were is told with the reasons."""
        said, user, now = Chosen.read(request.data), request.user, timezone.now()
        ids = allowed(said["secondments"], access.secondments_of_unit(user))
        return outcome(secondments.approve_all(ids, by=user, now=now))

    @action(detail=False, methods=["post"], url_path="accept-each")
    @says(ChosenFor, OutcomeRow)
    def accept_each(self, request: Request) -> Response:
        """Receive many for one role."""
        said, user, now = ChosenFor.read(request.data), request.user, timezone.now()
        ids, role = allowed(said["secondments"], access.secondments_received_by(user)), known_role(said["role"])
        return outcome(secondments.each(ids, lambda pk: secondments.accept(pk, role, by=user, now=now)))

    @action(detail=False, methods=["get"])
    @says(Said, FeedbackRow(many=True), parameters=("organisation", "quarter", "since", "until"))
    def feedback(self, request: Request) -> Response:
        """Days and minutes on duty of your unit's people: the sheet for the unit (双报到).

        Over a `quarter` ("2026-4"), or over [since, until).
        """
        asked = FeedbackAsked.read(parameters(request))
        return Response(sheet(own_unit(request.user, asked["organisation"]), *asked["span"]))

    @deed(allowed=access.secondments_of_unit)
    def approve(self, found: Secondment, *, by: User, now: datetime) -> Secondment:
        """Lend the person, for the unit. Not yourself."""
        return secondments.approve(found.pk, by=by, now=now)

    @deed(allowed=access.secondments_received_by, takes=Receiving)
    def accept(self, found: Secondment, *, by: User, now: datetime, role: int) -> Secondment:
        """Receive the person for a role, for the community."""
        return secondments.accept(found.pk, known_role(role), by=by, now=now)

    @deed(allowed=access.secondments_of_self)
    def acknowledge(self, found: Secondment, *, by: User, now: datetime) -> Secondment:
        """Agree, as the person."""
        return secondments.acknowledge(found.pk, now=now)

    @deed(allowed=access.secondments_of_self)
    def decline(self, found: Secondment, *, by: User, now: datetime) -> Secondment:
        """Say no, as the person; no reason is asked."""
        return secondments.decline(found.pk, now=now)

    @deed("turn-down", allowed=access.secondments_at_either_end, takes=Returning)
    def turn_down(self, found: Secondment, *, by: User, now: datetime, reason: str) -> Secondment:
        """Say no for the unit, or return the person for the community, before it begins."""
        return secondments.turn_down(found.pk, by=by, now=now, reason=reason)

    @deed(allowed=access.secondments_of_unit)
    def withdraw(self, found: Secondment, *, by: User, now: datetime) -> Secondment:
        """Take the offer back before the community has received the person."""
        return secondments.withdraw(found.pk, by=by, now=now)

    @deed(allowed=access.secondments_of_unit, takes=Renewing)
    def renew(self, found: Secondment, *, by: User, now: datetime, end: datetime) -> Response:
        """Propose that it goes on; everybody is asked anew."""
        done = secondments.renew(found.pk, end, by=by, now=now)
        return made(SecondmentRow, done, by, new=done.proposed_at >= now)

    @deed(allowed=access.secondments_of_unit, takes=Recalling)
    def recall(self, found: Secondment, *, by: User, now: datetime, urgent: bool = False) -> Secondment:
        """Call the person back: the seats that start later open again, and those in line are asked."""
        return recalls.recall(found.pk, by=by, now=now, urgent=urgent)

    @deed("send-back", allowed=access.secondments_received_by)
    def send_back(self, found: Secondment, *, by: User, now: datetime) -> Secondment:
        """The community does not need the person any more."""
        return recalls.send_back(found.pk, by=by, now=now)

    @deed("to-cover", allowed=access.secondments_at_either_end, gives=SeatToCover(many=True), methods=("get",))
    def to_cover(self, found: Secondment, *, by: User, now: datetime) -> Response:
        """The seats that an urgent recall would leave open."""
        seats = recalls.to_cover([found.pk], now, urgent=True)
        rows = [
            {"sign_up": one.pk, "shift": one.shift_id, "starts_at": one.period.lower, "ends_at": one.period.upper}
            for one in seats
        ]
        return Response(SeatToCover(rows, many=True).data)


class FeedbackAsked(Said):
    organisation = Id()
    quarter = Text(max_length=6, required=False)
    since = Instant(required=False)
    until = Instant(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`span` is what both ways of asking come to."""
        if found := quarter_of(attrs.get("quarter", "")):
            return attrs | {"span": span_of_quarter(*found, DEFAULT_ZONE)}
        if "quarter" in attrs:
            raise serializers.ValidationError({"quarter": [_("Write it as 2026-4.")]})
        if missing := [name for name in ("since", "until") if name not in attrs]:
            raise serializers.ValidationError({name: [field_error("missing")] for name in missing})
        return attrs | {"span": (attrs["since"], attrs["until"])}


def parameters(request: Request) -> dict[str, Any]:
    """Of an address everything is text."""
    asked = {name: value for name, value in request.query_params.items() if name in FeedbackAsked().fields}
    unit = number_in(asked.get("organisation"))
    return asked | ({"organisation": unit} if unit else {})


def sheet(unit: Organisation, since: datetime, until: datetime) -> list[Plain]:
    lent = Secondment.objects.filter(organisation__path__startswith=unit.path).annotate(known_as=unit_name())
    return [
        {
            "secondment": row.pk,
            "name": row.known_as,
            "area": row.area_id,
            "days": served.days,
            "minutes": served.minutes,
        }
        for row, served in on_duty(lent.order_by("pk"), since, until)
    ]


def own_unit(user: Visitor, pk: int) -> Organisation:
    """The organisation, if the user lends its people. Organisations are there for all to read, so others are told."""
    if not (found := Organisation.objects.filter(pk=pk).first()):
        raise Http404
    if not organisations(user, May.LEND).filter(pk=pk).exists():
        raise Forbidden
    return found


def theirs(pk: int, unit: Organisation) -> Volunteer:
    """Somebody on the unit's list; of anybody else it knows nothing."""
    belongs = Affiliation.objects.filter(organisation__path__startswith=unit.path, to_day=None, volunteer=pk)
    found = Volunteer.objects.select_related("residence").filter(pk__in=belongs.values("volunteer")).first()
    if not found:
        raise Http404
    return found


def allowed(ids: list[int], rows: QuerySet[Secondment]) -> list[int]:
    """All of them, or Http404."""
    if set(rows.filter(pk__in=ids).values_list("pk", flat=True)) != set(ids):
        raise Http404
    return ids


def known_role(pk: int) -> int:
    if not Role.objects.filter(pk=pk).exists():
        raise Http404
    return pk


def outcome(found: Outcome) -> Response:
    stayed = [{"id": pk, "reasons": reasons(why)} for pk, why in found.stayed.items()]
    return Response({"done": [one.pk for one in found.done], "stayed": stayed})
