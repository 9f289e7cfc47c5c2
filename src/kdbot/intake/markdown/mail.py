"""The quoted message in a reply by mail, which is not the sender's own text."""

import re
from itertools import pairwise

_FORWARDED = re.compile(
    r"^[\s>*_]*-{2,}\s*(?:replied|original|forwarded|原始邮件|原郵件|回复的原邮件|mensaje original"
    r"|message d.origine|ursprüngliche nachricht)\b[^\n]{0,60}-{2,}\s*$",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MAX_HEADER = 200


def without_mail(text: str) -> str:
    """Return a text without the letter that it answers: its header, and all behind the header.

    A header has a year and a time of day, and precedes a quote or ends in a colon: *On Mon,
    Dec 4, 2023 at 4:49 AM N. N. wrote:*. Lines marked with `>` stay, since Markdown reads them.
    """
    lines = text.split("\n")
    for number, (line, following) in enumerate(pairwise([*lines, ""])):
        if _FORWARDED.match(line[:_MAX_HEADER]):
            return "\n".join(lines[:number])
        if len(line) > _MAX_HEADER or not (_TIME.search(line) and _YEAR.search(line)):
            continue
        ends = line.rstrip().endswith((":", "：", "<"))
        if following.lstrip().startswith(">") or (ends and "://" not in line):
            behind = lines[number + 1 :]
            quoted = [other for other in behind if other.lstrip().startswith(">")]
            return "\n".join((*lines[:number], *(quoted and behind)))
    return text
