"""SECURITY.md promises what a test holds, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.rows import each

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "SECURITY.md").read_text("utf-8")
WORKFLOWS = ROOT / ".github/workflows"

# What it says of the bot, by the words that a sentence begins with, and the tests of each.
CLAIMS = {
    "Each job has only the permissions": (
        "test_A04_every_job_has_exactly_the_permissions_that_are_listed_here",
        "test_A04_every_grant_says_what_it_is_for",
    ),
    "Untrusted content is never executed.": (
        "test_A01_code_of_a_pull_request_is_never_run",
        "test_A11_a_module_in_the_working_folder_is_not_imported",
    ),
    "Workflows that can write check out only the default branch.": (
        "test_A01_no_privileged_workflow_takes_up_anything_of_a_head",
        "test_A01_a_checkout_names_no_other_repository_and_no_ref_of_a_stranger",
    ),
    "YAML is read without aliases, tags or types.": (
        "test_D01_billion_laughs_ends_at_the_first_anchor",
    ),
    "A pull request is read through the API as data": (
        "test_F03_a_status_never_stands_on_a_commit_that_was_not_read",
        "test_D20_what_is_no_plain_file_is_not_read",
        "test_D10_D21_a_large_file_is_not_read",
        "test_D10_a_readme_of_more_than_a_mebibyte_is_not_read",
        "test_D01_billion_laughs_ends_at_the_first_anchor",
    ),
    "No token is sent with requests for untrusted links.": (
        "test_E08_nothing_is_told_to_strangers",
        "test_E08_a_token_is_handed_to_the_one_step_that_needs_it",
    ),
    "A child process without any token": (
        "test_E08_the_child_inherits_no_secret",
        "test_E01_the_guard_is_on",
    ),
    "Accounts are identified by numeric id": (
        "test_A08_F17_accounts_are_compared_by_their_id_in_the_code",
        "test_B09_a_forged_marker_is_nobodys_comment",
        "test_B10_a_marker_in_the_body_is_text",
    ),
    "Approval is for one version.": (
        "test_B13_a_forged_digest_in_the_comment_is_not_what_the_proposal_says",
    ),
    "An edit after the label removes the label.": (
        "test_F07_an_edit_takes_the_label_off_and_says_so_once",
    ),
    "The label `accepted` counts only for exactly": (
        "test_F07_an_author_who_edits_while_a_maintainer_clicks_loses_the_race",
        "test_F07_an_edit_takes_the_label_off_and_says_so_once",
        "test_H18_a_label_within_the_minute_of_the_first_report_counts_after_a_wait",
    ),
    "A proposal is ready only if its comment shows": (
        "test_G04_what_is_ready_stands_whole_in_its_comment",
        "test_G04_what_comes_as_files_or_rows_is_read_there",
    ),
    "Text of others stays text.": (
        "test_a_hostile_list_is_text_and_whole_for_every_reader",
    ),
    "In comments, the README, the page and the exports": (
        "test_a_hostile_list_is_text_and_whole_for_every_reader",
        "test_G19_text_and_code_never_link_in_githubs_renderer",
    ),
    "One person cannot change another's entry alone.": (
        "test_G18_H21_what_a_stranger_changes_of_a_listed_paper_needs_a_maintainer",
    ),
    "A pull request that removes a listed paper": (
        "test_G18_H21_what_a_stranger_changes_of_a_listed_paper_needs_a_maintainer",
        "test_D22_a_link_is_changed_by_who_brought_it_or_by_a_maintainers_word",
    ),
    "Every action is pinned by its commit": (
        "test_A05_every_action_is_pinned_by_commit_with_its_version_beside",
        "test_A15_everything_is_installed_from_hashed_locks",
        "test_A07_nothing_is_cached",
    ),
    "Set the repository variable": ("test_the_kill_switch_stops_every_flow",),
    "After you delete the variable, the next sweep catches up.": (
        "test_F20_an_accept_that_was_cut_off_is_completed_by_the_sweep",
    ),
    "Every job that writes says so and stops": (
        "test_the_kill_switch_reaches_every_run_that_writes",
        "test_the_kill_switch_stops_reviews_and_publishing",
    ),
}  # fmt: skip
SCOPES = {
    "contents": "branch",
    "issues": "issues",
    "pull-requests": "pull request",
    "statuses": "status",
    "pages": "page",
    "id-token": "page",
}


def section(title):
    return DOCUMENT.partition(f"## {title}\n")[2].partition("\n## ")[0]


def sentences(text):
    """The sentences outside of tables."""
    text = "\n".join(line for line in text.split("\n") if not line.startswith("|"))
    for block in re.split(r"\n\n|^- ", text, flags=re.MULTILINE):
        plain = " ".join(block.split()).replace("**", "")
        yield from (s for s in re.split(r"(?<=\.)\s+(?=[A-Z])", plain) if s)


@cache
def known_tests():
    own = Path(__file__).name
    files = (path for path in (ROOT / "tests").rglob("test_*.py") if path.name != own)
    text = "\n".join(path.read_text("utf-8") for path in files)
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)\(", text, re.MULTILINE))


@pytest.mark.parametrize("title", ["What the bot may do", "How to stop the bot"])
def test_every_sentence_about_the_bot_has_tests(title):
    for sentence in sentences(section(title)):
        found = [named for start, named in CLAIMS.items() if sentence.startswith(start)]
        assert len(found) == 1, sentence
        assert set(found[0]) <= known_tests(), sentence


def test_no_test_is_named_for_a_sentence_that_is_gone():
    said = [
        s for t in ("What the bot may do", "How to stop the bot") for s in sentences(section(t))
    ]
    for start in CLAIMS:
        assert any(sentence.startswith(start) for sentence in said), start


def rows():
    """What each row of the table says of the workflows and jobs that it names."""
    for line in section("What the bot may do").split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and ".yml" in cells[0]:
            yield re.findall(r"`([\w-]+\.yml)`", cells[0]), cells


@each("name", sorted(path.name for path in WORKFLOWS.glob("*.yml")))
def test_A04_the_table_says_what_each_workflow_may_write(name):
    jobs = yaml.safe_load((WORKFLOWS / name).read_text("utf-8"))["jobs"]
    about = [cells for names, cells in rows() if name in names]
    for job, body in jobs.items():
        written = {s for s, kind in (body.get("permissions") or {}).items() if kind == "write"}
        if not written or "uses" in body:
            continue
        mine = [c for c in about if len(about) == 1 or re.search(rf"\b{job}\b", c[0])]
        assert len(mine) == 1, (name, job)
        whole = "everything above" in mine[0][2]
        missing = {s for s in written if not whole and SCOPES[s] not in mine[0][2]}
        assert not missing, (name, job, missing)


def test_F11_F13_F22_the_advice_on_rules_says_how_the_bot_is():
    advice = " ".join(section("Secure your own list").split())
    for words, held in (
        (
            "rebuilt README in one rolling pull request",
            "test_F13_a_protected_branch_gets_one_rolling",
        ),
        ("a job's own token starts no workflows", "test_F22_what_follows_a_push_of_the_bot"),
        ("pull requests of bots", "test_F11_a_bots_pull_request_is_left_alone"),
    ):
        assert words in advice
        assert any(name.startswith(held) for name in known_tests()), held
