from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from base.clock.schedule import QUEUE, every

from . import services


@every(timedelta(minutes=1))
@task(backend=QUEUE)
def move_lines_on() -> None:
    """Give places whose offer has lapsed to the next in line."""
    services.move_lines_on(timezone.now())


@every(timedelta(hours=1))
@task(backend=QUEUE)
def remind() -> None:
    """Remind people of the dates they booked."""
    services.remind()


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_needs() -> None:
    """Delete access and dietary needs that no day needs any more."""
    services.forget_needs()


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_people() -> None:
    """Delete who booked and came years ago, and where the others' forms came from."""
    services.forget_people()
    services.forget_networks()
