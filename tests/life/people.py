"""What people do on a list, each deed with how often it is done."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from tests.flows.sample_list import form

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.github_server import Issue
    from tests.life.life import Life

AUTHORS = ("alice", "bob", "carol", "dan", "eve")
MAINTAINERS = ("maria", "kd")
# What makes a paper file unreadable.
SLIP = "categories: ["
CATEGORIES = ("Methods > Labeling", "Methods > Divergence and Similarity", "Skills > Planning")
_PATHS = ("methods/labeling", "methods/divergence-and-similarity", "skills/planning")
_WORDS = tuple(
    words.split()
    for words in (
        "Sparse Patient Quiet Modular Latent Robust Causal Gentle Deep Narrow Plural Frugal",
        "Teachers Students Routers Critics Planners Encoders Decoders Experts Mixtures",
        "Distill Compress Align Imitate Rank Prune Transfer Reason",
    )
)


def _paper(life: Life) -> tuple[str, str]:
    """Make up a paper that nobody else has: identifier and title."""
    life.papers += 1
    identifier = f"24{life.papers % 12 + 1:02}.{10000 + life.papers:05}"
    one, two, three = (life.chance.choice(words) for words in _WORDS)
    return identifier, f"{one} {two} {three} Number {life.papers} Models"


def _body(life: Life, identifier: str, title: str) -> str:
    code = f"https://github.com/kd/code-{identifier}" if life.chance.random() < 0.4 else ""
    if code:
        life.links.add(code)
    return form(identifier, title, life.chance.choice(CATEGORIES), code=code)


def _bare(identifier: str, title: str) -> str:
    """Write a proposal without a category, as many people do."""
    return f"Please add this paper: https://arxiv.org/abs/{identifier}\n\nTitle: {title}"


def open_issues(life: Life, *, label: str | None = None) -> list[Issue]:
    """List people's open issues, perhaps those with a label."""
    return [
        i
        for i in life.world.issues.values()
        if i.pull is None
        and i.state == "open"
        and i.user is not life.world.bot
        and (label is None or any(x.name == label for x in i.labels))
    ]


def open_pulls(life: Life, *, own: bool) -> list[Issue]:
    """List open pull requests: the bot's own, or people's."""
    return [
        i
        for i in life.world.issues.values()
        if i.pull and i.state == "open" and (i.user is life.world.bot) is own
    ]


def propose(life: Life) -> None:
    identifier, title = _paper(life)
    roll = life.chance.random()
    body = _body(life, identifier, title)
    if roll < 0.1:
        body = form(identifier, title, "Methods > Nothing of the Kind")
    elif roll < 0.2 and life.proposed:
        identifier, title = life.chance.choice(list(life.proposed.values()))
        body = _body(life, identifier, title)
    elif roll < 0.35:
        body = _bare(identifier, title)
    author = life.chance.choice(AUTHORS)
    issue = life.world.open_issue(author, f"New paper: {title}", body, labels=["new paper"])
    life.wrote(issue)
    life.proposed[issue.number] = life.known[identifier] = (identifier, title)


def edit(life: Life) -> None:
    issue = _one(life, open_issues(life))
    if issue is None or issue.number not in life.proposed:
        return
    identifier, title = life.proposed[issue.number]
    life.world.edit_issue(issue, issue.user or "kd", body=_body(life, identifier, title))
    life.wrote(issue)


def retitle(life: Life) -> None:
    if issue := _one(life, open_issues(life)):
        life.world.edit_issue(issue, issue.user or "kd", title=f"{issue.title} (please)")
        life.wrote(issue)


def chat(life: Life) -> None:
    issue = _one(life, [*open_issues(life), *open_pulls(life, own=False)])
    if issue:
        text = life.chance.choice(
            [
                "/recheck",
                "Thanks!",
                "What do you think?",
                "/help",
                "/lgtm",
                "/accept",
                "/decline No",
            ]
        )
        life.said(life.world.comment(issue, life.chance.choice(AUTHORS), text))


def categorize(life: Life) -> None:
    """Set the categories of a proposal, as its author, a maintainer or a stranger."""
    if issue := _one(life, open_issues(life)):
        who = life.chance.choice(["maria", "dan", issue.user or "kd"])
        life.expected.pop(issue.number, None)
        text = life.chance.choice(
            ["/category Labeling, Planning", "/category Nothing", "/category"]
        )
        life.said(life.world.comment(issue, who, text))


def decline(life: Life) -> None:
    """Decline a proposal, or somebody's pull request, now and then right after an acceptance."""
    issues = open_issues(life, label="ready") if life.chance.random() < 0.8 else open_issues(life)
    if issue := _one(life, [*issues, *open_pulls(life, own=False)]):
        text = life.chance.choice(["/decline It is not about language models", "/decline spam"])
        life.declines(issue, text)
        life.said(life.world.comment(issue, life.chance.choice(MAINTAINERS), text))


def accept(life: Life) -> None:
    """Accept a ready proposal, now and then many within a minute, rarely one that is not ready.

    By the label, or by a command, which may name the categories.
    """
    found = open_issues(life, label="ready") if life.chance.random() < 0.95 else open_issues(life)
    found = [issue for issue in found if all(x.name != "accepted" for x in issue.labels)]
    life.chance.shuffle(found)
    who = life.chance.choice(MAINTAINERS)
    for place, issue in enumerate(found[: 8 if life.chance.random() < 0.3 else 1]):
        life.later(place * life.chance.uniform(1, 8), partial(_set_accepted, life, issue, who))


def _set_accepted(life: Life, issue: Issue, who: str) -> None:
    if issue.state != "open":
        return
    text = life.chance.choice(["", "", "/accept", "/accept Planning", "/accept Labeling, Planning"])
    life.accepts(issue, text)
    if text:
        life.said(life.world.comment(issue, who, text))
    else:
        life.world.add_labels(issue, ["accepted"], who)


def turn_down(life: Life) -> None:
    if issue := _one(life, open_issues(life)):
        life.expected.pop(issue.number, None)
        life.world.close(issue, "maria", "not_planned")


def reopen(life: Life) -> None:
    closed = [
        i
        for i in life.world.issues.values()
        if i.pull is None and i.state == "closed" and i.state_reason == "not_planned"
        and i.user is not life.world.bot
    ]  # fmt: skip
    if issue := _one(life, closed):
        life.declined.pop(issue.number, None)
        life.world.reopen(issue, issue.user or "kd")


def label(life: Life) -> None:
    issue = _one(life, [*open_issues(life), *open_pulls(life, own=False)])
    if issue:
        life.foreign.setdefault(issue.number, set()).add("discuss")
        life.world.add_labels(issue, ["discuss"], "maria")


def _record(life: Life, identifier: str, title: str) -> str:
    venue = life.chance.choice(["", "venue: ICLR\n", "venue: NIPS\n"])
    path = life.chance.choice(_PATHS)
    return f'title: "{title}"\narxiv: "{identifier}"\n{venue}categories:\n  - {path}\n'


def pull(life: Life) -> None:
    """Open a pull request with a paper, sometimes one that an issue proposes and it closes."""
    body, (identifier, title) = "Please add it.", _paper(life)
    waiting = [i for i in open_issues(life, label="ready") if i.number in life.proposed]
    if waiting and life.chance.random() < 0.2:
        issue = life.chance.choice(waiting)
        identifier, title = life.proposed[issue.number]
        body = f"Closes #{issue.number}"
    text = _record(life, identifier, title)
    if life.chance.random() < 0.15:
        text = text.replace("categories:", SLIP, 1)
    author = life.chance.choice(AUTHORS)
    fork = life.chance.random() < 0.8
    opened = life.world.open_pull(
        author, f"Add {title}", body, files={f"papers/{identifier}.yaml": text},
        branch=f"add-{identifier}", fork=fork,
    )  # fmt: skip
    life.wrote(opened)
    life.pulled[opened.number] = (identifier, title)


def push_to_pull(life: Life) -> None:
    found = [i for i in open_pulls(life, own=False) if i.number in life.pulled]
    if issue := _one(life, found):
        identifier, title = life.pulled[issue.number]
        text = _record(life, identifier, title)
        life.world.push_to_pull(issue, {f"papers/{identifier}.yaml": text})


def update_branch(life: Life) -> None:
    own = life.chance.random() < 0.5
    if issue := _one(life, open_pulls(life, own=own)):
        life.attempt(lambda: life.world.update_branch(issue, "maria"))


def merge(life: Life) -> None:
    """Merge a pull request that is ready, rarely one that is not, in any of the three ways."""
    found = open_pulls(life, own=False)
    if life.chance.random() < 0.9:
        found = [i for i in found if any(x.name == "ready" for x in i.labels)]
    if issue := _one(life, found):
        life.merges(issue)


def close_pull(life: Life) -> None:
    if issue := _one(life, open_pulls(life, own=False)):
        life.world.close(issue, "maria")


def merge_own(life: Life) -> None:
    if issue := _one(life, open_pulls(life, own=True)):
        life.merges(issue)


def prose(life: Life) -> None:
    """Write in the README, between the bot's regions."""
    if life.is_protected:
        return
    text = life.file("README.md")
    life.notes += 1
    life.pushes({"README.md": f"{text.rstrip()}\n\nA note, number {life.notes}.\n"}, "A note")


def break_main(life: Life) -> None:
    """Push a paper file that nobody can read; it is put in order some hours later."""
    if life.is_protected or life.broken:
        return
    names = [n for n in life.names("papers/") if n.endswith(".yaml")]
    name = life.chance.choice(names)
    life.pushes({name: life.file(name).replace("categories:", SLIP, 1)}, "A slip")
    life.look_after(name)


def tick(life: Life) -> None:
    """Tick a box in one of the bot's own issues."""
    boxed = [
        i
        for i in life.world.issues.values()
        if i.user is life.world.bot and i.state == "open" and "- [ ]" in (i.body or "")
    ]
    issue = _one(life, boxed)
    if issue is None or issue.body is None:
        return
    places = [m.start() for m in re.finditer(r"- \[ \]", issue.body)]
    at = life.chance.choice(places)
    body = issue.body[:at] + "- [x]" + issue.body[at + 5 :]
    life.world.edit_issue(issue, "maria", body=body)


def toggle_protection(life: Life) -> None:
    if life.always_protected:
        return
    if life.is_protected:
        life.world.protect()
    else:
        life.world.protect("main", kind=life.chance.choice(["classic", "ruleset"]))


def _one(life: Life, found: list[Issue]) -> Issue | None:
    return life.chance.choice(found) if found else None


# Deed → how many times as often as the others it is done.
DEEDS: dict[Callable[[Life], None], float] = {
    propose: 6,
    edit: 2,
    retitle: 0.5,
    chat: 1.5,
    accept: 5,
    categorize: 0.7,
    decline: 0.8,
    turn_down: 0.4,
    reopen: 0.3,
    label: 0.5,
    pull: 2,
    push_to_pull: 0.7,
    update_branch: 0.4,
    merge: 1.5,
    close_pull: 0.2,
    merge_own: 1,
    prose: 0.5,
    break_main: 0.15,
    tick: 1,
    toggle_protection: 0.15,
}
