"""What clerks call the settings of people, their addresses and money, and the codes that stand in them."""

from collections.abc import Mapping
from typing import Final

#: Settings of fees, their reductions and totals, and of questions about people.
PEOPLE_SETTINGS: Final[Mapping[str, str]] = {
    "minimum": "下限額",
    "maximum": "上限額",
    "round_to": "端数の単位",
    "reduction": "減免",
    "rate": "減らす割合",
    "proof": "確かめる書類の質問",
    "decided_by": "決める役割",
    "surveyed": "実測",
    "estimate": "見込み",
    "most": "値の上限",
    "measured_by": "測る役割",
    "advance": "見込みの額を先に払うか",
    "deposit": "返す保証金か",
    "returned_in": "保証金を返す状態",
    "schedule": "払う回と期限",
    "methods": "オンラインの支払い方法",
    "every": "払う間隔",
    "instalments": "分割の回数",
    "periods": "期の数",
    "due": "納期限",
    "day": "月の何日か",
    "fee_total": "手数料の合計",
    "kinds": "選べる種類",
    "corporate_number": "法人番号をきくか",
    "birthday": "生年月日をきくか",
    "email": "メールアドレスをきくか",
    "format": "番号の種類",
    "abroad": "海外の住所",
    "in_city": "市の中の住所か",
    "in_city_message": "市の中・外が合わないときの文",
    "consents": "ほかの人の同意",
    "payout": "市が払うお金",
    "account": "振込先の質問",
    "budget": "予算",
    "total": "総額",
    "per": "期間",
    "second_person_above": "2人目の確認が要る額",
}
_DEMANDS: Final = {"required": "必ずきく", "optional": "任意できく", "none": "きかない"}
PEOPLE_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "kinds": {
        "person": "個人",
        "organization": "法人・団体",
        "self": "本人",
        "statutory": "法定代理人",
        "voluntary": "任意代理人",
    },
    "methods": {"card": "クレジットカード", "konbini": "コンビニ", "paypay": "PayPay", "bank_transfer": "銀行振込"},
    **dict.fromkeys(("corporate_number", "birthday", "email"), _DEMANDS),
    "format": {
        "corporate_number": "法人番号",
        "invoice_number": "インボイス登録番号",
        "insurer_number": "保険者番号",
        "pension_number": "基礎年金番号",
        "employment_insurance_number": "雇用保険被保険者番号",
        "microchip": "マイクロチップの番号",
    },
    "every": {"month": "1か月", "quarter": "3か月", "half_year": "半年", "year": "1年", "fiscal_year": "年度"},
    "per": {"fiscal_year": "年度ごと", "all_years": "すべての年度で"},
    "before": {"submission": "受付の前", "approval": "許可の前"},
}
