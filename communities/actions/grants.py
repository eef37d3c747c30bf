"""Giving somebody a role on a node of a tree, and ending it. A grant is never deleted: it stays in the history."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.errors import Forbidden, Invalid
from communities.models import Grant, User


@dataclass(frozen=True, slots=True)
class GrantPlan:
    """One role on one area or one organisation, for good or until an instant."""

    user: int
    role: str
    area: int | None = None
    organisation: int | None = None
    ends_at: datetime | None = None


@transaction.atomic
def give(plan: GrantPlan, *, by: User, now: datetime) -> Grant:
    """From now on. Given again, returns the grant in force. Raises Forbidden to those who mean themselves."""
    check(plan, by, now)
    same = {"user_id": plan.user, "role": plan.role, "area_id": plan.area, "organisation_id": plan.organisation}
    User.objects.select_for_update(no_key=True).get(pk=plan.user)
    if found := Grant.objects.in_force(now).filter(**same).first():
        return found
    return Grant.objects.create(**same, starts_at=now, ends_at=plan.ends_at, given_by=by)


def check(plan: GrantPlan, by: User, now: datetime) -> None:
    if plan.user == by.pk:
        raise Forbidden("same_person")
    if bool(plan.area) == bool(plan.organisation):
        raise Invalid(area=_("A role is on one area or one organisation."))
    if plan.ends_at and plan.ends_at <= now:
        raise Invalid(ends_at=_("This is in the past."))


@transaction.atomic
def end(grant_id: int, *, by: User, now: datetime) -> Grant:
    """From the next request on the role is gone. Ended again, returns it as it is."""
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    if grant.ends_at is None or grant.ends_at > now:
        grant.ends_at = now
        grant.save(update_fields=["ends_at"])
    return grant
