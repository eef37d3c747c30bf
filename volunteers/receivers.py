"""What volunteers have to say when a package below asks."""

from communities.messages.gates import SILENCED
from volunteers.queries.consents import silent

SILENCED.append(silent)
