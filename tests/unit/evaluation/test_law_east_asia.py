"""One lawful mail to each country of East Asia, and what each law says when something is wrong
with it. All senders are invented."""

from __future__ import annotations

import pytest
from evaluation_samples import CN_BODY
from law_samples import severities, takes_address, without

from contracts.verdict import Severity

HK = """陳先生：

許多工廠要到軸承發出異響，才知道它已經磨損。振動監測可以早幾星期看到變化，維修便能安排在停機期間。

不知下星期可否通個電話？

何詠琳

本郵件為宣傳郵件，由澄灣儀器有限公司發出。
香港九龍觀塘鴻圖道57號南灣中心18樓1805室
電話：+852 3550 1200，電郵：info@chingwan.example
您收到這封電郵，是因為您曾在展覽會上同意接收我們的資訊。
您有權隨時拒絕我們使用您的資料作推廣。
私隱政策：https://chingwan.example/privacy
如不希望再收到此類電郵，請按此取消訂閱：https://chingwan.example/u/abc123
To stop receiving these emails, unsubscribe here: https://chingwan.example/u/abc123
"""

TW = """林經理您好：

不少工廠等到軸承有異音，才發現已經磨損。振動量測可以提早幾週看出變化，檢修就能排進停機時段。

下週方便通個電話嗎？

許若晴

本信為廣告郵件，由澄嵐儀器股份有限公司寄發。
104 台北市中山區南京東路三段168號5樓
電話：02-5550-1200，信箱：service@chenglan.example
您收到這封信，是因為您曾同意接收我們的訊息。
隱私權政策：https://chenglan.example/privacy
若不想再收到此類郵件，請點此取消訂閱：https://chenglan.example/u/abc123
"""

SG = """Hi Mei Ling,

plants in your trade often find a worn bearing only when it gets loud. A vibration reading shows it
weeks earlier, and the repair fits into a planned stop.

Would a short call next week be useful?

Jo Reed

Harbour Gauge Pte. Ltd., 71 Lime Tree Crescent, #03-15, Singapore 139951
Tel +65 6555 0120, hello@harbourgauge.example
Privacy policy: https://harbourgauge.example/privacy
To unsubscribe, write to stop@harbourgauge.example or go to https://harbourgauge.example/u/abc123
"""

JP = """佐々木様

軸受の摩耗は、音が大きくなってから気づかれることが少なくありません。
振動を測れば数週間前に変化が分かり、修理を計画停止に合わせられます。

来週、短いお電話のお時間をいただけますでしょうか。

森川 由紀

本メールは広告・宣伝のメールです。
株式会社ペーゲル計測
〒460-0008 愛知県名古屋市中区栄3丁目4番5号
お問い合わせ先：052-555-0120、info@pegel.example
このメールは、配信にご同意いただいた方にお送りしています。
プライバシーポリシー：https://pegel.example/privacy
今後の配信停止をご希望の場合は、こちらからお手続きください：https://pegel.example/u/abc123
"""

KR = """안녕하세요, 김 부장님.

베어링 마모는 소리가 커진 뒤에야 알게 되는 경우가 많습니다.
진동을 측정하면 몇 주 먼저 변화를 볼 수 있고,
수리를 계획된 정지 시간에 맞출 수 있습니다.

다음 주에 잠시 통화가 가능하실까요?

한서윤 드림

주식회사 페겔계측 | 대표이사: 한서윤 | 사업자등록번호: 123-45-67890
경기도 성남시 분당구 판교로 255, 4층
전화 031-5555-0120, 이메일 info@pegel.example
이 메일은 수신에 동의하신 분께 보내 드립니다.
개인정보 처리방침: https://pegel.example/privacy
수신을 원하지 않으시면 수신거부를 눌러 주십시오: https://pegel.example/u/abc123
처리 결과는 14일 이내에 알려 드립니다.
If you do not wish to receive these emails, unsubscribe here: https://pegel.example/u/abc123
"""

MAILS = {
    "CN": ("zh-Hans", "广告 更早发现轴承磨损", CN_BODY),
    "HK": ("zh-Hant", "更早發現軸承磨損", HK),
    "TW": ("zh-Hant", "更早發現軸承磨損", TW),
    "SG": ("en", "<ADV> Finding worn bearings earlier", SG),
    "JP": ("ja", "軸受の摩耗を早く見つける方法", JP),
    "KR": ("ko", "(광고) 베어링 마모를 더 일찍 발견하는 방법", KR),
}


def found(country: str, subject: str, body: str) -> dict[str, Severity]:
    return severities(country, MAILS[country][0], subject, body)


@pytest.mark.parametrize("country", MAILS)
def test_a_lawful_mail_has_no_finding(country: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, body) == {}


@pytest.mark.parametrize(
    ("country", "subject", "rule"),
    [
        ("CN", "更早发现轴承磨损（广告）", "cn.subject_label"),
        ("CN", "广告 您的订单已确认", "cn.pretence"),
        ("HK", "您的帳戶已被鎖定", "hk.pretence"),
        ("SG", "Finding worn bearings earlier", "sg.subject_label"),
        ("SG", "<ADV>Finding worn bearings earlier", "sg.subject_label"),
        ("SG", "ADV Finding worn bearings earlier", "sg.subject_label"),
        ("SG", "<ADV> Invoice no. 20931", "sg.pretence"),
        ("KR", "[광고] 베어링 마모", "kr.subject_label"),
        ("KR", "(광 고) 베어링 마모", "kr.subject_label"),
        ("KR", "베어링 마모 (광고)", "kr.subject_label"),
    ],
)
def test_subjects_that_block(country: str, subject: str, rule: str) -> None:
    assert found(country, subject, MAILS[country][2])[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("country", "subject", "rule"),
    [
        # Without headers nobody can tell that there was no earlier mail.
        ("CN", "广告 回复：更早发现轴承磨损", "cn.fake_reply"),
        ("HK", "回覆：軸承磨損", "hk.fake_reply"),
        ("SG", "<ADV> Re: our meeting", "sg.fake_reply"),
        ("JP", "ご請求書送付のご案内", "jp.pretence"),
        ("JP", "【緊急】本日限りのご案内", "jp.urgent_subject"),
        ("JP", "未承諾広告※ 軸受の摩耗", "jp.old_label"),
        ("KR", "(광고) 귀하의 계정이 정지됩니다", "kr.pretence"),
        ("TW", "您的帳戶已被鎖定", "tw.pretence"),
    ],
)
def test_subjects_that_warn(country: str, subject: str, rule: str) -> None:
    assert found(country, subject, MAILS[country][2])[rule] is Severity.WARN


@pytest.mark.parametrize(
    ("country", "words", "rule"),
    [
        ("CN", ("有限公司",), "cn.legal_name"),
        ("CN", ("退订",), "cn.unsubscribe"),
        ("HK", ("有限公司",), "hk.legal_name"),
        ("HK", ("鴻圖道",), "hk.postal_address"),
        ("HK", ("unsubscribe",), "hk.two_languages"),
        ("HK", ("取消訂閱",), "hk.two_languages"),
        ("HK", ("電話：",), "hk.contact"),
        ("TW", ("股份有限公司",), "tw.legal_name"),
        ("TW", ("取消訂閱",), "tw.unsubscribe"),
        ("SG", ("unsubscribe",), "sg.in_english"),
        ("SG", ("hello@", "stop@"), "sg.refusal_address"),
        ("JP", ("株式会社",), "jp.legal_name"),
        ("JP", ("配信停止",), "jp.unsubscribe"),
        ("KR", ("판교로",), "kr.postal_address"),
        ("KR", ("unsubscribe",), "kr.two_languages"),
        ("KR", ("수신거부",), "kr.two_languages"),
        ("KR", ("전화 031",), "kr.phone"),
    ],
)
def test_what_is_left_out_blocks(country: str, words: tuple[str, ...], rule: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, without(body, *words))[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("words", "rule"), [(("愛知県",), "jp.postal_address"), (("お問い",), "jp.complaint_contact")]
)
def test_japan_lets_a_linked_page_say_it(words: tuple[str, ...], rule: str) -> None:
    _, subject, body = MAILS["JP"]
    assert found("JP", subject, without(body, *words))[rule] is Severity.WARN


def test_hong_kong_takes_no_box() -> None:
    body = HK.replace("香港九龍觀塘鴻圖道57號南灣中心18樓1805室", "香港郵政信箱 1205 號")
    assert found("HK", "軸承", body)["hk.postal_address"] is Severity.BLOCK


def test_the_label_of_singapore_falls_with_consent() -> None:
    body = SG + "You are receiving this because you agreed to receive our emails.\n"
    assert "sg.subject_label" not in found("SG", "Finding worn bearings earlier", body)


@pytest.mark.parametrize(
    ("country", "line", "rule"),
    [
        ("CN", "退订链接3天内有效。", "cn.unsubscribe_terms"),
        ("CN", "退订申请将在10个工作日内处理完成。", "cn.unsubscribe_terms"),
        ("CN", "退订前请先登录账户并输入密码。", "cn.easy_refusal"),
        ("HK", "取消訂閱須支付手續費20元。", "hk.unsubscribe_terms"),
        ("HK", "取消訂閱連結7天內有效。", "hk.unsubscribe_terms"),
        ("TW", "取消訂閱申請將於30天內生效。", "tw.unsubscribe_terms"),
        (
            "SG",
            "Your unsubscribe request takes effect within 15 business days.",
            "sg.unsubscribe_terms",
        ),
        ("SG", "Unsubscribing costs a fee of S$5.", "sg.unsubscribe_terms"),
        ("JP", "配信停止の反映までに10営業日かかります。", "jp.unsubscribe_terms"),
        ("KR", "수신거부는 로그인 후 가능합니다.", "kr.unsubscribe_terms"),
        ("KR", "수신거부 시 수수료 1000원이 부과됩니다.", "kr.unsubscribe_terms"),
        ("KR", "수신거부 요청은 10영업일 이내에 처리됩니다.", "kr.unsubscribe_time"),
    ],
)
def test_a_refusal_made_hard(country: str, line: str, rule: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, body + line + "\n")[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("country", "line"),
    [
        ("CN", "退订完全免费，无需登录，立即生效，退订链接90天内有效。"),
        ("HK", "取消訂閱費用全免，毋須登入，10個工作天內處理。"),
        ("SG", "Unsubscribing is free and takes effect within 10 business days."),
        ("JP", "配信停止は無料で、ログインは不要です。"),
        ("KR", "수신거부는 무료이며 로그인 없이 가능합니다."),
    ],
)
def test_a_refusal_made_easy(country: str, line: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, body + line + "\n") == {}


@pytest.mark.parametrize(
    "text",
    [
        "No. 88 Jianshe Road, Chaoyang District, Beijing 100022, China",
        "上海市浦东新区世纪大道100号12楼",
        "广东省深圳市南山区科技园南区科苑路15号",
        "Unit 1805, 18/F, South Bay Centre, 57 Hung To Road, Kwun Tong, Kowloon, Hong Kong",
        "5F., No. 168, Sec. 3, Nanjing E. Rd., Zhongshan Dist., Taipei City 104, Taiwan",
        "新北市中和區建康路188號5樓",
        "Blk 123 Bukit Tree Lane 1 #05-10, Singapore 150123",
        "One Lime Quay, Level 20, Singapore 048583",
        "東京都千代田区丸の内1-2-3 ペーゲルビル5階",
        "3-4-5 Sakae, Naka-ku, Nagoya 460-0008, Japan",
        "서울특별시 강남구 테헤란로 152, 10층",
        "152 Teheran-ro, Gangnam-gu, Seoul 06236, Korea",
    ],
)
def test_addresses(text: str) -> None:
    assert takes_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "上海市浦东新区 200120 电话 021-5550-1200",
        "香港九龍觀塘",
        "台北市中山區 104",
        "Singapore 139951",
        "Harbour Gauge Pte. Ltd., Singapore 139951",
        "〒460-0008 愛知県名古屋市中区",
        "東京都千代田区 電話 03-5555-0120",
        "国内市場は10-20%伸びました。",
        "서울특별시 강남구 06236",
        "Seoul 06236, Korea",
    ],
)
def test_no_addresses(text: str) -> None:
    assert not takes_address(text)
