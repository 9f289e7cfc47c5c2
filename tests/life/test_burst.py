"""Everything at once, under GitHub's rule of one running and one waiting run of a group."""

from __future__ import annotations

import pytest

from kdbot.model.evidence import LinkState
from tests.flows.sample_list import form
from tests.flows.weekly.conftest import CODE
from tests.life import checks
from tests.life.jobs import WEEK, Job
from tests.life.life import DAY, Life
from tests.life.people import CATEGORIES


def _proposals(life, count):
    """Propose papers and let them be reviewed."""
    found = []
    for n in range(count):
        identifier, title = f"2405.{20000 + n}", f"A Method of Its Own Number {n}"
        body = form(identifier, title, CATEGORIES[n % 3])
        issue = life.world.open_issue(f"author{n}", f"New paper: {title}", body)
        life.wrote(issue)
        life.proposed[issue.number] = (identifier, title)
        found.append(issue)
    life.until_quiet()
    life.server.clock.advance(600)
    return found


def _boxed(life):
    """Let two weeks find a dead link; gives the bot's issue that offers to remove it."""
    for _ in range(2):
        life.weeks.link(CODE, LinkState.DEAD, status=404)
        life.start(Job(name="weekly", group=WEEK))
        life.until_quiet()
        life.server.clock.advance(7 * DAY)
    (audit,) = (i for i in life.world.issues.values() if "- [ ]" in (i.body or ""))
    return audit


@pytest.mark.parametrize(("protected", "count"), [(False, 8), (True, 3)])
def test_f19_a_burst_lands_without_the_sweep(tmp_path, protected, count):
    """Labels within a minute, a merge, a tick and the week: what GitHub keeps is enough."""
    with Life(2, tmp_path, deeds=0) as life:
        audit = _boxed(life)
        issues = _proposals(life, count)
        pull = life.world.open_pull(
            "zoe", "Add a paper",
            files={"papers/2406.00001.yaml": 'title: "Merged by Hand"\narxiv: "2406.00001"\n'
                   "date: 2024-06\ncategories:\n  - methods/labeling\n"},
        )  # fmt: skip
        life.wrote(pull)
        life.until_quiet()
        if protected:
            life.world.protect("main")
        for place, issue in enumerate(issues):
            life.accepts(issue)
            life.later(
                place * 3.0, lambda one=issue: life.world.add_labels(one, ["accepted"], "maria")
            )
        ticked = audit.body.replace("- [ ]", "- [x]", 1)
        life.later(17, lambda: life.world.edit_issue(audit, "maria", body=ticked))
        life.later(31, lambda: life.merges(pull))
        life.later(40, lambda: life.start(Job(name="weekly", group=WEEK)))
        life.until_quiet()
        assert len(life.expected) == count
        assert life.counts["cancelled"] >= count // 2
        if protected:
            life.merge_all_own()
            assert list(checks.papers(life)) == []
            # The merge of an audit alone starts no publish: its line waits for the next sweep.
            life.rest("after")
        assert list(checks.look(life)) == []
        assert CODE not in life.file("papers/2306.08543.yaml")
        assert "added:" in life.file("papers/2406.00001.yaml")
        assert "Merged by Hand" in life.file("README.md")
        assert life.violations == []
