"""The job of a run: its log, its summary and its outputs for later jobs.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kdbot.publish.markdown import escape_message, visible_text

_MAX_SUMMARY = 256 * 1024  # bytes; GitHub drops a summary beyond 1 MiB, and keeps nothing of it
_MAX_LINE = 2_000  # characters of one line of the summary
_OUTPUT_NAME = re.compile(r"[a-z][a-z-]*")
_OUTPUT_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Where a step of GitHub Actions writes summary and outputs; elsewhere there is only a log.

    Attributes:
        summary: the file of the step's summary, or None.
        outputs: the file of the step's outputs, or None.
    """

    summary: Path | None = None
    outputs: Path | None = None

    def message(self, text: str) -> None:
        """Write one line to log and summary, escaped for both."""
        self.log(text)
        self.summarize(text)

    def log(self, text: str) -> None:
        """Write one line to the log only; it cannot become a workflow command there."""
        print(f"kdbot: {_line(text)}", flush=True)

    def summarize(self, text: str) -> None:
        """Write one line to the summary only; past its limit the log has the rest."""
        if self.summary is None:
            return
        written = self.summary.stat().st_size if self.summary.exists() else 0
        if written >= _MAX_SUMMARY:
            return
        line = f"- {escape_message(_line(text)[:_MAX_LINE])}\n"
        if written + len(line.encode("utf-8")) >= _MAX_SUMMARY:
            line += "- The rest is in the log.\n"
        with self.summary.open("a", encoding="utf-8") as stream:
            stream.write(line)

    def output(self, name: str, value: str) -> None:
        """Set an output of the step, for later jobs.

        Raises:
            ValueError: the name or the value is not a plain word, and could set another output.
        """
        if not _OUTPUT_NAME.fullmatch(name) or not _OUTPUT_VALUE.fullmatch(value):
            raise ValueError(f"not a valid step output: {name!r}, {value!r}")
        if self.outputs is not None:
            with self.outputs.open("a", encoding="utf-8") as stream:
                stream.write(f"{name}={value}\n")


def open_job(environment: Mapping[str, str]) -> Job:
    """Return the job that the environment describes."""
    summary, outputs = environment.get("GITHUB_STEP_SUMMARY"), environment.get("GITHUB_OUTPUT")
    return Job(
        summary=Path(summary) if summary else None, outputs=Path(outputs) if outputs else None
    )


def is_set(environment: Mapping[str, str], name: str, word: str) -> bool:
    """Tell whether a variable of the repository is this word; people write it as they like."""
    return environment.get(name, "").strip().lower() == word


def _line(text: str) -> str:
    return visible_text(" ".join(text.split()))
