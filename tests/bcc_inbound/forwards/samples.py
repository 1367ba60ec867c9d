"""The mails that are forwarded."""

from tests.bcc_inbound.forwards.shapes import Sample

SAMPLES = (
    Sample("Jane Client", "jane@client.example"),
    Sample("", "jane.client+orders@client.example", subject="Re: Bestellung Nr. 4711"),
    Sample("Zoë Müller-O'Neil", "zoe.o'neil@client.example", subject="Fwd: Ångström: 50 %"),
    Sample("Pat O'Brien (Client Ltd.)", "pat@mail.client.example", subject="", body="Ok."),
    Sample("山田 太郎", "taro@client.example", subject="お見積り", cc=()),
    Sample(
        "Jane Client",
        "jane@client.example",
        subject="A long subject that goes on and on about the terms of the renewal of the lease",
        body=(
            "Hello,\n\nOn Mon, 3 Mar 2025 at 09:00, Omar <omar@globex.example> wrote:\n"
            "> From: nobody@else.example\n> is only text\n\n-- \nJane Client\njane@private.example"
        ),
        to=tuple((f"Reader {n}", f"reader{n}@ours.example") for n in range(12)),
    ),
)
