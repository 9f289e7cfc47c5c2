"""JSON of others to plain values: what cannot be a value of ours is one `ValueError`.

The library's reader passes what no other reader takes, and lets the depth of a text end the
program: https://docs.python.org/3/library/json.html#standard-compliance-and-interoperability
"""

import json
import math
import re
from typing import Any, NoReturn

_HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_json(data: bytes | str) -> Any:
    """Return the value of a JSON text; half a pair of surrogates in it becomes U+FFFD.

    Raises:
        ValueError: it is no JSON in UTF-8, is nested too deep, or holds a number that is not
            finite.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    try:
        value = json.loads(raw, parse_constant=_refuse, parse_float=_finite)
        return _writable(value) if _HALF_A_PAIR.search(raw) else value
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(item) for key, item in value.items()}
    return value


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
