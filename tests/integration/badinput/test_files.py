"""Files with a false type, sent the way a browser sends them: refused with a reason, while everything else on the page stays."""

import io
import struct
import zlib

import pytest

from tests.integration.badinput.conftest import answers_of, draft_of
from tests.kit.browser import Browser
from tests.kit.pictures import photo


def bomb() -> bytes:
    """A PNG of a few kilobytes that would unpack to 10 GB of pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 2_000_000))
        + chunk(b"IEND", b"")
    )


LIARS = {
    "empty": ("図.png", b""),
    "a program": ("図.png", b"MZ\x90\x00" + b"\x00" * 500),
    "a page": ("図.png", b"<html><script>alert(1)</script></html>"),
    "a drawing with a script": ("図.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "two kinds at once": ("図.pdf", b"GIF89a%PDF-1.7\n<script>"),
    "a torn picture": ("図.png", photo("PNG")[:40]),
    "a bomb": ("図.png", bomb()),
    "a wrong ending": ("図.exe", photo("PNG")),
    "two endings": ("図.png.html", photo("PNG")),
    "an archive": ("図.pdf", b"PK\x03\x04" + b"\x00" * 300),
    "too large": ("図.png", photo("PNG") + b"\0" * 11_000_000),
}


@pytest.mark.parametrize(("name", "content"), LIARS.values(), ids=LIARS.keys())
def test_a_file_with_a_false_type_is_refused_with_a_reason(resident: Browser, name: str, content: bytes) -> None:
    address = f"/apply/d/{draft_of('road-occupancy')}/drawings"
    answer = resident.post(address, {"police": "yes", "plans.upload": (io.BytesIO(content), name)})
    assert answer.status_code == 422, answer.text
    assert 'href="#plans' in answer.text
    assert "<script>alert(1)" not in answer.text
    good = resident.post(address, {"police": "yes", "plans.upload": (io.BytesIO(photo("PNG")), "図.png")})
    assert good.status_code in {303, 422}
    assert "図.png" in resident.get(address).text


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.png",
        "a\x00b.png",
        "\r\nX: y.png",
        "あ" * 3000 + ".png",
        "CON.png",
        ".png",
        "\u202egnp.exe.png",
    ],
)
def test_a_name_leads_nowhere(resident: Browser, name: str) -> None:
    draft = draft_of("road-occupancy")
    address = f"/apply/d/{draft}/drawings"
    answer = resident.post(address, {"police": "yes", "plans.upload": (io.BytesIO(photo("PNG")), name)})
    assert answer.status_code < 500
    for file in answers_of(draft).get("plans", []):
        assert not set("/\\\x00\r\n\u202e") & set(file["name"])
        download = resident.get(f"/apply/d/{draft}/files/{file['id']}")
        assert download.status_code == 200
        assert download.headers["Content-Disposition"].startswith("attachment")
        assert download.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_somebody_else_is_never_taken_as_ones_own(resident: Browser) -> None:
    first, second = draft_of("road-occupancy"), draft_of("road-occupancy")
    resident.post(f"/apply/d/{first}/drawings", {"police": "yes", "plans.upload": (io.BytesIO(photo("PNG")), "図.png")})
    (file,) = answers_of(first)["plans"]
    answer = resident.post(f"/apply/d/{second}/drawings", {"police": "yes", "plans.files": file["id"]})
    assert answer.status_code == 422
    assert resident.get(f"/apply/d/{second}/files/{file['id']}").status_code == 404


def test_a_body_that_ends_early_or_never_was_a_form(resident: Browser) -> None:
    address = f"/apply/d/{draft_of('road-occupancy')}/drawings"
    for body, kind in (
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary="),
        (b"\xed\xa0\x80=%ED%A0%80&%00=%00", "application/x-www-form-urlencoded"),
        (b'{"a":' * 20_000, "application/json"),
        (b"a", "application/x-www-form-urlencoded; charset=utf-7"),
    ):
        answer = resident.send("POST", address, data=body, content_type=kind, headers={"X-CSRFToken": resident.token})
        assert answer.status_code in {400, 422}
        assert "<html" in answer.text
