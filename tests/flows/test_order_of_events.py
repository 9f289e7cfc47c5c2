"""F02, F04: in whatever order runs come, late, doubled or not at all, the same end is reached."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.run import open_run
from kdbot.flows.sweep import sweep
from tests.flows.sample_list import form, sample_files
from tests.github_server import GitHubServer

TOKEN = "a-token-of-a-job"
BODIES = {
    "ready": form(),
    "the same paper": form("https://arxiv.org/pdf/2402.12030v3", "Another wording of a title"),
    "another paper": form("2402.12031", "Another Paper"),
    "no category": form(categories=""),
    "listed": form(
        "2306.08543",
        "MiniLLM: Knowledge Distillation of Large Language Models",
        "Methods > Divergence and Similarity",
    ),
    "nothing": "Thanks for the list.",
}
LABELS = {"ready", "needs changes", "duplicate"}


def title_of(body):
    return "Hello" if body == "nothing" else "New paper"


class Events(RuleBasedStateMachine):
    """People open, edit and reopen issues; runs come when they come."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kdbot-"))
        self.server = GitHubServer(self.folder / "origin.git")
        self.server.__enter__()
        scopes = ("issues", "contents", "pull-requests")
        self.server.grant(TOKEN, dict.fromkeys(scopes, "write"))
        root = self.folder / "list"
        sample_files(root)
        environment = {
            "GITHUB_REPOSITORY": "kd/demo",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.server.base_url,
            "KDBOT_PROBE_LINKS": "false",
            "KDBOT_ASK_SERVICES": "false",
        }
        self.run = open_run(root, environment, dry_run=False)

    def teardown(self):
        violations = self.server.violations
        self.run.close()
        self.server.__exit__(None, None, None)
        shutil.rmtree(self.folder)
        assert violations == []

    @property
    def issues(self):
        return list(self.server.world.issues.values())

    @precondition(lambda self: len(self.issues) < 4)
    @rule(body=st.sampled_from(list(BODIES)))
    def open(self, body):
        self.server.world.open_issue("alice", title_of(body), BODIES[body])

    @precondition(lambda self: self.issues)
    @rule(pick=st.integers(0, 3), body=st.sampled_from(list(BODIES)))
    def edit(self, pick, body):
        issue = self.issues[pick % len(self.issues)]
        self.server.world.edit_issue(issue, "alice", title=title_of(body), body=BODIES[body])

    @precondition(lambda self: any(issue.state == "closed" for issue in self.issues))
    @rule()
    def reopen(self):
        issue = next(issue for issue in self.issues if issue.state == "closed")
        self.server.world.reopen(issue, "alice")

    @precondition(lambda self: self.issues)
    @rule(pick=st.integers(0, 3))
    def review(self, pick):
        review_issue(self.run, self.issues[pick % len(self.issues)].number)

    @invariant()
    def at_most_one_report_and_one_state_label(self):
        for issue in self.issues:
            own = [c for c in self.comments(issue) if c.body.startswith("<!-- kdbot:report")]
            assert len(own) <= 1
            assert len(LABELS & {label.name for label in issue.labels}) <= 1

    @precondition(lambda self: self.issues)
    @rule()
    def sweep_twice(self):
        """After a sweep every open issue is as its text says, whatever happened before."""
        for _ in range(2):
            assert sweep(self.run) == 0
        self.server.forget_log()
        assert sweep(self.run) == 0
        assert self.server.writes == []
        for issue in self.issues:
            if issue.state == "open":
                assert LABELS & {label.name for label in issue.labels} == self.expected(issue)

    def comments(self, issue):
        world = self.server.world
        return [c for c in world.comments_of(issue) if c.user is world.bot]

    def expected(self, issue):
        """The label by the text alone, and by what older open issues propose."""
        body = next(name for name, text in BODIES.items() if text == issue.body)
        same = {"ready", "the same paper", "no category"}
        older = [
            other for other in self.issues if other.number < issue.number and other.state == "open"
        ]
        bodies = {name for other in older for name, text in BODIES.items() if text == other.body}
        match body:
            case "nothing":
                return set()
            case "listed":
                return {"duplicate"}
            case "another paper":
                return {"duplicate"} if body in bodies else {"ready"}
            case _ if bodies & same:
                return {"duplicate"}
        return {"ready"}


Events.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a run costs too much to shrink
    suppress_health_check=list(HealthCheck),
)
TestF02F04EveryOrderEndsTheSame = Events.TestCase
