"""Offers that the person wants taken without being asked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from communities.errors import Gone, Refused
from communities.models import Message
from staffing import messages
from staffing.actions import offers
from staffing.locks import lock_signup
from staffing.models import SignUp
from staffing.states import SignUpStatus


def accept_for(signup_id: int, now: datetime) -> SignUp:
    """Take the offered seat for the person; if a rule speaks against it by now, ask them after all."""
    try:
        return offers.accept(signup_id, now=now)
    except Gone:
        return SignUp.objects.get(pk=signup_id)
    except Refused:
        return ask(signup_id, now)


@transaction.atomic
def ask(signup_id: int, now: datetime) -> SignUp:
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.INVITED:
        messages.offered(signup, now)
    return signup


def unasked(now: datetime) -> Iterable[int]:
    """Offers to be taken for people who wanted that: neither taken nor told of yet."""
    told = Message.objects.filter(
        kind__in=["offered", "changed"], target=OuterRef("pk"), created_at__gte=OuterRef("changed_at")
    )
    standing = SignUp.objects.filter(status=SignUpStatus.INVITED, auto_accept=True, respond_by__gt=now)
    return list(standing.exclude(Exists(told)).values_list("pk", flat=True))
