"""The badges and the growth chart at the head of the README.

Addresses are relative, so that the README's bytes do not depend on where it is built; GitHub
resolves them against the repository.
"""

from collections.abc import Sequence
from urllib.parse import quote

from kdbot.model.paper import Paper
from kdbot.model.settings import Settings

LIGHT_CHART = "assets/growth-light.svg"
DARK_CHART = "assets/growth-dark.svg"

_SHIELD = "https://img.shields.io/badge"
_WORKFLOWS = "../../actions/workflows"
_DEPLOYMENTS = "../../deployments/github-pages"
_DOWNLOADS = (
    ("BibTeX", "papers.bib"),
    ("CSV", "papers.csv"),
    ("JSON", "papers.json"),
    ("feed", "feed.xml"),
)


def render_badges(papers: Sequence[Paper], settings: Settings) -> str:
    """Return the badges, and the chart under them."""
    count = f"{len(papers):,}"
    updated = max((p.added for p in papers if p.added), default="")
    badges = [_badge("papers", count, "blue", "../../tree/HEAD/papers")]
    if updated:
        badges.append(_badge("updated", updated, "blue", "../../commits"))
    if settings.survey:
        address = f"https://arxiv.org/abs/{settings.survey}"
        badges.append(_badge("survey", f"arXiv {settings.survey}", "b31b1b", address))
    # That of the audit shows whether its schedule still runs: GitHub stops one after sixty days.
    badges += [_status("Tests", "ci.yml"), _status("Audit", "weekly.yml")]
    alternative = f"Growth of the list: {count} papers" + (f" by {updated}" if updated else "")
    return "\n".join(
        (
            *badges,
            "",
            _reading(settings.page),
            "",
            "<picture>",
            f'  <source media="(prefers-color-scheme: dark)" srcset="{DARK_CHART}">',
            f'  <img alt="{alternative}" src="{LIGHT_CHART}">',
            "</picture>",
        )
    )


def _reading(page: str | None) -> str:
    """Return where to search the list and where to get it for other programs."""
    if page is None:
        return f"[Search, filter, cite and download]({_DEPLOYMENTS}) on the page of the list."
    links = [f"[{name}]({page}{file})" for name, file in _DOWNLOADS]
    return f"[Search, filter and cite]({page}) · {' · '.join(links)}"


def _badge(name: str, value: str, color: str, target: str) -> str:
    return f"[![{name}: {value}]({_SHIELD}/{_part(name)}-{_part(value)}-{color})]({target})"


def _status(name: str, workflow: str) -> str:
    return f"[![{name}]({_WORKFLOWS}/{workflow}/badge.svg)]({_WORKFLOWS}/{workflow})"


def _part(text: str) -> str:
    """Return a part of a shield's address, in which `-` and `_` are doubled."""
    return quote(text.replace("-", "--").replace("_", "__"), safe="")
