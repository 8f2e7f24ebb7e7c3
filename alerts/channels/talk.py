"""A connection to a mail server whose talk can be overheard, line by line, with the secrets left out."""

import smtplib
from collections.abc import Callable
from typing import Any

from alerts.channels.base import nothing

Heard = Callable[[str], None]


class Talk(smtplib.SMTP):
    """`heard` gets each line: `> ` what we say, `< ` what the server answers."""

    def __init__(self, *arguments: Any, heard: Heard, **options: Any) -> None:
        self._heard = heard
        self._asked_for_secret = False
        super().__init__(*arguments, **options)

    def putcmd(self, cmd: str, args: str = "") -> None:
        line = f"{cmd} {args}".rstrip()
        if self._asked_for_secret:
            line = "***"
        elif cmd.upper() == "AUTH":
            line = " ".join([*line.split()[:2], *("***" for _ in line.split()[2:])])
        self._heard(f"> {line}")
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        for line in words.decode("utf-8", "replace").split("\n"):
            self._heard(f"< {code} {line}".rstrip())
        self._asked_for_secret = code == 334
        return code, words

    def ask(self, *commands: str, meanwhile: Callable[[], None] = nothing) -> list[tuple[int, bytes]]:
        """The answers to the commands, up to the first refusal; all of them where the server takes them in one go.

        `meanwhile` is done once, while it thinks.
        """
        if self.has_extn("pipelining") and not any(set("\r\n") & set(command) for command in commands):
            for command in commands:
                self._heard(f"> {command}")
            # In one piece: else the server answers each by itself, and waits before the second for our acknowledgement.
            self.send("".join(f"{command}\r\n" for command in commands))
            meanwhile()
            return [self.getreply() for _ in commands]
        answers: list[tuple[int, bytes]] = []
        for command in commands:
            self.putcmd(command)
            if not answers:
                meanwhile()
            answers.append(self.getreply())
            if answers[-1][0] >= 400 or answers[-1][0] < 200:
                break
        return answers

    def content(self, body: bytes) -> None:
        """Send the lines of a message without the one that ends it: until that is sent, nothing arrives."""
        self._heard(f"> ({len(body):,} bytes)")
        lines = body if body.endswith(b"\r\n") else body + b"\r\n"
        # A line that begins with a dot gets another one, as a dot alone ends the message; a first line is a header.
        self.send(lines.replace(b"\n.", b"\n.."))


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""
