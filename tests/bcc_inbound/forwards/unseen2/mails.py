"""The mails that are forwarded, and the ways in which a program may write their sender."""

from collections.abc import Callable
from dataclasses import dataclass

People = tuple[tuple[str, str], ...]

_TEAM: People = (("Ana Alder", "ana@ours.example"),)
_SIDE: People = (("Ben Birch", "ben@ours.example"), ("", "omar@globex.example"))
_CROWD: People = tuple(
    (f'"Reader, No. {n}"' if n % 4 == 0 else f"Reader {n}", f"reader.{n}@ours.example")
    for n in range(16)
)

FORMS: dict[str, Callable[[str, str], str]] = {
    "usual": lambda name, address: f"{name} <{address}>" if name else address,
    "the name in quotes": lambda name, address: f'"{name.strip(chr(34))}" <{address}>',
    "the name in single quotes": lambda name, address: f"'{name}' <{address}>",
    "in square brackets": lambda name, address: f"{name} [{address}]",
    "in square brackets with mailto": lambda name, address: f"{name} [mailto:{address}]",
    "in round brackets": lambda name, address: f"{name} ({address})",
    "the name in round brackets": lambda name, address: f"{address} ({name})",
    "angles alone": lambda name, address: f"<{address}>",
    "the link behind": lambda name, address: f"{name} <{address}<mailto:{address}>>",
    "the link for the address": lambda name, address: f"{name} <mailto:{address}>",
    "no blank in front": lambda name, address: f"{name}<{address}>",
    "entities left over": lambda name, address: f"{name} &lt;{address}&gt;",
    "the address twice": lambda name, address: f"{address} <{address}>",
    "no address": lambda name, address: name,
    "two senders": lambda name, address: f"{name} <{address}>, Omar Oak <omar@globex.example>",
}
TEXT_FORMS = tuple(form for form in FORMS if form not in {"usual", "no address", "two senders"})
_ONLY_TEXT = {"the link behind", "the link for the address", "entities left over"}
HTML_FORMS = tuple(form for form in TEXT_FORMS if form not in _ONLY_TEXT)


@dataclass(frozen=True)
class Mail:
    """A mail that somebody forwards; `form` is one of `FORMS`."""

    name: str
    address: str
    subject: str = "Delivery in week 12"
    body: str = "Good morning,\n\nthe goods leave us on Friday.\n\nKind regards\nMarta"
    to: People = _TEAM
    cc: People = _SIDE
    reply_to: str = ""
    form: str = "usual"

    @property
    def sender(self) -> str:
        return FORMS[self.form](self.name, self.address)

    def people(self, which: str, joint: str = ", ") -> str:
        pairs = self.to if which == "to" else self.cc
        return joint.join(f"{name} <{address}>" if name else address for name, address in pairs)


_THREAD = (
    "Here is the whole story.\n\nMarta\n\n"
    "On Sun, 2 Mar 2025 at 18:00, Omar Oak <omar@globex.example> wrote:\n"
    "> When does it come?\n> From: nobody@else.example\n>\n> Omar\n"
)
_TABLE = (
    "Dear Ana,\n\nour new offices:\n\nFrom: 1 April\nTo: 30 September\n"
    "Subject: to change\nMail: kiosk@else.example\n\nMarta"
)
_SIGNED = (
    "See below.\n\n-- \nMarta Quill | Sales\nQuill & Sons Ltd.\nTel: +44 20 7946 0000\n"
    "Mail: office@supplier.example | Web: https://supplier.example/"
)

MAILS = (
    Mail("Marta Quill", "marta.quill@supplier.example"),
    Mail("Quill, Marta", "marta.quill@supplier.example", "Order 4711: ready?", _SIGNED, cc=()),
    Mail('"Quill, Marta (Sales)"', "sales@supplier.example", "Re: Delivery", _THREAD),
    Mail("", "billing+eu@supplier.example", "Invoice 2025-0117", "Attached.", cc=()),
    Mail("Zoë O'Neil-Ångström", "zoe.o'neil@supplier.example", "Fwd: Menü № 5", _TABLE, _CROWD),
    Mail("Marta Quill via Ticket Desk", "no-reply@desk.example", "[#88] Delivery", _SIGNED),
    Mail("Bücherei Süd", "info@bücher.example", "Rückgabe: 3 Bücher", "Bitte bis Freitag.", cc=()),
    Mail("Marta Quill", "Marta.Quill@Supplier.Example", "", "Ok.", _TEAM, _SIDE),
    Mail("Marta Quill", "m@supplier.example", "Delivery", _THREAD, _TEAM, _CROWD,
         "answers@supplier.example"),
    Mail("MARTA QUILL [Quill & Sons]", "marta@quill-and-sons.co.example", "A/B <test> & more"),
    Mail("Márta <3 Quill", "marta@supplier.example", "A very long subject that goes on and on about"
         " the delivery in week 12, the one in week 14 and all that comes after it", _SIGNED),
    Mail("=?UTF-8?Q?Mart=C3=A1_Quill?=", "marta@supplier.example", "Delivery", "Left encoded."),
)  # fmt: skip

WIDE = tuple(mail for mail in MAILS if len(mail.subject) > 76 or len(mail.to + mail.cc) > 9)

NATIVE = {
    "am": "አበበ በቀለ", "ar": "ليلى حداد", "ar-sa": "ليلى حداد", "as": "ৰীতা বৰুৱা",
    "az": "Əli Məmmədov",
    "be": "Алеся Кавальчук", "bg": "Елена Петрова", "bn": "রহিমা খাতুন",
    "bs": "Lejla Hadžić",
    "ca": "Núria Puig i Soler", "ckb": "ئازاد کەریم", "cnr": "Jelena Đurović",
    "cy": "Siân Ll. Rhys",
    "dz": "བཀྲ་ཤིས", "eo": "Ĉiela Ŝtono", "et": "Õie Jõgi", "eu": "Ane Etxeberria",
    "fa": "سارا رضایی",
    "fa-af": "احمد ظاهر", "ga": "Aoife Ní Bhriain", "gd": "Màiri NicLeòid", "gl": "Iria Seoane",
    "gu": "મીરા પટેલ", "hi": "सुनीता शर्मा", "hr": "Željka Šarić", "hy": "Անի Պետրոսյան",
    "is": "Þórdís Ægisdóttir", "ka": "ნინო ბერიძე", "kk": "Әсел Нұрланқызы", "km": "សុខា ចាន់",
    "kn": "ಲಕ್ಷ್ಮಿ ರಾವ್", "lt": "Rūta Žukauskaitė", "lv": "Līga Bērziņa", "mk": "Ѓорѓи Ќосев",
    "ml": "ലീല മേനോൻ", "mn": "Бат-Эрдэнэ Дорж", "mr": "मीना जोशी", "ms": "Nur Aisyah binti Ali",
    "ne": "सीता थापा", "or": "ମୀନା ଦାସ", "pa": "ਹਰਪ੍ਰੀਤ ਕੌਰ", "ps": "ملاله خان", "si": "නිමාලි පෙරේරා",
    "sl": "Špela Žagar", "sq": "Çlirim Gjoka", "sr": "Љиљана Ђорђевић", "ta": "மீனா குமார்",
    "te": "లక్ష్మి రెడ్డి", "th": "สมหญิง ใจดี", "ti": "ሰላም ተስፋይ", "ug": "ئايگۈل ئابلىز",
    "uk": "Оксана Ґудзь", "ur": "فاطمہ بیگم", "uz": "Gʻulnora Oʻktamova", "vi": "Đặng Thị Hương",
}  # fmt: skip


def native(code: str) -> Mail:
    """A mail whose sender has a name of the language."""
    name = NATIVE.get(code, "Marta Quill")
    return Mail(name, "marta@supplier.example", f"{name} — 3/2025")
