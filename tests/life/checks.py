"""What holds whenever a list is at rest."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from kdbot.github.labels import STATES
from tests.life.jobs import stale
from tests.life.people import open_pulls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.github_server import Issue
    from tests.github_server.state import Comment
    from tests.life.life import Life

_REGION = re.compile(r"(<!-- kdbot:begin (\S+) -->).*?(<!-- kdbot:end \2 -->)", re.DOTALL)
_REMEMBERED = re.compile(r'identifier: "arxiv:([\d.]+)"')
_TOLD = "kdbot:note declined"
_DECLINED = "kdbot/declined"
_ARXIV = re.compile(r'^arxiv: "?([\d.]+)"?$', re.MULTILINE)


def prose_of(readme: str) -> str:
    """Give what people wrote in a README: all but the bot's regions."""
    return _REGION.sub(r"\1\3", readme)


def everything(life: Life) -> Any:
    """Give all that a second sweep must not change."""
    world = life.world
    issues = {
        i.number: (i.title, i.body, i.state, i.state_reason, sorted(x.name for x in i.labels))
        for i in world.issues.values()
    }
    comments = [(c.id, c.body) for c in world.comments.values()]
    refs = life.server.git.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
    return issues, comments, refs, len(world.statuses)


def look(life: Life) -> Iterator[str]:
    """Give what does not hold."""
    yield from _readme(life)
    yield from papers(life)
    yield from _declined(life)
    yield from _reports(life)
    yield from _people(life)


def _readme(life: Life) -> Iterator[str]:
    if life.broken:
        return
    folder = life.folder / "looked-at"
    life.server.git.clone(folder)
    found = stale(folder)
    shutil.rmtree(folder)
    if found is not None:
        yield f"main is not as it is built: {' / '.join(found.strip().splitlines()[-3:])}"


def papers(life: Life) -> Iterator[str]:
    """Look for what was validly accepted: there, once, and thanked for truthfully."""
    listed: dict[str, list[str]] = {}
    for name in life.names("papers/"):
        if found := _ARXIV.search(life.file(name)):
            listed.setdefault(found[1], []).append(name)
    for identifier, names in listed.items():
        if len(names) > 1:
            yield f"{identifier} is listed twice: {', '.join(names)}"
    for number, (identifier, title) in life.expected.items():
        yield from _accepted(life, life.world.issues[number], identifier in listed, title)
    for number, (identifier, title) in life.proposed.items():
        yield from _thanked(life, life.world.issues[number], identifier in listed, title)


def _accepted(life: Life, issue: Issue, is_listed: bool, title: str) -> Iterator[str]:
    """Say what is missing of an issue that was validly accepted."""
    labels = sorted(x.name for x in issue.labels)
    if _was_reset_by_another(life, issue):
        return
    if not is_listed:
        yield f"#{issue.number} was accepted and is not on main ({issue.state}, {labels})"
    elif issue.state != "closed" or "added" not in labels:
        yield f"#{issue.number} is on main but {issue.state} with {labels}"
    elif not any(title in text for text in _thanks(life, issue)):
        yield f"#{issue.number} is on main and was not thanked for"


def _was_reset_by_another(life: Life, issue: Issue) -> bool:
    """Tell whether the bot has asked for another word since something else changed the paper."""
    at, record = life.listed_as[issue.number]
    identifier = life.expected[issue.number][0]
    resets = _resets(life, issue)
    return any(c.created_at > at for c in resets) and life.record(identifier) != record


def _resets(life: Life, issue: Issue) -> list[Comment]:
    """Return the notes in which the bot asks to accept an issue again."""
    return [
        c
        for c in life.world.comments_of(issue)
        if c.user is life.world.bot and "kdbot:note acceptance-reset" in c.body
    ]


def _thanked(life: Life, issue: Issue, is_listed: bool, title: str) -> Iterator[str]:
    thanks = _thanks(life, issue)
    # A reopened issue may ask for a change of the added paper, which is accepted and thanked for.
    if len(thanks) > 1 + len(_resets(life, issue)):
        yield f"#{issue.number} was thanked for {len(thanks)} times"
    if thanks and not is_listed:
        yield f"#{issue.number} was thanked for and is not on main"
    if thanks and not any(title in text for text in thanks):
        yield f"#{issue.number} was thanked for something else: {thanks[0][:80]!r}"


def _thanks(life: Life, issue: Issue) -> list[str]:
    return [
        c.body
        for c in life.world.comments_of(issue)
        if c.user is life.world.bot and re.search(r"\*\*(Added|Updated)\*\*", c.body)
    ]


def _declined(life: Life) -> Iterator[str]:
    """Look for what was validly declined: closed with a word; remembered at most once, unlisted."""
    file = life.file("declined.yaml") if life.names("declined.yaml") else ""
    remembered = _REMEMBERED.findall(file)
    waiting = [pull for pull in open_pulls(life, own=True) if pull.pull.head_ref == _DECLINED]
    shown = _REMEMBERED.findall(life.file("declined.yaml", _DECLINED)) if waiting else []
    listed = {f[1] for name in life.names("papers/") if (f := _ARXIV.search(life.file(name)))}
    for identifier in sorted(set(remembered)):
        if remembered.count(identifier) > 1:
            yield f"{identifier} is remembered {remembered.count(identifier)} times"
        if identifier in listed and not life.broken:
            yield f"{identifier} is remembered and listed"
    for number, identifier in life.declined.items():
        issue = life.world.issues[number]
        if identifier and identifier not in {*remembered, *shown, *listed}:
            yield f"#{number} was declined and {identifier} is not remembered"
        labels = {x.name for x in issue.labels}
        if issue.state != "closed" or "declined" not in labels:
            yield f"#{number} was declined and is {issue.state} with {sorted(labels)}"
    for issue in life.world.issues.values():
        said = [c for c in life.world.comments_of(issue) if c.body.startswith("/decline")]
        bot = life.world.bot
        told = [c for c in life.world.comments_of(issue) if c.user is bot and _TOLD in c.body]
        if len(told) > len(said):
            yield f"#{issue.number} was declined {len(told)} times"


def _reports(life: Life) -> Iterator[str]:
    for issue in life.world.issues.values():
        own = [c for c in life.world.comments_of(issue) if c.user is life.world.bot]
        reports = [c for c in own if "kdbot:report" in c.body]
        states = sorted({x.name for x in issue.labels} & STATES)
        texts = [c.body for c in own]
        if len(reports) > 1:
            yield f"#{issue.number} has {len(reports)} reports"
        if len(states) > 1:
            yield f"#{issue.number} has the states {', '.join(states)}"
        if len(set(texts)) < len(texts):
            yield f"#{issue.number} was told the same twice"
    titles = [
        i.title
        for i in life.world.issues.values()
        if i.user is life.world.bot and i.state == "open" and i.pull is None
    ]
    for title in {t for t in titles if titles.count(t) > 1}:
        yield f"two open issues of the bot are called {title!r}"


def _people(life: Life) -> Iterator[str]:
    """Look for what people wrote: prose, commits, texts, comments and labels."""
    git, world = life.server.git, life.world
    if prose_of(life.file("README.md")) != life.prose:
        yield "people's prose in the README was changed"
    missing = life.commits - set(git.log("main", limit=100_000))
    if missing:
        yield f"{len(missing)} commits of people are gone from main"
    for number, text in life.texts.items():
        if (world.issues[number].title, world.issues[number].body) != text:
            yield f"the text of #{number} was changed"
    for number, names in life.foreign.items():
        if not names <= {x.name for x in world.issues[number].labels}:
            yield f"#{number} lost a label that is not the bot's"
    for key, body in life.comments.items():
        if key not in world.comments or world.comments[key].body != body:
            yield f"a person's comment was changed on #{key}"
