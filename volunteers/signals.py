"""What this package tells those who listen, inside the transaction unless it says otherwise."""

from django.dispatch import Signal

consent_withdrawn = Signal()  # volunteer_id, now: the person no longer agrees to be scheduled
homes_known = Signal()  # volunteers (ids), by, now: where they live was not known before
moved = Signal()  # volunteer, by, now: a person lives somewhere else from now on
pass_revoked = Signal()  # revoked, by, now: a pass opens nothing any more
staff_list_waits = Signal()  # after the commit: import_id, a staff list is to be read or taken over
