from datetime import timedelta

from django_tasks import task
from wagtail.models import Site

from base.clock.schedule import QUEUE, every

from . import services
from .models import EnquirySettings


def _settings() -> EnquirySettings:
    settings: EnquirySettings = EnquirySettings.for_site(Site.objects.get(is_default_site=True))
    return settings


@every(timedelta(minutes=30))
@task(backend=QUEUE)
def remind() -> None:
    """Remind of enquiries that nobody answered in time."""
    services.remind(_settings())


@every(timedelta(days=1))
@task(backend=QUEUE)
def forget() -> None:
    """Delete enquiries that were closed long ago, and forget where the others came from."""
    services.delete_closed(_settings())
    services.forget_networks()
