"""What is particular to one list: the values of its `kdbot.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, make_dataclass
from typing import Any

from kdbot.model.errors import KdbotError
from kdbot.model.json_text import FormError, from_json
from kdbot.model.proposal import Origin
from kdbot.model.schema import PaperSchema

_STYLES = ("table", "list")
"""How the papers of a category may be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """How the README's tables are built.

    Attributes:
        columns: fields shown, in order; the first is the title.
        style: `table`, or `list` for an item for each paper.
        other_style: paths of the categories that are shown in the other style.
        venue_year: whether the venue's cell also shows the year.
        target_bytes: the README stays under this size by showing only the newest papers.
        limit_bytes: above this size the build fails (GitHub cuts a README at 512,000 bytes).
        steps: how many of the newest papers a category shows, tried in this order when the
            whole list is too large.
    """

    columns: tuple[str, ...] = ("title", "venue", "date", "code", "data")
    style: str = "table"
    other_style: tuple[str, ...] = ()
    venue_year: bool = False
    target_bytes: int = 400_000
    limit_bytes: int = 480_000
    steps: tuple[int, ...] = (100, 50, 30, 20, 10, 5, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySettings:
    """Which branches of the taxonomy the summary table joins.

    Attributes:
        rows: branch whose papers get a row; empty for no summary table.
        columns: branches that each get a column; a paper needs a category in one of them.
    """

    rows: str = ""
    columns: tuple[str, ...] = ()


SETTINGS = "kdbot.toml"
"""The file of the settings; `pyproject.toml` can have them too."""
_SERVICES = [origin for origin in Origin if origin.address]
_Addresses = make_dataclass(
    "_Addresses",
    [(origin.setting, str, field(default=origin.address)) for origin in _SERVICES],
    frozen=True,
    kw_only=True,
)


@dataclass(frozen=True, kw_only=True)
class ServiceSettings(_Addresses):  # type: ignore[valid-type, misc] # a field for each service
    """Base addresses of the metadata services.

    Attributes:
        wayback: archived copies of dead links.
    """

    wayback: str = "https://archive.org"


_ROWS = "".join(f"        {origin.setting}: {origin.gives}\n" for origin in _SERVICES)
ServiceSettings.__doc__ = str(ServiceSettings.__doc__).replace(
    "Attributes:\n", f"Attributes:\n{_ROWS}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSettings:
    """The account that the bot writes as.

    Attributes:
        login: its login, with `[bot]` where it has one.
        id: its numeric user id, which must belong to the login; it identifies the bot's comments.
    """

    login: str = "github-actions[bot]"
    id: int = 41898282


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of `kdbot.toml`; docs/configuration.md is generated from this text.

    Attributes:
        title: name of the list.
        repository: `owner/name` on GitHub; without it links are relative. In GitHub
            Actions it is always the current repository.
        survey: arXiv identifier of the list's own paper, if it has one.
        branch: the branch that the list is published from; without it git's default branch.
            In GitHub Actions it is always the repository's default branch.
        page: address of the published page, with a slash at the end; without it the README
            links to GitHub's list of deployments.
        query: arXiv search that finds new papers each week; without it there is no search.
        data_license: SPDX identifier of the licence of the papers' data, such as `CC0-1.0`, if
            it differs from the code's.
        tables: how the README's tables are built.
        summary: the joined table.
        form: record fields that the issue form asks for, in order.
        criteria: requirements for a paper, each with a short name such as `scope`; shown in the
            form and when a proposal is declined, and used by `/decline scope`.
        services: base addresses of the metadata services.
        bot: the account that the bot writes as.
    """

    title: str
    repository: str | None = None
    survey: str | None = None
    branch: str = "main"
    page: str | None = None
    query: str | None = None
    data_license: str | None = None
    tables: TableSettings = field(default_factory=TableSettings)
    summary: SummarySettings = field(default_factory=SummarySettings)
    form: tuple[str, ...] = ("title", "venue", "date", "code", "data", "categories")
    criteria: Mapping[str, str] = field(default_factory=dict)
    services: ServiceSettings = field(default_factory=ServiceSettings)
    bot: BotSettings = field(default_factory=BotSettings)

    def check_fields(self, schema: PaperSchema, where: str) -> None:
        """Hold the names of fields to those that the list's schema knows.

        Raises:
            KdbotError: a name is unknown, or the tables do not begin with the title.
        """
        for key, names in (("tables.columns", self.tables.columns), ("form", self.form)):
            for name in names:
                if name not in schema.by_name:
                    raise KdbotError(
                        f"`{key}` names the field `{name}`, which the schema does not define",
                        where=where,
                        fix=f"known: {', '.join(schema.by_name)}",
                    )
        if self.tables.columns[:1] != ("title",):
            raise KdbotError("`tables.columns` must begin with `title`", where=where)
        if self.tables.style not in _STYLES:
            raise KdbotError(f"`tables.style` must be one of {', '.join(_STYLES)}", where=where)


def parse_settings(document: Mapping[str, Any], where: str) -> Settings:
    """Read settings from a parsed TOML document.

    Args:
        document: the table of settings.
        where: name of the file, for messages.

    Raises:
        KdbotError: an unknown key, a value of a wrong type, or no `title`.
    """
    try:
        return from_json(Settings, document)
    except FormError as error:
        name = ".".join(part for part in error.path if not part.isdecimal())
        if error.kind is not None:
            is_table = is_dataclass(error.kind)
            what = (
                "must be a table" if is_table else f"has a value of the wrong type: {error.value!r}"
            )
            raise KdbotError(f"`{name}` {what}", where=where) from error
        if name == "title" and name not in document:
            raise KdbotError("the setting `title` is missing", where=where) from error
        known = ", ".join(error.known)
        raise KdbotError(f"unknown setting `{name}`", where=where, fix=f"known: {known}") from error
