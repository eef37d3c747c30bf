"""The sentences of this package's refusals and reports."""

from django.utils.translation import gettext_lazy as _

from communities.phrases import PHRASES, STATES
from volunteers.models.imports import IMPORT_STATUSES

PHRASES.update(
    {
        "staff_list_waits": _("Another list of this organisation waits for a decision. Decide about it first."),
        "nothing_to_take_over": _("There is no row without a fault. Correct the file and upload it again."),
        "nothing_to_settle": _("Nothing is written there to decide about."),
        "not_a_table": _("Upload a CSV or an XLSX file."),
        "not_csv": _("This is not a CSV file."),
        "not_xlsx": _("This is not an XLSX file."),
        "bad_letters": _("The letters of this file cannot be read. Save it as UTF-8."),
        "too_large": _("The file is too large."),
        "nothing_served": _("No hours given freely are on record there for these days."),
        "hours_open": _("The hours of these days are still to be confirmed by the community."),
        "own_certificate": _("Somebody else has to give this certificate: neither who asked for it nor whose it is."),
        "companions_enough": _("One of you comes with %(most)s people already. End one of these first."),
        "too_many_rows": _("At most 100,000 rows at once."),
    }
)
STATES.update({str(state): word for state, word in IMPORT_STATUSES.items()})
PROBLEMS = {
    "name_missing": _("the name is missing"),
    "bad_name": _("the name cannot be read"),
    "phone_missing": _("the phone is missing"),
    "bad_phone": _("this is no phone number"),
    "bad_staff_number": _("the staff number is too long"),
    "minor": _("under 18"),
    "twice": _("on the list twice"),
    "two_people": _("staff number and phone belong to two people"),
    "other_phone": _("another phone than the one we know; ours stays"),
}
