"""What a comment needs to know besides the report: its place and its readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

from kdbot.model.form import PAPER_FIELD, FormFields
from kdbot.model.paper import IDENTITY_NAMES
from kdbot.model.schema import PaperSchema
from kdbot.model.settings import Settings
from kdbot.model.taxonomy import Taxonomy
from kdbot.model.urls import repository_address
from kdbot.publish.comment.words import BUILT_IN, Words
from kdbot.publish.markdown import Markdown, escape_code, escape_text, link, link_target
from kdbot.publish.reference import FINDINGS

_ADDRESS_LIMIT = 6_000
"""Characters of an address that browsers, proxies and GitHub all still take."""

_LINKED_HOSTS = frozenset(
    {"arxiv.org", "aclanthology.org", "openreview.net", "doi.org", "huggingface.co", "github.com"}
)
# A link to one of these would leave a cross-reference in somebody else's timeline.
_ITEM_KINDS = frozenset({"commit", "discussions", "issues", "pull"})
_OWNER_AND_NAME = 2


class ItemKind(StrEnum):
    """The kind of item with the comment."""

    ISSUE = "issue"
    PULL = "pull request"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentContext:
    """Where a comment stands, and who reads it.

    Attributes:
        settings: of the list; `repository` and `branch` make the links, None leaves them out.
        schema: labels of the fields.
        taxonomy: titles of the categories.
        form: the questions that the author answered.
        version: of kdbot.
        kind: issue or pull request.
        first_timer: whether the author is new here.
        run_url: page of the run that wrote the comment, or None.
        head_sha: commit that was read, for a pull request; None otherwise.
        head: repository and branch that a pull request's author pushes to, or None.
        earlier: number of the older open proposal of the same paper, by the paper's file.
        closes: whether a duplicate is closed by this run or was closed by an earlier one.
        words: templates of the list.
    """

    settings: Settings
    schema: PaperSchema
    taxonomy: Taxonomy
    form: FormFields
    version: str
    kind: ItemKind = ItemKind.ISSUE
    first_timer: bool = False
    run_url: str | None = None
    head_sha: str | None = None
    head: tuple[str, str] | None = None
    earlier: Mapping[str, int] = field(default_factory=dict)
    closes: bool = False
    words: Words = BUILT_IN

    @property
    def is_pull(self) -> bool:
        """Whether the comment is on a pull request, not an issue."""
        return self.kind is ItemKind.PULL

    @property
    def repository_url(self) -> str | None:
        """Address of the repository, or None where it is unknown."""
        return repository_address(self.settings.repository)

    def label(self, name: str) -> Markdown:
        """Return a field's name as its author knows it: the form's label, or the YAML key."""
        if self.is_pull:
            return Markdown(escape_code(name))
        asked = PAPER_FIELD if name in IDENTITY_NAMES else name
        labels = {question.field: question.label for question in self.form.proposal}
        return Markdown.escape(labels.get(asked) or self.schema.title(name))

    def category(self, path: str) -> Markdown:
        """Return the titles from the root to a category, or the path where there is none such."""
        if path not in self.taxonomy.by_path:
            return Markdown(escape_code(path))
        return Markdown(" › ").join(self.taxonomy.titles(path))

    def file_link(self, path: str) -> Markdown:
        """Return a link to a file of the published branch, or its path alone."""
        return self._link(path, f"blob/{quote(self.settings.branch)}/{quote(path)}")

    def edit_link(self, path: str) -> Markdown:
        """Return a link to a file of the published branch in GitHub's editor, or its path."""
        if self.repository_url is None:
            return Markdown(escape_code(path))
        return self._link(path, f"edit/{quote(self.settings.branch)}/{quote(path)}")

    def head_link(self, path: str, line: int | None = None) -> Markdown:
        """Return a link to a file, or a line, of the commit that was read; else its name."""
        text, anchor = (f"{path}, line {line}", f"#L{line}") if line else (path, "")
        if self.head_sha is None:
            return Markdown.escape(text)
        return self._link(text, f"blob/{quote(self.head_sha)}/{quote(path)}{anchor}")

    def code_link(self, code: str) -> Markdown:
        """Return a finding's code, linked to its row in the table of findings."""
        if self.repository_url is None:
            return Markdown(f"`{code}`")
        address = f"{self.repository_url}/blob/{quote(self.settings.branch)}/{FINDINGS}#{code}"
        return Markdown(f"[{code}]({address})")

    def new_file_url(self, path: str, text: str) -> Markdown | None:
        """Return the address of GitHub's editor with a new file in it, if that is short enough."""
        if self.repository_url is None or len(text) > _ADDRESS_LIMIT:
            return None
        folder, _, name = path.rpartition("/")
        repository, branch = self.head or (self.settings.repository, self.settings.branch)
        address = (
            f"https://github.com/{repository}/new/{quote(branch)}/{quote(folder)}"
            f"?filename={quote(name, safe='')}&value={quote(text, safe='', errors='replace')}"
        )
        return Markdown(address) if len(address) <= _ADDRESS_LIMIT else None

    def _link(self, text: str, place: str) -> Markdown:
        """Return a link into the repository, or the text alone where its address is not known."""
        if self.repository_url is None:
            return Markdown.escape(text)
        target = link_target(f"{self.repository_url}/{place}")
        return Markdown(f"[{escape_text(text)}]({target})")


def comment_link(text: str, url: str) -> str:
    """Return a link that a comment may contain, or text and address as code.

    Only https addresses of hosts that papers live on are linked: a comment of the bot lends its
    name to what it links. Items of other repositories go by GitHub's redirecting host, which
    leaves no cross-reference.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        trusted = parts.scheme == "https" and host in _LINKED_HOSTS and parts.netloc.lower() in {
            host, f"www.{host}"
        }  # fmt: skip
    except ValueError:
        trusted = False
    if not trusted:
        return f"{escape_text(text)} ({escape_code(url)})"
    path = parts.path.strip("/").split("/")
    if host == "github.com" and _ITEM_KINDS.intersection(path[_OWNER_AND_NAME:]):
        url = parts._replace(netloc="redirect.github.com").geturl()
    return link(text, url)
