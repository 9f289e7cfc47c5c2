"""The process that asks the links of a stranger: `python -I -m kdbot.web.probe`.

It reads one JSON object from standard input, `{"urls", "deadline", "allow", "user_agent"}`, and
writes one JSON object a line, each result as soon as it stands. `kdbot.web.child` starts it.
"""

import json
import sys

from kdbot.model.evidence import LinkResult
from kdbot.web.addresses import AddressGuard, parse_networks
from kdbot.web.links import ProbeSettings, probe


def main() -> int:
    """Do what standard input asks and return the exit status."""
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
    probe(task["urls"], settings, on_result=_print)
    return 0


def _print(result: LinkResult) -> None:
    print(json.dumps(result.as_record()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
