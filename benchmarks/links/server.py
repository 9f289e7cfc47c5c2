"""The hosts of a workload on loopback, and what they saw.

    python -m benchmarks.links.server COUNT HOSTS SKEW SEED

Prints `ready`, serves, and answers each line on standard input with what was seen since the last
one, as JSON on one line.
"""

import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from http import HTTPStatus

from benchmarks.links.workload import PORT, Link, host_address, make_workload, step_url

HUGE = 50 * 1024 * 1024
FILLER = b"<p>nothing to see here</p>\n" * 2400


class Sight:
    """What the hosts saw since the last look."""

    def __init__(self, hosts: int) -> None:
        self.requests = self.sent = 0
        self.at_a_time = [0] * hosts
        self.most_at_a_time = [0] * hosts
        self.silent_requests = 0
        self.limited_until: dict[int, float] = {}
        self.too_early = 0
        self.methods: Counter[str] = Counter()

    def report(self) -> dict[str, object]:
        """Give it as JSON's values."""
        return {
            "requests": self.requests,
            "sent": self.sent,
            "most_at_a_time": max(self.most_at_a_time),
            "silent_requests": self.silent_requests,
            "too_early": self.too_early,
            "methods": dict(self.methods),
        }


class Hosts:
    """All hosts of a workload in one process."""

    def __init__(self, links: list[Link], hosts: int) -> None:
        self.links = links
        self.hosts = hosts
        self.sight = Sight(hosts)

    def look(self) -> dict[str, object]:
        """Tell what was seen and begin again."""
        report = self.sight.report()
        self.sight = Sight(self.hosts)
        return report


class Conversation(asyncio.Protocol):
    """One connection to one host."""

    def __init__(self, hosts: Hosts, host: int) -> None:
        self.hosts, self.host = hosts, host
        self.buffer = b""
        self.counted_in: Sight | None = None
        self.may_send = True

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Send no more than the other side takes."""
        self.transport = transport
        transport.set_write_buffer_limits(high=0)

    def connection_lost(self, _: Exception | None) -> None:
        """Count the request as ended."""
        self.end()

    def pause_writing(self) -> None:
        """Wait until the other side has read."""
        self.may_send = False

    def resume_writing(self) -> None:
        """Go on."""
        self.may_send = True

    def data_received(self, data: bytes) -> None:
        """Take a request, one after another."""
        self.buffer += data
        if self.counted_in is None:
            self.take_request()

    def take_request(self) -> None:
        """Read the head of a request, if all of it is there."""
        head, separator, rest = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        self.buffer = rest
        self.method, path, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ")
        self.closes = b"connection: close" in head.lower()
        _, number, step = path.split("/")
        self.begin()
        self.answer(self.hosts.links[int(number)], int(step))

    def begin(self) -> None:
        """Count a request."""
        sight = self.counted_in = self.hosts.sight
        sight.requests += 1
        sight.methods[self.method] += 1
        sight.at_a_time[self.host] += 1
        most = max(sight.most_at_a_time[self.host], sight.at_a_time[self.host])
        sight.most_at_a_time[self.host] = most

    def end(self) -> None:
        """Count it as ended."""
        if self.counted_in is not None:
            self.counted_in.at_a_time[self.host] -= 1
        self.counted_in = None

    def answer(self, link: Link, number: int) -> None:
        """Do what the link does."""
        step, loop, sight = link.steps[number], asyncio.get_running_loop(), self.hosts.sight
        status, size, fields = step.status, 40_000, ""
        if number + 1 < len(link.steps):
            size, fields = 0, f"Location: {step_url(link, number + 1)}\r\n"
        elif link.behaviour == "silent":
            sight.silent_requests += 1
            return
        elif link.behaviour == "reset":
            loop.call_later(step.seconds, self.reset)
            return
        elif link.behaviour in {"head405", "head403"} and self.method == "HEAD":
            status, size = int(link.behaviour[4:]), 0
        elif link.behaviour == "limited":
            sight.too_early += sight.limited_until.get(link.number, 0.0) > loop.time()
            if loop.time() < sight.limited_until.setdefault(link.number, loop.time() + 1.0):
                status, size, fields = 429, 100, "Retry-After: 1\r\n"
        elif link.behaviour == "huge":
            size = HUGE
        loop.call_later(step.seconds, self.send_head, status, size, fields)

    def reset(self) -> None:
        """Break off in the middle of a head."""
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-")
        own = self.transport.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def send_head(self, status: int, size: int, fields: str) -> None:
        """Send a head, and a body to GET."""
        phrase = HTTPStatus(status).phrase
        head = f"HTTP/1.1 {status} {phrase}\r\n{fields}Content-Length: {size}\r\n\r\n"
        self.transport.write(head.encode())
        self.send_body(0 if self.method == "HEAD" else size, 16_384)

    def send_body(self, left: int, window: int) -> None:
        """Send windows that double every 20 ms, as a slow start would."""
        if self.transport.is_closing():
            return
        if not left:
            self.end()
            if self.closes:
                self.transport.close()
            else:
                self.take_request()
            return
        piece = min(left, window, len(FILLER)) if self.may_send else 0
        self.transport.write(FILLER[:piece])
        if self.counted_in is not None:
            self.counted_in.sent += piece
        loop = asyncio.get_running_loop()
        loop.call_later(0.02, self.send_body, left - piece, min(2 * window, 65_536))


async def serve(links: list[Link], hosts: int) -> None:
    """Serve until standard input ends."""
    loop, served = asyncio.get_running_loop(), Hosts(links, hosts)
    for host in range(hosts):
        await loop.create_server(
            lambda host=host: Conversation(served, host), host_address(host), PORT, backlog=1024
        )
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(served.look()), flush=True)


if __name__ == "__main__":
    COUNT, HOSTS, SKEW, SEED = sys.argv[1:]
    asyncio.run(
        serve(
            make_workload(count=int(COUNT), hosts=int(HOSTS), skew=float(SKEW), seed=int(SEED)),
            int(HOSTS),
        )
    )
