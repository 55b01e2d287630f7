"""The audit of pages itself: it reports what breaks a rule, on the page that follows one without fault too."""

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import faults_of, faults_without_script

PAGE = """<!doctype html><html lang="ja"><title>窓口</title><style>.pale {{ color: #bbb }} .wide {{ width: 500px }} [data-text=largest] {{ font-size: 200% }}
@media (min-width: 800px) {{ .late {{ color: #ccc }} }}</style><main><h1>窓口</h1><p>読める文</p>{}</main></html>"""


PARTS = (
    ('<p class="pale">読みにくい文</p>', "color-contrast", (390, 1440)),
    ('<p>読める文</p><p class="late">広い画面で読みにくい文</p>', "color-contrast", (1440,)),
    ("<label for=name>氏名</label><input id=name><label for=town>町</label><input id=phone>", "label", (390, 1440)),
    ('<p class="wide">はみ出す</p>', "scrolls sideways", (390,)),
    ('<p style="inline-size: 340px">狭い画面ではみ出す</p>', "scrolls sideways", (390,)),
    ('<p style="inline-size: 13rem">大きな文字ではみ出す</p>', "scrolls sideways", (390,)),
    ('<p style="white-space: nowrap">文字の間を広げるとはみ出す、ちょうどの長さ</p>', "scrolls sideways", (390,)),
    (
        '<div style="overflow: hidden; position: relative; block-size: 3rem; inline-size: 250px"><div role="toolbar" aria-label="道具" '
        'style="position: absolute; inline-size: 280px"><button>囲む</button></div></div>',
        "cut off",
        (390, 1440),
    ),
    ("<h3>見出しの段</h3>", "h3 skips a level", (390, 1440)),
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


def test_a_page_is_as_it_was_when_it_has_been_judged(browser: Browser) -> None:
    """What readers may set, such as the space between letters, is tried and taken off again."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE.format('<p class="judged">この文の字の間は、確かめる前と同じ</p><p>もう1つの文</p>'))
        look = "getComputedStyle(document.querySelector('.judged')).letterSpacing"
        before = page.evaluate(look)
        assert faults_of(page) == []
        assert page.evaluate(look) == before
