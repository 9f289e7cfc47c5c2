"""The links of the list, asked where no token is: by other jobs, or by a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kdbot.model.evidence import LinkResult
from kdbot.storage.audit import load_link_results
from kdbot.web.child import HANDED_DOWN

_LONGEST = 3 * 3600  # seconds for the links of a list of ten thousand


def probe_links(
    root: Path, artifacts: Sequence[Path] | None, environment: Mapping[str, str]
) -> dict[str, LinkResult]:
    """Return what the probe found, from its artifacts or by asking now.

    Args:
        root: the list.
        artifacts: results of the probe's shards, or folders of them; None to ask now.
        environment: where the few harmless variables of the process are taken from.

    Raises:
        KdbotError: an artifact has not the form that it should have.
    """
    if artifacts is not None:
        files = (
            [path] if path.suffix == ".json" else sorted(path.rglob("*.json")) for path in artifacts
        )
        return load_link_results(file for group in files for file in group)
    if environment.get("KDBOT_PROBE_LINKS", "").strip().lower() == "false":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "links.json"
        with result.open("wb") as stream:
            _run(root, stream.fileno(), environment)
        return load_link_results([result] if result.stat().st_size else [])


def _run(root: Path, output: int, environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-I", "-m", "kdbot", "--root", str(root)]
    command += ["links", "--format", "json", "--without-arxiv"]
    names = {name: environment[name] for name in HANDED_DOWN if name in environment}
    subprocess.run(command, env=names, stdout=output, timeout=_LONGEST, check=False)  # noqa: S603
