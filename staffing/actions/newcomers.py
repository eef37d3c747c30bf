"""People whom staff enter: known by their phone from then on, enrolled with consent recorded, and placed at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from communities.actions.accounts import account_for
from communities.errors import Invalid
from communities.models import User
from staffing.actions import attendance, pledges, signups
from staffing.actions.signups import Entry
from staffing.models import Pledge, Post, SignUp
from staffing.phrases import field_error
from volunteers.actions.people import Profile, affiliate, enrol
from volunteers.models import Volunteer
from volunteers.states import Channel, PersonKind


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What staff type. `phone` is E.164; `consented`: the person agreed to being entered, and staff ticked so."""

    name: str
    phone: str
    consented: bool = False
    residence: int | None = None
    is_adult: bool = True
    kind: PersonKind = PersonKind.VOLUNTEER


def known(person: Newcomer, community_id: int, *, by: User, now: datetime, channel: str) -> Volunteer:
    """The volunteer of this phone, enrolled with the community; a name that is there already stays."""
    if not person.consented:
        raise Invalid(consent=field_error("missing"))
    user = account_for(person.phone, person.name, "zh-hans", now, verified=False, is_demo=by.is_demo)
    profile = Profile(residence=person.residence, is_adult=person.is_adult, kind=person.kind)
    return enrol(user, community_id, profile, now=now, channel=channel, entered_by=by)


def community_of(post: Post) -> int:
    """Where people who serve on the post check in: the call's community, else the site's area."""
    shift = post.shift
    return shift.call_up.community_id if shift.call_up else shift.site.area_id


@transaction.atomic
def enter(person: Newcomer, community_id: int, *, by: User, now: datetime) -> Volunteer:
    """Check somebody in with the community on their behalf (代为报到)."""
    return known(person, community_id, by=by, now=now, channel=Channel.DESK)


@transaction.atomic
def sign_up(post_id: int, person: Newcomer, *, by: User, now: datetime, override_reason: str = "") -> SignUp:
    """Enter somebody and give them a place on the post. An override of the rest rules stays on record."""
    post = Post.objects.select_related("shift__call_up", "shift__site").get(pk=post_id)
    volunteer = known(person, community_of(post), by=by, now=now, channel=Channel.DESK)
    entry = Entry(channel=Channel.DESK, by=by, on_behalf=True, override_reason=override_reason[:200])
    return signups.sign_up(post_id, volunteer.pk, now=now, entry=entry)


@transaction.atomic
def walk_in(post_id: int, person: Newcomer, *, by: User, now: datetime) -> SignUp:
    """Somebody stands there and wants to help: entered, signed up and checked in at once."""
    post = Post.objects.select_related("shift__call_up", "shift__site").get(pk=post_id)
    volunteer = known(person, community_of(post), by=by, now=now, channel=Channel.WALK_IN)
    return attendance.walk_in(post_id, volunteer.pk, by=by, now=now)


@transaction.atomic
def name(pledge_id: int, person: Newcomer, *, by: User, now: datetime) -> SignUp:
    """Put a person of the organisation that promised on one of its kept seats."""
    pledge = Pledge.objects.select_related("post__shift__call_up", "post__shift__site").get(pk=pledge_id)
    if pledge.post.agency_id:
        person = replace(person, kind=PersonKind.AGENCY)
    volunteer = known(person, community_of(pledge.post), by=by, now=now, channel=Channel.PLEDGE)
    if pledge.post.agency_id:
        affiliate(volunteer, pledge.organisation_id)
    return pledges.name(pledge_id, volunteer.pk, by=by, now=now)
