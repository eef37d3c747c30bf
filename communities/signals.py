"""What this package tells those above it. Sent inside the transaction unless the name says otherwise."""

from django.dispatch import Signal

message_posted = Signal()  # after the commit: queue
