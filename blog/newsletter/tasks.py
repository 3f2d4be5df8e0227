from datetime import timedelta

from django_tasks import task

from base.clock.schedule import QUEUE, every

from . import services


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_people() -> None:
    """Delete requests that nobody confirmed and people who left long ago."""
    services.forget_unconfirmed()
    services.forget_those_who_left()
    services.forget_networks()
    services.forget_deliveries()
