"""`application` for gunicorn, or Apache with mod_wsgi."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cattube.settings")

application = get_wsgi_application()
