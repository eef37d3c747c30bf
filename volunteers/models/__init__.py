from volunteers.models.certificates import Certificate
from volunteers.models.companions import Companionship
from volunteers.models.imports import StaffImport, StaffImportRow
from volunteers.models.passes import AccessPass
from volunteers.models.people import Absence, Affiliation, Availability, CalendarFeed, Consent, Enrolment, Volunteer
from volunteers.models.qualifications import HeldQualification, Qualification
from volunteers.models.records import ServiceRecord

__all__ = [
    "Absence",
    "AccessPass",
    "Affiliation",
    "Availability",
    "CalendarFeed",
    "Certificate",
    "Companionship",
    "Consent",
    "Enrolment",
    "HeldQualification",
    "Qualification",
    "ServiceRecord",
    "StaffImport",
    "StaffImportRow",
    "Volunteer",
]
