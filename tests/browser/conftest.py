"""A browser before sites that a local server serves; `make test-browser` alone runs these tests."""

import os
import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kdbot.flows.list.build import _write_site
from tests.site.lists import (
    collect,
    listed,
    listed_settings,
    many,
    papers,
    schema,
    settings,
)

__all__ = ["collect", "listed", "listed_settings", "many", "papers", "schema", "settings"]

# Set by `make test-browser`: the folder into which it installs what is not Python.
TOOLS = os.environ.get("KDBOT_BROWSER_TOOLS")
if not TOOLS:
    collect_ignore_glob = ["test_*.py"]

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Site:
    """A list's site: its folder, and where it is served."""

    folder: Path
    url: str


@dataclass
class Visit:
    """A page in a browser of its own, with what went wrong in it."""

    page: object
    site: Site
    faults: list[str] = field(default_factory=list)

    def open(self, path=""):
        self.page.goto(self.site.url + path)
        return self.page

    def choose(self, name, value="1"):
        """Tick a value of a filter, whose panel is opened where it has one."""
        group = self.page.locator(f"[data-filter={name}]")
        if group.evaluate("group => group.tagName === 'DETAILS' && !group.open"):
            group.locator("summary").click()
        group.locator(f"input[value='{value}']").click()
        self.page.keyboard.press("Escape")

    def chips(self):
        return [
            text.removesuffix(" ×") for text in self.page.locator("#chips li").all_inner_texts()
        ]

    def rows(self):
        self.page.wait_for_selector("#papers:not([aria-busy])")
        return self.page.eval_on_selector_all(
            "[data-paper]", "rows => rows.map(row => row.dataset.paper)"
        )

    def status(self):
        return self.page.inner_text("#status")

    def expect_status(self, text):
        self.page.wait_for_function(
            "text => document.querySelector('#status').textContent === text", arg=text
        )

    def expect_status_with(self, part):
        self.page.wait_for_function(
            "part => document.querySelector('#status').textContent.includes(part)", arg=part
        )


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    servers = []

    def start(collection, chosen):
        folder = tmp_path_factory.mktemp("list")
        _write_site(folder, collection, chosen)
        handler = partial(QuietHandler, directory=folder / "site")
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Site(folder=folder / "site", url=f"http://127.0.0.1:{server.server_port}/")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def listed_site(serve, listed, listed_settings):
    return serve(listed, listed_settings)


@pytest.fixture(scope="session")
def odd_site(serve, collect, papers, settings):
    return serve(collect(*papers), settings)


@pytest.fixture(scope="session")
def large_site(serve, many, listed_settings):
    return serve(many, listed_settings)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a site in a new window; nothing may be written to its console."""
    visits, contexts = [], []

    def start(site, **options):
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        found = Visit(page=context.new_page(), site=site)
        found.page.on("console", lambda message: found.faults.append(message.text))
        found.page.on("pageerror", lambda error: found.faults.append(str(error)))
        found.page.on("dialog", lambda dialog: found.faults.append(dialog.message))
        visits.append(found)
        return found

    yield start
    for context in contexts:
        context.close()
    assert [fault for found in visits for fault in found.faults] == []


@pytest.fixture(scope="session")
def axe():
    return (Path(str(TOOLS)) / "node_modules/axe-core/axe.min.js").read_text("utf-8")
