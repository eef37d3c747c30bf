"""What this package tells those above it, inside the transaction."""

from django.dispatch import Signal

consent_withdrawn = Signal()  # volunteer_id, now: the person no longer agrees to be scheduled
pass_revoked = Signal()  # revoked, by, now: a pass opens nothing any more
