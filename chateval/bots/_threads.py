"""The threads in which bots are loaded and reply."""

import threading

THREAD_NAME = "chateval-bot"
"""What their names begin with."""


def is_any_at_work() -> bool:
    """Whether a bot is still being loaded or replying somewhere: code that hangs cannot be stopped."""
    return any(thread.name.startswith(THREAD_NAME) for thread in threading.enumerate())
