"""Points every test at the tests' own instance before the portal is imported."""

from tests.instance import point_settings_here

point_settings_here()
