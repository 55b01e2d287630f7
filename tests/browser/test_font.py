"""The portal's own font: it arrives, and pages set in it fit a phone and a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import DESKTOP, PHONE
from tests.browser.visitor import Visitor
from tests.installation import Installation

_LOADED = "document.fonts.ready.then(fonts => [...fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family))"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.slow
def test_the_font_arrives_and_pages_fit_in_it(launch: Callable[..., Browser], installation: Installation) -> None:
    with launch() as browser, browser.new_context(locale="ja-JP", viewport=PHONE) as context:
        resident = Visitor(context, installation.origin("tachikawa"), ())
        for path in ("/", "/procedures", "/procedures/road-occupancy", "/life/moving", "/sign-in"):
            resident.goto(path)
            assert resident.page.evaluate(_LOADED), path
            for size in (PHONE, DESKTOP):
                resident.page.set_viewport_size(size)
                assert resident.page.evaluate(_WIDE) <= 0, (path, size)
        assert not resident.faults
