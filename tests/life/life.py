"""One life: a queue of moments, people's deeds, GitHub's whims and the bot's runs."""

from __future__ import annotations

import heapq
import itertools
import json
import os
import random
import shutil
import time
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from kdbot.github.labels import LABELS
from kdbot.model.evidence import LinkState, MetadataRecord
from kdbot.model.paper import STAMPED
from kdbot.model.proposal import Origin
from tests.flows.conftest import Bot
from tests.flows.sample_list import sample_files
from tests.flows.weekly.conftest import Weeks
from tests.github_server import Effect, GitHubServer
from tests.github_server.http import ApiError
from tests.life import checks
from tests.life.jobs import MAIN, WEEK, Job, jobs_of, run_job
from tests.life.people import DEEDS, MAINTAINERS, SLIP, open_pulls
from tests.metadata.server import serving
from tests.workflows.concurrency import Lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import Self

    from tests.github_server import Comment, Issue

HOUR = 3600
DAY = 24 * HOUR
_ROUNDS = 8


class Life:
    """The life of one list. Use as a context manager; `live()` gives what was violated.

    Args:
        seed: decides everything. Of four seeds in a row the first is on a protected branch; the
            second and the fourth have faults.
        folder: an empty one.
        deeds: how many things people do in a day.
        pause: how many hours pass between two sweeps.
    """

    def __init__(self, seed: int, folder: Path, *, deeds: int = 40, pause: int = 1) -> None:
        self.seed, self.folder, self.deeds, self.pause = seed, folder, deeds, pause
        self.chance = random.Random(seed)  # noqa: S311
        self.always_protected = seed % 4 == 0
        self.faulty = seed % 2 == 1
        self.lanes = Lanes()
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self.violations: list[str] = []
        self.told: list[str] = []
        self.counts: dict[str, int] = {}
        # What people wrote and want, which the bot must keep or do.
        self.papers = self.notes = 0
        self.links: set[str] = set()
        self.proposed: dict[int, tuple[str, str]] = {}
        self.pulled: dict[int, tuple[str, str]] = {}
        self.expected: dict[int, tuple[str, str]] = {}
        self.listed_as: dict[int, tuple[datetime, str]] = {}
        self.known: dict[str, tuple[str, str]] = {}
        self.declined: dict[int, str | None] = {}
        self.texts: dict[int, tuple[str, str | None]] = {}
        self.comments: dict[int, str] = {}
        self.foreign: dict[int, set[str]] = {}
        self.commits: set[str] = set()
        self.prose = ""
        self.broken: set[str] = set()
        self._order = itertools.count()
        self._delivered = 0
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        self.server = self._exits.enter_context(GitHubServer(self.folder / "origin.git"))
        self.world = self.server.world
        clones = self.folder / "clones"
        clones.mkdir()
        self.bot = self._exits.enter_context(closing(Bot(self.server, clones)))
        self.bot.ask = self._ask
        self.world.push("kd", sample_files(), "Start the list")
        services = self._exits.enter_context(serving())
        self.weeks = Weeks(self.bot, services, self.folder)
        for one in LABELS:
            self.world.create_label(one.name, color=one.color, description=one.description)
        for login in MAINTAINERS:
            self.world.set_role(login, "admin" if login == "kd" else "write")
        self.prose = checks.prose_of(self.file("README.md"))
        self.commits = set(self.server.git.log("main"))
        if self.always_protected:
            self.world.protect("main")
        if self.faulty:
            self.world.listing_lag = 2
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    # What people's deeds use

    @property
    def is_protected(self) -> bool:
        return bool(self.world.protections)

    def file(self, name: str, branch: str = "main") -> str:
        return self.server.git.git_bytes("show", f"{branch}:{name}").decode()

    def names(self, start: str) -> list[str]:
        return self.server.git.git("ls-tree", "-r", "--name-only", "main", start).splitlines()

    def record(self, identifier: str) -> str:
        """Give what people and proposals made of a paper's file, without the bot's stamps."""
        name = f"papers/{identifier}.yaml"
        lines = self.file(name).splitlines() if name in self.names("papers/") else []
        return "\n".join(line for line in lines if line.partition(":")[0] not in STAMPED)

    def wrote(self, issue: Issue) -> None:
        """Remember a person's text; what was accepted before it does not count for sure."""
        self.texts[issue.number] = (issue.title, issue.body)
        self.expected.pop(issue.number, None)
        if issue.number in self.declined:
            self.declined[issue.number] = None  # it may have been edited before it was remembered

    def said(self, comment: Comment) -> None:
        self.comments[comment.id] = comment.body

    def _ask(self, _proposal: object, _collection: object) -> dict[str, tuple[MetadataRecord, ...]]:
        """Say what a service knows: every paper that was made up, by its identifier."""
        return {
            f"arxiv:{identifier}": (
                MetadataRecord(source=Origin.ARXIV, arxiv=identifier, title=title),
            )
            for identifier, title in self.known.values()
        }

    def accepts(self, issue: Issue, text: str = "") -> None:
        """Expect a paper on the list where nothing speaks against it at the time of the word.

        A label alone, and a command without names, say no category for a paper without one.
        """
        self.declined.pop(issue.number, None)
        number, names = issue.number, text.removeprefix("/accept").strip()
        lacks = "### Categories" not in (issue.body or "") and not names
        # With other categories nothing of an update may be new.
        lacks |= (
            bool(names) and number in self.proposed and bool(self.record(self.proposed[number][0]))
        )
        commanded = any("/category" in c.body for c in self.world.comments_of(issue))
        if self._is_settled(issue) and not lacks and not commanded and number in self.proposed:
            self.expected[number] = self.proposed[number]
            now = self.server.clock.now()
            self.listed_as[number] = now, self.record(self.proposed[number][0])
        elif text:
            # It may take the place of an earlier word, and be refused itself.
            self.expected.pop(number, None)

    def declines(self, issue: Issue, text: str) -> None:
        """Expect a proposal to be closed, and remembered where that is sure as well."""
        self.expected.pop(issue.number, None)
        said = [c.body for c in self.world.comments_of(issue)]
        accepted = any(x.name in ("accepted", "added") for x in issue.labels)
        others = any(body.startswith(("/accept", "/decline")) for body in said)
        if self._is_settled(issue) and not accepted and not others:
            known = self.proposed.get(issue.number)
            self.declined[issue.number] = known[0] if known and "spam" not in text else None

    def _is_settled(self, issue: Issue) -> bool:
        """Tell whether a report has stood for long, on a text that has not changed since."""
        reports = [
            c for c in self.world.comments_of(issue)
            if c.user is self.world.bot and "kdbot:report" in c.body
        ]  # fmt: skip
        now = self.server.clock.now()
        settled = reports and (now - reports[0].updated_at).total_seconds() > 90
        edited = issue.last_edited_at and reports and issue.last_edited_at > reports[0].updated_at
        ready = any(x.name == "ready" for x in issue.labels)
        return bool(settled and ready and not edited and not self.broken)

    def pushes(self, files: Mapping[str, str], message: str) -> None:
        self.commits.add(self.world.push("kd", files, message))
        self.prose = checks.prose_of(self.file("README.md"))

    def merges(self, issue: Issue) -> None:
        method = self.chance.choice(["merge", "squash", "rebase"])
        before = self.server.git.resolve("main")
        self.attempt(lambda: self.world.merge_pull(issue, "maria", method))
        self.commits |= set(self.server.git.log(f"{before}..main"))
        if issue.number in self.pulled:
            self.look_after(f"papers/{self.pulled[issue.number][0]}.yaml")

    def look_after(self, name: str) -> None:
        """Note whether a file of main cannot be read, and put it in order some hours later."""
        if name not in self.names("papers/") or SLIP not in self.file(name):
            return
        self.broken.add(name)

        def repair() -> None:
            self.broken.discard(name)
            self.pushes({name: self.file(name).replace(SLIP, "categories:")}, "Put it in order")

        self.later(self.chance.uniform(1, 6) * HOUR, repair)

    def attempt(self, deed: Callable[[], object]) -> None:
        """Do what GitHub may refuse, such as a merge in conflict."""
        try:
            deed()
        except ApiError as refusal:
            self._count(f"refused: {refusal.message}")

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        at = self.server.clock.now() + timedelta(seconds=seconds)
        heapq.heappush(self.agenda, (at, next(self._order), deed))

    # Time

    def live(self, days: int) -> list[str]:
        """Live so many days and give what was violated."""
        for day in range(days):
            for _ in range(self.deeds):
                deed = self.chance.choices(list(DEEDS), list(DEEDS.values()))[0]
                self.later(self.chance.uniform(0, 14 * HOUR), lambda deed=deed: deed(self))
            for hour in range(self.pause, 15, self.pause):
                self.later(hour * HOUR - 700, lambda: self.start(Job(name="sweep", group=MAIN)))
            if day % 7 == 0:
                self.later(HOUR, lambda: self.start(Job(name="weekly", group=WEEK)))
            morning = self.server.clock.now()
            self.until_quiet()
            self.rest(f"day {day + 1}")
            self._advance(morning + timedelta(seconds=DAY))
        return self.violations

    def _advance(self, to: datetime) -> None:
        gap = (to - self.server.clock.now()).total_seconds()
        if gap > 0:
            self.server.clock.advance(gap)  # type: ignore[attr-defined]

    def until_quiet(self) -> None:
        while True:
            self._collect()
            if not self.agenda:
                return
            at, _, deed = heapq.heappop(self.agenda)
            self._advance(at)
            deed()

    def _collect(self) -> None:
        """Send out what happened, as GitHub does: sometimes late, twice or not at all."""
        deliveries = self.world.deliveries
        while self._delivered < len(deliveries):
            jobs = jobs_of(deliveries[self._delivered], "main")
            self._delivered += 1
            fate = self.chance.random() if self.faulty else 1.0
            if not jobs or fate < 0.03:
                self._count("lost", len(jobs))
                continue
            for job in jobs * (2 if fate < 0.06 else 1):
                wait = self.chance.uniform(60, 1800) if fate < 0.1 else self.chance.uniform(1, 6)
                self.later(wait, lambda job=job: self.start(job))

    # Runs

    def start(self, job: Job) -> None:
        one = Job(name=job.name, group=job.group, event=job.event)
        at_once, ended = self.lanes.ask(one, one.group)
        self._count("cancelled", len(ended))
        if at_once:
            self.later(self.chance.uniform(8, 25), lambda: self._run(one))

    def _run(self, job: Job) -> None:
        if self.faulty:
            self._arm()
        elif self.chance.random() < 0.1:
            self._interrupt()
        self._bring_about(job)
        self.server.faults.clear()

        def end() -> None:
            following = self.lanes.end(job)
            if following is not None:
                self.later(self.chance.uniform(2, 10), lambda: self._run(following))

        self.later(self.chance.uniform(5, 40), end)

    def _bring_about(self, job: Job) -> str:
        before, start = len(self.server.log), time.monotonic()
        # Git would take the machine's clock, and the order of commits would be another each time.
        moment = self.server.clock.now().isoformat()
        with patch.dict(os.environ, GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment):
            outcome, said = run_job(job, self.bot, self.weeks)
        most = f"requests of a {job.name} at most"
        self.counts[most] = max(self.counts.get(most, 0), len(self.server.log) - before)
        shutil.rmtree(self.bot.folder)
        self.bot.folder.mkdir()
        self._count(f"{job.name} {outcome}")
        number = (job.event or ("", {}))[1].get("issue", {}).get("number", "")
        now, took = self.server.clock.now(), time.monotonic() - start
        self.told.append(f"{now:%d %H:%M:%S} {job.name} {number} {outcome} in {took:.1f} s: {said}")
        if outcome == "crash":
            self.violate(f"{job.name} crashed: {said.strip().splitlines()[-1]}")
        return outcome

    def _arm(self) -> None:
        """Let something go wrong in the run that begins, or let a person come between."""
        roll, at = self.chance.random(), self.chance.randint(1, 14)
        effect = self.chance.choice([Effect.NONE, Effect.DONE])
        faults = self.server.faults
        if roll < 0.06:
            faults.fail(at_request=at, times=self.chance.choice([1, 6]), effect=effect)
        elif roll < 0.1:
            faults.drop(at_write=self.chance.randint(1, 4), effect=effect)
        elif roll < 0.12:
            self.world.refuse_pushes()
        elif roll < 0.2:
            self._interrupt()
        self._count("faults", int(roll < 0.12))

    def _interrupt(self) -> None:
        """Let a person do something between two requests of the run."""
        deeds = [deed for deed in DEEDS if deed.__name__ not in ("break_main", "toggle_protection")]
        deed = self.chance.choice(deeds)
        self.server.faults.before(lambda: deed(self), at_request=self.chance.randint(1, 14))
        self._count("interruptions")

    # Rest

    def rest(self, where: str) -> None:
        """Let everything come to rest, and look at it."""
        self.server.faults.clear()
        self._probe_links()
        self.world.git.refuse()
        self.world.push_faults.clear()
        self.world._arm()
        for _ in range(_ROUNDS):
            self._bring_about(Job(name="sweep", group=None))
            self.until_quiet()
            if not self.is_protected or not self.merge_all_own():
                break
        before = checks.everything(self)
        self.server.forget_log()
        self._bring_about(Job(name="sweep", group=None))
        writes = [f"{one.method} {one.path}" for one in self.server.writes]
        changed = before != checks.everything(self)
        if writes or changed:
            self.violate(f"{where}: a second sweep writes {json.dumps(writes)}")
        self.until_quiet()
        for found in checks.look(self):
            self.violate(f"{where}: {found}")
        if self.server.violations:
            self.violate(f"{where}: not GitHub: {self.server.violations[0]}")
            self.server.violations.clear()

    def merge_all_own(self) -> bool:
        """Merge the bot's open pull requests until none is left; gives whether any was merged.

        One that is in conflict stays: another round may make it new.
        """
        any_merged = False
        for _ in range(_ROUNDS):
            before = self.server.git.resolve("main")
            for issue in open_pulls(self, own=True):
                if issue.state == "open":
                    self.merges(issue)
                    self.until_quiet()
            if before == self.server.git.resolve("main"):
                break
            any_merged = True
        return any_merged

    def _probe_links(self) -> None:
        """Say what the weekly probe will find: now and then an address is dead."""
        for url in sorted(self.links):
            state = LinkState.DEAD if self.chance.random() < 0.1 else LinkState.OK
            parts: dict[str, Any] = {"status": 404} if state is LinkState.DEAD else {}
            self.weeks.link(url, state, **parts)

    def violate(self, text: str) -> None:
        line = f"seed {self.seed}, {text}"
        if line not in self.violations:
            self.violations.append(line)

    def _count(self, what: str, times: int = 1) -> None:
        if times:
            self.counts[what] = self.counts.get(what, 0) + times
