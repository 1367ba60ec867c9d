"""The mail of two people who do not exist, for the demo. Example domains only.

`ana.mbox` and `ben.mbox` are their past, `more.py` what else Ben got, `arriving.py` what comes in
while one looks, `letters.py` turns a table's row into a mail, `play.py` puts all of it into the
sandbox. The directory that knows some of these people is the demo workspace's.
"""
