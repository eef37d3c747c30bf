"""Taking over a board: who may, and for how long."""

from datetime import timedelta

from communities.errors import Refusal

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=12)
USUAL_HOURS = 4


def against(path: str, reach: list[str], length: timedelta) -> list[Refusal]:
    """Every reason why somebody whose command reaches down from these nodes may not run the board for so long."""
    found = []
    if not any(path.startswith(node) and path != node for node in reach):
        found.append(Refusal("not_below_you"))
    if not SHORTEST <= length <= LONGEST:
        found.append(Refusal("takeover_length", {"hours": LONGEST // timedelta(hours=1)}))
    return found
