"""The unseen third: forwards written by somebody who had not seen the reader; see README.md."""
