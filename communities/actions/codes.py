"""One-time codes: who types back what was sent to a phone or an e-mail address holds that phone or mailbox.

Nothing here looks at the accounts, so a known and an unknown address cannot be told apart by answer or by time.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import limits
from communities.channels import email, sms
from communities.channels.parcels import Outcome, Parcel, Result
from communities.errors import Refused
from communities.fields import keyed_hash
from communities.limits import Limit

LIFE = timedelta(minutes=10)
TRIES = 5
SOON = Limit("code-soon", 1, 45)
HOURLY = Limit("code-hourly", 5, 3600)
PER_ORIGIN = Limit("code-origin", settings.CODES_PER_ORIGIN, 3600)


class Purpose(StrEnum):
    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"


REMEMBER = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'answer', ARGV[1], 'until', ARGV[2], 'tries', 0)
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
# Both sides of the comparison are keyed hashes: how long it takes tells nothing about the code.
CHECK = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 'expired' end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
if tries > tonumber(ARGV[3]) or tonumber(redis.call('HGET', KEYS[1], 'until')) <= tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
  return 'expired'
end
if redis.call('HGET', KEYS[1], 'answer') ~= ARGV[1] then return 'wrong' end
redis.call('DEL', KEYS[1])
return 'right'
"""


def send_code(address: str, purpose: str, ip: str, now: datetime) -> None:
    """Send a new code to the phone (E.164) or e-mail address; it takes the place of the one before.

    Raises TooMany with the seconds to wait, Busy when codes cannot be kept, Refused("code_not_sent").
    """
    limits.spend((SOON, address), (HOURLY, address), (PER_ORIGIN, ip))
    code = new_code()
    remember(address, purpose, code, now)
    if deliver(address, code).result is not Result.SENT:
        raise Refused("code_not_sent")


def check_code(address: str, code: str, purpose: str = Purpose.SIGN_UP, now: datetime | None = None) -> None:
    """Use the code up. Raises Refused: code_wrong, or code_expired (late, used, or guessed at too often)."""
    moment = (now or timezone.now()).timestamp()
    found = limits.run(CHECK, [key(address, purpose)], answer(address, code), moment, TRIES).decode()
    if found != "right":
        raise Refused(f"code_{found}")


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def remember(address: str, purpose: str, code: str, now: datetime) -> None:
    end = (now + LIFE).timestamp()
    limits.run(REMEMBER, [key(address, purpose)], answer(address, code), end, int(LIFE.total_seconds()))


def key(address: str, purpose: str) -> str:
    return limits.name(f"code-{Purpose(purpose)}", address)


def answer(address: str, code: str) -> str:
    return keyed_hash(f"{address} {code}")


def deliver(address: str, code: str) -> Outcome:
    """At once and outside the outbox: nobody wants an old code."""
    text = _("%(code)s is your Redvest code, good for 10 minutes. Nobody will ask you for it on the phone.")
    if "@" not in address:
        return sms.send_now(address, text % {"code": code})
    letter = Parcel(
        id=f"code:{secrets.token_hex(16)}", address=address, subject=_("Your code"), text=text % {"code": code}
    )
    return email.channel.send([letter])[0]
