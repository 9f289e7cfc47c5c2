"""Calls of kdbot as forks of one process that has its modules loaded already.

Loading them is half of what a short job costs. A fork gets the arguments, environment, folder and
streams of the call, as a process of its own would; what differs is that nothing is loaded from the
call's own surroundings, so `harness.py` starts the first run of each workflow, and what tests that
very thing, as real processes.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_MODULES = (
    "kdbot.cli",
    "kdbot.flows.act",
    "kdbot.flows.list.build",
    "kdbot.flows.proposal.issue",
    "kdbot.flows.proposal.pull_request",
    "kdbot.flows.sweep",
    "kdbot.flows.weekly.audit",
)
_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    call = json.dumps([sys.argv, dict(os.environ), os.getcwd()]).encode() + b"\\n"
    socket.send_fds(server, [call[:1]], [0, 1, 2])
    server.sendall(call[1:])
    sys.exit(int(server.recv(8) or b"1"))
"""


@cache
def bin_folder(scripts: Path) -> Path:
    """Start the process, and give a folder like the environment's but for its `kdbot`."""
    folder = tempfile.TemporaryDirectory(prefix="kdbot-environment-")
    atexit.register(folder.cleanup)
    made = Path(folder.name, "bin")
    made.mkdir()
    others = (script for script in scripts.iterdir() if script.name != "kdbot")
    for path in (scripts.parent / "pyvenv.cfg", scripts.parent / "lib", *others):
        (made.parent / path.relative_to(scripts.parent)).symlink_to(path)
    address = f"{folder.name}/socket"
    (made / "kdbot").write_text(_CLIENT.format(python=sys.executable, address=address), "utf-8")
    (made / "kdbot").chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-I", __file__, address],
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    atexit.register(server.kill)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return made


def _serve(address: str) -> None:
    for name in _MODULES:
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            if not os.fork():
                listener.close()
                _answer(connection)
            connection.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(connection: socket.socket) -> None:
    """Run one call in a fork, send its status, and end."""
    data, streams, *_ = socket.recv_fds(connection, 1, 3)
    while not data.endswith(b"\n"):
        data += connection.recv(65536)
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.sendall(str(status if status >= 0 else 128 - status).encode())
        os._exit(0)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.argv, environment, folder = json.loads(data)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    from kdbot.cli import main

    try:
        sys.exit(main())
    except SystemExit as left:
        sys.stdout.flush()
        os._exit(left.code if isinstance(left.code, int) else int(left.code is not None))
    except BaseException:  # noqa: BLE001 - the process ends, as it would by itself
        sys.excepthook(*sys.exc_info())
        os._exit(1)


if __name__ == "__main__":
    _serve(sys.argv[1])
