"""The page at 216 and 10,000 papers: weight, build, load and keystroke, beside DataTables.

DataTables is what most such pages are made with; it gets the same papers in the same browser and
the same run, once as rows of the page and once as an array that it draws a page at a time. Both
are typed the same letters. Needs `make .venv/browser`, Chromium and npm.
"""

import gzip
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.lists import make_list
from kdbot.flows.list.build import _site_files, _write_site
from kdbot.flows.list.checked_list import check_list
from kdbot.storage.repository import load_settings

_DATATABLES = "datatables.net@3.1.5"
_LETTERS = "language model 12345"
_LOADS = 5
_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")

_VALIDATE = """
import sys
from pathlib import Path
from kdbot.flows.list.checked_list import check_list
checked = check_list(Path(sys.argv[1]))
"""
_SITE = (
    _VALIDATE
    + """
from kdbot.flows.list.build import _write_site
from kdbot.storage.repository import load_settings
_write_site(Path(sys.argv[1]), checked.collection, load_settings(Path(sys.argv[1]), {}))
"""
)

# Types a letter and waits until a frame shows what it has changed.
_TYPE = """
async ([box, body, letters]) => {
  const [input, rows] = [box, body].map((selector) => document.querySelector(selector));
  const times = [];
  for (const letter of letters) {
    const drawn = new Promise((resolve) => new MutationObserver((_, observer) => {
      observer.disconnect();
      resolve();
    }).observe(rows, { childList: true }));
    const start = performance.now();
    input.value += letter;
    for (const name of ["keydown", "keypress", "input", "keyup"]) {
      input.dispatchEvent(new Event(name, { bubbles: true }));
    }
    await drawn;
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
  }
  return times;
}
"""
_START = """
window.addEventListener("load", () => {
  new DataTable("#t", { pageLength: 100, order: [[2, "desc"]], searchDelay: 0, DATA });
  window.ready = performance.now();
});
"""


def main() -> None:
    print("| papers | first load kB | index kB | validate s | with the site s |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="kdbot-bench-") as name:
        folder = Path(name)
        for size in (216, 10_000):
            root = folder / str(size)
            root.mkdir()
            make_list(root, size)
            _print_weight(root, size)
        print("\n| 10,000 papers | load ms | keystroke ms, median of 20 | slowest |")
        print("| :--- | ---: | ---: | ---: |")
        _compare(root, folder)


def _print_weight(root: Path, size: int) -> None:
    collection = check_list(root).collection
    assert collection is not None
    files = _site_files(collection, load_settings(root, {}))
    first = sum(_compressed(files[name]) for name in ("index.html", "site.css", "site.js"))
    floor, ours = (min(_cpu(code, root) for _ in range(3)) for code in (_VALIDATE, _SITE))
    index = _compressed(files["index.json"])
    print(f"| {size:,} | {first:.1f} | {index:.1f} | {floor:.2f} | {ours:.2f} |", flush=True)


def _compare(root: Path, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    collection = check_list(root).collection
    assert collection is not None
    _write_site(root, collection, load_settings(root, {}))
    site = root / "site"
    _write_peers(site, folder)
    with _serve(site) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        ours = ("#q", "#papers tbody")
        theirs = (".dt-search input", "#t tbody")
        for name, path, selectors in (
            ("this page", "index.html", ours),
            ("DataTables, rows in the page", "rows.html", theirs),
            ("DataTables, rows from an array", "array.html", theirs),
        ):
            loads, keys = _measure(browser, url + path, selectors)
            print(
                f"| {name} | {median(loads):.0f} | {median(keys):.1f} | {max(keys):.1f} |",
                flush=True,
            )
        browser.close()


def _measure(browser: Any, url: str, selectors: tuple[str, str]) -> tuple[list[float], list[float]]:
    """Return the times until the list can be used, and those of each letter that is typed."""
    loads = []
    for _ in range(_LOADS):
        page = browser.new_page()
        page.goto(url)
        load = "performance.getEntriesByType('navigation')[0].loadEventEnd"
        loads.append(page.evaluate(f"window.ready ?? {load}"))
        if len(loads) < _LOADS:
            page.close()
    # The first letter, which fetches the index, is typed before the watch starts.
    page.fill(selectors[0], "zz")
    page.wait_for_timeout(2_000)
    page.fill(selectors[0], "")
    page.wait_for_timeout(1_000)
    return loads, page.evaluate(_TYPE, [*selectors, _LETTERS])


def _write_peers(site: Path, folder: Path) -> None:
    npm = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run([*npm, "--prefix", str(folder), _DATATABLES], check=True)
    script = folder / "node_modules/datatables.net/js/dataTables.min.js"
    shutil.copy(script, site / "dataTables.js")
    index = json.loads((site / "index.json").read_text("utf-8"))
    rows = list(_peer_rows(index))
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    _write_peer(site, "rows", body, "")
    (site / "rows.js").write_text(f"const rows = {json.dumps(rows)};\n", "utf-8")
    source = '<script src="rows.js"></script>'
    _write_peer(site, "array", "", "data: rows, deferRender: true", source)


def _peer_rows(index: Mapping[str, Any]) -> Iterator[list[str]]:
    for number, paper in enumerate(index["id"]):
        address = index["address"][number]
        address = f"https://arxiv.org/abs/{paper}" if address == 1 else address or "#"
        cells = [cells[number] or [] for cells in index["cells"].values()]
        yield [
            _link(index["title"][number], address),
            *(", ".join(map(_link, cell[::2], cell[1::2])) for cell in cells),
        ]


def _link(text: str, url: str) -> str:
    shown = html.escape(text)
    return f'<a href="{html.escape(url)}">{shown}</a>' if url else shown


def _write_peer(site: Path, name: str, body: str, data: str, source: str = "") -> None:
    heads = "".join(f"<th>{head}</th>" for head in ("Title", "Venue", "Date", "Code", "Data"))
    table = f'<table id="t"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    scripts = f'<script src="dataTables.js"></script>{source}'
    start = f"<script>{_START.replace('DATA', data)}</script>"
    text = f'<!doctype html><meta charset="utf-8"><title>{name}</title>{table}{scripts}{start}'
    (site / f"{name}.html").write_text(text, "utf-8")


def _compressed(text: str) -> float:
    return len(gzip.compress(text.encode(), 9)) / 1_000


def _cpu(code: str, root: Path) -> float:
    process = subprocess.Popen([sys.executable, "-c", code, str(root)])
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - start:.0f} s")
