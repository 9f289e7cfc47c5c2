"""The one issue of files in the list that cannot be used, and what `build` says of them."""

from collections.abc import Sequence
from urllib.parse import quote as quote_path

from kdbot.model.collection import BrokenFile
from kdbot.publish.markdown import escape_code, escape_message, link
from kdbot.publish.sections import Section, render_sections

BROKEN_FILES_MARKER = "<!-- kdbot:broken-files -->"
BROKEN_FILES_TITLE = "Files of the list that need a fix"

_SHORT = 10  # digits of a commit
_MOST_FINDINGS = 5  # of one file
_FOOT = (
    "<sub>I rewrite this issue when something changes, and close it when every file is in order. "
    "`kdbot validate` says the same on a laptop.</sub>"
)


def kept_words(broken: BrokenFile, *, shown: bool) -> str:
    """Return the sentence that says what readers see of a broken file.

    Args:
        broken: the file.
        shown: whether readers see the paper at all.
    """
    if broken.kept:
        return f"The list shows the paper as of commit {broken.kept[:_SHORT]}."
    if shown:
        return "No earlier version could be had; the README keeps the rows that it has."
    return "No earlier version could be had, so the list does not show the paper."


def render_broken_files_issue(
    files: Sequence[BrokenFile], shown: frozenset[str], repository_url: str
) -> str:
    """Return the text of the issue, its marker on the first line.

    Args:
        files: what is broken.
        shown: those paths among them that readers see the paper of.
        repository_url: page of the repository.
    """
    if not files:
        head = f"{BROKEN_FILES_MARKER}\n**Every file is in order** ✅"
        return render_sections(head, [], _FOOT)
    many = "A file of the list needs" if len(files) == 1 else f"{len(files)} files need"
    head = (
        f"{BROKEN_FILES_MARKER}\n**{many} a fix** — everything else goes on. Until then I change "
        "nothing in what is named here, and answer proposals about it with *could not check*."
    )
    items = [_item(file, shown, repository_url) for file in files]
    return render_sections(head, [Section(heading="To fix", items=items)], _FOOT)


def _item(broken: BrokenFile, shown: frozenset[str], repository_url: str) -> str:
    lines = [f"- {_place(broken, repository_url)}{_since(broken, repository_url)}:"]
    for finding in broken.findings[:_MOST_FINDINGS]:
        line = f"Line {finding.line}: " if finding.line else ""
        fix = f" {escape_message(finding.fix)}" if finding.fix else ""
        lines.append(f"  - {line}{escape_message(finding.message)}{fix}")
        if finding.replacement:
            lines.append(f"    Write {escape_code(finding.replacement)}.")
    if (more := len(broken.findings) - _MOST_FINDINGS) > 0:
        lines.append(f"  - And {more} more.")
    if broken.file.startswith("papers/"):
        lines.append(f"  - {kept_words(broken, shown=broken.file in shown)}")
    if broken.kept and broken.findings[0].code.startswith("yaml-"):
        command = f"git checkout {broken.kept[:_SHORT]} -- {broken.file}"
        lines.append(f"  - Or take that version back: {escape_code(command)}")
    return "\n".join(lines)


def _place(broken: BrokenFile, repository_url: str) -> str:
    line = broken.findings[0].line
    anchor = f"#L{line}" if line else ""
    words = f"{broken.file}, line {line}" if line else broken.file
    where = f"blob/{broken.commit or 'HEAD'}/{quote_path(broken.file)}?plain=1{anchor}"
    return link(words, f"{repository_url}/{where}")


def _since(broken: BrokenFile, repository_url: str) -> str:
    if not broken.commit:
        return ""
    commit = link(broken.commit[:_SHORT], f"{repository_url}/commit/{broken.commit}")
    return f", since commit {commit}"
