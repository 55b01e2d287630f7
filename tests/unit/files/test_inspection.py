"""Files that lie, hide something or cannot be read are refused in plain words; pictures come out upright and without where they were taken."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from portal.files.inspection import inspect
from portal.files.kinds import HEIC, JPEG, PDF, PNG, FileRules, NotAccepted, Upload
from portal.files.paper_check import verdict
from portal.files.papers import check_paper
from portal.files.pictures import drawn_anew

pytestmark = pytest.mark.slow  # papers are judged in a process of their own, each time


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **options)
    return out.getvalue()


def heic() -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (10, 120, 40))).save(out, quality=50)
    return out.getvalue()


def paper(change: Callable[[pikepdf.Pdf], object] = lambda made: None, **options: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    change(made)
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def taken(name: str, content: bytes, rules: FileRules | None = None) -> tuple[str, str, bytes]:
    accepted = inspect(Upload(name, io.BytesIO(content)), rules or FileRules())
    return accepted.name, accepted.media_type, accepted.content


@pytest.mark.parametrize(
    ("name", "content", "stored_as"),
    [
        ("図面.pdf", paper(), ("図面.pdf", PDF)),
        ("現場.JPG", picture(), ("現場.JPG", JPEG)),
        ("現場.png", picture("PNG"), ("現場.png", PNG)),
        ("IMG_1.HEIC", heic(), ("IMG_1.jpg", JPEG)),
    ],
)
def test_what_is_taken(name: str, content: bytes, stored_as: tuple[str, str]) -> None:
    stored_name, media_type, stored = taken(name, content)
    assert (stored_name, media_type) == stored_as
    if media_type != PDF:
        Image.open(io.BytesIO(stored)).verify()


def with_zip() -> bytes:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("hidden.exe", b"MZ")
    return paper() + hidden.getvalue()


def with_action(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch_in_a_link(made: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"),
    )
    made.pages[0].Annots = pikepdf.Array([link])


def with_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["hidden.exe"] = pikepdf.AttachedFileSpec(made, b"MZ", filename="hidden.exe")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.pdf", b"", "ファイルの中身がありません"),
        ("写真.jpg", picture("PNG"), "名前と中身の種類がちがいます"),
        ("図面.pdf", picture(), "名前と中身の種類がちがいます"),
        ("ending", picture(), "名前と中身の種類がちがいます"),
        ("写真.jpg.exe", picture(), "名前と中身の種類がちがいます"),
        ("動画.gif", picture("GIF"), "この種類のファイルは受け取れません"),
        ("絵.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "この種類のファイル"),
        ("頁.pdf", b"<!doctype html><script>1</script>", "この種類のファイル"),
        ("表.pdf", b"PK\x03\x04" + bytes(40), "この種類のファイル"),
        ("図面.pdf", b"%PDF-1.7\nnot really", "PDFを開けませんでした"),
        ("図面.pdf", paper()[:300], "PDFを開けませんでした"),
        ("鍵.pdf", paper(encryption=pikepdf.Encryption(owner="a", user="b")), "パスワードのついたPDF"),
        ("鍵.pdf", paper(encryption=pikepdf.Encryption(owner="a", user="")), "パスワードのついたPDF"),
        ("動く.pdf", paper(with_action), "プログラムやファイルが入ったPDF"),
        ("動く.pdf", paper(with_launch_in_a_link), "プログラムやファイルが入ったPDF"),
        ("中に.pdf", paper(with_attachment), "プログラムやファイルが入ったPDF"),
        ("二つ.pdf", with_zip(), "プログラムやファイルが入ったPDF"),
        ("半分.jpg", picture(size=(400, 400))[:600], "写真を開けませんでした"),
    ],
)
def test_what_is_refused_and_why(name: str, content: bytes, words: str) -> None:
    with pytest.raises(NotAccepted, match=words):
        taken(name, content)


def test_a_question_may_take_less() -> None:
    only_pictures = FileRules(frozenset({JPEG, PNG, HEIC}), max_bytes=1_000_000)
    with pytest.raises(NotAccepted, match="JPEG・PNG・HEICのファイルを選んで"):
        taken("図面.pdf", paper(), only_pictures)


def test_size_is_judged_without_reading_on() -> None:
    stream = io.BytesIO(bytes(5_000_000))
    with pytest.raises(NotAccepted, match="1MBまで"):
        inspect(Upload("大.pdf", stream), FileRules(max_bytes=1_000_000))
    assert stream.tell() == 1_000_001


def test_where_a_picture_was_taken_is_not_kept_and_it_stays_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (35.0, 41.0, 52.0)
    stored, _ = drawn_anew(picture(exif=exif), JPEG)
    opened = Image.open(io.BytesIO(stored))
    assert opened.size == (20, 40)
    assert dict(opened.getexif()) == {}
    assert b"Camera" not in stored


def test_a_picture_that_grows_when_drawn_anew_is_made_smaller() -> None:
    noise = Image.effect_noise((4400, 300), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=30)
    stored, _ = drawn_anew(out.getvalue(), JPEG, max_bytes=len(drawn_anew(out.getvalue(), JPEG)[0]) - 1)
    assert Image.open(io.BytesIO(stored)).size == (4000, 273)


def test_what_is_hidden_behind_a_picture_is_left_behind() -> None:
    stored, _ = drawn_anew(picture() + b"<script>alert(1)</script>PK\x05\x06", JPEG)
    assert b"script" not in stored
    assert b"PK\x05\x06" not in stored


def test_a_picture_that_unfolds_to_gigabytes_is_refused_unopened() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    with pytest.raises(NotAccepted, match="縦横が大きすぎます"):
        drawn_anew(bomb, PNG)


def test_a_paper_that_unfolds_to_gigabytes_is_refused_in_a_process_of_its_own() -> None:
    deflate = zlib.compressobj(9)
    first, block = (deflate.compress(bytes(5_000_000)) + deflate.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    unfolded = first + block * 250 + deflate.flush()
    table = b"".join(
        struct.pack(">BIH", kind, first, second) for kind, first, second in ((0, 0, 0), (2, 2, 0), (1, 9, 0), (1, 0, 0))
    )
    length = str(len(unfolded)).encode()
    bomb = b"%PDF-1.5\n2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length " + length + b">>\nstream\n"
    bomb += unfolded + b"\nendstream\nendobj\n"
    table = table.replace(struct.pack(">BIH", 1, 0, 0), struct.pack(">BIH", 1, len(bomb), 0))
    bomb += b"3 0 obj\n<</Type/XRef/Size 4/Root 1 0 R/W[1 4 2]/Length %d>>\nstream\n" % len(table) + table
    bomb += b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % bomb.index(b"3 0 obj")
    assert len(bomb) < 10_000_000
    with pytest.raises(NotAccepted, match="PDFを開けませんでした"):
        check_paper(bomb)


def test_a_paper_may_open_on_its_second_page() -> None:
    def opens_on_second(made: pikepdf.Pdf) -> None:
        made.add_blank_page()
        made.Root.OpenAction = pikepdf.Array([made.pages[1].obj, pikepdf.Name.Fit])

    assert check_paper(paper(opens_on_second)) is None


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", heic()[:40]]),
)
def test_no_bytes_get_anything_but_plain_words(noise: bytes, head: bytes) -> None:
    for ending in ("jpg", "png", "heic"):
        with pytest.raises(NotAccepted) as refusal:
            taken(f"x.{ending}", head + noise)
        assert str(refusal.value).endswith("。")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8), st.sampled_from(["JPEG", "PNG"]))
def test_damaged_pictures_are_taken_or_refused_but_never_break(place: int, damage: bytes, kind: str) -> None:
    content = bytearray(picture(kind))
    start = place % len(content)
    content[start : start + len(damage)] = damage
    try:
        taken(f"x.{kind.lower()}", bytes(content))
    except NotAccepted as refusal:
        assert str(refusal).endswith("。")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.binary(max_size=8), st.binary(max_size=200))
def test_damaged_papers_get_one_word(place: int, damage: bytes, noise: bytes) -> None:
    content = bytearray(paper(with_action))
    start = place % len(content)
    content[start : start + len(damage)] = damage
    words = {"fine", "unreadable", "locked", "active", "long"}
    assert verdict(bytes(content)) in words
    assert verdict(b"%PDF-1.7\n" + noise) == "unreadable"
