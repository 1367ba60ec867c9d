from activities.mail.message import ParsedBody
def read_body(raw, header): return ParsedBody(), False
