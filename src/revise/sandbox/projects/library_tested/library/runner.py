"""How this project's tests run."""

import sys

from django.test.runner import DiscoverRunner
from django.test.utils import override_settings

# factory_boy would import SQLAlchemy where it is installed: half a second for each run of the tests.
sys.modules.setdefault("sqlalchemy", None)


class Runner(DiscoverRunner):
    """As Django's own, with a hasher that takes no time: a test of a page is no test of scrypt."""

    def setup_test_environment(self, **options):
        super().setup_test_environment(**options)
        quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        self.quick = override_settings(PASSWORD_HASHERS=quick)
        self.quick.enable()

    def teardown_test_environment(self, **options):
        self.quick.disable()
        super().teardown_test_environment(**options)
