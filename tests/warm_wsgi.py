"""The site's door, warmed up: all that the first request would find out and compile is there.

Only gunicorn loads it, before it divides: a new worker then answers as fast as an old one.
"""

import os

from config.wsgi import application  # first: it sets Django up

# isort: split
from django.db import connections
from django.test import Client

__all__ = ["application"]

Client().get(os.environ["WARM_UP"])
connections.close_all()
