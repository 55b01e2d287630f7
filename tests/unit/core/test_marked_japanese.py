"""Texts that stay Japanese on a page in another language are marked, so that they are read and drawn as Japanese."""

from flask import Flask

from forms.text.localized import Text
from portal.core.marked_japanese import install, with_marks
from portal.core.text import _, pick, using_language


def test_a_japanese_text_is_marked_where_it_stands_and_nowhere_else() -> None:
    page = '<label for="x" title="氏名">氏名</label><p>必填：氏名</p><textarea>氏名</textarea><p>姓氏名称</p>'
    marked = with_marks(page, {"氏名"})
    ja = '<span lang="ja">氏名</span>'
    assert (
        marked == f'<label for="x" title="氏名">{ja}</label><p>必填：{ja}</p><textarea>氏名</textarea><p>姓氏名称</p>'
    )


def test_an_option_takes_the_language_itself() -> None:
    page = "<select><option>犬</option><option>猫咪</option></select>"
    assert with_marks(page, {"犬"}) == '<select><option lang="ja">犬</option><option>猫咪</option></select>'


def test_longer_texts_and_those_with_signs_are_marked_whole() -> None:
    assert with_marks("<p>犬を飼う & 登録</p>".replace("&", "&amp;"), {"犬を飼う", "犬を飼う & 登録"}) == (
        '<p><span lang="ja">犬を飼う &amp; 登録</span></p>'
    )


def test_what_was_not_translated_is_marked_whichever_way_it_took() -> None:
    app = Flask(__name__)
    install(app)

    @app.get("/")
    def page() -> str:
        with using_language("zh"):
            own = Text.of("犬の名前", zh="狗的名字").for_language("zh")
            lacking = Text.of("犬の毛色").for_language("zh")
            given = Text.read_by_all("请填写。").for_language("zh")
            return f"<p>{own}</p><p>{lacking}</p><p>{pick({'ja': '環境課'})}</p><p>{given}</p><p>{_('訳のない文')}</p>"

    with using_language("zh"):
        html = app.test_client().get("/").get_data(as_text=True)
    assert html == (
        '<p>狗的名字</p><p><span lang="ja">犬の毛色</span></p><p><span lang="ja">環境課</span></p>'
        '<p>请填写。</p><p><span lang="ja">訳のない文</span></p>'
    )
