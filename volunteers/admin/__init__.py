from volunteers.admin import absences, consents, enrolments, passes, qualifications, records, volunteers

__all__ = ["absences", "consents", "enrolments", "passes", "qualifications", "records", "volunteers"]
