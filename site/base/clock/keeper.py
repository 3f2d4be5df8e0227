"""Keeps a worker running beside a server: `python -m base.clock.keeper`.

A worker that ends, however it ends, is started again. When the server that started the keeper is
gone, so are both. On a server with systemd its `Restart=always` does the same.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

WORKER = (sys.executable, "manage.py", "run_worker", "--with-parent")
LOOK_EVERY = 0.5  # seconds
REST = 2  # seconds before the next worker: the database may be away
PATIENCE = 10  # seconds for a worker to finish what it does


class Keeper:
    """Starts a worker, and the next when that one ends, for as long as it is wanted."""

    def __init__(self) -> None:
        self.server = os.getppid()
        self.told: int | None = None  # by which signal to stop

    @property
    def is_wanted(self) -> bool:
        """Whether the server is there, and nobody told the keeper to stop."""
        return self.told is None and os.getppid() == self.server

    def run(self) -> None:
        """Keep a worker running."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        while self.is_wanted:
            worker = subprocess.Popen(WORKER)  # noqa: S603
            while self.is_wanted and worker.poll() is None:
                time.sleep(LOOK_EVERY)
            if self.is_wanted:
                print(f"The worker ended ({worker.returncode}). The next one starts.", flush=True)
                time.sleep(REST)
            else:
                self.end(worker)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """Start no more workers."""
        self.told = signum

    def end(self, worker: subprocess.Popen[bytes]) -> None:
        """Let a worker finish its task and end; a terminal's Ctrl+C has told it so already."""
        if self.told != signal.SIGINT:
            worker.terminate()
        try:
            worker.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()


if __name__ == "__main__":
    Keeper().run()
