"""Nothing stands in the package that nobody uses: vulture names what it finds no use of."""

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"

USED_ELSEWHERE = {
    "calls of frameworks": {
        # html.parser, xml.etree, jinja2 and urllib3 call or read these of what is given to them.
        *("handle_startendtag", "handle_endtag", "handle_data", "doctype"),
        *("visit_Concat", "visit_ScopedEvalContextModifier", "code_generator_class"),
        *("intercepted_binops", "is_safe_attribute", "wrap_str_format", "response_class"),
        "globals",  # jinja2: the names that every template knows
        "normalizeLink",  # markdown-it: a hook that is set on the parser
        "_value_",  # enum: the value of a member that has more than one
    },
    "read by their names": {"wayback"},  # a field of the settings
}


def test_vulture_finds_nothing_that_is_dead() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vulture", "--min-confidence", "60", str(SOURCE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    templates = [path.read_text("utf-8") for path in SOURCE.rglob("*.j2")]
    used = {word for text in templates for word in re.findall(r"\w+", text)}
    found = {line: re.findall(r"'(\w+)'", line)[0] for line in done.stdout.splitlines()}
    used |= set().union(*USED_ELSEWHERE.values())
    assert [line for line, name in found.items() if name not in used] == []
    # What is allowed is still there to be allowed.
    assert set().union(*USED_ELSEWHERE.values()) <= set(found.values())
