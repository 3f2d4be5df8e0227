from django.db import models


class WorkerPulse(models.Model):
    """The last sign of life of a worker process. A worker that was killed leaves an old one."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class Appointment(models.Model):
    """When a periodic task is due next. Whoever moves `due_at` on has claimed the moment."""

    name = models.CharField(max_length=200, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
