"""A paper as one line of a list tells it, and how its links are sorted into fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kdbot.intake.lists.badges import counts_stars, is_badge
from kdbot.intake.lists.paper_links import is_paper_address, label_role, link_role
from kdbot.intake.markdown.lines import Run
from kdbot.model.finding import Finding
from kdbot.text.citation_dates import is_only_date
from kdbot.text.citations import clean_title
from kdbot.text.hosts import LinkRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One paper where a list names it.

    Attributes:
        line: its line in the source, counted from 1.
        section: titles of the headings above it, the outermost first.
        title: without markup; empty where the line holds none.
        urls: addresses of the paper, the title's own first.
        venue: as written, or None.
        date: `YYYY-MM`, or `YYYY` where no month is given, or None.
        authors: where they were told apart with certainty.
        code: addresses of repositories.
        project: addresses of project pages.
        data: addresses of data sets.
        withdrawn: whether its authors withdrew it.
        extra: what stands in columns that no field of ours is for, by the column's words.
        findings: what is odd about the line.
    """

    line: int
    section: tuple[str, ...] = ()
    title: str = ""
    urls: tuple[str, ...] = ()
    venue: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    withdrawn: bool = False
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
    findings: tuple[Finding, ...] = ()


def is_link(run: Run) -> bool:
    """Tell whether a run leads to another page."""
    return (run.url or "").lower().startswith(("http://", "https://"))


def is_title(text: str) -> bool:
    """Tell whether a link's words may be a paper's title, not a label."""
    text = clean_title(text)
    if label_role(text) is not None or is_only_date(text):
        return False
    return len(text.split()) >= 3 or len(text) >= 20


def role_of(run: Run) -> LinkRole:
    """Tell what a link is for."""
    if counts_stars(run):
        return LinkRole.CODE
    return link_role(run.text, run.address)


def add_links(
    paper: ListedPaper, runs: Iterable[Run], as_role: LinkRole | None = None
) -> ListedPaper:
    """Sort links into the paper's fields.

    Args:
        paper: what is known so far.
        runs: a line's or a cell's runs; all but links are passed over.
        as_role: what the column says that they are; None to tell by label and address.
    """
    found: dict[LinkRole, list[str]] = {
        LinkRole.PAPER: list(paper.urls),
        LinkRole.CODE: list(paper.code),
        LinkRole.PROJECT: list(paper.project),
        LinkRole.DATA: list(paper.data),
        LinkRole.OTHER: [],
    }
    for run in runs:
        if not is_link(run):
            continue
        role = role_of(run)
        if as_role is LinkRole.CODE and role in {LinkRole.OTHER, LinkRole.DATA}:
            role = link_role("code", run.address)
        elif as_role is not None and as_role is not LinkRole.CODE:
            role = as_role
        found[role].append(run.address)
    return replace(
        paper,
        urls=_once(found[LinkRole.PAPER]),
        code=_once(found[LinkRole.CODE]),
        project=_once(found[LinkRole.PROJECT]),
        data=_once(found[LinkRole.DATA]),
    )


def words_of(runs: Sequence[Run]) -> str:
    """Return the words of runs on one line, links' words included, badges left out."""
    return " ".join("".join(_seen(run) for run in runs).split())


def lines_of(runs: Sequence[Run]) -> str:
    """Return the words of runs with ` | ` for each line break, but not inside a list of names."""
    text = ""
    for run in runs:
        is_break = run.is_break
        text += (" " if text.rstrip().endswith(",") else " | ") if is_break else _seen(run)
    return " ".join(text.split())


def is_label(run: Run) -> bool:
    """Tell whether a link's words only say what it leads to, or are a bare address."""
    if run.url is None:
        return False
    if not is_link(run):
        return not is_title(run.text)
    return not run.text or is_badge(run) or label_role(run.text) is not None


def has_paper_link(runs: Iterable[Run]) -> bool:
    """Tell whether any link says that it leads to a paper, or does."""
    return any(
        is_link(p) and (is_paper_address(p.address) or label_role(p.text) is LinkRole.PAPER)
        for p in runs
    )


def _seen(run: Run) -> str:
    if run.is_break:
        return " "
    if run.is_image or is_badge(run):
        return " "
    return run.text


def _once(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))
