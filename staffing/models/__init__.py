from staffing.models.askings import Asking, Reply
from staffing.models.calls import CallUp
from staffing.models.proposals import Proposal
from staffing.models.readiness import Milestone, ReadinessPlan
from staffing.models.roles import Role
from staffing.models.shifts import Post, Shift
from staffing.models.signups import Pledge, SignUp

__all__ = [
    "Asking",
    "CallUp",
    "Milestone",
    "Pledge",
    "Post",
    "Proposal",
    "ReadinessPlan",
    "Reply",
    "Role",
    "Shift",
    "SignUp",
]
