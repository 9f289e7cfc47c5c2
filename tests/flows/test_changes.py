"""A correction that is accepted: credited in the commit, thanked for, and told in a feed."""

from __future__ import annotations

import re

from kdbot.flows.list.build import build
from tests.flows.test_decisions import propose, say

CODE = "https://github.com/microsoft/minillm"
CORRECTION = f"""The code of MiniLLM is public now.

Paper: https://arxiv.org/abs/2306.08543
Code: {CODE}
"""


def changes(bot):
    """Build the page as its workflow does, in a clone of one commit, and return its feed."""
    root = bot.run(shallow=True).root
    assert build(root, check=False, environment={"GITHUB_REPOSITORY": "kd/demo"}) == 0
    return (root / "site" / "changes.xml").read_text("utf-8")


def entries(feed):
    return re.findall(r"<entry>.*?</entry>", feed, re.DOTALL)


def test_an_accepted_correction_is_credited_thanked_for_and_in_the_feed(bot):
    bot.world.set_role("maria", "write")
    before = entries(changes(bot))
    issue = propose(bot, CORRECTION)
    say(bot, issue, "/accept")
    assert CODE in bot.file("papers/2306.08543.yaml")
    alice = bot.world.user("alice").id
    trailer = f"Co-authored-by: alice <{alice}+alice@users.noreply.github.com>"
    assert trailer in bot.server.git.git("log", "-1", "--format=%B", "main")
    assert (issue.state, "hank" in bot.comments(issue)[-1]) == ("closed", True)
    new, *others = entries(changes(bot))
    assert others == before
    assert f"Code: {CODE}" in new
    assert "<contributor>\n   <name>alice</name>" in new
    assert "users.noreply" not in new
    # The same history gives the same feed.
    assert entries(changes(bot)) == [new, *others]
