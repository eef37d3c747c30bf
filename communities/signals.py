"""What this package tells those above it. Sent inside the transaction unless the name says otherwise."""

from django.dispatch import Signal

message_posted = Signal()  # after the commit: queue
webhook_due = Signal()  # after the commit: another system is to be told something
zone_changed = Signal()  # status, by, now: who may serve there is different from `status.valid` on
policy_changed = Signal()  # policy, by, now: a level in force means something else
