"""A paper's YAML file to a candidate, with the line of every value."""

from functools import lru_cache

from kdbot.intake.yaml_text import NOT_READABLE, check_other_readers, parse_yaml
from kdbot.model.finding import Finding
from kdbot.model.proposal import Candidate, Given, Origin


@lru_cache(maxsize=1024)  # a run that adds several papers reads the others each time
def parse_record(data: bytes, file: str) -> Candidate | Finding:
    """Read a paper's file.

    The review checks whether its values are right; this only checks that it is a mapping of names
    to values.

    Args:
        data: the file's bytes.
        file: its path in the repository.

    Returns:
        The candidate, or the one finding that says why the file cannot be read.
    """
    document = parse_yaml(data, file)
    if isinstance(document, Finding):
        return document
    if not isinstance(document.value, dict):
        return NOT_READABLE.finding(
            "The file contains no fields.",
            fix='Write one field per line, such as `title: "…"`.',
            file=file,
            line=1,
        )
    lines = document.lines
    given = {
        name: Given(
            value=value,
            origin=Origin.FILE,
            line=lines[(name,)],
            item_lines=tuple(lines[(name, index)] for index in range(len(value)))
            if isinstance(value, list)
            else (),
        )
        for name, value in document.value.items()
    }
    return Candidate(
        given=given,
        file=file,
        findings=tuple(check_other_readers(data, file, document)),
        source=data.decode("utf-8"),
    )
