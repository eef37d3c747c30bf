"""How the outcomes of doors and the needs of homes look: colour, shape and a short word."""

from django.utils.translation import pgettext_lazy

from staffing.models.door_visits import NEEDS
from staffing.states import DoorOutcome, HomeStatus, Need

type Look = tuple[str, str, object]

LOOKS: dict[DoorOutcome, Look] = {
    DoorOutcome.PENDING: ("todo", "", pgettext_lazy("a door, short", "To do")),
    DoorOutcome.NOTIFIED: ("ok", "there", pgettext_lazy("a door, short", "Told")),
    DoorOutcome.HOME_SERVICE: ("info", "home", pgettext_lazy("a door, short", "Visit")),
    DoorOutcome.NO_ANSWER: ("warn", "half", pgettext_lazy("a door, short", "No answer")),
    DoorOutcome.VACANT: ("off", "dash", pgettext_lazy("a door, short", "Vacant")),
    DoorOutcome.REFUSED: ("bad", "ban", pgettext_lazy("a door, short", "Refused")),
}
DISPUTED: Look = ("bad", "alert", pgettext_lazy("a door, short", "Disputed"))
NEED_ICONS = {
    Need.SAMPLING: ("tube", NEEDS[Need.SAMPLING]),
    Need.MEDICINE: ("shield", NEEDS[Need.MEDICINE]),
    Need.FOOD: ("box", NEEDS[Need.FOOD]),
    Need.CARE: ("heart", NEEDS[Need.CARE]),
    Need.REPAIR: ("dials", NEEDS[Need.REPAIR]),
}
HOMES: dict[HomeStatus, Look] = {
    HomeStatus.OPEN: ("warn", "half", pgettext_lazy("a home service, short", "To be planned")),
    HomeStatus.PLANNED: ("info", "clock", pgettext_lazy("a home service, short", "Planned")),
    HomeStatus.DONE: ("ok", "there", pgettext_lazy("a home service, short", "Done")),
    HomeStatus.CANCELLED: ("off", "ban", pgettext_lazy("a home service, short", "Cancelled")),
}
