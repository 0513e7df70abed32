"""The site's own settings, in a temporary place, deaf to the developer's environment."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_data = tempfile.mkdtemp(prefix="emojicheck-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

for _name in re.findall(r"^#? ?([A-Z0-9_]+)=", (_ROOT / ".env.example").read_text(), re.MULTILINE):
    if _name != "DATABASE_URL":  # chooses SQLite or PostgreSQL
        os.environ.pop(_name, None)
os.environ |= {"ENV_FILE": os.devnull, "DATA_DIR": _data, "SECRET_KEY": "tests" * 10}

from emojicheck.settings import *  # noqa: E402, F403
from emojicheck.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file: workers run as processes of their own and must see it.
    DATABASES["default"]["TEST"] = {"NAME": f"{_data}/test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Without it WhiteNoise warns, in every request, that nothing has been collected.
WHITENOISE_AUTOREFRESH = True
