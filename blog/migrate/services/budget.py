import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Budget:
    """How many seconds an import may work before it asks to be called again; without, no end.

    Only work counts: what is read and left as it is costs nothing. It is not up before something
    was done, so that every run comes further than the one before.
    """

    seconds: float | None = None
    spent: float = 0.0
    done: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether the seconds are gone."""
        return self.seconds is not None and self.spent > self.seconds

    @property
    def is_up(self) -> bool:
        """Whether to stop."""
        return self.is_spent and self.done > 0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the time of the block."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.spent += time.monotonic() - began
