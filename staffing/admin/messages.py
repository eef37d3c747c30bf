"""Which messages about seats and calls belong to somebody's areas."""

from django.db.models import Q

from communities.access import May, Visitor, within
from communities.admin.messages import SCOPES, WORDS
from staffing.models import Broadcast, CallUp, SignUp
from staffing.phrases import MESSAGES
from staffing.queries.undelivered import about, of_notices


def about_ours(user: Visitor, may: May) -> Q:
    signups = SignUp.objects.filter(within(user, may, "shift__site__area"))
    notices = of_notices(Broadcast.objects.filter(within(user, may, "area")))
    return about(signups, CallUp.objects.filter(within(user, may, "community"))) | notices


SCOPES.append(about_ours)
WORDS |= MESSAGES
