"""Somebody is forgotten: their identity goes from every table and its history, their minutes stay under a pseudonym."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Length

from communities.errors import Busy, Refused
from communities.models import User
from staffing.actions import deputies
from staffing.actions.forgetting import forget
from staffing.locks import hold_volunteers
from staffing.models import CloseOut, Erasure
from staffing.queries.leaving import ties_of
from staffing.rules.leaving import refusals
from staffing.rules.retention import OF_A_PERSON, Own
from staffing.states import Cause
from volunteers.actions import companions
from volunteers.actions.profile import withdraw_consent
from volunteers.models import Certificate, Consent, Enrolment, Volunteer
from volunteers.models.people import random_number
from volunteers.states import CertificateStatus

TRIES = 3
SHORTEST = 2  # letters of a name that is looked for in what others were answered

# A new number, which leads nobody from an old paper to the hours; the history follows.
RENUMBER = "update volunteers_volunteerevent e set number = v.number from volunteers_volunteer v where v.id = e.id and v.id = any(%s)"
# What tells of people in words: the admin site's log, and answers that wait for a repeated request.
IN_LOG = "update django_admin_log set object_repr = '', change_message = '' where object_repr like any(%s) or change_message like any(%s)"
IN_ANSWERS = "update communities_idempotentanswer set body = '{}' where body::text like any(%s)"


def erase(user_id: int, *, now: datetime) -> Erasure:
    """The person's own wish. Coming seats go to who is next in line; asked again, the erasure that was.

    Raises Refused with everything that has to end first.
    """
    if found := Erasure.objects.filter(account=user_id).first():
        return found
    user = User.objects.get(pk=user_id)
    if reasons := refusals(ties_of(user, now)):
        raise Refused(reasons)
    for _try in range(TRIES):
        if volunteer := Volunteer.objects.filter(user=user).first():
            withdraw_consent(volunteer, now=now)
        if done := forget_if_free(user_id, now):
            return done
    raise Busy


@transaction.atomic
def forget_if_free(user_id: int, now: datetime) -> Erasure | None:
    """None if somebody has given the person a seat since they were all given back."""
    (user,) = hold([user_id])
    ties = ties_of(user, now)
    if reasons := refusals(ties):
        raise Refused(reasons)
    return None if ties.seats else forget_people([user_id], Cause.OWN_WISH, now)[0]


@transaction.atomic
def erase_again(account: int, cause: Cause, at: datetime) -> bool:
    """A restored backup knows the name once more: whether there was something to forget."""
    if Erasure.objects.filter(account=account).exists() or not hold([account]):
        return False
    forget_people([account], cause, at)
    return True


def hold(user_ids: Collection[int]) -> list[User]:
    """Hold the people, then their accounts, each in one order."""
    hold_volunteers(Volunteer.objects.filter(user__in=user_ids).values_list("pk", flat=True))
    return list(User.objects.filter(pk__in=user_ids).order_by("pk").select_for_update())


@transaction.atomic
def forget_people(
    user_ids: Sequence[int], cause: Cause, now: datetime, close_out: CloseOut | None = None
) -> list[Erasure]:
    """Identities go; the caller holds the people and has asked whether they may."""
    names = spoken_names(user_ids)
    forget("volunteers.StaffImportRow", Q(phone_hash__in=hashes(user_ids)))
    end_everything(user_ids, now)
    counts: Counter[str] = Counter()
    for rule in OF_A_PERSON:
        counts[rule.table] += forget_own(rule, user_ids)
    renumber(user_ids)
    silence_words(names)
    one = {name: count for name, count in counts.items() if count} if len(user_ids) == 1 else {}
    rows = [Erasure(account=pk, at=now, cause=cause, close_out=close_out, counts=one) for pk in sorted(user_ids)]
    made = Erasure.objects.bulk_create(rows)
    made[0].gone = counts  # type: ignore[attr-defined]
    return made


def spoken_names(user_ids: Sequence[int]) -> list[str]:
    known = User.objects.filter(pk__in=user_ids).annotate(letters=Length("name")).filter(letters__gte=SHORTEST)
    return list(known.values_list("name", flat=True))


def hashes(user_ids: Sequence[int]) -> list[str]:
    """Of their phones: rows of staff lists that were never taken over name them too."""
    known = User.objects.filter(pk__in=user_ids, phone_hash__isnull=False)
    return [found for found in known.values_list("phone_hash", flat=True) if found]


def end_everything(user_ids: Sequence[int], now: datetime) -> None:
    """Sessions, shifts to lead, roles of the account, enrolments and consents; certificates only asked for."""
    deputies.forget(user_ids, now)
    for session in UserSession.objects.filter(user__in=user_ids):
        session.end()
    people = Q(volunteer__user__in=user_ids)
    companions.end_all(Volunteer.objects.filter(user__in=user_ids).values_list("pk", flat=True), now)
    Enrolment.objects.filter(people, ended_at=None).update(ended_at=now)
    Consent.objects.filter(people, withdrawn_at=None).update(withdrawn_at=now)
    waiting = Q(status__in=[CertificateStatus.ASKED, CertificateStatus.REFUSED])
    Certificate.objects.filter(people, waiting).delete()
    User.groups.through.objects.filter(user__in=user_ids).delete()
    User.objects.filter(pk__in=user_ids).update(
        is_active=False,
        is_staff=False,
        is_superuser=False,
        phone_verified=False,
        urgent_calls=False,
        password=make_password(None),
    )


def forget_own(rule: Own, user_ids: Sequence[int]) -> int:
    whose = Q(**{f"{rule.whose}__in": user_ids})
    events = Q(pgh_obj_id__in=user_ids) if rule.whose == "pk" else None
    return forget(rule.table, whose, rule.blank, events=events)


def renumber(user_ids: Sequence[int]) -> None:
    people = list(Volunteer.objects.filter(user__in=user_ids))
    for person in people:
        person.number = random_number()
    Volunteer.objects.bulk_update(people, ["number"])
    run(RENUMBER, [[person.pk for person in people]])


def silence_words(names: Sequence[str]) -> None:
    if names:
        parts = [f"%{escaped(name)}%" for name in names]
        run(IN_LOG, [parts, parts])
        run(IN_ANSWERS, [parts])


def escaped(name: str) -> str:
    for letter in "\\%_":
        name = name.replace(letter, f"\\{letter}")
    return name


def run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
