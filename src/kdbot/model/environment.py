"""The environment variables that kdbot reads, for the reference."""

from collections.abc import Mapping
from types import MappingProxyType

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "KDBOT_ENABLED": "`false` switches the bot off: every flow on GitHub says so and stops. "
        "Set it as a repository variable.",
        "KDBOT_FORK": "`true` switches the bot on for a list that lives in a fork. Set it as a "
        "repository variable.",
        "KDBOT_SWEEP": "`nightly` lets the sweep run by night alone, and not each hour. Set it "
        "as a repository variable.",
        "KDBOT_BOT_LOGIN": "The account that the bot writes as, where it is not the one of "
        "`bot.login`. GitHub is asked for its number, by which comments are recognised.",
        "KDBOT_PROBE_LINKS": "`false` looks at no link.",
        "KDBOT_ASK_SERVICES": "`false` asks no metadata service about a proposal.",
        "GITHUB_REPOSITORY": "The repository, whatever `repository` says. Set by GitHub Actions, "
        "as all below.",
        "GITHUB_EVENT_NAME": "The event that `kdbot act` handles.",
        "GITHUB_EVENT_PATH": "The file that holds the event; its default branch is the one that "
        "is published.",
        "GITHUB_STEP_SUMMARY": "The file of the job's summary.",
        "GITHUB_OUTPUT": "The file of the step's outputs.",
        "GITHUB_TOKEN": "The token of the job; a step is handed it in `env`.",
        "GH_TOKEN": "The token of `kdbot setup` and `kdbot doctor`, where `GITHUB_TOKEN` is not "
        "set; `gh auth token` prints an owner's.",
        "GITHUB_ACTIONS": "`true` in GitHub Actions, where a step is handed the variables of the "
        "repository.",
        "GITHUB_API_URL": "Address of GitHub's API.",
        "GITHUB_SERVER_URL": "Address of GitHub.",
        "GITHUB_RUN_ID": "The run, which comments link to.",
        "NO_COLOR": "Anything but an empty text: no colours on the terminal.",
        "XDG_CACHE_HOME": "Folder for what metadata services have answered; "
        "`LOCALAPPDATA` on Windows.",
    }
)
