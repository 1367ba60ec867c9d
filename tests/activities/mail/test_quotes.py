"""Only a trailing quote is folded, in any language, and nothing is lost."""

import pytest

from activities.mail.mime import parse
from activities.mail.quotes import html_quote_at, is_attribution, text_quote_at
from tests.activities.mail.samples import sample

ATTRIBUTIONS = [
    "On Tue, Jun 3, 2025 at 2:40 PM Jane Doe <jane@example.com> wrote:",
    "Am 03.06.25 um 14:40 schrieb Jane Doe:",
    "Jane Doe <jane@example.com> schrieb am Di., 3. Juni 2025, 14:40:",
    "Le mar. 3 juin 2025 à 14:40, Jane Doe <jane@example.com> a écrit :",
    "El mar, 3 jun 2025 a las 14:40, Jane Doe (<jane@example.com>) escribió:",
    "Il giorno mar 3 giu 2025 alle ore 14:40 Jane Doe <jane@example.com> ha scritto:",
    "Em ter., 3 de jun. de 2025 às 14:40, Jane Doe <jane@example.com> escreveu:",
    "Op di 3 jun 2025 om 14:40 schreef Jane Doe <jane@example.com>:",
    "Den tis 3 juni 2025 kl 14:40 skrev Jane Doe <jane@example.com>:",
    "tir. 3. jun. 2025 kl. 14:40 skrev Jane Doe <jane@example.com>:",
    "ti 3. kesäk. 2025 klo 14.40 Jane Doe (jane@example.com) kirjoitti:",
    "wt., 3 cze 2025 o 14:40 Jane Doe <jane@example.com> napisał(a):",
    "вт, 3 июн. 2025 г. в 14:40, Jane Doe <jane@example.com>:",
    "3 июня 2025 г. 14:40 пользователь Jane Doe написал:",
    "вт, 3 черв. 2025 р. о 14:40 Jane Doe <jane@example.com> пише:",
    "Dne 3. 6. 2025 v 14:40 Jane Doe napsal(a):",
    "Jane Doe <jane@example.com> ezt írta (időpont: 2025. jún. 3., K, 14:40):",
    "3 Haz 2025 Sal, 14:40 tarihinde Jane Doe <jane@example.com> şunu yazdı:",
    "Στις Τρί 3 Ιουν 2025 στις 2:40 μ.μ., ο χρήστης Jane Doe έγραψε:",
    "În mar., 3 iun. 2025 la 14:40, Jane Doe <jane@example.com> a scris:",
    "Jane Doe <jane@example.com> 于2025年6月3日周二 14:40写道：",
    "2025年6月3日(火) 14:40 Jane Doe <jane@example.com>:",
    "2025년 6월 3일 (화) 오후 2:40, Jane Doe <jane@example.com>님이 작성:",
    "في الثلاثاء، 3 يونيو 2025 في 2:40 م Jane Doe <jane@example.com> كتب:",
    "‫בתאריך יום ג׳, 3 ביוני 2025 ב-14:40 מאת Jane Doe <jane@example.com>:",
    "Vào Th 3, 3 thg 6, 2025 vào lúc 14:40 Jane Doe <jane@example.com> đã viết:",
    "ในวันที่ อ. 3 มิ.ย. 2025 เวลา 14:40 Jane Doe <jane@example.com> เขียนว่า:",
    "Pada tanggal Sel, 3 Jun 2025 pukul 14.40 Jane Doe <jane@example.com> menulis:",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_attribution_is_known_in_its_language(line: str) -> None:
    text = f"Fine.\n\n{line}\n> Could we meet?\n"
    assert text_quote_at(text) == len("Fine.\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "Please bring the following:",
        "We met in 2025 and agreed on this:",
        "He wrote:",
        "jane@example.com",
        "On 3 June 2025 Jane wrote a letter.",
        "",
    ],
)
def test_a_sentence_is_no_attribution(line: str) -> None:
    assert not is_attribution(line)


BLOCKS = [
    "From: Jane <j@example.com>\nSent: Tuesday\nTo: Bob\nSubject: Hall",
    "Von: Jane\nGesendet: Dienstag, 3. Juni 2025 14:40\nAn: Bob\nBetreff: Halle",
    "De : Jane\nEnvoyé : mardi 3 juin 2025 14:40\nÀ : Bob\nObjet : Halle",
    "De: Jane\nEnviado el: martes\nPara: Bob\nAsunto: Nave",
    "Da: Jane\nInviato: martedì\nA: Bob\nOggetto: Capannone",
    "Van: Jane\nVerzonden: dinsdag\nAan: Bob\nOnderwerp: Hal",
    "Från: Jane\nSkickat: den 3 juni\nTill: Bob\nÄmne: Hall",
    "Fra: Jane\nSendt: 3. juni\nTil: Bob\nEmne: Hall",
    "Od: Jane\nWysłano: wtorek\nDo: Bob\nTemat: Hala",
    "От: Jane\nОтправлено: вторник\nКому: Bob\nТема: Цех",
    "Kimden: Jane\nGönderildi: Salı\nKime: Bob\nKonu: Hal",
    "发件人: Jane\n发送时间: 2025年6月3日\n收件人: Bob\n主题: 大厅",
    "差出人: Jane\n送信日時: 2025年6月3日\n宛先: Bob\n件名: ホール",
    "보낸 사람: Jane\n보낸 날짜: 2025\n받는 사람: Bob\n제목: 홀",
    "*From:* Jane <j@example.com>\n*Sent:* Tuesday\n*To:* Bob\n*Subject:* Hall",
    "-----Original Message-----\nFrom: Jane",
    "-----Ursprüngliche Nachricht-----\nVon: Jane",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_header_fields_begins_a_quote(block: str) -> None:
    text = f"We agree.\n\n{block}\n\nDear Bob,\nhere it is.\n"
    assert text_quote_at(text) == len("We agree.\n\n")


OPEN = {
    "an answer between two quotes": "> Who?\n\nI do.\n\n> When?\n\nOn Friday.\n",
    "a mail that is all quote": "On 3 Jun 2025 at 14:40, Jane wrote:\n> Who?\n",
    "a plain mail": "Hello,\n\nsee you on Friday.\n",
    "a forward": "FYI\n\n---------- Forwarded message ---------\nFrom: J\nDate: x\nSubject: y\n",
    "a hint at answers inside": "Answers are inline.\n\nOn 3 Jun 2025 Jane wrote:\n> Who? I do.\n",
    "a list of facts": "From: noon\nPlace: hall\nThings: many\n",
    "arrows in the middle": "Look:\n> x > y\nis true.\n",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_everything_stays_open_in(text: str) -> None:
    assert text_quote_at(text) is None


def test_the_last_quote_alone_is_folded_below_an_inline_answer() -> None:
    text = "> Who?\n\nI do.\n\n> And the rest of the old mail.\n"
    assert text_quote_at(text) == text.index("> And")


@pytest.mark.parametrize("subject", ["Fwd: x", "WG: x", "TR : x", "RV: x", "转发：x"])
def test_a_forward_by_its_subject_is_never_folded(subject: str) -> None:
    assert text_quote_at("See this.\n\nOn 3 Jun 2025 Jane wrote:\n> x\n", subject) is None
    assert html_quote_at("<p>See this.</p><blockquote>x</blockquote>", subject) is None


FOLDED = [
    "apple_mail_reply_with_pdf",
    "arabic_right_to_left",
    "chinese_qq_gb18030",
    "gmail_web_reply",
    "gmx_web_umlauts",
    "outlook_desktop_reply",
    "outlook_mac_reply_dutch",
    "outlook_web_reply_german",
    "proton_reply",
    "thunderbird_html_french",
    "yahoo_reply_spanish",
    "zoho_reply",
]


@pytest.mark.parametrize("name", FOLDED)
def test_the_html_of_a_common_program_is_folded_above_its_quote(name: str) -> None:
    body = parse(sample(name))[1]
    assert body.html_quote_at
    own = body.html[: body.html_quote_at]
    for mark in ("<blockquote", "wrote", "schrieb", "Von:", "From:", "Gesendet", "escribi", "原始"):
        assert mark not in own


@pytest.mark.parametrize("name", ["gmail_inline_reply", "gmail_forward", "newsletter_designed"])
def test_html_without_a_trailing_quote_stays_whole(name: str) -> None:
    body = parse(sample(name))[1]
    assert (body.html_quote_at, body.text_quote_at) == (None, None)


def test_an_answer_below_the_quote_keeps_the_quote_open() -> None:
    assert html_quote_at("<div>Hi</div><blockquote>old</blockquote><div>my answer</div>") is None


def test_the_snippet_is_what_the_writer_added() -> None:
    assert parse(sample("outlook_desktop_reply"))[1].snippet == (
        "Jane, the price is fine. We order on Monday. Bob Miller Acme Ltd"
    )
