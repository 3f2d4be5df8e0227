from datetime import timedelta

from django_tasks import task

from base.clock.schedule import QUEUE, every

from . import services


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_networks() -> None:
    """Forget from which networks old comments and reports came."""
    services.forget_networks()


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget_spam() -> None:
    """Delete what looked like a robot's and nobody cared about."""
    services.forget_spam()
