"""How programs set a forward in HTML."""

from tests.bcc_inbound.forwards.unseen2.shapes import Head, body_in_html, escaped, linked


def _marked(title: str, dashes: int = 8) -> str:
    line = "-" * dashes
    return escaped(title if title.startswith(("-", "━", "—")) else f"{line} {title} {line}")


def _rows(head: Head, row: str, joint: str = "") -> str:
    """Each field through `row`, with {0} for the label, {1} for what it says, {2} with links."""
    return joint.join(
        row.format(escaped(field.label), escaped(field.value), linked(field.value))
        for field in head.fields
    )


def thunderbird(head: Head, text: str) -> str:
    row = '<tr><th valign="BASELINE" nowrap="nowrap" align="RIGHT">{0}: </th><td>{2}</td></tr>'
    return (
        f'<div class="moz-forward-container"><br><br>{_marked(head.title)}'
        '<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>'
        f"{_rows(head, row)}</tbody></table><br><br>{body_in_html(text)}</div>"
    )


def roundcube(head: Head, text: str) -> str:
    row = '<tr><th align="right" nowrap="nowrap" valign="baseline">{0}: </th><td>{1}</td></tr>'
    return (
        f"<p><br /></p><p>{_marked(head.title)}</p>"
        '<table border="0" cellspacing="0" cellpadding="0"><tbody>'
        f"{_rows(head, row)}</tbody></table><p><br /></p><p>{body_in_html(text)}</p>"
    )


def sogo(head: Head, text: str) -> str:
    rows = _rows(head, "{0}: {1}", "<br />")
    return f"<br /><br />{_marked(head.title)}<br />{rows}<br /><br /><br />{body_in_html(text)}"


def evolution(head: Head, text: str) -> str:
    rows = _rows(head, "<div><b>{0}</b>: {2}</div>")
    return f"<div>{_marked(head.title)}</div>{rows}<div><br></div><div>{body_in_html(text)}</div>"


def geary(head: Head, text: str) -> str:
    rows = _rows(head, "{0} {1}", "<br />")
    title = _marked(head.title, 10)
    return f"<div><br /><br />{title}<br />{rows}<br /><br />{body_in_html(text)}</div>"


def k9(head: Head, text: str) -> str:
    rows = _rows(head, "<b>{0}</b> {1}<br>\n")
    return (
        '<div style=\'font-size:10.0pt;font-family:"Tahoma","sans-serif";'
        "padding:3.0pt 0in 0in 0in'>\n<hr style='border:none;border-top:solid #E1E1E1 1.0pt'>\n"
        f"{rows}</div>\n<br>\n<div>{body_in_html(text)}</div>"
    )


def outlook(head: Head, text: str) -> str:
    rows = _rows(head, "<b>{0}:</b> {2}", "<br>")
    return (
        '<div class="WordSection1"><p class="MsoNormal">&nbsp;</p><div><div style="border:none;'
        'border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
        f'{rows}</p></div></div><p class="MsoNormal">{body_in_html(text)}</p></div>'
    )


def outlook_on_a_phone(head: Head, text: str) -> str:
    rows = _rows(head, "<b>{0}:</b> {1}", "<br>")
    return (
        '<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS'
        '</a></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg"'
        f' dir="ltr"><font face="Calibri">{rows}</font><div>&nbsp;</div></div>{body_in_html(text)}'
    )


def gmail(head: Head, text: str) -> str:
    rows = _rows(head, '{0}: <span dir="auto">{2}</span>', "<br>")
    return (
        '<div dir="ltr"><br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">---------- Forwarded message ---------<br>{rows}<br></div><br><br>'
        f"{body_in_html(text)}</div></div>"
    )


def zoho(head: Head, text: str) -> str:
    rows = _rows(head, "{0}: {1}", "<br>")
    mark = "============ Forwarded message ============"
    return (
        f'<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">{mark}<br>{rows}<br>{mark}<br></div>'
        f'<blockquote style="margin: 0px;">{body_in_html(text)}</blockquote></div>'
    )


def open_xchange(head: Head, text: str) -> str:
    rows = _rows(head, "{0}: {1}", "<br>")
    return (
        '<blockquote type="cite"><div>---------- Original Message ----------</div>'
        f"<div>{rows}</div><div><br></div><div>{body_in_html(text)}</div></blockquote>"
    )


def mailspring(head: Head, text: str) -> str:
    rows = _rows(head, "{0}: {1}", "<br>")
    return (
        '<br><br><div class="gmail_quote">---------- Forwarded Message ---------<br><br>'
        f"{rows}<br><br>{body_in_html(text)}</div>"
    )


def tutanota(head: Head, text: str) -> str:
    rows = _rows(head, "{0}: {1}", "<br>")
    quote = f'<blockquote class="tutanota_quote">{body_in_html(text)}</blockquote>'
    return f"<br><br>{rows}<br><br>{quote}"


def nextcloud(head: Head, text: str) -> str:
    return (
        f'<p></p><p></p><div class="quote">{escaped(head.title)}<br>'
        f"<blockquote>{body_in_html(text)}</blockquote></div>"
    )


def faire_mail(head: Head, text: str) -> str:
    rows = _rows(head, "<strong>{0}: </strong>{1}<br>") or escaped(head.title)
    reply = f'<div fairemail="reply" dir="ltr"><p>{rows}</p></div>'
    return f'<div fairemail="reference">{reply}<p>{body_in_html(text)}</p></div>'


def incredimail(head: Head, text: str) -> str:
    """The name is the link; the address stands nowhere else."""
    rows = []
    for field in head.fields:
        name, _, address = field.value.partition(" <")
        link = f'<a href="mailto:{escaped(address.rstrip(">"))}">{escaped(name)}</a>'
        shown = link if field.role == "from" and address else escaped(field.value)
        rows.append(f"<i><b>{field.label}:</b></i> {shown}")
    mark = "<div><i>-------Original Message-------</i></div><div>&nbsp;</div>"
    return f"{mark}<div>{'<br>'.join(rows)}</div><div>&nbsp;</div>{body_in_html(text)}"
