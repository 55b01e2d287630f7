"""An upload is judged, sealed, scanned, handed to its case, and opened only for those who may (OWASP ASVS 5.0: 5.2–5.4)."""

import io
import os

import pikepdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import portal.models  # noqa: F401 - foreign keys need every table
from portal.core.clock import now, today
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.files import (
    Upload,
    attach_to_case,
    file_of_case,
    file_of_draft,
    files_of_case,
    files_of_draft,
    open_for_applicant,
    open_for_staff,
    receive,
    reference,
    remove,
    scan_waiting,
)
from portal.files.jobs import scan
from portal.files.models import FileContent, StoredFile
from portal.files.scanner import ScannerUnavailable
from tests.integration.files.conftest import EICAR, use_scanner
from tests.kit.pictures import photo

DRAFT = 41


def paper(content: bytes = b"", filler: int = 0) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Note = pikepdf.Stream(made, content + os.urandom(filler), compress=False)
    out = io.BytesIO()
    made.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def hand_in(session: Session, name: str = "現場.jpg", content: bytes | None = None, draft: int = DRAFT) -> StoredFile:
    return receive(session, draft, "photos", Upload(name, io.BytesIO(photo() if content is None else content)))


def scanned(city: str, content: bytes, name: str = "図面.pdf") -> StoredFile:
    """The file after its job ran."""
    with city_session(city) as session:
        file = hand_in(session, name, content)
    scan(city=city, file_id=file.id)
    with city_session(city) as session:
        return session.scalars(select(StoredFile).where(StoredFile.id == file.id)).one()


def a_case(session: Session) -> int:
    """The id of a case with nothing in it."""
    from portal.cases.models import Case
    from portal.identity.models import Department
    from portal.procedures.models import Procedure, ProcedureVersion

    roads = Department(key="roads", title={"ja": "道路課"}, sort=0)
    session.add(roads)
    session.flush()
    procedure = Procedure(key="road", department_id=roads.id, sort=0)
    session.add(procedure)
    session.flush()
    version = ProcedureVersion(
        procedure_id=procedure.id, number=1, status="published", source="", document={}, digest=b"", edited_at=now()
    )
    session.add(version)
    session.flush()
    case = Case(
        number="日-1124-00001",
        public_id="case",
        procedure_key="road",
        version_id=version.id,
        department_id=roads.id,
        state="received",
        status="new",
        title="道路占用許可",
        applicant_name="",
        place_label="",
        language="ja",
        answers={},
        facts={},
        fee={},
        search_bigrams=[],
        submitted_at=now(),
        due_on=today(),
        updated_at=now(),
    )
    session.add(case)
    session.flush()
    return case.id


def test_a_file_is_kept_sealed_and_opens_again_for_its_owner(city_db: Session) -> None:
    file = hand_in(city_db, content=photo(kind="PNG"), name="現場.png")
    sealed = city_db.scalars(select(FileContent.sealed).where(FileContent.file_id == file.id)).one()
    assert b"PNG" not in sealed
    content = open_for_applicant(city_db, file)
    assert content.startswith(b"\x89PNG")
    assert (file.size, file.media_type, file.scan) == (len(content), "image/png", "waiting")
    assert reference(file) == {
        "id": file.public_id,
        "name": "現場.png",
        "size": len(content),
        "media_type": "image/png",
    }


def test_sealed_content_opens_as_no_other_file(city_db: Session) -> None:
    first, second = hand_in(city_db), hand_in(city_db, name="別.jpg")
    city_db.execute(
        text(
            "UPDATE file_content SET sealed = (SELECT sealed FROM file_content WHERE file_id = :a) WHERE file_id = :b"
        ),
        {"a": first.id, "b": second.id},
    )
    with pytest.raises(ValueError, match="altered"):
        open_for_applicant(city_db, second)


def test_a_refused_file_names_itself_and_leaves_nothing(city_db: Session) -> None:
    with pytest.raises(Invalid) as refusal:
        hand_in(city_db, "請求書.pdf", b"MZ\x90\x00 this program cannot be run in DOS mode")
    assert refusal.value.fields["photos"].startswith("「請求書.pdf」：この種類のファイルは受け取れません")
    assert files_of_draft(city_db, DRAFT) == []


def test_files_of_another_draft_are_not_there(city_db: Session) -> None:
    file = hand_in(city_db)
    assert file_of_draft(city_db, DRAFT, file.public_id) is file
    with pytest.raises(NotFound):
        file_of_draft(city_db, DRAFT + 1, file.public_id)
    with pytest.raises(NotFound):
        remove(city_db, DRAFT + 1, file.public_id)


def test_a_removed_file_is_gone_with_its_content(city_db: Session) -> None:
    file = hand_in(city_db)
    remove(city_db, DRAFT, file.public_id)
    assert files_of_draft(city_db, DRAFT) == []
    assert city_db.scalar(text("SELECT count(*) FROM file_content")) == 0


def test_files_go_over_to_the_case_together_or_not_at_all(city_db: Session) -> None:
    case_id = a_case(city_db)
    names = [hand_in(city_db, f"写真{number}.jpg").public_id for number in range(3)]
    strange = hand_in(city_db, draft=DRAFT + 1).public_id
    with pytest.raises(Conflict), city_db.begin_nested():
        attach_to_case(city_db, [*names, strange], DRAFT, case_id)
    assert len(files_of_draft(city_db, DRAFT)) == 3
    assert attach_to_case(city_db, names, DRAFT, case_id) == 3
    assert [file.public_id for file in files_of_case(city_db, case_id)] == names
    assert files_of_draft(city_db, DRAFT) == []
    with pytest.raises(NotFound):
        file_of_case(city_db, case_id, strange)


def test_a_clean_file_opens_for_staff(scratch_city: str, scanner: str) -> None:
    file = scanned(scratch_city, paper(b"nothing bad"))
    assert file.scan == "clean"
    assert file.scanned_at is not None
    with city_session(scratch_city) as session:
        assert open_for_staff(session, file).startswith(b"%PDF")


def test_a_virus_is_found_and_the_file_opens_for_nobody(scratch_city: str, scanner: str) -> None:
    file = scanned(scratch_city, paper(EICAR))
    assert file.scan == "infected"
    with city_session(scratch_city) as session:
        for opens in (open_for_staff, open_for_applicant):
            with pytest.raises(Conflict, match="ウイルスが見つかった"):
                opens(session, file)


def test_what_is_too_large_for_the_scanner_does_not_count_as_clean(scratch_city: str, scanner: str) -> None:
    file = scanned(scratch_city, paper(filler=3_000_000))
    assert file.scan == "failed"
    with city_session(scratch_city) as session, pytest.raises(Conflict, match="ウイルス検査ができなかった"):
        open_for_staff(session, file)


def test_without_a_scanner_files_wait_and_staff_cannot_open_them(
    scratch_city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_scanner(monkeypatch, "")
    file = scanned(scratch_city, paper())
    assert file.scan == "waiting"
    with city_session(scratch_city) as session:
        with pytest.raises(Conflict, match="ウイルス検査が終わるまで"):
            open_for_staff(session, file)
        assert open_for_applicant(session, file).startswith(b"%PDF")
        assert scan_waiting(session) == 1


def test_a_scanner_that_is_away_makes_the_job_come_again(
    scratch_city: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    use_scanner(monkeypatch, f"{tmp_path}/nobody.sock")
    with pytest.raises(ScannerUnavailable):
        scanned(scratch_city, paper())
    with city_session(scratch_city) as session:
        assert session.scalars(select(StoredFile.scan)).all() == ["waiting"]


def test_a_verdict_stands(scratch_city: str, scanner: str) -> None:
    file = scanned(scratch_city, paper(EICAR))
    scan(city=scratch_city, file_id=file.id)
    with city_session(scratch_city) as session:
        assert session.scalars(select(StoredFile.scanned_at)).one() == file.scanned_at
