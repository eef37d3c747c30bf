"""A zone that the community asks for: proposed there, set or refused by somebody else, of the district or above."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.actions.zones import Decree, Target, check_since, set_zone
from communities.errors import Forbidden, Invalid, Refused
from communities.models import User, ZonePolicy, ZoneProposal, ZoneStatus
from communities.states import ProposalStatus, ZoneReason


@dataclass(frozen=True, slots=True)
class Wish:
    """What the community asks for. The notice, its number and issuer come with the answer."""

    level: str
    since: datetime
    group: str = ""
    reason: str = ZoneReason.ROUND_RESULT


@transaction.atomic
def propose(target: Target, wish: Wish, *, by: User, now: datetime) -> ZoneProposal:
    """Ask for a level. While one waits, asked again for the same it is returned; for another it is refused.

    Raises Invalid per field.
    """
    check(wish, now)
    columns = target.columns()
    if waiting := ZoneProposal.objects.select_for_update().waiting().filter(**columns).first():
        if waiting.level == wish.level:
            return waiting
        raise Refused("proposal_waits")
    return ZoneProposal.objects.create(
        **columns,
        level=wish.level,
        since=wish.since,
        group=wish.group.strip(),
        reason=wish.reason,
        proposed_by=by,
        proposed_at=now,
    )


def check(wish: Wish, now: datetime) -> None:
    errors = check_since(wish.since, now)
    if not ZonePolicy.objects.filter(level=wish.level).exists():
        errors["level"] = _("Choose one of the levels.")
    if wish.reason not in list(ZoneReason):
        errors["reason"] = _("Choose one of the reasons in the list.")
    if errors:
        raise Invalid(**errors)


def target_of(proposal: ZoneProposal) -> Target:
    return Target(compound=proposal.compound_id, area=proposal.area_id)


@transaction.atomic
def decree(proposal_id: int, said: Decree, *, by: User, now: datetime) -> ZoneStatus:
    """Set what was proposed, as the notice says (which may differ). Raises Forbidden to the one who proposed it."""
    proposal = hold(proposal_id)
    if proposal.status == ProposalStatus.SET and proposal.made:
        return proposal.made
    must_wait(proposal, by)
    proposal.made = set_zone(target_of(proposal), said, by=by, now=now)
    settle(proposal, ProposalStatus.SET, by, now)
    return proposal.made


@transaction.atomic
def refuse(proposal_id: int, answer: str, *, by: User, now: datetime) -> ZoneProposal:
    """Say no, and why."""
    if not answer.strip():
        raise Invalid(answer=_("Give a reason; it stays in the history."))
    proposal = hold(proposal_id)
    if proposal.status == ProposalStatus.REFUSED:
        return proposal
    must_wait(proposal, by)
    proposal.answer = answer.strip()[:200]
    return settle(proposal, ProposalStatus.REFUSED, by, now)


@transaction.atomic
def withdraw(proposal_id: int, *, by: User, now: datetime) -> ZoneProposal:
    """The community no longer asks."""
    proposal = hold(proposal_id)
    if proposal.status == ProposalStatus.WITHDRAWN:
        return proposal
    if proposal.status != ProposalStatus.PROPOSED:
        raise Refused("invalid_transition", status=proposal.status)
    return settle(proposal, ProposalStatus.WITHDRAWN, by, now)


def hold(proposal_id: int) -> ZoneProposal:
    return ZoneProposal.objects.select_for_update(of=("self",)).select_related("made").get(pk=proposal_id)


def must_wait(proposal: ZoneProposal, by: User) -> None:
    if proposal.status != ProposalStatus.PROPOSED:
        raise Refused("invalid_transition", status=proposal.status)
    if proposal.proposed_by_id == by.pk:
        raise Forbidden("same_person")


def settle(proposal: ZoneProposal, status: ProposalStatus, by: User, now: datetime) -> ZoneProposal:
    proposal.status, proposal.decided_by, proposal.decided_at = status, by, now
    proposal.save(update_fields=["status", "decided_by", "decided_at", "answer", "made"])
    return proposal
