"""Pull requests: what the bot reads and answers, and that a second look adds nothing."""

from __future__ import annotations

import json
import re

import pytest

from kdbot.flows.proposal.issue import review_issue
from kdbot.flows.proposal.pull_request import review_pull_request
from kdbot.github.errors import GitHubUnavailableError, ItemGoneError
from kdbot.model.evidence import LinkResult, LinkState, MetadataRecord
from kdbot.model.proposal import Origin
from tests.flows.sample_list import LISTED, TAXONOMY, form
from tests.github_server import Effect

FILE = "papers/2402.12030.yaml"
LISTED_FILE = "papers/2306.08543.yaml"
GOOD = """\
title: "Towards Cross-Tokenizer Distillation"
arxiv: "2402.12030"
date: 2024-02
categories:
  - methods/labeling
"""
DOUBLE = """\
title: "MiniLLM: Knowledge Distillation of Large Language Models"
arxiv: "2306.08543"
categories:
  - methods/divergence-and-similarity
"""
BAD = """\
title: "A Paper with Faults"
arxiv: "2403.00001"
venue: NIPS
date: 2024-13
categories:
  - skills/planing
"""
BAD_FILE = "papers/2403.00001.yaml"


def open_pull(bot, files, who="alice", body="Please", **more):
    return bot.world.open_pull(who, "Add papers", body, files=files, **more)


def answer(bot, pull):
    """Review a pull request and return the bot's one comment on it."""
    review_pull_request(bot.run(), pull.number)
    comments = bot.comments(pull)
    assert len(comments) <= 1
    return comments[0] if comments else ""


def status(bot, pull, sha=None):
    """The state of the newest status on a commit, by default the head."""
    sha = sha or bot.world.head_sha(pull)
    found = [s for s in bot.world.statuses if s.sha == sha and s.context == "kdbot / review"]
    return found[-1].state if found else None


def suggestions(pull):
    """Path, lines and new text of every suggestion on a pull request."""
    return [
        (c.path, c.start_line or c.line, c.line, c.body.partition("```suggestion\n")[2][:-4])
        for c in pull.pull.review_comments
    ]


def headline(comment):
    return comment.splitlines()[1]


def state(bot, pull):
    reviews = [(r.id, r.commit_id) for r in pull.pull.reviews]
    return bot.state(pull), list(bot.world.statuses), reviews, suggestions(pull)


# Each kind of pull request: its words, its label, its status

ADDITION = LISTED.replace("labeling", "x").replace(
    "categories:\n", "categories:\n  - methods/labeling\n"
)
OTHER_LINK = LISTED.replace("microsoft/LMOps/tree/main/minillm", "spam/spam")

SCENARIOS = {
    "a new paper": ({FILE: GOOD}, "ready", "success", "**Ready for review**"),
    "a fault": ({BAD_FILE: BAD}, "needs changes", "failure", "**Needs 2 changes**"),
    "a double": ({"papers/minillm.yaml": DOUBLE}, "duplicate", "failure", "**Already listed**"),
    "one good, one bad": (
        {FILE: GOOD, BAD_FILE: BAD},
        "needs changes",
        "failure",
        "**1 of 2 papers needs changes**",
    ),
    "one good, one double": (
        {FILE: GOOD, "papers/minillm.yaml": DOUBLE},
        "duplicate",
        "failure",
        "**1 of 2 papers is already known**",
    ),
    "an addition to a listed paper": (
        {LISTED_FILE: ADDITION},
        "ready",
        "success",
        "**Ready for review**",
    ),
    "D22 another's link": (
        {LISTED_FILE: OTHER_LINK},
        "needs a maintainer",
        "pending",
        "**Needs a maintainer**",
    ),
    "a deletion": ({LISTED_FILE: None}, "needs a maintainer", "pending", "**Needs a maintainer**"),
    "a renaming": (
        {LISTED_FILE: None, "papers/minillm.yaml": LISTED},
        "needs changes",
        "failure",
        "**Needs 1 change**",
    ),
    "D21 a workflow": (
        {".github/workflows/x.yml": "on: push\n", FILE: GOOD},
        "needs a maintainer",
        "pending",
        "**Needs a maintainer**",
    ),
    "D21 code alone": (
        {"src/kdbot/cli.py": "pass\n"},
        "needs a maintainer",
        "pending",
        "**Needs a maintainer**",
    ),
    "D21 the schema and a fault": (
        {"schema/taxonomy.yaml": TAXONOMY + "# more\n", BAD_FILE: BAD},
        "needs changes",
        "failure",
        "**Needs 2 changes**",
    ),
    "no YAML": ({FILE: "title: ["}, "needs changes", "failure", "**Needs 1 change**"),
    "D01 a file that is a trap": (
        {FILE: "a: &a [x]\nb: [*a, *a]\n"},
        "needs changes",
        "failure",
        "**Needs 1 change**",
    ),
}


@pytest.mark.parametrize(
    ("files", "label", "expected", "words"), SCENARIOS.values(), ids=list(SCENARIOS)
)
def test_F01_each_pull_request_gets_one_comment_label_and_status_and_no_second_of_any(
    bot, files, label, expected, words
):
    pull = open_pull(bot, files)
    comment = answer(bot, pull)
    assert headline(comment).startswith(words)
    assert bot.labels(pull) == {label}
    assert status(bot, pull) == expected
    before = state(bot, pull)
    bot.server.forget_log()
    answer(bot, pull)
    assert bot.server.writes == []
    assert state(bot, pull) == before
    assert pull.state == "open"


def test_a_push_that_mends_changes_the_comment_the_label_and_the_status_of_the_new_commit(bot):
    pull = open_pull(bot, {FILE: BAD.replace("2403.00001", "2402.12030")})
    old = bot.world.head_sha(pull)
    answer(bot, pull)
    number = bot.world.comments_of(pull)[0].id
    bot.world.push_to_pull(pull, {FILE: GOOD})
    assert "**Ready for review**" in answer(bot, pull)
    assert [c.id for c in bot.world.comments_of(pull)] == [number]
    assert bot.labels(pull) == {"ready"}
    assert (status(bot, pull, old), status(bot, pull)) == ("failure", "success")


def test_a_change_of_a_listed_paper_is_shown_before_and_after(bot):
    comment = answer(bot, open_pull(bot, {LISTED_FILE: OTHER_LINK}))
    assert (
        "- **Code**: `https://github.com/microsoft/LMOps/tree/main/minillm` "
        "→ `https://github.com/spam/spam`"
    ) in comment


def test_a_faulty_change_of_a_listed_paper_is_shown_before_and_after_too(bot):
    comment = answer(bot, open_pull(bot, {LISTED_FILE: LISTED.replace("2023-06", "2023-66")}))
    assert "- **Date**: `2023-06` → `2023-66`" in comment


def test_two_files_of_one_paper_are_held_against_each_other(bot):
    other = GOOD.replace("Towards", "Toward")
    pull = open_pull(bot, {FILE: GOOD, "papers/toward-cross-tokenizer-distillation.yaml": other})
    assert "repeated-in-proposal" in answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}


# D22: whose links they are

WHOSE = {
    "nobody's": (LISTED, "needs a maintainer"),
    "another's": (LISTED + "proposed_by: bob\n", "needs a maintainer"),
    "one's own": (LISTED + "proposed_by: Alice\n", "ready"),
}


@pytest.mark.parametrize(("listed", "label"), WHOSE.values(), ids=[f"D22-{w}" for w in WHOSE])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minillm]", "spam]"),
        ("code: [https://github.com/microsoft/LMOps/tree/main/minillm]\n", ""),
        ("[https://github.com/m", "[https://github.com/spam/spam, https://github.com/x/y] #"),
    ],
    ids=["changed", "removed", "replaced by two"],
)
def test_D22_a_link_is_changed_by_who_brought_it_or_by_a_maintainers_word(
    bot, listed, label, old, new
):
    bot.world.push("kd", {LISTED_FILE: listed})
    pull = open_pull(bot, {LISTED_FILE: listed.replace(old, new)})
    comment = answer(bot, pull)
    assert bot.labels(pull) == {label}
    assert ("link-of-another" in comment) is (label != "ready")


def test_D22_credit_for_anothers_paper_is_not_taken_by_the_way(bot):
    bot.world.push("kd", {LISTED_FILE: LISTED + "proposed_by: bob\n"})
    pull = open_pull(bot, {LISTED_FILE: LISTED + "proposed_by: alice\n"})
    answer(bot, pull)
    assert bot.labels(pull) == {"needs a maintainer"}


def test_D22_the_word_of_the_file_in_the_pull_request_does_not_count(bot):
    pull = open_pull(bot, {LISTED_FILE: OTHER_LINK + "proposed_by: alice\n"})
    answer(bot, pull)
    assert bot.labels(pull) == {"needs a maintainer"}


STRANGERS = {
    "withdrawn": (LISTED + "withdrawn: true\n", "reserved-value"),
    "another link first": (
        LISTED.replace("code: [", "code: [https://github.com/spam/spam, "),
        "link-of-another",
    ),
    "an address": (LISTED.replace("venue:", "url: https://spam.org/x\nvenue:"), "link-of-another"),
    "an address of its own": (
        LISTED.replace("venue:", "url: https://openreview.net/forum?id=5h0qf7IBZZ\nvenue:"),
        "link-of-another",
    ),
    "another day": (LISTED.replace("2024-02-22", "2020-01-01"), "reserved-value"),
    "no day": (LISTED.replace("added: 2024-02-22\n", ""), "reserved-value"),
    "credit": (LISTED + "proposed_by: mallory\n", "link-of-another"),
}


@pytest.mark.parametrize(("text", "code"), STRANGERS.values(), ids=list(STRANGERS))
def test_G18_H21_what_a_stranger_changes_of_a_listed_paper_needs_a_maintainer(bot, text, code):
    pull = open_pull(bot, {LISTED_FILE: text}, who="mallory")
    assert code in answer(bot, pull)
    assert bot.labels(pull) == {"needs a maintainer"}
    assert status(bot, pull) == "pending"


SCHEMA = "schema/paper.schema.json"


@pytest.mark.parametrize("name", ["other_titles", "key"])
def test_G18_H21_other_titles_and_keys_are_guarded_where_a_list_has_them(bot, name):
    document = json.loads(bot.file(SCHEMA))
    kind = {"type": "string"}
    kind = {"type": "array", "items": kind} if name == "other_titles" else kind
    document["properties"][name] = {"title": name, "description": name, **kind}
    bot.world.push("kd", {SCHEMA: json.dumps(document)})
    value = "[A Famous Title]" if name == "other_titles" else "famous2020title"
    for file, text in ((LISTED_FILE, LISTED), (FILE, GOOD)):
        pull = open_pull(bot, {file: f"{text}{name}: {value}\n"}, who="mallory")
        comment = answer(bot, pull)
        assert status(bot, pull) != "success"
        assert pull.state == "open"
        assert name in comment


@pytest.mark.parametrize("line", ["withdrawn: true", "added: 2020-01-01", "key: mine2024"])
def test_H21_a_new_record_with_a_reserved_value_needs_a_maintainer(bot, line):
    pull = open_pull(bot, {FILE: f"{GOOD}{line}\n"}, who="mallory")
    assert "reserved-value" in answer(bot, pull)
    assert (bot.labels(pull), status(bot, pull)) == ({"needs a maintainer"}, "pending")


def test_G18_what_is_added_behind_what_is_there_needs_nobody(bot):
    more = LISTED.replace("minillm]", "minillm, https://github.com/a/b]")
    pull = open_pull(bot, {LISTED_FILE: more}, who="mallory")
    answer(bot, pull)
    assert (bot.labels(pull), status(bot, pull)) == ({"ready"}, "success")


# D19, D20: names and modes

NAMES = [
    "papers/A.yaml",
    "papers/2402.12030v2.yaml",
    "papers/2402.12030.YAML",
    "papers/2402.12030.yml",
    "papers/-rf.yaml",
    "papers/.hidden.yaml",
    "papers/a\nb.yaml",
    "papers/a b.yaml",
    "papers/con.yaml",
    "papers/cafe\u0301.yaml",
    "papers/\u202eabc.yaml",
    f"papers/{'x' * 200}.yaml",
    "papers/sub/2402.12030.yaml",
    "papers/..yaml",
    "papers/README",
]


@pytest.mark.parametrize("name", NAMES, ids=[f"D19-{n}" for n in range(len(NAMES))])
def test_D19_a_file_of_another_name_is_never_ready(bot, capsys, name):
    pull = open_pull(bot, {name: GOOD})
    comment = answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}
    assert status(bot, pull) == "failure"
    assert "wrong-file-name" in comment or "no-paper-file" in comment
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in printed)


MODES = {
    "D20 a symbolic link": ("120000", b"../README.md"),
    "D20 a link out of the repository": ("120000", b"/proc/self/environ"),
    "D20 an executable": ("100755", GOOD),
}


@pytest.mark.parametrize(("mode", "data"), MODES.values(), ids=list(MODES))
def test_D20_what_is_no_plain_file_is_not_read(bot, mode, data):
    pull = open_pull(bot, {FILE: data}, modes={FILE: mode})
    bot.server.forget_log()
    comment = answer(bot, pull)
    assert "file-mode" in comment
    assert bot.labels(pull) == {"needs changes"}
    assert not [call for call in bot.server.log if "/git/blobs/" in call.path]
    assert not [call for call in bot.server.log if "/contents/" in call.path]


def test_D20_a_submodule_is_not_read(bot):
    tip = bot.server.git.resolve("main").encode()
    pull = open_pull(bot, {FILE: tip}, modes={FILE: "160000"})
    assert "submodule" in answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}


def test_D20_a_readme_that_became_a_link_is_not_read(bot):
    pull = open_pull(bot, {"README.md": b"kdbot.toml"}, modes={"README.md": "120000"})
    answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}


# D21: bounds


def many(count):
    return {
        f"papers/2405.{n:05}.yaml": GOOD.replace("2402.12030", f"2405.{n:05}")
        .replace("2024-02", "2024-05")
        .replace("Towards", f"Number {n}")
        for n in range(1, count + 1)
    }


def blobs(bot):
    return [call for call in bot.server.log if "/git/blobs/" in call.path]


@pytest.mark.parametrize(("count", "label"), [(20, "ready"), (21, "needs a maintainer")])
def test_D21_twenty_papers_are_read_and_more_are_a_maintainers(bot, count, label):
    pull = open_pull(bot, many(count))
    bot.server.forget_log()
    answer(bot, pull)
    assert bot.labels(pull) == {label}
    assert len(blobs(bot)) == 20


def test_D21_three_thousand_files_are_not_read_to_the_end(bot):
    pull = open_pull(bot, {f"papers/{n}.yaml": "title: x\n" for n in range(3001)})
    bot.server.forget_log()
    assert "3,001 files" in answer(bot, pull)
    pages = [call for call in bot.server.log if call.path.partition("?")[0].endswith("/files")]
    assert len(pages) == 1
    assert len(blobs(bot)) == 20
    assert status(bot, pull) in {"failure", "pending"}


def test_D10_a_readme_of_more_than_a_mebibyte_is_not_read(bot):
    text = bot.file("README.md") + "[x](https://evil.example)\n" + f"{'x' * 127}\n" * 2**13
    comment = answer(bot, open_pull(bot, {"README.md": text}))
    assert "file-too-large" in comment
    assert "evil.example" not in comment


def test_D10_D21_a_large_file_is_not_read(bot):
    pull = open_pull(bot, {FILE: GOOD + f"note: {'x' * 64 * 1024}\n"})
    bot.server.forget_log()
    assert "file-too-large" in answer(bot, pull)
    assert blobs(bot) == []
    assert bot.labels(pull) == {"needs a maintainer"}


# A paper that goes, or gets another name


def test_a_deletion_asks_for_a_reason(bot):
    comment = answer(bot, open_pull(bot, {LISTED_FILE: None}))
    assert (
        "`papers/2306.08543.yaml` (`MiniLLM: Knowledge Distillation of Large Language Models`) "
        "would be removed from the list"
    ) in comment
    assert "Explain in the description why" in comment


NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
CATEGORIES = "categories: [methods/labeling]\n"


def test_G17_of_twelve_files_that_get_another_name_the_rest_is_counted(bot):
    """So are those that go, and those beside the papers."""
    old = {
        f"papers/a-paper-{word}.yaml": f"title: A Paper of {word}\n{CATEGORIES}"
        for word in [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    }
    bot.world.push("kd", old)
    renamed = {name.replace("a-paper", "the-paper"): text for name, text in old.items()}
    comment = answer(bot, open_pull(bot, {**dict.fromkeys(old), **renamed}))
    assert comment.count("would be renamed to `papers/the-paper") == 5
    assert "7 more files would be renamed" in comment
    gone = answer(bot, open_pull(bot, dict.fromkeys(old)))
    assert "and 7 more would be removed from the list" in gone
    outside = {f"docs/{n}.txt": "x" for n in range(12)}
    assert "and 7 more" in answer(bot, open_pull(bot, outside))


def test_a_paper_that_got_an_identifier_may_get_its_name(bot):
    slug = "papers/a-paper-without-identifier.yaml"
    record = GOOD.replace("Towards Cross-Tokenizer Distillation", "A Paper without Identifier")
    without = record.replace('arxiv: "2402.12030"\n', "") + "added: 2024-03-01\n"
    bot.world.push("kd", {slug: without})
    named = without.replace("date:", 'arxiv: "2402.12030"\ndate:')
    pull = open_pull(bot, {slug: None, FILE: named})
    comment = answer(bot, pull)
    assert f"`{slug}` (`A Paper without Identifier`) would be renamed to `{FILE}`" in comment
    assert "- **arXiv identifier**: none → `2402.12030`" in comment
    assert "added-by-hand" not in comment
    assert bot.labels(pull) == {"needs a maintainer"}


def test_a_new_file_that_the_list_has_since_is_told_to_be_there(bot):
    pull = open_pull(bot, {FILE: GOOD})
    assert "**Ready" in answer(bot, pull)
    bot.world.push("kd", {FILE: GOOD + "added: 2024-03-01\n"})
    comment = answer(bot, pull)
    assert "**Already listed**" in comment
    assert bot.labels(pull) == {"duplicate"}
    bot.world.push_to_pull(pull, {FILE: GOOD.replace("date:", "venue: ICLR\ndate:")})
    assert "Update your branch" in answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}


# Where it is wrong: annotations and suggestions


def test_every_finding_of_a_file_is_an_annotation_and_a_linked_line_of_the_comment(bot, capsys):
    pull = open_pull(bot, {BAD_FILE: BAD})
    comment = answer(bot, pull)
    told = re.findall(r"^::(\w+) file=([^,]+),line=(\d+),title=([^:]+)::", capsys.readouterr().out,
                      re.MULTILINE)  # fmt: skip
    assert sorted(told) == [
        ("error", BAD_FILE, "4", "invalid-date"),
        ("error", BAD_FILE, "6", "unknown-category"),
        ("warning", BAD_FILE, "3", "not-canonical"),
    ]
    sha = bot.world.head_sha(pull)
    for _, file, line, code in told:
        assert f"https://github.com/kd/demo/blob/{sha}/{file}#L{line}" in comment
        assert f"#{code})" in comment


def test_a_known_mending_is_one_click_in_one_review_of_the_commit(bot):
    pull = open_pull(bot, {BAD_FILE: BAD})
    answer(bot, pull)
    assert sorted(suggestions(pull)) == [
        (BAD_FILE, 3, 3, "venue: NeurIPS"),
        (BAD_FILE, 4, 4, "date: 2024-03"),
        (BAD_FILE, 6, 6, "  - skills/planning"),
    ]
    assert [r.commit_id for r in pull.pull.reviews] == [bot.world.head_sha(pull)]
    assert [r.state for r in pull.pull.reviews] == ["COMMENTED"]


def test_a_suggestion_is_made_once_however_often_the_head_moves(bot):
    pull = open_pull(bot, {BAD_FILE: BAD})
    answer(bot, pull)
    bot.world.push_to_pull(pull, {BAD_FILE: f"# a comment\n{BAD}"})
    answer(bot, pull)
    bot.world.push_to_pull(pull, {BAD_FILE: BAD.replace("NIPS", "EMNLP Findings")})
    answer(bot, pull)
    bot.world.push_to_pull(pull, {BAD_FILE: BAD})
    answer(bot, pull)
    assert [text for *_, text in suggestions(pull)][3:] == ["venue: Findings of EMNLP"]
    assert len(pull.pull.reviews) == 2


def test_lines_in_another_order_are_one_suggestion(bot):
    moved = 'arxiv: "2402.12030"\ntitle: "Towards Cross-Tokenizer Distillation"\n'
    pull = open_pull(bot, {FILE: moved + "".join(GOOD.splitlines(keepends=True)[2:])})
    comment = answer(bot, pull)
    assert bot.labels(pull) == {"ready"}
    assert "key-order" in comment
    assert suggestions(pull) == [
        (FILE, 1, 2, 'title: "Towards Cross-Tokenizer Distillation"\narxiv: "2402.12030"')
    ]


def test_a_line_beside_the_diff_gets_no_suggestion_and_the_others_theirs(bot):
    listed = LISTED.replace("venue: ICLR", "venue: NIPS") + "".join(
        f"# line {n}\n" for n in range(9)
    )
    bot.world.push("kd", {LISTED_FILE: listed})
    pull = open_pull(bot, {LISTED_FILE: f"{listed}# one more\n", BAD_FILE: BAD})
    answer(bot, pull)
    assert {path for path, *_ in suggestions(pull)} == {BAD_FILE}


def test_B11_a_marker_in_a_value_stays_text(bot):
    marker = "<!-- kdbot:suggestion 0000 -->"
    pull = open_pull(bot, {BAD_FILE: BAD.replace("NIPS", f'"{marker}"')})
    comment = answer(bot, pull)
    assert comment.count("<!--") == 1
    assert all(c.body.count("<!-- kdbot:") == 1 for c in pull.pull.review_comments)


def test_A14_no_line_of_the_log_is_a_command_of_others(bot, capsys):
    titles = ["::error::x", "a\n::add-mask::x", "\r::stop-commands::t", "%0A::set-output name=a::b"]
    for number, title in enumerate(titles, 1):
        text = GOOD.replace('"Towards Cross-Tokenizer Distillation"', repr(title))
        pull = open_pull(bot, {f"papers/{number}.yaml": text}, branch=f"b{number}")
        answer(bot, pull)
    commands = [x for x in capsys.readouterr().out.splitlines() if x.lstrip().startswith("::")]
    assert commands
    assert all(re.match(r"::(error|warning|notice) (file|title)=", line) for line in commands)


# Overlap with others


def test_F04_of_two_pull_requests_the_lower_number_stays(bot):
    first = open_pull(bot, {FILE: GOOD})
    second = open_pull(bot, {FILE: GOOD}, who="bob", branch="patch-2")
    for pull in (second, first, second):
        answer(bot, pull)
    assert bot.labels(first) == {"ready"}
    assert bot.labels(second) == {"duplicate"}
    assert "#1" in bot.comments(second)[0]
    assert second.state == "open"


def test_F04_two_papers_without_identifier_are_told_by_the_names_of_their_files(bot):
    record = 'title: "A Title of My Own"\ndate: 2024-02\ncategories:\n  - methods/labeling\n'
    for number, who in enumerate(("alice", "bob")):
        files = {"papers/a-title-of-my-own.yaml": record}
        answer(bot, open_pull(bot, files, who=who, branch=f"b{number}"))
    assert [bot.labels(bot.world.issue(n)) for n in (1, 2)] == [{"ready"}, {"duplicate"}]


def test_a_title_that_services_know_otherwise_is_pointed_out_at_its_line(bot):
    record = MetadataRecord(
        source=Origin.ARXIV, arxiv="2402.12030", title="Quite Another Paper about Whales"
    )
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": (record,)}
    pull = open_pull(bot, {FILE: GOOD})
    comment = answer(bot, pull)
    assert "title-mismatch" in comment
    assert f"{FILE}#L1" in comment


def test_F05_a_pull_request_is_held_against_older_issues(bot):
    issue = bot.world.open_issue("bob", "New paper", form())
    pull = open_pull(bot, {FILE: GOOD})
    assert f"#{issue.number}" in answer(bot, pull)
    assert bot.labels(pull) == {"duplicate"}
    bot.world.close(issue, "bob", "not_planned")
    answer(bot, pull)
    assert bot.labels(pull) == {"ready"}


def test_F06_a_persons_word_that_it_is_no_duplicate_counts(bot):
    record = 'title: "A Title of My Own"\ndate: 2024-02\ncategories:\n  - methods/labeling\n'
    bot.world.open_issue("bob", "New paper", form(paper="", title="A Title of my own"))
    pull = open_pull(bot, {"papers/a-title-of-my-own.yaml": record})
    answer(bot, pull)
    assert bot.labels(pull) == {"duplicate"}
    bot.world.add_labels(pull, ["not a duplicate"], "kd")
    answer(bot, pull)
    assert bot.labels(pull) == {"ready", "not a duplicate"}


def test_of_many_open_pull_requests_all_are_looked_into_at_once(bot):
    for number in range(60):
        name = f"papers/2501.{number + 1:05}.yaml" if number else FILE
        open_pull(bot, {name: GOOD}, branch=f"b{number}", who="bob")
    pull = open_pull(bot, {FILE: GOOD})
    bot.server.forget_log()
    answer(bot, pull)
    assert bot.labels(pull) == {"duplicate"}
    assert len(bot.server.log) <= 16


# The README


def edit(bot, old, new):
    text = bot.file("README.md") + "\n"
    assert old in text
    return {"README.md": text.replace(old, new, 1)}


ROW = (
    "| [**Towards Cross-Tokenizer Distillation**](https://arxiv.org/abs/2402.12030) "
    "| arXiv | 2024-02 | [Github](https://github.com/Nicolas-BZRD/llm-recipes) | |"
)


def with_row(bot, row=ROW):
    """The README with a row under the first table's heading."""
    lines = (bot.file("README.md") + "\n").split("\n")
    place = next(i for i, line in enumerate(lines) if "MiniLLM" in line and line.startswith("|"))
    return {"README.md": "\n".join([*lines[: place + 1], row, *lines[place + 1 :]])}


def test_a_row_by_hand_comes_back_as_a_file_that_can_be_created(bot):
    pull = open_pull(bot, with_row(bot))
    comment = answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}
    assert status(bot, pull) == "failure"
    assert "readme-region-edited" in comment
    assert 'title: "Towards Cross-Tokenizer Distillation"\narxiv: "2402.12030"\n' in comment
    assert "code: [https://github.com/Nicolas-BZRD/llm-recipes]" in comment
    assert "  - methods/divergence-and-similarity" in comment
    link = re.search(rf"\[Create {FILE}\]\((\S+)\)", comment)[1]
    assert link.startswith("https://github.com/alice/demo/new/patch-1/papers?filename=2402.12030")


UNREAD = "| [](https://arxiv.org/abs/2402.12030) | | | | |"


def test_a_row_that_cannot_be_read_is_named(bot):
    comment = answer(bot, open_pull(bot, with_row(bot, f"{UNREAD}\n{ROW}")))
    assert "readme-row-not-understood" in comment
    assert comment.count("could not read the row") == 1
    assert 'title: "Towards Cross-Tokenizer Distillation"' in comment


def test_a_row_of_a_paper_that_comes_as_a_file_too_is_no_second_paper(bot):
    pull = open_pull(bot, {FILE: GOOD, **with_row(bot)})
    comment = answer(bot, pull)
    assert "repeated-in-proposal" not in comment
    assert "readme-region-edited" in comment
    assert "Paper 1 of" not in comment
    bot.world.push_to_pull(pull, {"README.md": bot.file("README.md") + "\n"})
    assert "**Ready for review**" in answer(bot, pull)


def test_a_row_that_is_changed_by_hand_is_a_change_of_its_paper(bot):
    changed = edit(bot, "| ICLR |", "| ICML |")
    comment = answer(bot, open_pull(bot, changed))
    assert "- **Venue**: `ICLR` → `ICML`" in comment


def test_a_row_that_is_taken_away_is_told_how_a_paper_goes(bot):
    text = bot.file("README.md") + "\n"
    row = next(x for x in text.split("\n") if "MiniLLM" in x and x.startswith("|"))
    comment = answer(bot, open_pull(bot, {"README.md": text.replace(f"{row}\n", "")}))
    assert "delete its file in `papers/`" in comment


PROSE = "# A List of Papers\n"


def test_prose_outside_the_regions_passes(bot):
    pull = open_pull(bot, edit(bot, PROSE, f"{PROSE}\nA list of papers, kept with care.\n"))
    comment = answer(bot, pull)
    assert headline(comment).startswith("**Ready for review**")
    assert bot.labels(pull) == {"ready"}
    assert status(bot, pull) == "success"


def test_prose_with_a_link_to_a_paper_proposes_none(bot):
    words = "See [Towards Cross-Tokenizer Distillation](https://arxiv.org/abs/2402.12030).\n"
    pull = open_pull(bot, edit(bot, PROSE, f"{PROSE}\n{words}"))
    answer(bot, pull)
    assert bot.labels(pull) == {"ready"}


HOSTS = [
    ("![banner](https://evil.example/x.png)", "evil.example"),
    ("<img src=//tracker.example/x.gif>", "tracker.example"),
    ("[here](http://evil.example:8080/x)", "evil.example"),
    ("[here](https://github.com/other/thing)", None),
    *(
        pytest.param(words, host, id=f"G16-{number}")
        for number, (words, host) in enumerate(
            (
                ("[a](https:&#47;&#47;evil.example/x)", "evil.example"),
                ("[a](https&colon;//evil.example)", "evil.example"),
                (r"[a](https:\/\/evil.example/x)", "evil.example"),
                ("[a](https:/evil.example/x)", "evil.example"),
                ("[a](http:evil.example/x)", "evil.example"),
                ("[a](//evil.example/x)", "evil.example"),
                ("<a href='/\\evil.example/x'>x</a>", "evil.example"),
                ("[a](https://github.com:8443/x)", "github.com:8443"),
                ("[a](https://github.com@evil.example/x)", "evil.example"),
                ("[a]\n\n[a]: <https://evil.example/x>", "evil.example"),
                ("[a]: HTTPS://EVIL.example./x", "evil.example"),
                ("<https://evil.example>", "evil.example"),
                ("see www.evil.example/x", "www.evil.example"),
                ("see https://evil.example/x.", "evil.example"),
                ("<a\nhref='https:&#x2f;/evil.example'>x</a>", "evil.example"),
                ("<img srcset='x.png, https://evil.example/x.png 2x'>", "evil.example"),
                ("<video poster=//evil.example></video>", "evil.example"),
                ("<a href=https://\uff45vil.example/>x</a>", "evil.example"),
                ("<a href='ht&Tab;tps://evil.example/'>x</a>", "evil.example"),
                ("`https://evil.example/x`", None),
                ("```\nhttps://evil.example/x\n```", None),
                ("<!-- https://evil.example/x -->", None),
                ("[a](docs/evil.example)", None),
                ("> " * 60 + "[a](https://evil.example/x)", "evil.example"),
            )
        )
    ),
]


@pytest.mark.parametrize(("words", "host"), HOSTS)
def test_B08_a_new_host_in_the_readme_is_pointed_out(bot, words, host):
    pull = open_pull(bot, edit(bot, PROSE, f"{PROSE}\n{words}\n"))
    comment = answer(bot, pull)
    assert bot.labels(pull) == {"ready"}
    assert ("new-readme-host" in comment) is (host is not None)
    assert host is None or f"`{host}`" in comment


@pytest.mark.parametrize(
    "marker", ["<!-- kdbot:begin tables -->", "<!-- kdbot:end tables -->"], ids=["begin", "end"]
)
def test_a_marker_that_is_broken_is_asked_to_be_mended(bot, marker):
    pull = open_pull(bot, edit(bot, marker, ""))
    assert "region-missing" in answer(bot, pull)
    assert bot.labels(pull) == {"needs changes"}


def test_a_readme_that_is_no_text_is_a_maintainers_matter(bot):
    pull = open_pull(bot, {"README.md": b"\x00\x01"})
    assert "file-too-large" in answer(bot, pull)
    assert bot.labels(pull) == {"needs a maintainer"}


def test_a_deleted_readme_is_a_maintainers_matter(bot):
    pull = open_pull(bot, {"README.md": None})
    answer(bot, pull)
    assert bot.labels(pull) == {"needs a maintainer"}


# Who, and in what state


def test_F11_a_bots_pull_request_is_left_alone(bot):
    pull = open_pull(bot, {"requirements/x.txt": "x\n"}, who="dependabot[bot]")
    assert answer(bot, pull) == ""
    assert bot.world.statuses == []


def test_F16_a_deleted_fork_is_read_and_answered_all_the_same(bot):
    pull = open_pull(bot, with_row(bot))
    bot.world.delete_fork(pull)
    assert "https://github.com/kd/demo/new/main/papers?" in answer(bot, pull)


@pytest.mark.parametrize("how", ["closed", "locked", "merged", "another base"])
def test_F16_what_is_not_open_or_not_for_the_branch_is_left_alone(bot, how):
    if how == "another base":
        bot.world.push("kd", {"x": "y\n"}, branch="other")
    base = "other" if how == "another base" else None
    pull = open_pull(bot, {FILE: GOOD}, base=base)
    if how == "closed":
        bot.world.close(pull, "alice")
    elif how == "locked":
        bot.world.lock(pull, "kd")
    elif how == "merged":
        bot.world.merge_pull(pull, "kd")
    bot.server.forget_log()
    assert answer(bot, pull) == ""
    assert bot.server.writes == []


def test_F16_a_pull_request_that_is_gone_is_nothing_to_do(bot):
    pull = open_pull(bot, {FILE: GOOD})
    pull.gone = "deleted"
    with pytest.raises(ItemGoneError):
        answer(bot, pull)


def test_F18_foreign_labels_are_never_touched(bot):
    pull = open_pull(bot, {BAD_FILE: BAD})
    bot.world.add_labels(pull, ["good first issue"], "kd")
    answer(bot, pull)
    bot.world.push_to_pull(pull, {BAD_FILE: None, FILE: GOOD})
    answer(bot, pull)
    assert bot.labels(pull) == {"good first issue", "ready"}


def test_F23_many_proposals_of_one_person_get_a_soft_word(bot):
    for number in range(5):
        bot.world.open_issue("alice", "New paper", form(f"2402.1203{number + 1}", f"No {number}"))
    assert "many-open-proposals" in answer(bot, open_pull(bot, {FILE: GOOD}))


# Moving heads and faults


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 1, 0)])
def test_F02_late_and_doubled_runs_end_where_the_last_head_is(bot, order):
    """A run reads what there is, whichever event has started it."""
    pull = open_pull(bot, {FILE: BAD.replace("2403.00001", "2402.12030")})
    runs = [bot.run()]
    for text in (GOOD.replace("labeling", "labelling"), GOOD):
        bot.world.push_to_pull(pull, {FILE: text})
        runs.append(bot.run())
    for index in order:
        review_pull_request(runs[index], pull.number)
    assert bot.labels(pull) == {"ready"}
    assert [s.state for s in bot.world.statuses] == ["success"]
    assert len(bot.comments(pull)) == 1


def test_F03_a_head_that_moves_while_it_is_read_is_left_to_the_next_run(bot):
    pull = open_pull(bot, {FILE: GOOD})
    old = bot.world.head_sha(pull)
    bot.server.faults.before(
        lambda: bot.world.push_to_pull(pull, {FILE: BAD}),
        matches=lambda request: "/git/blobs/" in request.path,
    )
    bot.server.forget_log()
    assert answer(bot, pull) == ""
    assert bot.server.writes == []
    assert status(bot, pull, old) is None
    answer(bot, pull)
    assert status(bot, pull) == "failure"


def test_F03_a_status_never_stands_on_a_commit_that_was_not_read(bot):
    pull = open_pull(bot, {FILE: GOOD})
    old = bot.world.head_sha(pull)
    bot.server.faults.before(
        lambda: bot.world.push_to_pull(pull, {FILE: BAD}),
        matches=lambda request: request.is_write,
    )
    answer(bot, pull)
    assert status(bot, pull, old) == "success"
    assert status(bot, pull) is None


FAULTS = [(k, effect) for k in range(1, 5) for effect in (Effect.NONE, Effect.DONE)]


@pytest.mark.parametrize(("k", "effect"), FAULTS)
def test_F20_E12_a_fault_at_any_write_is_healed_in_the_same_run(bot, k, effect):
    pull = open_pull(bot, {BAD_FILE: BAD})
    bot.server.faults.fail(at_write=k, effect=effect)
    answer(bot, pull)
    assert len(bot.comments(pull)) == len(pull.pull.reviews) == len(bot.world.statuses) == 1
    assert bot.labels(pull) == {"needs changes"}
    assert len(suggestions(pull)) == 3


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_F20_a_crash_at_any_write_is_healed_by_the_next_run(bot, k):
    pull = open_pull(bot, {BAD_FILE: BAD})
    bot.server.faults.fail(at_write=k, times=3)
    with pytest.raises(GitHubUnavailableError):
        answer(bot, pull)
    bot.server.faults.clear()
    answer(bot, pull)
    assert len(bot.comments(pull)) == len(pull.pull.reviews) == len(bot.world.statuses) == 1
    assert bot.labels(pull) == {"needs changes"}


@pytest.mark.parametrize("part", ["/files", "/git/trees/", "/git/blobs/", "/graphql", "/pulls/"])
def test_a_part_that_github_does_not_tell_is_no_verdict(bot, part):
    pull = open_pull(bot, {FILE: GOOD})
    bot.server.faults.fail(
        at_request=1,
        times=99,
        matches=lambda request: part in request.path and not request.is_write,
    )
    with pytest.raises(GitHubUnavailableError):
        answer(bot, pull)
    assert bot.comments(pull) == []


def test_B09_a_forged_comment_or_suggestion_is_nobodys(bot):
    pull = open_pull(bot, {BAD_FILE: BAD})
    forged = "<!-- kdbot:report sha256=" + "0" * 64 + " -->\n**Ready** by me"
    comment = bot.world.comment(pull, "mallory", forged)
    answer(bot, pull)
    assert comment.body == forged
    assert len(suggestions(pull)) == 3


def test_a_dead_link_is_an_error_at_its_line(bot):
    bot.probe = lambda urls: tuple(
        LinkResult(url=url, state=LinkState.DEAD, status=404, evidence="404 twice") for url in urls
    )
    text = GOOD.replace("categories:", "code: [https://github.com/nobody/nothing]\ncategories:")
    pull = open_pull(bot, {FILE: text})
    comment = answer(bot, pull)
    assert "dead-link" in comment
    assert f"{FILE}#L4" in comment
    assert bot.labels(pull) == {"needs changes"}


def test_a_dry_run_writes_nothing_and_says_what_it_would(bot, capsys):
    pull = open_pull(bot, {BAD_FILE: BAD})
    review_pull_request(bot.run(dry_run=True), pull.number)
    said = capsys.readouterr().out
    assert all(word in said for word in ("CreateComment", "SetStatus", "CreateReview"))
    assert bot.server.writes == []


def test_an_unchanged_answer_costs_twelve_requests_at_most(bot):
    pull = open_pull(bot, {FILE: GOOD})
    answer(bot, pull)
    bot.server.forget_log()
    answer(bot, pull)
    assert len(bot.server.log) <= 12


def test_an_issue_does_not_read_pull_requests(bot):
    open_pull(bot, {FILE: GOOD})
    issue = bot.world.open_issue("alice", "New paper", form())
    bot.server.forget_log()
    review_issue(bot.run(), issue.number)
    assert not [call for call in bot.server.log if "/pulls" in call.path]
