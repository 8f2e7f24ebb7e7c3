"""The text of a document file, read in a process of its own: whatever a file does to its reader ends that process only."""

import asyncio
import json
import signal
import sys
from typing import Any, Final

from crawler.reading.printed import Printed
from monitor.errors import PageError

CHILD: Final = "crawler.reading.documents"
WAIT: Final = 60.0  # seconds after which the process is ended: it bounds its own processor time to less
TOO_LONG: Final = "reading it takes longer than is allowed"
TOO_MUCH: Final = "reading it takes more memory than is allowed, or breaks its reader"


def extract(content: bytes, name: str) -> tuple[Printed, ...]:
    """Read a file, told by its bytes; of an archive every document in it. Raises PageError."""
    return asyncio.run(extract_aside(content, name))


async def extract_aside(content: bytes, name: str) -> tuple[Printed, ...]:
    """The same while the caller's loop goes on; cancelled, it takes the process with it."""
    # -P: a folder of downloaded files must not be where the child looks for modules.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", CHILD, name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WAIT):
            answer, _ = await child.communicate(content)
    except TimeoutError:
        raise PageError(name, TOO_LONG) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise PageError(name, TOO_LONG if child.returncode == -signal.SIGXCPU else TOO_MUCH)
    return _read(json.loads(answer), name)


def _read(answer: dict[str, Any], name: str) -> tuple[Printed, ...]:
    if "problem" in answer:
        raise PageError(name, answer["problem"])
    return tuple(
        Printed(**part | {"pages": tuple(part["pages"]), "warnings": tuple(part["warnings"])})
        for part in answer["parts"]
    )
