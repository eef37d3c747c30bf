from staffing.admin import calls, messages, pledges, posts, readiness, roles, shifts, signups

__all__ = ["calls", "messages", "pledges", "posts", "readiness", "roles", "shifts", "signups"]
