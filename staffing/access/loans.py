"""People lent by units and between communities, and boards taken over."""

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, below, organisation_paths, within
from staffing.access.whose import own
from staffing.models import (
    Lending,
    Secondment,
    StaffRequest,
    Takeover,
)
from staffing.models.secondments import StaffRequests


def lent_by(user: Visitor) -> Q:
    return below(organisation_paths(user, May.LEND), "organisation__path")


def secondments_visible_to(user: Visitor) -> QuerySet[Secondment]:
    """One's own, those of one's unit, and those to areas where one may see names."""
    return Secondment.objects.filter(own(user) | lent_by(user) | within(user, May.NAMES, "area"))


def secondments_of_unit(user: Visitor) -> QuerySet[Secondment]:
    """Those the user may propose, approve and recall for the unit."""
    return Secondment.objects.filter(lent_by(user))


def secondments_received_by(user: Visitor) -> QuerySet[Secondment]:
    """Those the user may accept, return and send back for the community."""
    return Secondment.objects.filter(within(user, May.RUN, "area"))


def secondments_at_either_end(user: Visitor) -> QuerySet[Secondment]:
    return Secondment.objects.filter(lent_by(user) | within(user, May.RUN, "area"))


def secondments_of_self(user: Visitor) -> QuerySet[Secondment]:
    return Secondment.objects.filter(own(user))


def staff_requests_visible_to(user: Visitor) -> StaffRequests:
    """Those to one's unit, and those of one's own areas."""
    return StaffRequest.objects.filter(lent_by(user) | within(user, May.RUN, "area"))


def staff_requests_of_unit(user: Visitor) -> StaffRequests:
    """Those the user may answer for the unit."""
    return StaffRequest.objects.filter(lent_by(user))


def lendings_visible_to(user: Visitor) -> QuerySet[Lending]:
    """Those to and from the areas that one runs, or stands above."""
    mine = within(user, May.RUN, "giver") | within(user, May.RUN, "taker")
    return Lending.objects.filter(mine | within(user, May.SHARE, "giver") | within(user, May.SHARE, "taker"))


def lendings_proposed_by(user: Visitor) -> QuerySet[Lending]:
    """Those between communities that the user stands above."""
    return Lending.objects.filter(within(user, May.SHARE, "giver"), within(user, May.SHARE, "taker"))


def lendings_given_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say yes to for the giving community."""
    return Lending.objects.filter(within(user, May.RUN, "giver"))


def lendings_taken_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say yes to for the receiving one."""
    return Lending.objects.filter(within(user, May.RUN, "taker"))


def lendings_decided_by(user: Visitor) -> QuerySet[Lending]:
    """Those the user may say no to, for one of the ends."""
    return lendings_given_by(user) | lendings_taken_by(user)


def lendings_ended_by(user: Visitor) -> QuerySet[Lending]:
    return lendings_proposed_by(user) | lendings_decided_by(user)


def takeovers_visible_to(user: Visitor) -> QuerySet[Takeover]:
    return Takeover.objects.filter(within(user, May.SEE, "area"))
