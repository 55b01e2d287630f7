"""A served file cannot run anything in a browser."""

from datetime import UTC, datetime

from portal.files import StoredFile
from portal.files.serving import attachment


def test_a_file_is_a_powerless_download() -> None:
    file = StoredFile(name="写真.jpg", media_type="image/jpeg", uploaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    answer = attachment(file, b"bytes")
    assert answer.get_data() == b"bytes"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]
