"""docs/conversation.md: what people and the bot write, from runs against the stand-in GitHub.

`KDBOT_GOLDEN=write` renews the page.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from kdbot.flows.proposal.issue import review_issue
from kdbot.model.evidence import MetadataRecord, Unavailable
from kdbot.model.proposal import Origin

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conversation.md"
INTRODUCTION = """\
<!-- Written by tests/flows/test_conversation.py; edits are overwritten. -->

# An example conversation

Four proposals and the answers of the bot, word for word, as a list with three categories gets them.
The bot has one comment for each proposal and edits it in place, so that a conversation stays short.
"""
KNOWN = MetadataRecord(
    source=Origin.ARXIV,
    arxiv="2402.12030",
    title="Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss for LLMs",
    authors=("Nicolas Boizard", "Kevin El Haddad", "Céline Hudelot", "Pierre Colombo"),
    date="2024-02",
)


def quoted(speaker, text):
    shown = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL).strip()
    shown = re.sub(r"(?m)^\[[^\]]*\]: .*\n?", "", shown).strip()
    shown = re.sub(r" · kdbot [\d.]+", "", shown)
    shown = re.sub(r"/commit/[0-9a-f]{40}", "/commits", shown)
    lines = (f"> {line}".rstrip() for line in shown.split("\n"))
    return f"**{speaker}**\n\n" + "\n".join(lines)


class Conversation:
    def __init__(self, bot, title, body):
        self.bot = bot
        self.issue = bot.world.open_issue("alice", title, body)
        self.parts = [quoted(f"alice opens an issue: {title}", body)]

    def answered(self):
        review_issue(self.bot.run(), self.issue.number)
        self.parts.append(quoted("kdbot answers", self.bot.comments(self.issue)[-1]))
        return self

    def said(self, who, text):
        self.bot.later(minutes=5)
        comment = self.bot.world.comment(self.issue, who, text)
        self.bot.obey(comment)
        self.parts.append(quoted(f"{who}, a maintainer, comments", text))
        self.parts.append(quoted("kdbot answers", self.bot.comments(self.issue)[-1]))
        return self

    def text(self):
        return "\n\n".join(self.parts)


def test_the_example_conversation_is_what_the_bot_says(bot):
    bot.world.set_role("maria", "write")
    bot.ask = lambda _proposal, _collection: {"arxiv:2402.12030": (KNOWN,)}
    added = Conversation(
        bot, "Please add a paper", "Hi! Could you add https://arxiv.org/abs/2402.12030 ?"
    )
    added.answered().said("maria", "/accept Planning, Divergence and Similarity")
    bot.ask = lambda _proposal, _collection: {}
    fault = Conversation(
        bot,
        "[New paper]: DistiLLM",
        "### Paper link or identifier\n\nhttps://arxiv.org/abs/2402.389\n\n"
        "### Title\n\nDistiLLM: Towards Streamlined Distillation for Large Language Models\n\n"
        "### Categories\n\nMethods > Divergence\n",
    ).answered()
    listed = Conversation(
        bot, "Missing paper", "MiniLLM is missing: https://arxiv.org/abs/2306.08543"
    ).answered()
    bot.ask = lambda _proposal, _collection: {
        "arxiv:2402.03898": (Unavailable(source=Origin.ARXIV, reason="timeout"),)
    }
    waiting = Conversation(bot, "Add DistiLLM", "https://arxiv.org/abs/2402.03898").answered()
    text = (
        "\n\n".join(
            (
                INTRODUCTION.rstrip(),
                "## A link is enough\n\n" + added.text(),
                "## Something has to be fixed\n\n" + fault.text(),
                "## The paper is listed already\n\n" + listed.text(),
                "## A service does not answer\n\n" + waiting.text(),
            )
        ).rstrip()
        + "\n"
    )
    if os.environ.get("KDBOT_GOLDEN") == "write":
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text
