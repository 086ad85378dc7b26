"""The site's settings as they are by default, over a state folder that goes when the tests are done."""

import os
import tempfile
from unittest import mock

from cattube.config.setting_table import SETTINGS

_folder = tempfile.TemporaryDirectory(prefix="cattube-tests-")
_defaults = dict.fromkeys([setting.name for setting in SETTINGS], "")

# Set by `make test-postgres`.
_database = {"DATABASE_URL": os.environ.get("CATTUBE_TEST_POSTGRES", "")}

with mock.patch.dict(os.environ, {**_defaults, **_database, "CATTUBE_DATA": _folder.name}):
    from cattube.settings import *  # noqa: F403

# Hashing that is made to be slow would be most of the time the tests take.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every test client would look through all static files again.
WHITENOISE_USE_FINDERS = False
