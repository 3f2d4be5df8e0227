"""A mail server on this machine that takes mails, or does not: `python -m tests.mail_sink`.

What it does with a mail depends on the address: see `Sink`. What it took, and what it was asked, it
writes into a folder, a line each, so that it can be stopped and started again.
"""

import asyncio
import json
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN, ASKED = "taken.jsonl", "asked.jsonl"
LONGER_THAN_ANYBODY_WAITS = 60  # seconds
# What is said to the first attempts for an address that begins so, and to how many of them.
ANSWERS = {
    "gone": ("550 5.1.1 There is no mailbox of that name", None),
    "full": ("552 5.2.2 The mailbox is full", None),
    "busy": ("450 4.2.1 Please try again later", 2),
    "closing": ("421 4.3.2 Closing down", 1),
}


class Sink:
    """Takes mails: those for "hang…" after a long silence, those for "cut…" only the second time.

    The first time the connection of "cut…" breaks after the whole mail was sent.
    """

    def __init__(self, folder: Path) -> None:
        self.taken = (folder / TAKEN).open("a")
        self.asked = (folder / ASKED).open("a+")
        self.asked.seek(0)
        self.count = Counter(json.loads(line) for line in self.asked)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer by the address."""
        self.count[address] += 1
        print(json.dumps(address), file=self.asked, flush=True)
        kind = address.partition("@")[0].rstrip("0123456789")
        if kind == "hang" and self.count[address] == 1:
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        said, times = ANSWERS.get(kind, ("", 0))
        if times is None or self.count[address] <= times:
            if said.startswith("421"):
                asyncio.get_running_loop().call_later(0.01, server.transport.close)
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Note what is taken before saying so."""
        [address] = envelope.rcpt_tos
        if address.startswith("cut") and self.count[address] == 1:
            server.transport.abort()
            return "250 OK"
        mail = message_from_bytes(envelope.original_content)
        print(json.dumps([address, mail["Message-ID"]]), file=self.taken, flush=True)
        return "250 OK"


async def serve(port: int, folder: Path) -> None:
    """Serve until the process is stopped."""
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="sink.example.org", data_size_limit=10_000_000),
        "127.0.0.1",
        port,
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
