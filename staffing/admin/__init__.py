from staffing.admin import calls, messages, pledges, posts, readiness, rechecks, roles, shifts, signups

__all__ = ["calls", "messages", "pledges", "posts", "readiness", "rechecks", "roles", "shifts", "signups"]
