"""What this package tells those who listen, after the commit."""

from django.dispatch import Signal

seat_offered = Signal()  # signup_id: an offer that the person wants taken without being asked
recheck_opened = Signal()  # recheck_id: seats in reach of a change are to be looked at again
filling_opened = Signal()  # filling_id: a proposal is to be worked out
