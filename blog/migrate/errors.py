class UnreadableError(Exception):
    """A source, or a part of it, that cannot be read; the message tells staff why."""
