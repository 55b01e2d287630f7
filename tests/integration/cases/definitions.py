"""Two small procedures that these tests own: a permit with a drawn area and a fee at approval, a registration paid at once."""

PERMIT = """
procedure: test-permit
kind: permit
title: {ja: 試験用の占用許可}
department: road-management
standard_days: 5
steps:
  - id: who
    title: {ja: 申請する方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: account, type: text, label: {ja: 秘密の番号}, required: false, sensitive: true}
  - id: where
    title: {ja: 場所}
    fields:
      - {id: period, type: date_range, label: {ja: 期間}}
      - id: area
        type: polygon
        label: {ja: 範囲}
        rules:
          - clear_of: {procedure: test-permit, states: [approved], during: period}
fee:
  - label: {ja: 占用料}
    amount: 100 * ceil(area.area_m2) * period.months
    when: approved
    explain: {ja: "{ceil(area.area_m2)} m² × 100円 × {period.months}か月"}
workflow: {preset: permit}
"""

REGISTRATION = """
procedure: test-registration
kind: notification
title: {ja: 試験用の登録}
department: environment
standard_days: 3
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
fee:
  - {id: registration, label: {ja: 登録手数料, en: Registration}, amount: "3000", explain: {ja: 1件, en: one}}
  - {label: {ja: 注射済票}, amount: "550"}
workflow: {preset: notification}
"""


COPIES = """
procedure: test-copies
kind: notification
title: {ja: 試験用の証明書}
department: environment
standard_days: 3
steps:
  - id: who
    title: {ja: 届け出る方}
    fields:
      - {id: name, type: person_name, item: person.name}
      - {id: copies, type: integer, label: {ja: 通数}, min: 1, max: 10}
      - {id: exempt, type: yes_no, label: {ja: 免除}}
fee:
  - {id: copies, label: {ja: 証明書, en: Certificates}, amount: 500 * copies, applies_when: "!exempt", explain: {ja: "500円 × {copies}通"}}
workflow: {preset: notification}
"""


def rectangle(lon: float, lat: float, east_m: float = 10, north_m: float = 5) -> dict[str, object]:
    """A drawn rectangle of about those metres, near 立川."""
    dx, dy = east_m / 90_500, north_m / 110_950
    ring = [[lon, lat], [lon + dx, lat], [lon + dx, lat + dy], [lon, lat + dy], [lon, lat]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "source": "drawn"}
