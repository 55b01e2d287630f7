"""Uploaded files are opened a few at a time, in processes that may crash."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.core.config import settings
from portal.files import isolated_process, slots
from portal.files.kinds import JPEG, FileRejected
from portal.files.pdfs import check_pdf
from portal.files.pictures import reencode


@pytest.fixture(autouse=True)
def slots_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two slots that nobody else uses, and no waiting."""
    chosen = settings().model_copy(update={"instance_path": tmp_path, "file_checks": 2})
    monkeypatch.setattr(slots, "settings", lambda: chosen)
    monkeypatch.setattr(slots, "PATIENCE", 0.0)
    yield


def test_no_more_than_the_slots_at_the_same_time() -> None:
    with ExitStack() as taken_slots:
        for _ in range(2):
            taken_slots.enter_context(slots.slot())
        with pytest.raises(slots.Busy, match="こみ合っています"), slots.slot():
            pass
    with slots.slot():
        pass


def test_a_slot_ends_with_the_process_that_held_it() -> None:
    """The slots of a killed web process are free at once."""
    read_end, write_end = os.pipe()
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            with slots.slot():
                os.write(write_end, b".")
                os.kill(os.getpid(), 9)
        os.read(read_end, 1)
        os.waitpid(pid, 0)
    os.close(read_end)
    os.close(write_end)
    with slots.slot(), slots.slot(), pytest.raises(slots.Busy), slots.slot():
        pass


def test_waiting_uploads_never_occupy_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_waiting", threading.BoundedSemaphore(1))
    with slots.slot():
        monkeypatch.setattr(slots, "_locked_file", lambda: pytest.fail("the second one may not even wait"))
        with pytest.raises(slots.Busy), slots.slot():
            pass


def test_no_secret_reaches_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MADOGUCHI_SMTP_PASSWORD", "secret")
    monkeypatch.setattr(isolated_process, "__file__", str(tmp_path / "child.py"))
    (tmp_path / "says.py").write_text("import os, sys; sys.stdout.write(repr(dict(os.environ)))")
    assert b"secret" not in isolated_process.run_isolated("says.py", b"")


@pytest.mark.parametrize(
    "program",
    ["import os; os.kill(os.getpid(), 9)", "import sys; sys.exit(3)", "raise MemoryError", "print('anything else')"],
)
def test_a_process_that_does_not_end_well_is_a_plain_refusal(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(isolated_process, "__file__", str(tmp_path / "child.py"))
    for name in ("image_reencoding.py", "pdf_inspection.py"):
        (tmp_path / name).write_text(program)
    with pytest.raises(FileRejected, match="写真を開けませんでした"):
        reencode(b"anything", JPEG)
    with pytest.raises(FileRejected, match="PDFを開けませんでした"):
        check_pdf(b"anything")


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(isolated_process, "__file__", str(tmp_path / "child.py"))
    monkeypatch.setattr(isolated_process, "PATIENCE", 0.1)
    (tmp_path / "image_reencoding.py").write_text("import threading; threading.Event().wait()")
    with pytest.raises(FileRejected, match="写真を開けませんでした"):
        reencode(b"anything", JPEG)
