"""What this package tells those who listen, after the commit."""

from django.dispatch import Signal

seat_offered = Signal()  # signup_id: an offer that the person wants taken without being asked
