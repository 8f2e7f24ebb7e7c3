"""Where a crawl runs: in a process of its own, so that a bad page cannot take the service with it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from monitor.config import Settings

log = logging.getLogger("policywatch.jobs")
PARENT_TICK = 0.5  # seconds between two looks at whether the service still lives
GRACE = 7.0  # seconds a crawl has to finish what is in hand; the service itself must end within 10


def crawl_in_child(settings: Settings, arguments: Sequence[str], stop: threading.Event) -> int:
    """Run `policywatch crawl` in a child, bounded in time, and return its exit status; ends early when `stop` is set.

    The memory limit is set by the child on itself. What it says goes to our standard error.
    """
    command = [sys.executable, "-m", "monitor", "crawl", "--as-child", *arguments]
    environment = os.environ | handed_down(settings)
    deadline = time.monotonic() + settings.crawl.time_limit
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as child:  # noqa: S603  # our own command
        while child.poll() is None:
            if stop.wait(0.2) or time.monotonic() > deadline:
                if not stop.is_set():
                    log.warning("crawl took longer than crawl.time_limit and was stopped")
                end(child)
    return child.returncode


def end_with_parent() -> None:
    """Have this process told to stop when the one that started it is gone: a killed service leaves no crawl behind."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_TICK)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def handed_down(settings: Settings) -> dict[str, str]:
    """The settings as a child reads them: whole, so that file and options need not be found again."""
    values = settings.model_dump(mode="json", exclude={"smtp"}, exclude_none=True)
    flat: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= {f"POLICYWATCH_{key}__{name}".upper(): _plain(one) for name, one in value.items()}
        else:
            flat[f"POLICYWATCH_{key}".upper()] = _plain(value)
    return flat


def end(child: "subprocess.Popen[bytes]") -> None:
    """Ask it to finish what is in hand, then make it."""
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _plain(value: object) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value)
