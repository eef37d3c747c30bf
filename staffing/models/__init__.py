from staffing.models.calls import CallUp
from staffing.models.readiness import Milestone, ReadinessPlan
from staffing.models.roles import Role
from staffing.models.shifts import Post, Shift
from staffing.models.signups import Pledge, SignUp

__all__ = ["CallUp", "Milestone", "Pledge", "Post", "ReadinessPlan", "Role", "Shift", "SignUp"]
