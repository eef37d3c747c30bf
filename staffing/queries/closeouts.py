"""What a close-out is about: what took place, what is not settled, whose names would go, and what stands afterwards."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from communities.models import Grant, Message, User
from staffing.models import (
    CallUp,
    CloseOut,
    DoorRound,
    EquipmentIssue,
    Erasure,
    HomeService,
    LentPerson,
    Proposal,
    Reply,
    Ride,
    RoundDoor,
    RoundEntrance,
    Secondment,
    Shift,
    SignUp,
)
from staffing.queries.columns import said
from staffing.rules.closeouts import Open, Tie, kept_for
from staffing.rules.retention import OF_A_CASE, Case
from staffing.states import HOME_LIVE, RIDE_OVER, SECONDMENT_OPEN, CloseOutStatus, Kept, RideStatus, ShiftStatus
from volunteers.models import Certificate, Consent, Enrolment, ServiceRecord
from volunteers.states import CertificateStatus, Purpose

SETTLED = [ShiftStatus.FINISHED, ShiftStatus.CANCELLED, ShiftStatus.DRAFT]
COUNTED = ("notified", "no_answer", "home_service", "vacant", "refused")


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything below the area that was over after `since` and not later than `until`."""

    path: str
    since: datetime
    until: datetime

    def q(self, area: str, at: str) -> Q:
        return Q(**{f"{area}__path__startswith": self.path, f"{at}__gt": self.since, f"{at}__lte": self.until})

    def shifts(self) -> QuerySet[Shift]:
        return Shift.objects.filter(self.q("site__area", "ends_at"))

    def sign_ups(self) -> QuerySet[SignUp]:
        return SignUp.objects.filter(self.q("shift__site__area", "shift__ends_at"))

    def calls(self) -> QuerySet[CallUp]:
        return CallUp.objects.filter(self.q("community", "ends_at"))

    def rounds(self) -> QuerySet[DoorRound]:
        return DoorRound.objects.filter(self.q("area", "ends_at"))

    def rides(self) -> QuerySet[Ride]:
        return Ride.objects.filter(self.q("area", "pick_up_at"))

    def equipment(self) -> Any:
        return EquipmentIssue.objects.filter(sign_up__in=self.sign_ups().values("pk"))

    def records(self) -> QuerySet[ServiceRecord]:
        return ServiceRecord.objects.filter(sign_up__in=self.sign_ups().values("pk"))


def scope_of(found: CloseOut) -> Scope:
    return Scope(found.area.path, found.starts_at, found.ends_at)


def unsettled(scope: Scope, now: datetime) -> Open:
    """What keeps it from being closed out."""
    waiting = Proposal.objects.filter(sign_up__in=scope.sign_ups().values("pk"), agreed_at=None)
    homes = HomeService.objects.filter(door__stairs__round__in=scope.rounds().values("pk"), status__in=HOME_LIVE)
    asked = Certificate.objects.filter(
        community__path__startswith=scope.path,
        status=CertificateStatus.ASKED,
        first_day__lte=scope.until,
        last_day__gte=scope.since,
    )
    return Open(
        over=scope.until <= now,
        anything=scope.shifts().exists() or scope.calls().exists() or scope.rounds().exists(),
        shifts=scope.shifts().exclude(status__in=SETTLED).count(),
        hours=scope.records().filter(needs_confirmation=True).count() + waiting.count(),
        certificates=asked.count(),
        rounds=scope.rounds().filter(closed_at=None).count(),
        homes=homes.count(),
        rides=scope.rides().exclude(status__in=RIDE_OVER).count(),
        equipment=scope.equipment().out().count(),
    )


def accounts(scope: Scope) -> QuerySet[User]:
    """Whoever had to do with it and still has a name: by a sign-up, an answer, an enrolment, or by being lent there."""
    below = {"community__path__startswith": scope.path}
    known = Enrolment.objects.filter(**below, ended_at=None, created_at__lt=scope.until)
    lent = Secondment.objects.filter(area__path__startswith=scope.path, period__startswith__lt=scope.until)
    between = LentPerson.objects.filter(lending__taker__path__startswith=scope.path, period__startswith__lt=scope.until)
    volunteers = Q(volunteer__in=scope.sign_ups().values("volunteer"))
    for rows in (known, lent, between):
        volunteers |= Q(volunteer__in=rows.values("volunteer"))
    replied = Q(pk__in=Reply.objects.filter(call_up__in=scope.calls().values("pk")).values("user"))
    gone = Erasure.objects.filter(account=OuterRef("pk"))
    return User.objects.filter(volunteers | replied).exclude(Exists(gone)).order_by("pk")


def closed_before() -> Q:
    """Sign-ups of what is closed out already: they tie nobody any more."""
    found = Q(pk__in=[])
    for one in CloseOut.objects.filter(status=CloseOutStatus.DONE).select_related("area"):
        found |= scope_of(one).q("shift__site__area", "shift__ends_at")
    return found


def ties(scope: Scope, user_ids: Collection[int], now: datetime) -> dict[int, Tie]:
    """By account, in a handful of queries for any number."""
    agreed = Consent.objects.filter(purpose=Purpose.STAYING, withdrawn_at=None, volunteer__user__in=user_ids)
    granted = Grant.objects.in_force(now).filter(user__in=user_ids)
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), pk__in=user_ids)
    role = {*granted.values_list("user", flat=True), *staff.values_list("pk", flat=True)}
    stays, other = set(agreed.values_list("volunteer__user", flat=True)), elsewhere(scope, user_ids)
    return {pk: Tie(pk in stays, pk in role, pk in other) for pk in user_ids}


def elsewhere(scope: Scope, user_ids: Collection[int]) -> set[int]:
    """Who serves or is known outside of it."""
    here = scope.q("shift__site__area", "shift__ends_at") | closed_before()
    own = Q(volunteer__user__in=user_ids)
    seats = SignUp.objects.filter(own).exclude(here)
    known = Enrolment.objects.filter(own, ended_at=None).exclude(
        community__path__startswith=scope.path, created_at__lt=scope.until
    )
    lent = Secondment.objects.filter(own, status__in=SECONDMENT_OPEN)
    found: set[int] = set()
    for rows in (seats, known, lent):
        found |= set(rows.values_list("volunteer__user", flat=True))
    return found


def parted(scope: Scope, user_ids: Collection[int], now: datetime) -> tuple[list[int], Counter[Kept]]:
    """Whose names go, and how many stay for which reason."""
    reasons = {pk: kept_for(tie) for pk, tie in ties(scope, user_ids, now).items()}
    goes = sorted(pk for pk, reason in reasons.items() if reason is None)
    return goes, Counter(reason for reason in reasons.values() if reason)


def case_q(case: Case, scope: Scope) -> Q:
    return scope.q(case.area, case.at)


def totals(scope: Scope) -> dict[str, Any]:
    """What has to be the same before and after: hours, seats by state, doors, rides. Nothing of it says who."""
    records = scope.records().aggregate(
        records=Count("pk"), minutes=Sum("minutes"), people=Count("volunteer", distinct=True)
    )
    by_kind = scope.records().order_by("kind").values_list("kind").annotate(minutes=Sum("minutes"))
    seats = scope.sign_ups().order_by("status").values_list("status").annotate(count=Count("pk"))
    stairs = RoundEntrance.objects.filter(round__in=scope.rounds().values("pk"))
    doors = stairs.aggregate(**{name: Sum(name) for name in COUNTED})
    return {
        **{name: number or 0 for name, number in records.items()},
        "minutes_by_kind": dict(by_kind),
        "sign_ups": dict(seats),
        "shifts": scope.shifts().count(),
        "doors": {name: number or 0 for name, number in doors.items()},
        "equipment": handed(scope),
        "rides_done": scope.rides().filter(status=RideStatus.DONE).count(),
    }


def handed(scope: Scope) -> dict[str, int]:
    """Things handed out to people, and what came of them."""
    found = scope.equipment().aggregate(**{name: Sum(name) for name in ("number", "good", "damaged", "lost")})
    return {name: count or 0 for name, count in found.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """What a close-out would do now: nothing is changed by looking."""

    people: int
    goes: int
    kept: dict[str, int]
    rows: dict[str, int]
    totals: dict[str, Any]
    open: Open


def report(scope: Scope, now: datetime) -> Report:
    """The dry run."""
    ids = list(accounts(scope).values_list("pk", flat=True))
    goes, kept = parted(scope, ids, now)
    return Report(len(ids), len(goes), stated(kept), rows(scope), totals(scope), unsettled(scope, now))


def stated(kept: Counter[Kept]) -> dict[str, int]:
    return {str(reason): count for reason, count in kept.items()}


def rows(scope: Scope) -> dict[str, int]:
    """Rows of the incident that would go or be emptied, by table."""
    found: Counter[str] = Counter({"staffing.RoundDoor": doors_of(scope).count()})
    for case in OF_A_CASE:
        found[case.table] += held(case, scope)
    return {table: count for table, count in found.items() if count}


def doors_of(scope: Scope) -> QuerySet[RoundDoor]:
    return RoundDoor.objects.filter(stairs__round__in=scope.rounds().values("pk"))


def held(case: Case, scope: Scope) -> int:
    table: Any = apps.get_model(case.table)
    found: QuerySet[Any] = table._base_manager.filter(case_q(case, scope))
    return found.filter(said(table, case.blank)).count() if case.blank else found.count()


def certificate(found: CloseOut) -> dict[str, Any]:
    """What the certificate of destruction says, and its digest seals."""
    return {
        "number": found.pk,
        "area": found.area_id,
        "title": found.title,
        "from": instant(found.starts_at),
        "until": instant(found.ends_at),
        "proposed_by": found.proposed_by_id,
        "proposed_at": instant(found.proposed_at),
        "agreed_by": found.agreed_by_id,
        "agreed_at": instant(found.agreed_at),
        "begun_at": instant(found.begun_at),
        "finished_at": instant(found.finished_at),
        "went": found.counts,
        "kept": found.kept,
        "totals": found.totals,
        "previous": found.previous_digest,
    }


SHORTEST = 16  # hexadecimal digits: nobody guesses so many


def sealed(digits: str) -> CloseOut | None:
    """The certificate whose seal begins so."""
    if len(digits) < SHORTEST or not set(digits) <= set("0123456789abcdef"):
        return None
    found = CloseOut.objects.filter(status=CloseOutStatus.DONE, digest__startswith=digits)
    return found.select_related("area").first()


def instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def announced_to(user: User, now: datetime) -> CloseOut | None:
    """The close-out of which the person was told, and by which their name would go, if they do not stay."""
    told = Message.objects.filter(kind="closing", reader=user).values("target")
    found = CloseOut.objects.filter(pk__in=told, status=CloseOutStatus.AGREED, purge_at__gt=now)
    return found.select_related("area").order_by("purge_at").first()
