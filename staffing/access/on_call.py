"""Outside crews and their duties."""

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, below, organisation_paths, within
from staffing.models import OnCall, OutsideCrew


def crews_of(user: Visitor, prefix: str = "") -> Q:
    """Of the bodies that the user answers for."""
    return below(organisation_paths(user, May.PLEDGE), f"{prefix}organisation__path")


def crews_visible_to(user: Visitor) -> QuerySet[OutsideCrew]:
    """Those of one's own areas, and one's own body's."""
    return OutsideCrew.objects.filter(within(user, May.SEE, "area") | crews_of(user))


def crews_run_by(user: Visitor) -> QuerySet[OutsideCrew]:
    return OutsideCrew.objects.filter(within(user, May.RUN, "area"))


def phones_of(user: Visitor) -> Q:
    """Crews whose contact the user may ring: who runs the place or knows its phones, who leads on site, and their own."""
    may = within(user, May.PHONES, "area") | within(user, May.RUN, "area") | within(user, May.CHECK_IN, "area")
    return may | crews_of(user)


def on_calls_visible_to(user: Visitor) -> QuerySet[OnCall]:
    return OnCall.objects.filter(within(user, May.SEE, "crew__area") | crews_of(user, "crew__"))


def on_calls_run_by(user: Visitor) -> QuerySet[OnCall]:
    return OnCall.objects.filter(within(user, May.RUN, "crew__area"))


def inspected_by(user: Visitor) -> QuerySet[OnCall]:
    """Duties whose checklist the user may fill in: on site, or for the body that sends the crew."""
    return OnCall.objects.filter(within(user, May.CHECK_IN, "crew__area") | crews_of(user, "crew__"))
