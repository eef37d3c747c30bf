from volunteers.admin import absences, certificates, consents, enrolments, passes, qualifications, records, volunteers

__all__ = ["absences", "certificates", "consents", "enrolments", "passes", "qualifications", "records", "volunteers"]
