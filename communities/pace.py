"""How fast a channel may be used, all workers together: a bucket of tokens in Redis, filled at the channel's rate.

Calls and news of people's own duties take what there is, in turns; digests leave half of the bucket to them. With Redis
away each sender keeps the pace by itself.
"""

from django.conf import settings

from communities import limits

RESERVED = {"digest": 0.5}  # the part of the bucket that messages of this queue leave to others
# The bucket holds one second's worth. Returns how long to wait, in seconds, or 0 when the tokens are taken.
TAKE = """
local rate, count, reserved = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local burst = math.max(rate, 1)
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(kept[1]) or burst) + math.max(0, now - (tonumber(kept[2]) or now)) * rate)
local wanted = math.min(burst, count + burst * reserved)
if tokens < wanted then return tostring((wanted - tokens) / rate) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - count), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(1000 * (1 + burst / rate + count / rate)))
return '0'
"""


def rate_of(channel: str) -> float:
    """Messages a second; 0 where there is no limit."""
    return float(settings.CHANNEL_RATES.get(channel, 0))


def take(channel: str, count: int, queue: str) -> float:
    """Tokens for so many messages: 0 when they are ours, else the seconds until it is worth asking again.

    Raises Busy if Redis does not answer.
    """
    rate = rate_of(channel)
    if not rate:
        return 0.0
    key = limits.name("pace", channel)
    return float(limits.run(TAKE, [key], rate, count, RESERVED.get(queue, 0)))


def own_pace(channel: str, count: int) -> float:
    """The seconds that so many messages take."""
    rate = rate_of(channel)
    return count / rate if rate else 0.0
