import sys
import time
from typing import TextIO

WIDTH = 30
SECONDS_BETWEEN = 0.2


class Progress:
    """A line on a terminal that says how far a long job has come; nothing anywhere else."""

    def __init__(self, total: int, stream: TextIO = sys.stderr) -> None:
        self.total = total
        self.stream = stream
        self.is_shown = total > 1 and stream.isatty()
        self.drawn_at = 0.0

    def __call__(self, done: int) -> None:
        """Draw the line again, if it is time to."""
        now = time.monotonic()
        if self.is_shown and now - self.drawn_at > SECONDS_BETWEEN:
            self.drawn_at = now
            part = min(1.0, done / self.total)
            bar = ("#" * round(WIDTH * part)).ljust(WIDTH, ".")
            self.stream.write(f"\r[{bar}] {done:,} of {self.total:,}")
            self.stream.flush()

    def end(self) -> None:
        """Take the line away."""
        if self.is_shown:
            self.stream.write("\r" + " " * (WIDTH + 40) + "\r")
            self.stream.flush()
