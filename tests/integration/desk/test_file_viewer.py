"""Files of a case looked at beside the map: drawn page by page for whom the download is, harmless, and each look kept."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image

from portal.cases.queries import history, views
from portal.core.database import city_session
from portal.files import Upload, inspect_upload, store_with_case
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.city import begin, send
from tests.kit.pictures import photo


def plan(*sizes: tuple[int, int]) -> bytes:
    """A PDF with a page of each size in points, the upper half of each black."""
    made, out = pikepdf.new(), io.BytesIO()
    for width, height in sizes:
        page = made.add_blank_page(page_size=(width, height))
        page.Contents = made.make_stream(f"0 g 0 {height / 2} {width} {height / 2} re f".encode())
    made.save(out)
    return out.getvalue()


@pytest.fixture
def case(office: Office) -> Iterator[int]:
    """A case with two files, a plan of three pages and a photo, both found clean."""
    with city_session(CITY) as session:
        case_id = send(session, begin(session, "road-occupancy", unshared_occupancy())).id
    for name, content in (("平面図.pdf", plan((400, 200), (200, 400), (200, 200))), ("現況.jpg", photo(size=(60, 40)))):
        accepted = inspect_upload("plan", Upload(name, io.BytesIO(content)))
        with city_session(CITY) as session:
            store_with_case(session, case_id, "plan", accepted).scan = "clean"
    yield case_id


def addresses(office: Office, case: int) -> dict[str, str]:
    """The address of each file in the list of the drawer, by its name, without the filter."""
    page = office.roads.get(f"/desk/cases/{case}?tab=files").text
    pages = re.findall(
        r'href="/desk/cases/\d+/files/([\w-]+)">ダウンロード<span class="visually-hidden">\(([^)]+)', page
    )
    return {name: public_id for public_id, name in pages}


def looks(case: int) -> list[str]:
    with city_session(CITY) as session:
        return [view.name for view in views(session, case) if view.name == "case.file_viewed"]


def test_a_page_is_drawn_as_it_is_and_small_writing_larger(office: Office, case: int) -> None:
    at = f"/desk/cases/{case}/files/{addresses(office, case)['平面図.pdf']}/pages"
    wide, high = office.roads.get(f"{at}/1"), office.roads.get(f"{at}/2")
    assert (wide.mimetype, high.mimetype) == ("image/jpeg", "image/jpeg")
    assert [Image.open(io.BytesIO(answer.data)).size for answer in (wide, high)] == [(2000, 1000), (1000, 2000)]
    picture = Image.open(io.BytesIO(high.data)).convert("L")
    upper, lower = (picture.getpixel((500, y)) for y in (300, 1700))
    assert upper < 20
    assert lower > 230
    large = office.roads.get(f"{at}/1?detail=plan")
    assert Image.open(io.BytesIO(large.data)).size == (5000, 2500)
    assert [office.roads.get(f"{at}/{page}").status_code for page in (0, 4, 99)] == [404, 404, 404]


def test_what_is_shown_can_do_nothing(office: Office, case: int) -> None:
    for name in ("平面図.pdf", "現況.jpg"):
        answer = office.roads.get(f"/desk/cases/{case}/files/{addresses(office, case)[name]}/pages/1")
        assert answer.mimetype.startswith("image/")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_turning_the_pages_of_a_file_is_one_look_that_the_office_reads(office: Office, case: int) -> None:
    files = addresses(office, case)
    assert looks(case) == []
    for page in (1, 2, 3):
        office.roads.get(f"/desk/cases/{case}/files/{files['平面図.pdf']}/pages/{page}")
    assert looks(case) == ["case.file_viewed"]
    office.roads.get(f"/desk/cases/{case}/files/{files['現況.jpg']}/pages/1")
    office.second.get(f"/desk/cases/{case}/files/{files['現況.jpg']}/pages/1")
    assert len(looks(case)) == 3
    assert "書類を見ました" in office.roads.get(f"/desk/cases/{case}?tab=history").text
    with city_session(CITY) as session:
        assert all(event.name != "case.file_viewed" for event in history(session, case))


def test_the_viewer_leads_through_pages_and_files(office: Office, case: int) -> None:
    files = addresses(office, case)
    first = office.roads.get(f"/desk/cases/{case}?tab=files&file={files['平面図.pdf']}&page=2", HX_Request="true").text
    assert f'src="/desk/cases/{case}/files/{files["平面図.pdf"]}/pages/2"' in first
    assert "2 / 3 ページ" in first
    assert "前のページ" in first and "次のページ" in first
    assert "次の書類「現況.jpg」" in first
    photograph = office.roads.get(f"/desk/cases/{case}?tab=files&file={files['現況.jpg']}").text
    assert "前の書類「平面図.pdf」" in photograph and "ページ</span>" not in photograph
    for nonsense in ("0", "9", "x", "99999999"):
        shown = office.roads.get(f"/desk/cases/{case}?tab=files&file={files['平面図.pdf']}&page={nonsense}")
        assert shown.status_code == 200
        assert re.search(r"[13] / 3 ページ", shown.text)
    assert "data-viewer" not in office.roads.get(f"/desk/cases/{case}?tab=files&file=nobody").text


def test_who_may_not_download_sees_nothing_and_what_is_not_scanned_waits(office: Office, case: int) -> None:
    files = addresses(office, case)
    at = f"/desk/cases/{case}/files/{files['平面図.pdf']}/pages/1"
    assert office.citizens.get(at).status_code == 404
    accepted = inspect_upload("plan", Upload("新しい図.pdf", io.BytesIO(plan((100, 100)))))
    with city_session(CITY) as session:
        public_id = store_with_case(session, case, "plan", accepted).public_id
    assert office.roads.get(f"/desk/cases/{case}/files/{public_id}/pages/1").status_code == 409
    assert public_id not in office.roads.get(f"/desk/cases/{case}?tab=files").text


def test_what_cannot_be_drawn_says_so_and_can_be_downloaded(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = addresses(office, case)["平面図.pdf"]
    monkeypatch.setattr("portal.files.pages.open_for_staff", lambda _session, _file: b"%PDF-1.7 broken")
    page = office.roads.get(f"/desk/cases/{case}?tab=files&file={public_id}")
    assert page.status_code == 200
    assert "このファイルは、ここに表示できません。ダウンロードして開いてください。" in page.text
    assert office.roads.get(f"/desk/cases/{case}/files/{public_id}/pages/1").status_code == 404
