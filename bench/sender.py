"""python -m bench.sender: deliver what is due as a worker does, and tell how long it took, and how long the gateway."""

import json
import time
from collections.abc import Sequence

import django

django.setup()

from communities.channels import channels  # noqa: E402
from communities.channels.parcels import Channel, Gate, Outcome, Parcel, open_gate  # noqa: E402
from communities.messages import delivery  # noqa: E402


class Timed:
    """A channel with a stop watch."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.name, self.seconds = channel, channel.name, 0.0

    def available(self) -> bool:
        return self.channel.available()

    def send(self, parcels: Sequence[Parcel], gate: Gate = open_gate) -> Sequence[Outcome]:
        begin = time.perf_counter()
        found = self.channel.send(parcels, gate)
        self.seconds += time.perf_counter() - begin
        return found


def main() -> None:
    sms = Timed(channels()["sms"])
    channels()["sms"] = sms
    begin = time.perf_counter()
    counts = delivery.deliver("messages", budget=600)
    print(json.dumps({"seconds": time.perf_counter() - begin, "gateway": sms.seconds, "counts": counts}), flush=True)


if __name__ == "__main__":
    main()
