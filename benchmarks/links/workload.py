"""A seeded set of links with what each of them does and what a checker must find.

Hosts are addresses of loopback, so that every tool sees as many hosts as there are, with no DNS.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")

PORT = 8901

# Behaviour: (share, whether a reader would reach the page).
SHARES = {
    "page": (0.85, True),
    "gone": (0.04, False),
    "failing": (0.02, False),
    "redirect": (0.03, True),
    "head405": (0.02, True),
    "head403": (0.01, True),
    "limited": (0.01, True),
    "silent": (0.01, False),
    "reset": (0.005, False),
    "huge": (0.005, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One address of a link: where it is, how it answers and after how long."""

    host: int
    seconds: float
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the workload; all steps but the last are redirects."""

    number: int
    behaviour: str
    steps: tuple[Step, ...]

    @property
    def url(self) -> str:
        """The address that the list holds."""
        return step_url(self, 0)

    @property
    def is_live(self) -> bool:
        """Whether a reader would reach a page."""
        return SHARES[self.behaviour][1]


def host_address(host: int) -> str:
    return f"127.0.{1 + host // 250}.{1 + host % 250}"


def step_url(link: Link, step: int) -> str:
    return f"http://{host_address(link.steps[step].host)}:{PORT}/{link.number}/{step}"


def make_workload(*, count: int, hosts: int, skew: float, seed: int) -> list[Link]:
    """Make the links; `skew` is the exponent of Zipf's law for links a host (0: all alike)."""
    rng = random.Random(seed)

    def seconds() -> float:
        return min(1.5, 0.08 * math.exp(rng.gauss(0.0, 0.8)))

    behaviours = _deal(count, {name: share for name, (share, _) in SHARES.items()})
    places = _deal(count, {host: (host + 1) ** -skew for host in range(hosts)})
    rng.shuffle(behaviours)
    rng.shuffle(places)
    links = []
    for number, (behaviour, host) in enumerate(zip(behaviours, places, strict=True)):
        step = Step(host=host, seconds=seconds(), status=_status(behaviour, number))
        hops = ()
        if behaviour == "redirect":
            hops = tuple(
                Step(host=host, seconds=seconds(), status=rng.choice((301, 302)))
                for _ in range(rng.randint(1, 3))
            )
            elsewhere = host if rng.random() < 0.5 else rng.randrange(hosts)
            step = Step(host=elsewhere, seconds=seconds())
        links.append(Link(number=number, behaviour=behaviour, steps=(*hops, step)))
    return links


def _deal(count: int, weights: Mapping[Key, float]) -> list[Key]:
    """Deal out `count` by weight exactly, the largest remainders first."""
    total = sum(weights.values())
    shares = {key: count * weight / total for key, weight in weights.items()}
    dealt = {key: int(share) for key, share in shares.items()}
    rest = sorted(shares, key=lambda key: dealt[key] - shares[key])
    for key in rest[: count - sum(dealt.values())]:
        dealt[key] += 1
    return [key for key, number in dealt.items() for _ in range(number)]


def _status(behaviour: str, number: int) -> int:
    if behaviour == "failing":
        return (410, 500, 503)[number % 3]
    return 404 if behaviour == "gone" else 200


def floor_seconds(
    links: list[Link],
    *,
    timeout: float,
    attempts: int,
    concurrency: int,
    per_host: int,
    interval: float,
) -> dict[str, float]:
    """Give the times that no checker can beat which makes so many attempts one after another."""
    work: dict[int, float] = {}
    requests: dict[int, int] = {}
    longest = total = 0.0
    for link in links:
        chain = 0.0
        for step in link.steps:
            tries = attempts if link.behaviour in {"silent", "reset"} or step.status >= 500 else 1
            tries = 2 if link.behaviour == "limited" else tries
            seconds = tries * (timeout if link.behaviour == "silent" else step.seconds)
            work[step.host] = work.get(step.host, 0.0) + seconds
            requests[step.host] = requests.get(step.host, 0) + tries
            chain += seconds
        total += chain
        longest = max(longest, chain + (link.behaviour == "limited"))
    return {
        "longest link": longest,
        "all work": total / concurrency,
        "work of a host": max(work.values()) / per_host,
        "starts on a host": (max(requests.values()) - 1) * interval,
    }
