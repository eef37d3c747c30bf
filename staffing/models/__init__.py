from staffing.models.askings import Asking, Reply
from staffing.models.calls import CallUp
from staffing.models.proposals import Proposal
from staffing.models.readiness import Milestone, ReadinessPlan
from staffing.models.rechecks import RecheckedSeat, ZoneRecheck
from staffing.models.roles import Role
from staffing.models.shifts import Post, Shift
from staffing.models.signups import Pledge, SignUp
from staffing.models.swaps import Swap

__all__ = [
    "Asking",
    "CallUp",
    "Milestone",
    "Pledge",
    "Post",
    "Proposal",
    "ReadinessPlan",
    "RecheckedSeat",
    "Reply",
    "Role",
    "Shift",
    "SignUp",
    "Swap",
    "ZoneRecheck",
]
