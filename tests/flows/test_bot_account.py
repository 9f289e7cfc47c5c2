"""Who the bot is: the settings say it, unless KDBOT_BOT_LOGIN names another account."""

from __future__ import annotations

import pytest

from kdbot.flows.run import open_run
from kdbot.github.errors import ItemGoneError
from tests.flows.sample_list import sample_files


def account(server, folder, login):
    if not (folder / "kdbot.toml").exists():
        sample_files(folder)
    server.grant("a-token", {"contents": "read"})
    environment = {
        "GITHUB_REPOSITORY": "kd/demo",
        "GITHUB_TOKEN": "a-token",
        "GITHUB_API_URL": server.base_url,
        "KDBOT_BOT_LOGIN": login,
    }
    run = open_run(folder, environment, dry_run=True)
    return run.settings.bot, run.checkout.author


@pytest.mark.parametrize("login", ["", "github-actions[bot]", "GitHub-Actions[bot]"])
def test_the_known_account_is_not_looked_up(github_server, tmp_path, login):
    github_server.forget_log()
    bot, _ = account(github_server, tmp_path / "list", login)
    assert (bot.login, bot.id) == ("github-actions[bot]", 41898282)
    assert github_server.log == []


def test_another_account_is_known_by_its_own_number(github_server, tmp_path):
    user = github_server.world.user("curator")
    bot, author = account(github_server, tmp_path / "list", "curator")
    assert (bot.login, bot.id) == ("curator", user.id)
    assert author.email == f"{user.id}+curator@users.noreply.github.com"


def test_an_account_that_does_not_exist_is_an_error(github_server, tmp_path):
    with pytest.raises(ItemGoneError):
        account(github_server, tmp_path / "list", "nobody-at-all")
