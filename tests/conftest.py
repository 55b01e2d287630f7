"""Points every test at the tests' own instance before the portal is imported; how long Hypothesis looks for a counterexample."""

import os

from hypothesis import HealthCheck, settings

from tests.instance import point_settings_here

point_settings_here()

settings.register_profile(
    "madoguchi",
    max_examples=int(os.environ.get("TEST_EXAMPLES", "50")),
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("madoguchi")
