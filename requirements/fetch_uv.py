"""Fetch the uv that a lock pins, held to the lock's hashes, without a pip to install first.

Usage: fetch_uv.py LOCK FILE. The index is PIP_INDEX_URL or PyPI, asked as in
https://packaging.python.org/en/latest/specifications/simple-repository-api/. Status 1 where this
way does not lead there (the system is not Linux with glibc, the index has no JSON): then pip shall
do it.
"""

import hashlib
import io
import json
import os
import platform
import re
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

PYPI = "https://pypi.org/simple"
JSON = "application/vnd.pypi.simple.v1+json"
SECONDS = 30  # without a byte


def main(lock: str, file: str) -> int:
    """Write the program, or say why not and return 1."""
    if platform.system() != "Linux" or platform.libc_ver()[0] != "glibc":
        return fail("no wheel is known for this system")
    text = Path(lock).read_text("utf-8")
    pin = re.search(r"^uv==(\S+)", text, re.MULTILINE)
    if pin is None:
        return fail(f"{lock} pins no uv")
    index = os.environ.get("PIP_INDEX_URL", PYPI).rstrip("/")
    try:
        wheel = fetch(pin[1], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text)), index)
    except (OSError, ValueError, KeyError, StopIteration) as error:
        return fail(f"{error!r}")
    target = Path(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        target.write_bytes(archive.read(f"uv-{pin[1]}.data/scripts/uv"))
    target.chmod(0o755)
    return 0


def fetch(version: str, hashes: set[str], index: str) -> bytes:
    """Return the wheel for this machine.

    Raises:
        OSError: it cannot be had.
        ValueError: it is not one that the lock names.
    """
    page = f"{index}/uv/"
    name = re.compile(rf"uv-{re.escape(version)}-py3-none-manylinux\S*_{platform.machine()}\.whl")
    url = next(f["url"] for f in json.loads(read(page))["files"] if name.fullmatch(f["filename"]))
    data = read(urljoin(page, url))
    if (found := hashlib.sha256(data).hexdigest()) not in hashes:
        raise ValueError(f"sha256 {found} is not in the lock")
    return data


def read(url: str) -> bytes:
    """Return what stands at an address."""
    request = urllib.request.Request(url, headers={"Accept": f"{JSON}, */*;q=0.1"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the user's index
        return bytes(answer.read())


def fail(why: str) -> int:
    """Say why pip has to do it."""
    print(f"uv comes with pip: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
