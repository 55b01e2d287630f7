"""Files that are not what they claim, hide something or cannot be read are refused in plain words; pictures come out upright and without their location."""

import io
import re
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
from portal.files.kinds import HEIC, JPEG, PDF, PNG, WEBP, FileRejected, FileRules, Upload
from portal.files.pdf_inspection import verdict
from portal.files.pdfs import check_pdf
from portal.files.pictures import reencode

pytestmark = pytest.mark.slow  # each PDF is inspected in a process of its own
_fewer = settings(max_examples=max(1, settings.default.max_examples * 2 // 5))
"""For properties of which every example is a process or more."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, kind, **options)
    return out.getvalue()


def heic(size: tuple[int, int] = (64, 48), pictures: int = 1) -> bytes:
    import pillow_heif

    image_file = pillow_heif.HeifFile()
    for _ in range(pictures):
        image_file.add_from_pillow(Image.new("RGB", size, (10, 120, 40)))
    out = io.BytesIO()
    image_file.save(out, quality=50)
    return out.getvalue()


def heic_said_to_be(width: int, height: int) -> bytes:
    """A small picture whose file gives another size (the `ispe` property of ISO/IEC 23008-12): to draw a large one takes seconds."""
    content, head = heic((64, 64)), b"ispe" + bytes(4)
    size = (64).to_bytes(4) + (64).to_bytes(4)
    assert content.count(head + size) == 1
    return content.replace(head + size, head + width.to_bytes(4) + height.to_bytes(4))


def flat_png(width: int, height: int, rows: int | None = None) -> bytes:
    """A PNG of one bit for each pixel: some kilobytes, whatever its size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = bytes((width + 7) // 8 + 1) * (height if rows is None else rows)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def pdf_file(change: Callable[[pikepdf.Pdf], object] = lambda pdf: None, **options: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def counted_from_the_first_byte(before: bytes) -> bytes:
    """A PDF whose cross-reference table counts from bytes before its header."""
    content = pdf_file(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    place = content.rindex(b"startxref")
    head, table = content[: content.rindex(b"xref", 0, place)], content[content.rindex(b"xref", 0, place) : place]
    moved = re.sub(
        rb"^(\d{10}) (\d{5} n)", lambda row: b"%010d %s" % (int(row[1]) + len(before), row[2]), table, flags=re.M
    )
    return before + head + moved + b"startxref\n%d\n%%%%EOF\n" % (len(before) + len(head))


def accept(name: str, content: bytes, rules: FileRules | None = None) -> tuple[str, str, bytes]:
    accepted = inspect(Upload(name, io.BytesIO(content)), rules or FileRules())
    return accepted.name, accepted.media_type, accepted.content


@pytest.mark.parametrize(
    ("name", "content", "stored_as"),
    [
        ("図面.pdf", pdf_file(), ("図面.pdf", PDF)),
        ("現場.JPG", picture(), ("現場.JPG", JPEG)),
        ("現場.png", picture("PNG"), ("現場.png", PNG)),
        ("IMG_1.HEIC", heic(), ("IMG_1.jpg", JPEG)),
        ("IMG_0001.jpg", heic(), ("IMG_0001.jpg", JPEG)),
        ("IMG_0001.heic", picture(), ("IMG_0001.jpg", JPEG)),
        ("screenshot.png", picture(), ("screenshot.jpg", JPEG)),
        ("photo.jpg", picture("PNG"), ("photo.png", PNG)),
        ("IMG_0002.jpg.heic", picture(), ("IMG_0002.jpg", JPEG)),
        ("1000012345", picture(), ("1000012345.jpg", JPEG)),
        ("1000012345", heic(), ("1000012345.jpg", JPEG)),
        ("Screenshot_2026.11.28", picture("PNG"), ("Screenshot_2026.11.28.png", PNG)),
        ("写真.jpg (1)", picture(), ("写真.jpg (1).jpg", JPEG)),
        ("写真.webp", picture("WEBP"), ("写真.jpg", JPEG)),
        ("写真.avif", picture("AVIF"), ("写真.jpg", JPEG)),
        ("写真．ＪＰＧ", picture(), ("写真.jpg", JPEG)),
        ("連写.heic", heic(pictures=3), ("連写.jpg", JPEG)),
        ("立体.jpg", picture("MPO", save_all=True, append_images=[Image.new("RGB", (40, 20))]), ("立体.jpg", JPEG)),
        ("図面．ｐｄｆ", pdf_file(), ("図面.pdf", PDF)),
        ("図面。", pdf_file(), ("図面。.pdf", PDF)),
        ("図面。pdf", pdf_file(), ("図面.pdf", PDF)),
        ("見積書", pdf_file(), ("見積書.pdf", PDF)),
        ("見積書.改訂版", pdf_file(), ("見積書.改訂版.pdf", PDF)),
        ("scan.pdf", b"\xef\xbb\xbf" + pdf_file(), ("scan.pdf", PDF)),
        ("scan.bin", pdf_file(), ("scan.pdf", PDF)),
        ("写真.tmp", picture(), ("写真.jpg", JPEG)),
        ("scan.pdf", b"\r\n" + pdf_file(), ("scan.pdf", PDF)),
        (
            "scan.pdf",
            b"--x1\r\nContent-Type: application/pdf; name=a\r\n\r\n" + pdf_file() + b"\r\n--x1--",
            ("scan.pdf", PDF),
        ),
        ("scan.pdf", b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + pdf_file(), ("scan.pdf", PDF)),
        ("scan.pdf", b"\0" * 1019 + pdf_file(), ("scan.pdf", PDF)),
        ("scan.pdf", b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n" + pdf_file(), ("scan.pdf", PDF)),
        ("scan.pdf", counted_from_the_first_byte(b"\xef\xbb\xbf"), ("scan.pdf", PDF)),
        ("after.pdf", pdf_file() + b"\0" * 2000, ("after.pdf", PDF)),
        ("after.pdf", b"\r\n" + pdf_file() + b"\r\n" + b"\0" * 5000, ("after.pdf", PDF)),
    ],
)
def test_accepted_files(name: str, content: bytes, stored_as: tuple[str, str]) -> None:
    stored_name, media_type, stored = accept(name, content)
    assert (stored_name, media_type) == stored_as
    if media_type != PDF:
        Image.open(io.BytesIO(stored)).verify()


def with_zip() -> bytes:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("hidden.exe", b"MZ")
    return pdf_file() + hidden.getvalue()


def with_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch_in_a_link(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"),
    )
    pdf.pages[0].Annots = pikepdf.Array([link])


def with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["hidden.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="hidden.exe")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("空.pdf", b"", "ファイルの中身がありません"),
        ("図面.pdf", picture(), "名前と中身の種類がちがいます"),
        ("図面.jpg", pdf_file(), "名前と中身の種類がちがいます"),
        ("見積書.pdf.exe", pdf_file(), "名前と中身の種類がちがいます"),
        ("見積書.ｐｄｆ．ｅｘｅ", pdf_file(), "名前と中身の種類がちがいます"),
        ("見積書.pdf。exe", pdf_file(), "名前と中身の種類がちがいます"),
        ("写真.png.html", picture("PNG"), "名前と中身の種類がちがいます"),
        ("写真.jpg", picture("GIF"), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"GIF89a" + pdf_file(), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"<script>alert(1)</script>" + pdf_file(), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"MZ\x90\0" + pdf_file(), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"X: <script>alert(1)</script>\n" + pdf_file(), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"#!/bin/sh\n" + pdf_file(), "この種類のファイルは受け取れません"),
        ("図面.pdf", b"\n" * 1030 + pdf_file(), "この種類のファイルは受け取れません"),
        ("写真.jpg.exe", picture(), "名前と中身の種類がちがいます"),
        ("動画.gif", picture("GIF"), "この種類のファイルは受け取れません"),
        ("絵.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "この種類のファイル"),
        ("頁.pdf", b"<!doctype html><script>1</script>", "この種類のファイル"),
        ("表.pdf", b"PK\x03\x04" + bytes(40), "この種類のファイル"),
        ("図面.pdf", b"%PDF-1.7\nnot really", "PDFを開けませんでした"),
        ("図面.pdf", pdf_file()[:300], "PDFを開けませんでした"),
        ("鍵.pdf", pdf_file(encryption=pikepdf.Encryption(owner="a", user="b")), "パスワードのついたPDF"),
        ("鍵.pdf", pdf_file(encryption=pikepdf.Encryption(owner="a", user="")), "パスワードのついたPDF"),
        ("動く.pdf", pdf_file(with_action), "プログラムやファイルが入ったPDF"),
        ("動く.pdf", pdf_file(with_launch_in_a_link), "プログラムやファイルが入ったPDF"),
        ("中に.pdf", pdf_file(with_attachment), "プログラムやファイルが入ったPDF"),
        ("二つ.pdf", with_zip(), "プログラムやファイルが入ったPDF"),
        ("半分.jpg", picture(size=(400, 400))[:600], "写真を開けませんでした"),
    ],
)
def test_refused_files_and_their_reasons(name: str, content: bytes, message: str) -> None:
    with pytest.raises(FileRejected, match=message):
        accept(name, content)


def test_a_question_may_accept_fewer_kinds() -> None:
    only_pictures = FileRules(frozenset({JPEG, PNG, HEIC}), max_bytes=1_000_000)
    with pytest.raises(FileRejected, match="JPEG、PNG、HEICのファイルを選んで"):
        accept("図面.pdf", pdf_file(), only_pictures)


def test_what_becomes_a_jpeg_is_accepted_where_a_jpeg_is() -> None:
    assert accept("写真.webp", picture("WEBP"), FileRules(frozenset({JPEG})))[1] == JPEG
    with pytest.raises(FileRejected, match="PDFのファイルを選んで"):
        accept("写真.webp", picture("WEBP"), FileRules(frozenset({PDF})))


def test_a_pdf_is_kept_byte_for_byte_since_it_may_be_signed() -> None:
    content = b"\xef\xbb\xbf" + pdf_file() + b"\0" * 2000
    assert accept("scan.pdf", content)[2] == content


def test_transparent_areas_are_white_in_a_jpeg() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "WEBP", lossless=True)
    stored, _ = reencode(clear.getvalue(), WEBP)
    assert Image.open(io.BytesIO(stored)).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("draw", "media_type"),
    [
        (lambda: flat_png(7000, 7000), PNG),
        (lambda: heic_said_to_be(5200, 5000), HEIC),
        (lambda: picture("WEBP", (5200, 5000)), WEBP),
    ],
    ids=["png", "heic", "webp"],
)
def test_more_than_25_megapixels_are_refused(draw: Callable[[], bytes], media_type: str) -> None:
    content = draw()  # takes seconds, which every process that only collects the tests would wait for
    assert len(content) < 200_000
    with pytest.raises(FileRejected, match="2,500万画素まで"):
        reencode(content, media_type)


def test_25_megapixels_are_accepted() -> None:
    stored, _ = reencode(flat_png(5000, 5000), PNG)
    assert Image.open(io.BytesIO(stored)).size == (5000, 5000)


def test_size_is_checked_without_reading_further() -> None:
    stream = io.BytesIO(bytes(5_000_000))
    with pytest.raises(FileRejected, match="1MBまで"):
        inspect(Upload("大.pdf", stream), FileRules(max_bytes=1_000_000))
    assert stream.tell() == 1_000_001


def test_a_picture_loses_its_location_and_stays_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (35.0, 41.0, 52.0)
    stored, _ = reencode(picture(exif=exif), JPEG)
    opened = Image.open(io.BytesIO(stored))
    assert opened.size == (20, 40)
    assert dict(opened.getexif()) == {}
    assert b"Camera" not in stored


def test_a_picture_that_grows_when_re_encoded_is_scaled_down() -> None:
    noise = Image.effect_noise((4400, 300), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=30)
    stored, _ = reencode(out.getvalue(), JPEG, max_bytes=len(reencode(out.getvalue(), JPEG)[0]) - 1)
    assert Image.open(io.BytesIO(stored)).size == (4000, 273)


def test_data_hidden_behind_a_picture_is_dropped() -> None:
    stored, _ = reencode(picture() + b"<script>alert(1)</script>PK\x05\x06", JPEG)
    assert b"script" not in stored
    assert b"PK\x05\x06" not in stored


def test_a_picture_that_expands_to_gigabytes_is_refused_unopened() -> None:
    with pytest.raises(FileRejected, match="縦横が大きすぎます"):
        reencode(flat_png(60_000, 60_000, rows=10), PNG)


def test_a_pdf_that_expands_to_gigabytes_is_refused_in_a_process_of_its_own() -> None:
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
    with pytest.raises(FileRejected, match="PDFを開けませんでした"):
        check_pdf(bomb)


def test_a_pdf_may_open_on_its_second_page() -> None:
    def opens_on_second(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit])

    assert check_pdf(pdf_file(opens_on_second)) is None


@_fewer
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", heic()[:40]]),
)
def test_any_bytes_are_accepted_or_refused_in_plain_words(noise: bytes, head: bytes) -> None:
    for ending in ("jpg", "png", "heic"):
        with pytest.raises(FileRejected) as refusal:
            accept(f"x.{ending}", head + noise)
        assert str(refusal.value).endswith("。")


@_fewer
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8), st.sampled_from(["JPEG", "PNG"]))
def test_damaged_pictures_are_accepted_or_refused_but_never_crash(place: int, damage: bytes, kind: str) -> None:
    content = bytearray(picture(kind))
    start = place % len(content)
    content[start : start + len(damage)] = damage
    try:
        accept(f"x.{kind.lower()}", bytes(content))
    except FileRejected as refusal:
        assert str(refusal).endswith("。")


@given(st.integers(0, 10**6), st.binary(max_size=8), st.binary(max_size=200))
def test_a_damaged_pdf_gets_one_verdict(place: int, damage: bytes, noise: bytes) -> None:
    content = bytearray(pdf_file(with_action))
    start = place % len(content)
    content[start : start + len(damage)] = damage
    verdicts = {"fine", "unreadable", "locked", "active", "long"}
    assert verdict(bytes(content)) in verdicts
    assert verdict(b"%PDF-1.7\n" + noise) == "unreadable"
