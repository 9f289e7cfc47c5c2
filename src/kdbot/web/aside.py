"""Blocking work beside the event loop, which nobody waits for when the run is over."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")


def run_aside(work: Callable[[], Result]) -> asyncio.Future[Result]:
    """Start work on a thread of its own; the future gives its result or raises what it raised.

    The thread is a daemon, unlike those of an executor: neither the system's resolver nor a
    service that does not answer can be interrupted, and a run that was must end all the same.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def deliver(result: Result) -> None:
        if not future.done():
            future.set_result(result)

    def fail(error: Exception) -> None:
        if not future.done():
            future.set_exception(error)

    def call() -> None:
        with suppress(RuntimeError):  # from the loop, where it is closed
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - whoever waits for the future raises it
                loop.call_soon_threadsafe(fail, error)
            else:
                loop.call_soon_threadsafe(deliver, result)

    threading.Thread(target=call, daemon=True).start()
    return future
