"""Hours that one person put right and a second agreed to, and those that nobody has confirmed yet."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat

from communities.models import Area
from staffing.models import Proposal
from staffing.rules.attendance import GOOD_FOR
from volunteers.models import ServiceRecord


def in_state(words: QuerySet[Proposal], state: str, now: datetime) -> QuerySet[Proposal]:
    """waiting, agreed, lapsed, or all."""
    match state:
        case "waiting":
            return words.filter(agreed_at=None, proposed_at__gt=now - GOOD_FOR)
        case "agreed":
            return words.filter(agreed_at__isnull=False)
        case "lapsed":
            return words.filter(agreed_at=None, proposed_at__lte=now - GOOD_FOR)
    return words


def listed(words: QuerySet[Proposal], area: Area, *, names: bool) -> QuerySet[Proposal]:
    """The newest first, each with its `person` (a name, or where the reader may not see names the volunteer's number)
    and `whose` account that is.
    """
    here = words.filter(sign_up__shift__site__area__path__startswith=area.path)
    about = ("sign_up__shift__site", "sign_up__post__role", "proposed_by", "agreed_by")
    told = here.select_related(*about).annotate(
        person=who("sign_up__volunteer__", names), whose=F("sign_up__volunteer__user_id")
    )
    return told.order_by("-proposed_at", "-pk")


def who(volunteer: str, names: bool) -> Any:
    number = Concat(Value("#"), F(f"{volunteer}number"), output_field=CharField())
    return F(f"{volunteer}user__name") if names else number


def unconfirmed(area: Area, *, names: bool) -> QuerySet[ServiceRecord]:
    """Blocks that the system closed, since nobody checked the person out; the oldest first."""
    here = Q(community__path__startswith=area.path, needs_confirmation=True)
    return ServiceRecord.objects.filter(here).annotate(person=who("volunteer__", names)).order_by("started_at", "pk")
