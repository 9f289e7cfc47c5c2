"""A list's own templates: used from the published branch, and never in the way of an answer."""

import pytest

from kdbot.cli import main
from kdbot.flows.list.checked_list import validate
from kdbot.flows.proposal.issue import review_issue
from kdbot.publish.comment.environment import read_template
from tests.flows.sample_list import form, sample_files

READY = read_template("ready.md.j2")
OWN = READY.replace("A maintainer checks", "One of us checks")
TEMPLATE = ".github/kdbot/ready.md.j2"


def answer(bot, template):
    bot.world.push("kd", {TEMPLATE: template}, "Words of our own")
    issue = bot.world.open_issue("alice", "New paper", form())
    review_issue(bot.run(), issue.number)
    (comment,) = bot.comments(issue)
    return comment


def test_a_comment_is_in_the_words_of_the_list(bot):
    assert "One of us checks that this is the right paper" in answer(bot, OWN)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        pytest.param("{% macro", "ready.md.j2, line 1", id="syntax"),
        pytest.param(READY.replace("comment.paper.title_link", "nobody"), "nobody", id="value"),
        pytest.param(b"\xff\xfe", "headline", id="no-UTF-8"),
    ],
)
def test_a_broken_template_is_named_and_the_built_in_one_is_used(bot, capsys, template, said):
    assert "A maintainer checks that this is the right paper" in answer(bot, template)
    told = capsys.readouterr().out
    assert "a template in .github/kdbot cannot be used, so kdbot's own templates are used: " in told
    assert said in told


def test_the_command_line_uses_and_judges_them(tmp_path, capsys):
    sample_files(tmp_path)
    path = tmp_path / TEMPLATE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(OWN)
    (tmp_path / "form.md").write_text(form())
    call = ["propose", str(tmp_path / "form.md"), "--title", "New paper", "--format", "comment"]
    assert main(["--root", str(tmp_path), *call]) == 0
    assert "One of us checks" in capsys.readouterr().out
    assert validate(tmp_path, [], "text", {}) == 0
    path.write_text("\n{{ a ~ b }}")
    assert validate(tmp_path, [], "text", {}) == 1
    assert f"{TEMPLATE}:2: error: " in capsys.readouterr().out
    assert main(["--root", str(tmp_path), *call]) == 0
    told = capsys.readouterr()
    assert "A maintainer checks" in told.out
    assert "kdbot: a template in .github/kdbot cannot be used" in told.err
