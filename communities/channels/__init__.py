"""The ways by which people are reached; each is a folder with one `channel` in it."""

from functools import cache

from communities.channels.parcels import Channel


@cache
def channels() -> dict[str, Channel]:
    from communities.channels import email, push, robot, sms

    found: tuple[Channel, ...] = (sms.channel, push.channel, email.channel, robot.channel)
    return {channel.name: channel for channel in found}
