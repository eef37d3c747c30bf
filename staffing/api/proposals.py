"""One person's word, signed, for a second person to agree to. Nothing is kept until they do."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from communities.errors import Gone, Invalid
from communities.models import User
from staffing.phrases import field_error

SALT = "staffing.proposals"
GOOD_FOR = timedelta(days=1)


def propose(what: str, signup_id: int, by: User, **times: datetime) -> str:
    said = {name: time.isoformat() for name, time in times.items()}
    return signing.dumps({"what": what, "signup": signup_id, "by": by.pk} | said, salt=SALT)


def agreed(text: str, what: str, signup_id: int) -> dict[str, Any]:
    """What was proposed, `by` as the account. Raises Gone after a day, Invalid if it is about something else."""
    try:
        said = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise Gone("expired") from error
    except signing.BadSignature as error:
        raise Invalid(proposal=field_error("bad_proposal")) from error
    if said["what"] != what or said["signup"] != signup_id:
        raise Invalid(proposal=field_error("bad_proposal"))
    return said | {"by": User.objects.get(pk=said["by"])}
