"""Which messages about seats and calls belong to somebody's areas."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.access import May, Visitor, within
from communities.admin.messages import SCOPES, WORDS
from communities.messages.kinds import KINDS
from staffing.models import CallUp, SignUp

CALLS = "call_up"


def about_ours(user: Visitor, may: May) -> Q:
    seats = SignUp.objects.filter(within(user, may, "shift__site__area")).values("pk")
    calls = CallUp.objects.filter(within(user, may, "community")).values("pk")
    return Q(kind__in=sorted(set(KINDS) - {CALLS}), target__in=seats) | Q(kind=CALLS, target__in=calls)


SCOPES.append(about_ours)
WORDS |= {
    "signed_up": _("signed up"),
    "waitlisted": _("waitlisted"),
    "offered": _("offer of a seat"),
    "confirmed": _("confirmed"),
    "changed": _("change of time or place"),
    "cancelled": _("cancelled"),
    "passed_over": _("passed over"),
    "declined": _("declined"),
    "reminder": _("reminder"),
    CALLS: _("call for volunteers"),
}
