"""What this package tells those above it. Sent inside the transaction unless the name says otherwise."""

from django.dispatch import Signal

message_posted = Signal()  # after the commit: queue
zone_changed = Signal()  # compound_id, now: who may serve there is different from now on
