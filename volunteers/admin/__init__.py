from volunteers.admin import absences, consents, enrolments, qualifications, records, volunteers

__all__ = ["absences", "consents", "enrolments", "qualifications", "records", "volunteers"]
