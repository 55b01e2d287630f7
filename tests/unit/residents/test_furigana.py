"""Readings over kanji as a page leaves."""

from portal.residents.furigana import with_readings


def test_readings_become_ruby_in_text_and_nowhere_else() -> None:
    page = (
        '<title>道(みち)</title><p class="a(b)">道(みち)を 使(つか)う</p>'
        '<input value="佐藤(さとう)" placeholder="例(れい)"><option>犬(いぬ)</option><textarea>猫(ねこ)</textarea>'
    )
    annotated = with_readings(page)
    assert "<ruby>道<rp>(</rp><rt>みち</rt><rp>)</rp></ruby>を" in annotated
    assert "<title>道</title>" in annotated
    assert "<option>犬</option>" in annotated
    assert 'value="佐藤(さとう)" placeholder="例"' in annotated
    assert "<textarea>猫(ねこ)</textarea>" in annotated


def test_what_is_escaped_stays_escaped() -> None:
    assert with_readings("<p>&lt;script&gt; &amp; 犬(いぬ)</p>").startswith("<p><span>&lt;script&gt; &amp; <ruby>")
