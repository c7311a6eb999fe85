"""The settings, with a home of its own for the tests."""

import os
import tempfile

if "PASAJ_HOME" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:  # each of several workers has its own
    os.environ["PASAJ_HOME"] = tempfile.mkdtemp(prefix="pasaj-test-")
os.environ.setdefault("PASAJ_SQLITE_SYNC", "NORMAL")

from pasaj.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LANGUAGE_CODE = "en"  # what a test reads does not hang on a translator
