"""Pictures that help to answer: put in by a department, checked, shown to residents once published, and travelling with the definition."""

import io
import re
import zipfile

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from portal.cli.installing import InvalidDefinition, install
from portal.core.database import city_session
from portal.procedures import actions, pictures, queries
from tests.integration.publishing.conftest import AT, CITY, Makers
from tests.integration.publishing.test_editing import SOURCE, draft, save
from tests.integration.publishing.test_releasing import publish
from tests.kit.browser import Browser
from tests.kit.pictures import photo

QUESTION = "- person.phone\n"
assert QUESTION in SOURCE


def showing(name: str, alt: str = "鑑札のうらに番号があります。") -> str:
    """The catalogue's text with a picture at a question of its first step."""
    picture = (
        f"picture: {{file: {name}, alt: {{ja: {alt}, ja-easy: 番号(ばんごう), en: The number, zh: 号码, ko: 번호}}}}"
    )
    return SOURCE.replace(QUESTION, f"- {{item: person.phone, {picture}}}\n", 1)


def put_in(who: Browser, name: str, content: bytes) -> TestResponse:
    who.get(AT)
    return who.post(f"{AT}/pictures", {"file": (io.BytesIO(content), name)})


@pytest.fixture(autouse=True)
def no_pictures(makers: Makers) -> None:
    """Tests that publish a picture use a name of their own, because it stays."""
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "dog-registration")
        for row in pictures.pictures_of(session, procedure.id):
            if not row.published:
                pictures.remove_picture(session, procedure, row.name)


def test_a_picture_is_encoded_anew_and_shown_to_residents_once_published(makers: Makers) -> None:
    save(makers.publisher, showing("kansatu.jpg"))
    page = makers.publisher.get(AT).text
    assert "画像「kansatu.jpg」は、まだ入っていません。" in page
    assert publish(makers.publisher).status_code == 422
    exif = Image.Exif()
    exif[0x010F] = "camera of somebody"
    assert put_in(makers.publisher, "Kansatu.JPEG", photo(exif=exif)).status_code == 303
    page = makers.publisher.get(AT).text
    assert "まだ入っていません" not in page
    assert f"{AT}/pictures/kansatu.jpg" in page
    kept = makers.publisher.get(f"{AT}/pictures/kansatu.jpg")
    assert kept.mimetype == "image/jpeg"
    assert b"camera of somebody" not in kept.data
    public = "/procedures/dog-registration/pictures/kansatu.jpg"
    assert makers.resident.get(public).status_code == 404
    assert makers.stranger.get(f"{AT}/pictures/kansatu.jpg").status_code == 404
    assert publish(makers.publisher).status_code == 303
    shown = makers.resident.get(public)
    assert shown.data == kept.data
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    form = makers.resident.get(makers.resident.start("dog-registration")).text
    assert f'<img src="{public}" alt="鑑札のうらに番号があります。" width="40" height="30"' in form
    assert f'href="{public}" target="_blank"' in form
    # what a published version shows stays as it is
    changed = put_in(makers.publisher, "kansatu.jpg", photo(size=(50, 50)))
    assert (changed.status_code, "別の名前で入れてください" in changed.text) == (409, True)
    assert put_in(makers.publisher, "kansatu.jpg", photo(exif=exif)).status_code == 303  # the same again
    assert makers.publisher.post(f"{AT}/pictures/kansatu.jpg/remove").status_code == 409
    # the file of a version is the text with its picture, and can be read in again
    version = re.findall(rf"{AT}/versions/(\d+)\.yaml", makers.publisher.get(AT).text)[0]
    file = makers.publisher.get(f"{AT}/versions/{version}.yaml")
    assert file.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert sorted(archive.namelist()) == [f"dog-registration-{version}.yaml", "pictures/kansatu.jpg"]
        assert archive.read("pictures/kansatu.jpg") == kept.data
    assert upload(makers.publisher, file.data).status_code == 303
    saved = draft()
    assert saved is not None
    assert "kansatu.jpg" in saved.source


def upload(who: Browser, content: bytes, digest: str = "") -> TestResponse:
    return who.post(f"{AT}/upload", {"file": (io.BytesIO(content), "犬.zip"), "digest": digest})


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_what_is_no_picture_is_refused_in_words_and_nothing_is_kept(makers: Makers) -> None:
    for name, content, words in (
        ("a.png", b"<svg onload='x'></svg>", "この種類のファイルは受け取れません"),
        ("a.jpg", photo()[:40], "写真を開けませんでした"),
        ("a.png", b"x" * 2_000_001, "2MBまで"),
    ):
        refused = put_in(makers.publisher, name, content)
        assert (refused.status_code, words in refused.text) == (422, True), refused.text[:3000]
    assert makers.publisher.post(f"{AT}/pictures", {}).status_code == 422
    assert put_in(makers.publisher, "鑑札.png", photo("PNG")).status_code == 303
    assert f"{AT}/pictures/picture-1.png" in makers.publisher.get(AT).text
    assert makers.publisher.post(f"{AT}/pictures/picture-1.png/remove").status_code == 303
    assert "picture-1.png" not in makers.publisher.get(AT).text


def test_a_packed_definition_brings_its_pictures_or_nothing(makers: Makers) -> None:
    text = showing("fuda.png").encode()
    whole = {"dog.yaml": text, "pictures/fuda.png": photo("PNG")}
    for files, words in (
        ({"pictures/fuda.png": photo("PNG")}, "定義(YAML)を1つ"),
        (whole | {"two.yaml": text}, "定義(YAML)を1つ"),
        (whole | {"pictures/fuda.png": b"no picture"}, "この種類のファイルは受け取れません"),
        (whole | {"pictures/fuda.png": b"\0" * 3_000_000}, "大きすぎます"),
    ):
        refused = upload(makers.publisher, packed(files))
        assert (refused.status_code, words in refused.text) == (422, True)
        assert draft() is None
    broken = upload(makers.publisher, packed(whole)[:-30])
    assert broken.status_code == 422
    assert upload(makers.publisher, packed(whole)).status_code == 303
    assert "まだ入っていません" not in makers.publisher.get(AT).text
    stale = upload(
        makers.publisher, packed(whole | {"dog.yaml": text + b"# 2", "pictures/other.png": photo("PNG")}), "00"
    )
    assert stale.status_code == 409
    assert "other.png" not in makers.publisher.get(AT).text


def test_a_file_on_a_disk_has_its_pictures_beside_it(makers: Makers) -> None:
    source = showing("hyou.png")
    with pytest.raises(InvalidDefinition), city_session(CITY) as session:
        install(session, source, None)
    with city_session(CITY) as session:
        install(session, source, None, {"hyou.png": photo("PNG"), "unused.png": photo("PNG")})
        procedure = queries.procedure(session, "dog-registration")
        rows = {row.name: row.published for row in pictures.pictures_of(session, procedure.id)}
        assert rows["hyou.png"] is True
        assert "unused.png" not in rows
        copy = actions.create_procedure(session, "dog-copy", "environment")
        pictures.copy_pictures(session, procedure, copy)
        assert [row.published for row in pictures.pictures_of(session, copy.id) if row.name == "hyou.png"] == [False]
        session.rollback()
