from volunteers.admin import (
    absences,
    certificates,
    companions,
    consents,
    enrolments,
    passes,
    qualifications,
    records,
    volunteers,
)

__all__ = [
    "absences",
    "certificates",
    "companions",
    "consents",
    "enrolments",
    "passes",
    "qualifications",
    "records",
    "volunteers",
]
