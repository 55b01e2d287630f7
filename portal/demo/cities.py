"""The three demo cities: public facts of 立川市, 三鷹市 and 日野市, with departments named as their counters are."""

from portal.core.config import settings
from portal.core.tenancy import City

PLANE_IX = 6677
"""JGD2011 / 平面直角座標系 IX系, in which Tokyo measures."""


def demo_cities() -> list[City]:
    """The cities, on hosts below the installation's own."""
    host = settings().base_hostname
    return [
        City(
            "tachikawa", "立川市", "タチカワシ", "Tachikawa", "132021", "立", f"tachikawa.{host}", "blue",
            "190-8666", "立川市泉町1156番地の9", "042-523-2111", (139.4137, 35.6985), PLANE_IX,
        ),
        City(
            "mitaka", "三鷹市", "ミタカシ", "Mitaka", "132047", "三", f"mitaka.{host}", "green",
            "181-8555", "三鷹市野崎一丁目1番1号", "0422-45-1151", (139.5603, 35.7005), PLANE_IX,
        ),
        City(
            "hino", "日野市", "ヒノシ", "Hino", "132128", "日", f"hino.{host}", "cyan",
            "191-8686", "日野市神明一丁目12番地の1", "042-585-1111", (139.3982, 35.6810), PLANE_IX,
        ),
    ]  # fmt: skip


DEPARTMENTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "road-management": {
        "tachikawa": ("道路課", "Road Division", "2階"),
        "mitaka": ("道路管理課", "Road Management Division", "5階"),
        "hino": ("道路課", "Road Division", "3階"),
    },
    "environment": {
        "tachikawa": ("環境対策課", "Environment Division", "2階"),
        "mitaka": ("環境政策課", "Environmental Policy Division", "第二庁舎"),
        "hino": ("環境保全課", "Environment Conservation Division", "3階"),
    },
    "waste": {
        "tachikawa": ("ごみ対策課", "Waste Division", "クリーンセンター"),
        "mitaka": ("ごみ対策課", "Waste Division", "第二庁舎"),
        "hino": ("ごみゼロ推進課", "Zero Waste Division", "クリーンセンター"),
    },
    "citizens": {
        "tachikawa": ("市民課", "Citizens Division", "1階 7番窓口"),
        "mitaka": ("市民課", "Citizens Division", "1階"),
        "hino": ("市民窓口課", "Citizens Counter Division", "1階"),
    },
    "child-support": {
        "tachikawa": ("子育て推進課", "Child Support Division", "1階"),
        "mitaka": ("子ども育成課", "Child Development Division", "4階"),
        "hino": ("子育て課", "Child Division", "2階"),
    },
    "disaster": {
        "tachikawa": ("防災課", "Disaster Prevention Division", "3階"),
        "mitaka": ("防災課", "Disaster Prevention Division", "防災センター"),
        "hino": ("防災安全課", "Disaster Safety Division", "2階"),
    },
    "insurance": {
        "tachikawa": ("保険年金課", "Insurance and Pension Division", "1階"),
        "mitaka": ("保険課", "Insurance Division", "1階"),
        "hino": ("保険年金課", "Insurance and Pension Division", "2階"),
    },
    "elderly-care": {
        "tachikawa": ("介護保険課", "Long-term Care Division", "1階"),
        "mitaka": ("介護保険課", "Long-term Care Division", "1階"),
        "hino": ("介護保険課", "Long-term Care Division", "2階"),
    },
    "tax": {
        "tachikawa": ("課税課", "Taxation Division", "1階"),
        "mitaka": ("市民税課", "Citizens' Tax Division", "2階"),
        "hino": ("市民税課", "Citizens' Tax Division", "2階"),
    },
    "education": {
        "tachikawa": ("学務課", "School Affairs Division", "2階"),
        "mitaka": ("学務課", "School Affairs Division", "教育センター"),
        "hino": ("学校課", "Schools Division", "5階"),
    },
    "welfare": {
        "tachikawa": ("福祉総務課", "Welfare Division", "1階"),
        "mitaka": ("地域福祉課", "Community Welfare Division", "1階"),
        "hino": ("福祉政策課", "Welfare Policy Division", "2階"),
    },
    "housing": {
        "tachikawa": ("住宅課", "Housing Division", "2階"),
        "mitaka": ("都市計画課", "City Planning Division", "5階"),
        "hino": ("都市計画課", "City Planning Division", "3階"),
    },
    "childcare": {
        "tachikawa": ("保育課", "Nursery Division", "1階"),
        "mitaka": ("保育支援課", "Nursery Support Division", "4階"),
        "hino": ("保育課", "Nursery Division", "2階"),
    },
}
"""Departments by key; for each city: name, English name, where the counter is."""

OTHER_NAMES = {
    "ごみゼロ推進課": {"ja-easy": "ごみゼロ推進課(すいしんか)", "zh": "垃圾零排放推进课", "ko": "쓰레기제로추진과"},
    "ごみ対策課": {"ja-easy": "ごみ対策課(たいさくか)", "zh": "垃圾对策课", "ko": "쓰레기대책과"},
    "子ども育成課": {"ja-easy": "子(こ)ども育成課(いくせいか)", "zh": "儿童培育课", "ko": "어린이육성과"},
    "子育て推進課": {"ja-easy": "子育(こそだ)て推進課(すいしんか)", "zh": "育儿推进课", "ko": "육아추진과"},
    "子育て課": {"ja-easy": "子育(こそだ)て課(か)", "zh": "育儿课", "ko": "육아과"},
    "市民窓口課": {"ja-easy": "市民窓口課(しみんまどぐちか)", "zh": "市民窗口课", "ko": "시민창구과"},
    "市民課": {"ja-easy": "市民課(しみんか)", "zh": "市民课", "ko": "시민과"},
    "環境保全課": {"ja-easy": "環境保全課(かんきょうほぜんか)", "zh": "环境保护课", "ko": "환경보전과"},
    "環境対策課": {"ja-easy": "環境対策課(かんきょうたいさくか)", "zh": "环境对策课", "ko": "환경대책과"},
    "環境政策課": {"ja-easy": "環境政策課(かんきょうせいさくか)", "zh": "环境政策课", "ko": "환경정책과"},
    "道路管理課": {"ja-easy": "道路管理課(どうろかんりか)", "zh": "道路管理课", "ko": "도로관리과"},
    "道路課": {"ja-easy": "道路課(どうろか)", "zh": "道路课", "ko": "도로과"},
    "防災安全課": {"ja-easy": "防災安全課(ぼうさいあんぜんか)", "zh": "防灾安全课", "ko": "방재안전과"},
    "介護保険課": {"ja-easy": "介護保険課(かいごほけんか)", "zh": "介护保险课", "ko": "개호보험과"},
    "住宅課": {"ja-easy": "住宅課(じゅうたくか)", "zh": "住宅课", "ko": "주택과"},
    "保育支援課": {"ja-easy": "保育支援課(ほいくしえんか)", "zh": "保育支援课", "ko": "보육지원과"},
    "保育課": {"ja-easy": "保育課(ほいくか)", "zh": "保育课", "ko": "보육과"},
    "保険年金課": {"ja-easy": "保険年金課(ほけんねんきんか)", "zh": "保险年金课", "ko": "보험연금과"},
    "保険課": {"ja-easy": "保険課(ほけんか)", "zh": "保险课", "ko": "보험과"},
    "地域福祉課": {"ja-easy": "地域福祉課(ちいきふくしか)", "zh": "地域福祉课", "ko": "지역복지과"},
    "学務課": {"ja-easy": "学務課(がくむか)", "zh": "学务课", "ko": "학무과"},
    "学校課": {"ja-easy": "学校課(がっこうか)", "zh": "学校课", "ko": "학교과"},
    "市民税課": {"ja-easy": "市民税課(しみんぜいか)", "zh": "市民税课", "ko": "시민세과"},
    "福祉政策課": {"ja-easy": "福祉政策課(ふくしせいさくか)", "zh": "福祉政策课", "ko": "복지정책과"},
    "福祉総務課": {"ja-easy": "福祉総務課(ふくしそうむか)", "zh": "福祉总务课", "ko": "복지총무과"},
    "課税課": {"ja-easy": "課税課(かぜいか)", "zh": "课税课", "ko": "과세과"},
    "都市計画課": {"ja-easy": "都市計画課(としけいかくか)", "zh": "城市规划课", "ko": "도시계획과"},
    "防災課": {"ja-easy": "防災課(ぼうさいか)", "zh": "防灾课", "ko": "방재과"},
}
"""The name of a department in further languages, by its Japanese name."""
