"""A city with its departments, an account and the test procedures, in a transaction that is rolled back."""

import pytest
from sqlalchemy.orm import Session

from tests.integration.cases.definitions import COPIES, PERMIT, REGISTRATION
from tests.kit.office import Office, open_office


@pytest.fixture
def office(city_db: Session) -> Office:
    """See `Office`."""
    return open_office(city_db, {"test-permit": PERMIT, "test-registration": REGISTRATION, "test-copies": COPIES})
