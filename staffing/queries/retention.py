"""What has been kept for long enough, as `rules/retention.py` says."""

from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet

from communities.models import Grant, User
from staffing.models import Erasure, Secondment, SignUp
from staffing.queries.columns import said
from staffing.rules.retention import TERMS, Term
from staffing.states import SECONDMENT_OPEN
from volunteers.models import Consent, Enrolment
from volunteers.states import Purpose


def by_the_clock() -> list[Term]:
    return [term for term in TERMS if term.table]


def after(code: str) -> timedelta:
    found = next(term.after for term in TERMS if term.code == code)
    assert found is not None
    return found


def old(term: Term, now: datetime) -> Q:
    assert term.after is not None
    return Q(**{f"{term.at}__lte": now - term.after})


def counted(term: Term, now: datetime) -> int:
    """How many rows would go or be emptied now."""
    table: type[Model] = apps.get_model(term.table)
    rows = table._base_manager.filter(old(term, now))
    return rows.filter(said(table, term.blank)).count() if term.blank else rows.count()


def nothing_else(now: datetime) -> Q:
    """Accounts without a role, a place to come to, or a loan."""
    own = {"volunteer__user": OuterRef("pk")}
    roles = Grant.objects.in_force(now).filter(user=OuterRef("pk"))
    coming = SignUp.objects.alive().filter(**own, period__endswith__gt=now)
    lent = Secondment.objects.filter(**own, status__in=SECONDMENT_OPEN)
    gone = Erasure.objects.filter(account=OuterRef("pk"))
    return ~Exists(roles) & ~Exists(coming) & ~Exists(lent) & ~Exists(gone) & Q(is_staff=False, is_superuser=False)


def left_long_ago(now: datetime) -> QuerySet[User]:
    """Who took back their consent to service a month ago, has not given it again, and can still be reached."""
    service = Consent.objects.filter(volunteer__user=OuterRef("pk"), purpose=Purpose.SERVICE)
    withdrawn = service.filter(withdrawn_at__lte=now - after("address"))
    newer = service.exclude(withdrawn_at__lte=now - after("address"))
    reachable = Q(phone_hash__isnull=False) | Q(email__isnull=False)
    found = User.objects.filter(nothing_else(now), reachable, Exists(withdrawn), ~Exists(newer))
    return found.order_by("pk")


def served_long_ago(now: datetime) -> QuerySet[User]:
    """Whose last service is ten years back, and who is enrolled nowhere since."""
    last = now - after("name")
    since = Enrolment.objects.filter(volunteer__user=OuterRef("pk"), ended_at=None, created_at__gt=last)
    found = User.objects.annotate(served=Max("volunteer__records__ended_at"))
    return found.filter(nothing_else(now), ~Exists(since), served__lte=last).order_by("pk")
