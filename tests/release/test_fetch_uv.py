"""How uv gets here: by the lock's hashes alone, from an index in the standard's form."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "#!/bin/sh\necho uv 9.9.9\n"
WHEEL = f"uv-9.9.9-py3-none-manylinux_2_17_{platform.machine()}.whl"


def wheel(program=PROGRAM):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("uv-9.9.9.data/scripts/uv", program)
    return stream.getvalue()


@pytest.fixture
def index():
    """An index whose files are changed by tests: name to bytes."""
    files = {WHEEL: wheel()}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path == "/simple/uv/":
                names = ["uv-9.9.8-py3-none-any.whl", *files]
                listed = [{"filename": n, "url": f"../../files/{n}", "hashes": {}} for n in names]
                body = json.dumps({"files": listed}).encode()
            else:
                body = files.get(self.path.removeprefix("/files/"), b"")
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple/", files
        server.shutdown()


def fetch(tmp_path, url, pinned):
    lock = tmp_path / "lock.txt"
    digest = hashlib.sha256(pinned).hexdigest()
    lock.write_text(f"uv==9.9.9 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{digest}\n")
    file = tmp_path / "tools/bin/uv"
    done = subprocess.run(
        [sys.executable, str(ROOT / "requirements/fetch_uv.py"), str(lock), str(file)],
        env={**os.environ, "PIP_INDEX_URL": url, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, file


def test_the_program_of_the_wheel_that_is_pinned_can_be_run(tmp_path, index):
    done, file = fetch(tmp_path, index[0], wheel())
    assert done.returncode == 0, done.stderr
    assert subprocess.check_output([file], text=True) == "uv 9.9.9\n"


def test_A15_a_wheel_with_another_hash_is_not_unpacked(tmp_path, index):
    url, files = index
    files[WHEEL] = wheel("#!/bin/sh\necho stolen\n")
    done, file = fetch(tmp_path, url, wheel())
    assert done.returncode == 1
    assert "is not in the lock" in done.stderr
    assert not file.exists()


@pytest.mark.parametrize("name", ["uv-9.9.9-py3-none-win_amd64.whl", "uv-9.9.8-py3-none-any.whl"])
def test_without_a_wheel_for_this_machine_pip_has_to_do_it(tmp_path, index, name):
    url, files = index
    files[name] = files.pop(WHEEL)
    done, file = fetch(tmp_path, url, wheel())
    assert (done.returncode, file.exists()) == (1, False)
    assert done.stderr.startswith("uv comes with pip: ")


def test_an_index_that_is_not_there_is_no_end(tmp_path):
    done, _ = fetch(tmp_path, "http://127.0.0.1:9/simple", wheel())
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
