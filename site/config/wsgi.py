"""The door through which gunicorn enters."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

# The code stays for ever. Looking through all of it for garbage holds a page up for a tenth of a
# second, every hundred pages or so.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
