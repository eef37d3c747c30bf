from staffing.admin import calls, messages, pledges, posts, readiness, rechecks, rides, roles, shifts, signups, swaps

__all__ = [
    "calls",
    "messages",
    "pledges",
    "posts",
    "readiness",
    "rechecks",
    "rides",
    "roles",
    "shifts",
    "signups",
    "swaps",
]
