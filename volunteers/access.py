"""Which people a user may see, and whom of them they look after."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.access import May, Visitor, below, of_place, organisation_paths, within
from communities.models import User
from volunteers.models import AccessPass, Certificate, Companionship, Enrolment, StaffImport, Volunteer


def enrolled_within(user: Visitor, capability: May) -> Exists:
    """The volunteer is checked in with a community on which the user has the capability."""
    here = Enrolment.objects.filter(within(user, capability, "community"), volunteer=OuterRef("pk"), ended_at=None)
    return Exists(here)


def volunteers_visible_to(user: Visitor) -> QuerySet[Volunteer]:
    """Oneself, and the people checked in where one may see names."""
    found = Q(enrolled_within(user, May.NAMES))
    return Volunteer.objects.filter(found | Q(user=user) if isinstance(user, User) else found)


def volunteers_run_by(user: Visitor) -> QuerySet[Volunteer]:
    """Those whose papers the user may verify and whom they may let into a sealed compound."""
    return Volunteer.objects.filter(enrolled_within(user, May.RUN))


def imports_run_by(user: Visitor) -> QuerySet[StaffImport]:
    """The staff lists of the organisations whose people the user may lend; nobody else knows of them."""
    return StaffImport.objects.filter(below(organisation_paths(user, May.LEND), "organisation__path"))


def companionships_seen_by(user: Visitor) -> QuerySet[Companionship]:
    """Who comes together, where one may see the names of both. The two themselves have a page of their own."""
    people = Volunteer.objects.filter(enrolled_within(user, May.NAMES)).values("pk")
    return Companionship.objects.together().filter(asker__in=people, asked__in=people)


def passes_visible_to(user: Visitor) -> QuerySet[AccessPass]:
    """One's own, and those for places where one may see names."""
    own = Q(volunteer__user=user) if isinstance(user, User) else Q(pk__in=[])
    return AccessPass.objects.filter(own | of_place(user, May.NAMES))


def passes_issued_by(user: Visitor) -> QuerySet[AccessPass]:
    return AccessPass.objects.filter(of_place(user, May.ZONES))


def passes_revoked_by(user: Visitor) -> QuerySet[AccessPass]:
    return AccessPass.objects.filter(of_place(user, May.ZONES) | of_place(user, May.PROPOSE))


def certificates_visible_to(user: Visitor) -> QuerySet[Certificate]:
    """One's own, and those asked of communities where one may decide."""
    own = Q(volunteer__user=user) if isinstance(user, User) else Q(pk__in=[])
    return Certificate.objects.filter(own | within(user, May.RUN, "community"))


def certificates_decided_by(user: Visitor) -> QuerySet[Certificate]:
    return Certificate.objects.filter(within(user, May.RUN, "community"))
