"""What other systems can be told of staffing: where it happened, and the ids and numbers that say to what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.messages.happenings import About, Source, register
from staffing.models import CallUp, Secondment, Shift, SignUp


def reading(rows: QuerySet[Any], area: str, **named: str) -> Callable[[Sequence[int]], Mapping[int, About]]:
    """One query for any number of rows; `named` says under which name which column is told."""
    found = rows.order_by().values_list("pk", area, f"{area}__path", *named.values())

    def read(ids: Sequence[int]) -> Mapping[int, About]:
        return {
            pk: About(place, path, dict(zip(named, values, strict=True)))
            for pk, place, path, *values in found.filter(pk__in=ids)
        }

    return read


SIGN_UPS = reading(
    SignUp.objects.all(),
    "shift__site__area",
    sign_up="pk",
    post="post_id",
    shift="shift_id",
    call_up="shift__call_up_id",
)
SHIFTS = reading(Shift.objects.all(), "site__area", shift="pk", call_up="call_up_id")
CALL_UPS = reading(CallUp.objects.all(), "community", call_up="pk")
SECONDMENTS = reading(Secondment.objects.all(), "area", secondment="pk", organisation="organisation_id")

register(
    Source("sign-ups", "sign-up", _("sign-ups"), SIGN_UPS),
    Source("shifts", "shift", _("shifts"), SHIFTS),
    Source("call-ups", "call-up", _("calls"), CALL_UPS),
    Source("secondments", "secondment", _("secondments"), SECONDMENTS),
)
