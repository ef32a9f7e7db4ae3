"""What the tests of pins begin with: a door, mock pins, and hands at two usual buttons.

A test file names this module as its plugin. It is no conftest, as mypy knows every file here by its own name alone.
"""

from __future__ import annotations

import pytest
from gpio_bench import BACK, DESK, Hall

from alarmbro.inputs.pin_mock import ContactFactory, MockContacts


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def pins() -> ContactFactory:
    return ContactFactory()


@pytest.fixture
def contacts(pins: ContactFactory) -> MockContacts:
    """Give hands at the buttons; a file with other devices has a fixture of its own."""
    return MockContacts((DESK, BACK), pins)
