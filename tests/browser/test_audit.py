"""The audit of pages itself: it reports what breaks a rule, on the page that follows one without fault too."""

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import faults_of, faults_without_script

PAGE = """<!doctype html><html lang="ja"><title>窓口</title><style>.pale {{ color: #bbb }} .wide {{ width: 500px }}
@media (min-width: 800px) {{ .late {{ color: #ccc }} }}</style><main><h1>窓口</h1><p>読める文</p>{}</main></html>"""


PARTS = (
    ('<p class="pale">読みにくい文</p>', "color-contrast", (390, 1440)),
    ('<p>読める文</p><p class="late">広い画面で読みにくい文</p>', "color-contrast", (1440,)),
    ("<label for=name>氏名</label><input id=name><label for=town>町</label><input id=phone>", "label", (390, 1440)),
    ('<p class="wide">はみ出す</p>', "scrolls sideways", (390,)),
)
SOUND = "<form><label for=name>氏名</label><input id=name name=children><label for=town>町</label><input id=town name=matches></form>"
"""Questions may be called like properties of their form."""


@pytest.mark.parametrize("scripts", [True, False])
def test_a_fault_is_reported(browser: Browser, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        debugger = context.new_cdp_session(page)

        def reports(part: str) -> list[str]:
            page.set_content(PAGE.format(part))
            return faults_of(page) if scripts else faults_without_script(page, debugger)

        for part, fault, widths in PARTS:
            assert reports(SOUND) == []
            faults = reports(part)
            assert all(f" at {width} px: {fault}" in report for width, report in zip(widths, faults, strict=True)), (
                faults
            )
        page.set_content("<noscript>ない</noscript><script>document.title = '動いた'</script>")
        assert (page.title() == "動いた") == scripts
