"""A small HTTP/1.1 load generator on raw asyncio streams: it costs the two cores little beside what it measures."""

import asyncio
import http.client
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie

from bench.figures import percentile


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self, host: str) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class WrongAnswersError(Exception):
    """A rate of answers that are wrong says nothing."""


@dataclass(frozen=True)
class Answers:
    """What came back, in the order asked: status, seconds, and when (seconds after the start) each was done."""

    statuses: list[int]
    seconds: list[float]
    done: list[float]
    total: float

    def all_are(self, expected: dict[int, int]) -> "Answers":
        """Raises WrongAnswers unless exactly so many came back with each status."""
        if self.counts != expected:
            raise WrongAnswersError(f"expected {expected}, got {dict(self.counts)}")
        return self

    @property
    def rate(self) -> float:
        return len(self.statuses) / self.total

    @property
    def counts(self) -> Counter[int]:
        return Counter(self.statuses)

    def latency(self, part: float) -> float:
        """Milliseconds within which `part` of the requests were answered."""
        return percentile(self.seconds, part) * 1000

    def rate_of_fifth(self, number: int) -> float:
        """Requests per second of the first (0) to the last (4) fifth of the run."""
        ends = sorted(self.done)
        size = len(ends) // 5
        start = ends[number * size - 1] if number else 0.0
        return size / (ends[(number + 1) * size - 1] - start)


@dataclass(frozen=True)
class Page:
    body: str
    headers: Message

    @property
    def cookies(self) -> dict[str, str]:
        found = SimpleCookie("; ".join(self.headers.get_all("Set-Cookie", [])))
        return {name: morsel.value for name, morsel in found.items()}


def get(port: int, path: str, headers: dict[str, str]) -> Page:
    """Raises WrongAnswersError if the page does not come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise WrongAnswersError(f"{path} answered {answer.status}: {body[:500]}")
    return Page(body, answer.headers)


def rush(host: str, port: int, requests: Sequence[Request], width: int) -> Answers:
    """Send the requests over `width` connections, each as soon as the one before is answered."""
    return asyncio.run(_rush(host, port, requests, width))


async def _rush(host: str, port: int, requests: Sequence[Request], width: int) -> Answers:
    encoded = [request.encode(f"{host}:{port}") for request in requests]
    statuses, seconds, done = ([0] * len(encoded) for _list in range(3))
    queue = iter(range(len(encoded)))
    links = [await asyncio.open_connection(host, port) for _link in range(min(width, len(encoded)))]
    begin = time.perf_counter()

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for index in queue:
            start = time.perf_counter()
            writer.write(encoded[index])
            statuses[index] = await _status(reader)
            end = time.perf_counter()
            seconds[index], done[index] = end - start, end - begin
        writer.close()

    await asyncio.gather(*(work(*link) for link in links))
    return Answers(statuses, seconds, done, time.perf_counter() - begin)


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    status = int(head[9:12])
    if b"content-length:" in lowered:
        length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    elif b"chunked" in lowered:
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status
