"""A mail server that fails in every way a server can, as a shuffled deck of cards says, and remembers what it kept."""

import asyncio
import base64
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

WELL: Final = "well"
# One is drawn when a client connects.
AT_GREETING: Final[tuple[str, ...]] = ("421 at the greeting", "hangs at the greeting", "closes at the greeting")
# One is drawn for each message.
IN_A_MESSAGE: Final[tuple[str, ...]] = (
    "421 to the sender",
    "451 to the sender",
    "550 too frequent",
    "421 to the recipient",
    "451 to the recipient",
    "450 too much for the domain",
    "hangs at the recipient",
    "closes at the recipient",
    "451 instead of the content",
    "closes instead of the content",
    "closes inside the content",
    "hangs inside the content",
    "451 to the content",
    "554 to the content",
    "421 to the content",
    "drops and closes after the content",
    "keeps and closes after the content",
    "drops and hangs after the content",
    "keeps and hangs after the content",
)
# The sender cannot tell these from a message that arrived.
CUT: Final = tuple(fault for fault in IN_A_MESSAGE if fault.endswith(("after the content", "inside the content")))
ANSWERS: Final = {
    "421 to the sender": "421 4.3.2 closing",
    "451 to the sender": "451 4.3.0 later",
    "550 too frequent": "550 Connection frequency limited",
    "421 to the recipient": "421 4.3.2 closing",
    "451 to the recipient": "451 4.2.0 greylisted",
    "450 too much for the domain": "450 4.7.28 too many messages for this domain",
    "451 instead of the content": "451 4.3.0 no room",
    "451 to the content": "451 4.3.0 DT:SPM later",
    "554 to the content": "554 5.7.1 not wanted",
    "421 to the content": "421 4.3.2 closing",
}
CODE: Final = re.compile(rb"E\d{4}v\d")
TEXT_PART: Final = re.compile(rb"Content-Type: text/plain.*?\r\n\r\n(.*?)\r\n--", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    recipient: str
    message_id: str
    codes: frozenset[str]  # of the versions of facts it tells


class Hangup(Exception):
    """The server closes the connection."""


def codes_in(raw: bytes) -> frozenset[str]:
    """What the text part of a digest tells: each code stands in the sentence that proves its fact. What a revised fact said
    before may stand beside it, and is not told by that."""
    found = TEXT_PART.search(raw)
    text = base64.b64decode(found[1]) if found else b""
    newest = {code[:5]: code.decode() for code in sorted(CODE.findall(text))}
    return frozenset(newest.values())


@dataclass
class FaultyServer:
    """Listens on loopback from `with` on. `dead` are addresses that it does not know."""

    seed: int
    wells: int  # cards without a fault for each card with one
    dead: set[str] = field(default_factory=set)
    faulty: bool = True
    slowness: float = 0.0  # seconds from a whole message to the answer
    kept: list[Kept] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    on_step: Callable[[], None] = lambda: None  # called inside each step of the talk
    port: int = 0
    greeted: int = 0

    def __enter__(self) -> Self:
        self._random = random.Random(self.seed)  # noqa: S311
        self._decks = {faults: self._deck(faults) for faults in (AT_GREETING, IN_A_MESSAGE)}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def keep(self, recipient: str, raw: bytes) -> None:
        found = re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)
        self.kept.append(Kept(recipient, found[1].decode() if found else "", codes_in(raw)))

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2**26)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _deck(self, faults: Sequence[str]) -> Iterator[str]:
        """Every fault comes up in each deck, so that none is left to chance."""
        cards = [*faults, *[WELL] * self.wells * len(faults)]
        while True:
            self._random.shuffle(cards)
            yield from cards

    def draw(self, faults: tuple[str, ...]) -> str:
        """What goes wrong this time."""
        card = next(self._decks[faults]) if self.faulty else WELL
        self.drawn[card] += 1
        return card

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = _Talk(self, reader, writer)
        try:
            await talk.run()
        except (Hangup, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@dataclass
class _Talk:
    """One connection."""

    server: FaultyServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    card: str = WELL
    recipient: str = ""

    async def run(self) -> None:
        self.card = self.server.draw(AT_GREETING)
        await self._fail("at the greeting")
        await self._say("421 4.3.2 busy" if self.card.startswith("421") else "220 mx.example")
        while line := (await self.reader.readline()).decode("ascii", "replace").strip():
            self.server.on_step()
            await self._hear(line)

    async def _hear(self, line: str) -> None:
        match line[:4].upper():
            case "EHLO":
                # Every other client is let speak its commands in one go, as most servers do.
                self.server.greeted += 1
                pipelining = "250-PIPELINING\r\n" if self.server.greeted % 2 or not self.server.faulty else ""
                await self._say(f"250-mx.example\r\n{pipelining}250 SIZE 99999999")
            case "MAIL":
                self.card = self.server.draw(IN_A_MESSAGE)
                await self._say_or("to the sender", "too frequent", otherwise="250 sender")
            case "RCPT":
                await self._fail("at the recipient")
                self.recipient = line.partition("<")[2].partition(">")[0]
                known = "550 5.1.1 no such user" if self.recipient in self.server.dead else "250 recipient"
                await self._say_or("to the recipient", "too much for the domain", otherwise=known)
            case "DATA":
                await self._fail("instead of the content")
                await self._content()
            case "QUIT":
                await self._say("221 bye")
                raise Hangup
            case _:
                await self._say("250 OK")

    async def _content(self) -> None:
        if self.card == "451 instead of the content":
            await self._say(ANSWERS[self.card])
            return
        await self._say("354 go on")
        if self.card.endswith("inside the content"):
            await self.reader.readexactly(200)
            await self._fail("inside the content")
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        self.server.on_step()
        if self.card == WELL or self.card.startswith("keeps"):
            self.server.keep(self.recipient, raw)
            self.server.on_step()
        await self._fail("after the content")
        if self.server.slowness:
            await asyncio.sleep(self.server.slowness)
        await self._say_or("to the content", otherwise="250 kept")
        self.server.on_step()

    async def _fail(self, place: str) -> None:
        """Close, or say nothing until the client closes, where the card says so for this place."""
        if not self.card.endswith(place):
            return
        if "hangs" in self.card:
            await self.reader.read()
        if "hangs" in self.card or "closes" in self.card:
            raise Hangup

    async def _say_or(self, *places: str, otherwise: str) -> None:
        answer = ANSWERS.get(self.card, otherwise) if self.card.endswith(places) else otherwise
        await self._say(answer)

    async def _say(self, answer: str) -> None:
        self.writer.write(f"{answer}\r\n".encode())
        await self.writer.drain()
        if answer.startswith("421"):
            raise Hangup
