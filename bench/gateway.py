"""python -m bench.gateway PORT: an SMS gateway that counts. POST /v1/messages as ours do; GET /counts; GET /first/SECONDS
says when the first message after that instant came.
"""

import asyncio
import json
import sys
import time
from bisect import bisect_right
from collections import Counter

seen: Counter[str] = Counter()
arrivals: list[float] = []  # of calls, in seconds since 1970


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                (line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length")), "0"
            )
            body = answer(head, await reader.readexactly(int(size)))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    except asyncio.IncompleteReadError:
        writer.close()


def answer(head: str, body: bytes) -> bytes:
    if head.startswith("GET /first/"):
        since = float(head.split()[1].removeprefix("/first/"))
        return json.dumps({"first": arrivals[bisect_right(arrivals, since)]}).encode()
    if head.startswith("GET"):
        last = arrivals[-1] if arrivals else 0
        return json.dumps({"received": seen.total(), "distinct": len(seen), "last": last}).encode()
    ids = [message["id"] for message in json.loads(body)["messages"]]
    seen.update(ids)
    arrivals.append(time.time())
    return json.dumps({"results": [{"id": one, "ref": one, "status": "accepted"} for one in ids]}).encode()


async def main(port: int) -> None:
    async with await asyncio.start_server(serve, "127.0.0.1", port, limit=2**20) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
