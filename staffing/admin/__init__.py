from staffing.admin import calls, messages, pledges, posts, roles, shifts, signups

__all__ = ["calls", "messages", "pledges", "posts", "roles", "shifts", "signups"]
