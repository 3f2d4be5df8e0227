from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django_tasks import TaskResult
from django_tasks.backends.immediate import ImmediateBackend

_waiting: ContextVar[dict[str, Callable[[], None]] | None] = ContextVar("waiting", default=None)


class OnceBackend(ImmediateBackend):
    """Does a task at once, or within `once()` at its end.

    Wagtail asks to have a page indexed, for searches and for its references, each time it is saved.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        waiting = _waiting.get()
        do = partial(super()._execute_task, task_result)
        if waiting is None:
            do()
        else:
            waiting[f"{task_result.task.module_path}{task_result.args}{task_result.kwargs}"] = do


@contextmanager
def once() -> Iterator[None]:
    """Do what is asked for meanwhile at the end, each task once; after an error, none.

    Belongs inside the transaction of the changes, so that an error undoes both.
    """
    waiting: dict[str, Callable[[], None]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for do in waiting.values():
        do()
