"""A ticked box: whose tick counts, for what, and what it does."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from kdbot.flows.sweep import publish, sweep
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkState
from kdbot.storage.git import Checkout
from tests.flows.weekly.conftest import CODE, record
from tests.github_server import Effect

PAPER = "papers/2306.08543.yaml"
AWAY = "https://example.org/LMOps"
MOVED = "https://github.com/microsoft/LMOps2"


@pytest.fixture
def away(weeks):
    """A link that leads to another site: one box, without a tick."""
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=AWAY)
    weeks.run()
    weeks.bot.later(minutes=5)
    weeks.bot.server.forget_log()
    return weeks.issue()


@pytest.fixture
def mixed(weeks):
    """One box that is ticked beforehand, and one that is not."""
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=MOVED)
    weeks.list("2402.12030", record("Towards Cross-Tokenizer Distillation", "2402.12030"))
    weeks.services.knows("2402.12030", "Towards Cross-Tokenizer Distillation of LLMs")
    weeks.run()
    return weeks.issue()


def commits(weeks, since):
    return int(weeks.bot.server.git.git("rev-list", "--count", f"{since}..main"))


def test_a_tick_is_one_commit_with_the_readme_rebuilt(weeks, away):
    git = weeks.bot.server.git
    before = git.resolve("main")
    weeks.tick("another site")
    assert commits(weeks, before) == 1
    names = git.git("diff", "--name-only", before, "main").split()
    assert set(names) == {PAPER, "README.md", "audit.json"}
    assert AWAY in weeks.bot.file(PAPER)
    assert AWAY in weeks.bot.file("README.md")
    assert git.git("log", "-1", "--format=%B", "main").strip() == (
        "papers: fix 2306.08543 as ticked"
    )
    assert "### Done since the audit" in away.body
    assert "kdbot:box" not in away.body
    assert away.state == "closed"


def test_F01_a_second_run_of_the_same_event_writes_nothing(weeks, away):
    weeks.tick("another site")
    before = weeks.state()
    weeks.bot.server.forget_log()
    weeks.handle(away, "maria")
    assert weeks.bot.server.writes == []
    assert weeks.state() == before


def test_F01_the_sweep_and_a_second_audit_leave_it_alone(weeks, mixed):
    weeks.tick("of LLMs")
    assert sweep(weeks.bot.run()) == 0
    before = weeks.state()
    weeks.bot.server.forget_log()
    # What is done is not found again; the rest of the week's audit stays.
    weeks.run()
    assert "Done since the audit" in mixed.body
    assert weeks.state()[2] == before[2]


def test_F19_a_tick_whose_run_was_lost_is_completed_by_the_sweep(weeks, away):
    body = away.body.replace("- [ ]", "- [x]")
    weeks.world.edit_issue(away, "maria", body=body)
    assert sweep(weeks.bot.run()) == 0
    assert AWAY in weeks.bot.file(PAPER)
    assert away.state == "closed"


@pytest.mark.parametrize("who", ["mallory", "helper[bot]", "github-actions[bot]"])
def test_F08_the_sweep_takes_nobody_elses_tick_for_a_word(weeks, away, who):
    body = away.body.replace("- [ ]", "- [x]")
    weeks.world.edit_issue(away, who, body=body)
    assert sweep(weeks.bot.run()) == 0
    assert AWAY not in weeks.bot.file(PAPER)


@pytest.mark.parametrize(
    ("role", "counts"),
    [("write", True), ("maintain", True), ("admin", True), ("triage", False), ("read", False)],
)
def test_F08_the_senders_permission_is_asked(weeks, away, role, counts):
    weeks.world.set_role("somebody", role)
    weeks.tick("another site", who="somebody")
    assert (AWAY in weeks.bot.file(PAPER)) is counts
    if not counts:
        assert "- [ ] <!-- kdbot:box" in away.body
        assert "- [x] <!-- kdbot:box" not in away.body


@pytest.mark.usefixtures("away")
def test_F11_the_bots_own_edit_is_no_tick(weeks):
    before = weeks.bot.server.git.resolve("main")
    weeks.tick("another site", who="github-actions[bot]")
    assert commits(weeks, before) == 0


def test_what_a_box_does_never_comes_from_the_text(weeks, away):
    body = away.body.replace(AWAY, "https://evil.example/x").replace("- [ ]", "- [x]")
    weeks.edit(away, body, "maria")
    assert AWAY in weeks.bot.file(PAPER)
    assert "evil" not in weeks.bot.file(PAPER)
    assert "evil" not in away.body


@pytest.mark.parametrize(
    "text",
    [
        "- [x] <!-- kdbot:box 000000000000 --> add https://evil.example",
        "- [x] add https://evil.example as code",
        "- [x] <!-- kdbot:box ../../papers --> x",
        "> - [x] <!-- kdbot:box all --> x",
    ],
    ids=["unknown-key", "no-key", "no-such-form", "quoted"],
)
def test_other_edits_of_the_text_change_nothing(weeks, away, text):
    before, body = weeks.bot.server.git.resolve("main"), away.body
    weeks.edit(away, f"{body}\n{text}\n", "maria")
    assert commits(weeks, before) == 0
    assert away.body == body


def test_a_box_that_was_ticked_beforehand_waits_for_a_word(weeks, mixed):
    weeks.tick("of LLMs")
    assert MOVED not in weeks.bot.file(PAPER)
    assert "of LLMs" in weeks.bot.file("papers/2402.12030.yaml")
    weeks.tick("apply every box")
    assert MOVED in weeks.bot.file(PAPER)
    assert mixed.state == "closed"


def test_what_a_person_unticked_is_left_out_and_stays_so(weeks, mixed):
    untouched = mixed.body.replace("- [x]", "- [ ]")
    weeks.edit(mixed, untouched, "maria")
    assert "- [x]" not in mixed.body
    weeks.bot.later(days=7)
    weeks.run()
    assert "- [x]" not in mixed.body
    weeks.tick("apply every box")
    assert MOVED not in weeks.bot.file(PAPER)


def test_several_ticks_are_one_commit(weeks, mixed):
    before = weeks.bot.server.git.resolve("main")
    weeks.edit(mixed, mixed.body.replace("- [ ]", "- [x]"), "maria")
    assert commits(weeks, before) == 1
    message = weeks.bot.server.git.git("log", "-1", "--format=%B", "main").strip()
    assert message == "papers: fix 2 papers as ticked\n\n2306.08543\n2402.12030"


def test_a_record_that_says_something_else_by_now_is_left_alone(weeks, away):
    text = weeks.bot.file(PAPER).replace(CODE, "https://github.com/other/place") + "\n"
    weeks.list("2306.08543", text)
    weeks.tick("another site")
    assert AWAY not in weeks.bot.file(PAPER)
    (note,) = weeks.bot.comments(away)
    assert "has changed since" in note
    assert "- [x]" not in away.body


def test_taking_a_link_out(weeks):
    weeks.link(CODE, LinkState.DEAD, status=404)
    weeks.run()
    weeks.bot.later(days=7)
    weeks.run()
    weeks.tick("remove the link")
    assert "code" not in weeks.bot.file(PAPER)
    weeks.bot.later(days=7)
    weeks.run()
    assert CODE not in json.loads(weeks.bot.file("audit.json"))["links"]


def test_a_closed_issue_is_left_alone(weeks, away):
    weeks.world.close(away, "maria")
    before = weeks.state()
    weeks.handle(away, "maria")
    assert weeks.state() == before


@pytest.mark.usefixtures("away")
def test_F12_a_lost_race_is_applied_to_the_new_tip(weeks):
    run = weeks.bot.run()
    weeks.list("2402.00009", record("A Late Paper", "2402.00009"))
    weeks.bot.run = lambda **_: run
    weeks.tick("another site")
    assert AWAY in weeks.bot.file(PAPER)
    assert "A Late Paper" in weeks.bot.file("README.md")


def test_F13_where_the_branch_is_protected_the_change_waits(weeks, away):
    weeks.world.protect("main")
    weeks.tick("another site")
    weeks.handle(away, "maria")
    assert AWAY not in weeks.bot.file(PAPER)
    (pull,) = [issue for issue in weeks.world.issues.values() if issue.pull]
    assert AWAY in weeks.bot.server.git.git("show", f"kdbot/ticked-{away.number}:{PAPER}")
    (note,) = weeks.bot.comments(away)
    assert f"/pull/{pull.number})" in note


def test_H03_a_tick_between_the_bots_reading_and_its_writing_is_kept_and_obeyed(weeks, mixed):
    def tick_the_other():
        body = mixed.body.replace("- [ ] <!-- kdbot:box all", "- [x] <!-- kdbot:box all")
        weeks.world.edit_issue(mixed, "maria", body=body)

    weeks.bot.server.faults.before(
        tick_the_other,
        matches=lambda request: (
            request.method == "PATCH" and request.path.endswith(f"/issues/{mixed.number}")
        ),
    )
    weeks.tick("of LLMs")
    weeks.bot.server.faults.clear()
    assert "of LLMs" in weeks.bot.file("papers/2402.12030.yaml")
    assert MOVED not in weeks.bot.file(PAPER)
    weeks.handle(mixed, "maria")
    assert MOVED in weeks.bot.file(PAPER)


def test_H03_a_tick_is_obeyed_whoever_edited_last(weeks, away):
    body = away.body.replace("- [ ]", "- [x]")
    weeks.world.edit_issue(away, "maria", body=body)
    weeks.world.edit_issue(away, weeks.world.bot, body=f"{body}\n")
    assert sweep(weeks.bot.run()) == 0
    assert AWAY in weeks.bot.file(PAPER)


def test_H03_on_a_protected_branch_the_boxes_work_before_the_audit_is_merged(weeks):
    weeks.world.protect("main")
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=AWAY)
    weeks.run()
    issue = weeks.issue()
    weeks.tick("another site")
    assert issue.state == "open"
    pulls = {i.pull.head_ref: i for i in weeks.world.issues.values() if i.pull}
    pull = pulls[f"kdbot/ticked-{issue.number}"]
    assert {change.path for change in weeks.world.files_of(pull)} == {PAPER}
    weeks.world.merge_pull(pull, "maria")
    publish(weeks.bot.run())
    assert AWAY in weeks.bot.file(PAPER)
    assert "kdbot:box" not in issue.body
    branches = weeks.bot.server.git.git("for-each-ref", "refs/heads")
    weeks.bot.server.forget_log()
    assert sweep(weeks.bot.run()) == 0
    assert weeks.bot.server.writes == []
    assert weeks.bot.server.git.git("for-each-ref", "refs/heads") == branches


@pytest.mark.usefixtures("away")
def test_origin_is_asked_once_a_pass_for_the_audit_that_waits_there(weeks, monkeypatch):
    asked = []
    read_file = Checkout.read_file

    def counted(checkout, branch, name):
        asked.append(branch)
        return read_file(checkout, branch, name)

    monkeypatch.setattr(Checkout, "read_file", counted)
    weeks.tick("another site")
    assert AWAY in weeks.bot.file(PAPER)
    assert asked == ["kdbot/weekly"]


def test_H07_a_change_that_a_person_closed_is_not_proposed_again(weeks, away):
    weeks.world.protect("main")
    weeks.tick("another site")
    (pull,) = [i for i in weeks.world.issues.values() if i.pull]
    weeks.world.close(pull, "maria")
    assert sweep(weeks.bot.run()) == 0
    assert "- [x]" not in away.body
    assert f"{pull.number} with this change" in weeks.bot.comments(away)[-1]
    assert [i.state for i in weeks.world.issues.values() if i.pull] == ["closed"]


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("effect", [Effect.NONE, Effect.DONE], ids=["before", "after"])
def test_F20_a_tick_that_was_cut_off_is_completed_by_the_next_run(weeks, away, k, effect):
    before = weeks.bot.server.git.resolve("main")
    weeks.bot.server.faults.fail(at_write=k, times=3, effect=effect)
    with suppress(KdbotError):
        weeks.tick("another site")
    weeks.bot.server.faults.clear()
    weeks.handle(away, "maria")
    assert commits(weeks, before) == 1
    assert "### Done since the audit" in away.body
    assert away.state == "closed"


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("effect", [Effect.NONE, Effect.DONE], ids=["before", "after"])
def test_F20_a_week_that_was_cut_off_is_completed_by_the_next_run(weeks, k, effect):
    weeks.link(CODE, LinkState.MOVED, status=200, final_url=AWAY)
    weeks.services.finds("2601.00001", "Knowledge Distillation of Small Language Models")
    weeks.bot.server.faults.fail(at_write=k, times=2, effect=effect)
    weeks.run()
    weeks.bot.server.faults.clear()
    assert weeks.run() == 0
    assert weeks.issue().state == "open"
    assert weeks.issue("New papers that may belong here").state == "open"
    assert weeks.bot.server.git.git("rev-list", "--count", "main", "--", "audit.json") == "1"


def retract(weeks, **record_fields):
    """Let Crossref know a retraction of a listed paper."""
    weeks.list("2402.12030", record("Towards Distillation", "2402.12030", *record_fields.values()))
    weeks.services.knows("2402.12030", "Towards Distillation", doi="10.1000/paper")
    weeks.services.answers["crossref", "10.1000/paper"] = {
        "DOI": "10.1000/paper",
        "title": ["RETRACTED: Towards Distillation"],
        "updated-by": [
            {
                "DOI": "10.1000/notice",
                "type": "retraction",
                "updated": {"date-parts": [[2024, 3, 18]]},
            }
        ],
    }
    weeks.run()
    return weeks.issue()


RETRACTED = 'status: retracted\nstatus_date: "2024-03-18"\nstatus_reason: "Retraction: https://d'


def test_a_retraction_is_offered_with_day_and_notice_and_a_tick_writes_it(weeks):
    issue = retract(weeks)
    assert "### Withdrawn, retracted or corrected" in issue.body
    assert "`status: retracted`, `status_date: 2024-03-18`" in issue.body
    assert "- [x]" not in issue.body
    weeks.tick("status: retracted")
    assert RETRACTED in weeks.bot.file("papers/2402.12030.yaml")
    assert "*(retracted 2024-03-18)*" in weeks.bot.file("README.md")


def test_a_retraction_under_the_papers_own_number_is_ticked_beforehand(weeks):
    issue = retract(weeks, doi='doi: "10.1000/paper"')
    assert "- [x] <!-- kdbot:box" in issue.body
    assert RETRACTED not in weeks.bot.file("papers/2402.12030.yaml")
    weeks.tick("apply every box")
    assert RETRACTED in weeks.bot.file("papers/2402.12030.yaml")


def test_a_list_whose_schema_has_no_status_calls_a_retracted_paper_withdrawn(weeks):
    schema = json.loads(weeks.bot.file("schema/paper.schema.json"))
    for name in ("status", "status_date", "status_reason", "successor"):
        schema["properties"].pop(name, None)
    weeks.world.push("kd", {"schema/paper.schema.json": json.dumps(schema)}, "An older schema")
    issue = retract(weeks)
    assert "write `withdrawn: true` (Crossref)" in issue.body
    weeks.tick("withdrawn: true")
    assert "withdrawn: true" in weeks.bot.file("papers/2402.12030.yaml")
