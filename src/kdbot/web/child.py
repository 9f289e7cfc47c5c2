"""Check untrusted links in a process that has no secrets.

The process that holds the token never opens a connection to an address that a contributor chose. It
starts `python -I -m kdbot.web.child`, which reads one JSON object from standard input, `{"urls",
"deadline", "allow", "user_agent"}`, and writes one JSON object a line, each result as soon as it
stands.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence

from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.json_text import from_json, parse_json, to_json
from kdbot.web.selection import cap_links

PASSED_ENVIRONMENT = ("LANG", "LC_ALL", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "SYSTEMROOT", "TZ")
"""What a process needs to find its certificates and speak its language: no token is among them."""

_MAX_LINKS = 60
"""Links of one proposal that are asked."""
_MAX_LINKS_PER_HOST = 20

_START_AND_END = 2.0


def probe_in_child(
    urls: Iterable[str],
    *,
    deadline: float = 20.0,
    allow: Sequence[str] = (),
    user_agent: str = "kdbot",
    environment: Mapping[str, str] | None = None,
) -> tuple[LinkResult, ...]:
    """Check links in a child process and give one result a URL, in the order of the URLs.

    After `deadline` seconds, start and end of the process included, the child is killed; what it
    has printed by then is kept and the rest is `unreachable`, as is what goes past the bounds for
    one proposal. `environment` is where the few harmless variables are taken from.
    """
    unique = tuple(dict.fromkeys(urls))
    asked = cap_links(unique, limit=_MAX_LINKS, limit_per_host=_MAX_LINKS_PER_HOST)
    task = {
        "urls": asked,
        "deadline": max(deadline - _START_AND_END, 0.5 * deadline),
        "allow": list(allow),
        "user_agent": user_agent,
    }
    source = os.environ if environment is None else environment
    printed = _run(
        json.dumps(task),
        {name: source[name] for name in PASSED_ENVIRONMENT if name in source},
        deadline,
    )
    found = {result.url: result for result in printed}
    return tuple(
        found.get(url)
        or LinkResult(
            url=url,
            state=LinkState.UNREACHABLE,
            evidence="out of time" if url in asked else "not asked: too many links at once",
        )
        for url in unique
    )


def _run(task: str, environment: dict[str, str], deadline: float) -> list[LinkResult]:
    # -I: neither the folder nor PYTHON* variables can replace this module.
    with subprocess.Popen(
        [sys.executable, "-I", "-m", "kdbot.web.child"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as child:
        try:
            output, _ = child.communicate(task, timeout=deadline)
        except subprocess.TimeoutExpired:
            child.kill()
            output, _ = child.communicate()
    return [result for line in output.splitlines() if (result := _parse_line(line)) is not None]


def _parse_line(line: str) -> LinkResult | None:
    # The last line of a killed child may be torn.
    try:
        return from_json(LinkResult, parse_json(line), whole=True)
    except ValueError:
        return None


def main() -> int:
    """Do in the child what standard input asks, and return the exit status."""
    from kdbot.web.addresses import AddressGuard, parse_networks
    from kdbot.web.links import ProbeSettings, probe

    task = json.load(sys.stdin)
    deadline = float(task["deadline"])
    settings = ProbeSettings(
        timeout=0.4 * deadline,  # room for a second attempt
        max_wait=0.25 * deadline,
        concurrency=32,
        deadline=deadline,
        guard=AddressGuard(parse_networks(task["allow"])),
        user_agent=task["user_agent"],
    )
    probe(
        task["urls"],
        settings,
        on_result=lambda result: print(json.dumps(to_json(result, whole=True)), flush=True),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
