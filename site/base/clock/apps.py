from django.apps import AppConfig


class ClockConfig(AppConfig):
    """What happens without anybody pressing a button: queued work, and work that is due."""

    name = "base.clock"
    label = "base_clock"
