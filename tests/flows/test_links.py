"""`kdbot links` from its options to its report."""

import http.server
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from kdbot.flows.list.links import (
    _INTERRUPTED,
    _render_count,
    _render_markdown,
    paper_links,
    parse_listed_urls,
    run,
)
from kdbot.model.errors import KdbotError
from kdbot.model.evidence import LinkResult, LinkState
from kdbot.model.paper import Paper
from kdbot.web.cache import Cache

LOOPBACK = ["127.0.0.0/8"]


class Pages(http.server.BaseHTTPRequestHandler):
    """/200 answers 200 and so on; /silent says nothing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/silent":
            self.server.stopping.wait(30)
            return
        status = int(self.path[1:4])
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_):
        pass


@pytest.fixture
def pages():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.asked, server.stopping = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.stopping.set()
    server.shutdown()
    thread.join()
    server.server_close()


def links(urls, **options):
    output, messages = io.StringIO(), io.StringIO()
    status = run(
        urls,
        **{"allow_address": LOOPBACK, "timeout": 1.0, **options},
        output=output,
        messages=messages,
    )
    return status, output.getvalue(), messages.getvalue()


def test_json_has_one_object_a_url_in_the_order_of_the_urls(pages):
    urls = [f"{pages.url}/404", f"{pages.url}/200", f"{pages.url}/301", "http://10.0.0.1/"]
    status, output, _ = links([*urls, urls[0]], form="json")
    found = json.loads(output)
    assert [entry["url"] for entry in found] == urls
    assert [entry["state"] for entry in found] == ["dead", "ok", "moved", "refused"]
    assert list(found[0]) == [
        *("url", "state", "status", "final_url", "attempts", "seconds", "evidence")
    ]
    assert found[2]["final_url"] == f"{pages.url}/200"
    assert status == 1


@pytest.mark.parametrize(
    ("paths", "status"),
    [(["/200"], 0), (["/301"], 0), (["/403"], 0), (["/500"], 0), (["/410"], 1), ([], 0)],
)
def test_only_death_is_an_error(pages, paths, status):
    assert links([pages.url + path for path in paths])[0] == status


def test_text_tells_what_asks_for_a_person(pages):
    _, output, messages = links([f"{pages.url}/200", f"{pages.url}/404", f"{pages.url}/301"])
    assert output == (
        f"dead        {pages.url}/404  (HEAD: 404; GET: 404)\n"
        f"moved       {pages.url}/301 -> {pages.url}/200  "
        f"(HEAD: 301 to {pages.url}/200, 200)\n"
    )
    assert messages == "3 links: 1 ok, 1 moved, 1 dead\n"


def test_markdown_shows_addresses_and_links_none():
    result = LinkResult(
        url="https://example.org/`x` @name <b>",
        state=LinkState.DEAD,
        evidence="HEAD: 404; GET: 404",
    )
    text = _render_markdown([result])
    assert "### Dead" in text
    assert "](" not in text
    assert "`" not in text
    assert "<b>" not in text
    assert "@name" not in text


def test_nothing_to_check():
    assert _render_count([]) == "no links"
    assert links([], form="json")[1] == "[]\n"


def test_the_cache_spares_what_was_fine(pages, tmp_path):
    urls, cache = [f"{pages.url}/200", f"{pages.url}/404"], tmp_path / "links.sqlite3"
    first = links(urls, form="json", cache=cache)
    pages.asked.clear()
    assert json.loads(links(urls, form="json", cache=cache)[1])[0] == json.loads(first[1])[0]
    assert set(pages.asked) == {"/404"}
    links(urls, cache=cache, cache_age=0.0)
    assert "/200" in pages.asked


def test_a_shard_asks_its_part(pages):
    urls = [f"{pages.url}/200", "http://10.0.0.1/", "http://10.0.0.2/"]
    parts = [json.loads(links(urls, form="json", shard=f"{n}/2")[1]) for n in (1, 2)]
    assert sorted(entry["url"] for part in parts for entry in part) == sorted(urls)


@pytest.mark.parametrize(
    "options",
    [
        {"shard": "3/2"},
        {"shard": "x"},
        {"timeout": 0.0},
        {"timeout": float("nan")},
        {"concurrency": 0},
        {"allow_address": ["127.0.0.1/8"]},
    ],
)
def test_an_option_that_makes_no_sense(options):
    with pytest.raises(KdbotError):
        links([], **options)


def test_arxiv_s_pages_are_left_to_its_metadata():
    asked = {}

    def judge(identifiers):
        asked.update(identifiers)
        return [LinkResult(url=url, state=LinkState.OK) for url in identifiers]

    urls = ["https://arxiv.org/abs/2402.12030", "http://10.0.0.1/"]
    _, output, _ = links(urls, form="json", judge_arxiv=judge)
    assert asked == {"https://arxiv.org/abs/2402.12030": "2402.12030"}
    assert [entry["state"] for entry in json.loads(output)] == ["ok", "refused"]


def test_a_terminal_sees_progress_and_a_pipe_does_not(pages):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    messages = Terminal()
    urls = [f"{pages.url}/200?{n}" for n in range(5)]
    run(urls, allow_address=LOOPBACK, output=io.StringIO(), messages=messages)
    assert "of 5 links" in messages.getvalue()
    assert messages.getvalue().endswith("\r\033[K5 links: 5 ok\n")
    assert links(urls)[2] == "5 links: 5 ok\n"


def known_links(path):
    if not path.exists():
        return 0
    cache = Cache.named(path, now=time.time)
    try:
        return len(cache.expected_seconds())
    finally:
        cache.close()


@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_what_was_found_before_an_interrupt_is_kept_and_said(pages, tmp_path, interrupt):
    urls, cache = [f"{pages.url}/200", f"{pages.url}/silent"], tmp_path / "links.sqlite3"
    # A background job of a shell ignores SIGINT, and so would the child.
    code = (
        "import pathlib, signal, sys; from kdbot.flows.list.links import run; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"sys.exit(run({urls!r}, form='json', timeout=60.0, "
        f"allow_address={LOOPBACK!r}, cache=pathlib.Path({str(cache)!r})))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 10
        while not known_links(cache) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(process.pid, interrupt)
        output, messages = process.communicate(timeout=10)
    assert process.returncode == _INTERRUPTED
    assert [entry["url"] for entry in json.loads(output)] == urls[:1]
    assert "interrupted, 1 of 2 links checked" in messages
    assert "Traceback" not in messages
    assert known_links(cache) == 1


def test_a_disk_that_is_full_ends_the_cache_and_not_the_run(pages, tmp_path):
    urls, cache = (
        [f"{pages.url}/200?{n}{'x' * 6000}" for n in range(10)],
        tmp_path / "links.sqlite3",
    )
    code = (
        "import pathlib, resource, sys; from kdbot.flows.list.links import run; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, 40_960)); "
        f"sys.exit(run({urls!r}, form='json', "
        f"allow_address={LOOPBACK!r}, cache=pathlib.Path({str(cache)!r})))"
    )
    ended = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False
    )
    assert len(json.loads(ended.stdout)) == 10
    assert "the cache was not written: " in ended.stderr
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("", ()),
        ("https://a.example\n", ("https://a.example",)),
        (
            "# a list\r\n\r\n https://a.example \r\nhttps://b.example#x",
            ("https://a.example", "https://b.example#x"),
        ),
    ],
)
def test_a_plain_list(text, urls):
    assert parse_listed_urls(text) == urls


def test_the_links_of_a_paper():
    paper = Paper(
        id="2402.12030",
        title="A",
        arxiv="2402.12030",
        code=("https://github.com/a/b",),
        project=("https://a.example/",),
        data=("https://huggingface.co/a",),
    )
    assert paper_links(paper) == (
        "https://arxiv.org/abs/2402.12030",
        "https://github.com/a/b",
        "https://a.example/",
        "https://huggingface.co/a",
    )
