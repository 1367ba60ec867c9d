"""The mails that the unseen third forwards."""

from tests.bcc_inbound.forwards.shapes import Sample

_TEAM = (("Ana Alder", "ana@ours.example"),)
_SIDE = (("Ben Birch", "ben@ours.example"), ("", "omar@globex.example"))
_CROWD = tuple(
    (f'"Reader, No. {n}"' if n % 3 == 0 else f"Reader {n}", f"reader.{n}@ours.example")
    for n in range(14)
)
_CHAIN = (
    "Here is what I told him.\n\nMarta\n\n"
    "On Sun, 2 Mar 2025 at 18:00, Omar <omar@globex.example> wrote:\n"
    "> Is the list out?\n> From: nobody@else.example\n\n"
    "From: Omar <omar@globex.example>\nSent: Saturday, 1 March 2025 09:00\n"
    "To: Marta Quill <marta.quill@supplier.example>\nSubject: Price list\n\nAny news?"
)

MAILS = (
    Sample("Marta Quill", "marta.quill@supplier.example", "Quarterly price list", "See below.",
           _TEAM, _SIDE),
    Sample('"Quill, Marta (Sales)"', "sales@supplier.example", "Order 17: ready?", "Yes.\n\nM.",
           _TEAM, ()),
    Sample("Quill, Marta", "marta.quill@supplier.example", "Contract", "As agreed.", _TEAM, _SIDE),
    Sample("Bücherei Süd", "info@bücher.example", "Mahnung", "Bitte zahlen.", _TEAM, ()),
    Sample("", "Billing+EU@Supplier.Example", "Invoice 2025-117", "Attached.", _TEAM, _SIDE),
    Sample("Đặng Thị Hương", "huong@supplier.example", "Báo giá / ใบเสนอราคา", "Hi,\n\nas agreed.",
           _CROWD, _SIDE),
    Sample("Marta Quill", "marta.quill@supplier.example", "Re: Price list", _CHAIN, _TEAM, _SIDE),
    Sample("marta@supplier.example", "marta@supplier.example",
           "Re: Notice from: kiosk@else.example", "To: be or not\n\nYours\nMarta", _TEAM, ()),
)  # fmt: skip
