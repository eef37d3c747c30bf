"""Close-outs, and hours that were put right."""

from django.db.models import QuerySet

from communities.access import May, Visitor, within
from staffing.models import CloseOut, Proposal


def close_outs_visible_to(user: Visitor) -> QuerySet[CloseOut]:
    """Those of areas that one may close, or whose history one reads."""
    return CloseOut.objects.filter(within(user, May.CLOSE, "area") | within(user, May.HISTORY, "area"))


def close_outs_run_by(user: Visitor) -> QuerySet[CloseOut]:
    return CloseOut.objects.filter(within(user, May.CLOSE, "area"))


def corrections_visible_to(user: Visitor) -> QuerySet[Proposal]:
    """What somebody said about hours, for those who read the history there."""
    return Proposal.objects.filter(within(user, May.HISTORY, "sign_up__shift__site__area"))
