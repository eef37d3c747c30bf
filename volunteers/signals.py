"""What this package tells those above it, inside the transaction."""

from django.dispatch import Signal

consent_withdrawn = Signal()  # volunteer_id, now: the person no longer agrees to be scheduled
