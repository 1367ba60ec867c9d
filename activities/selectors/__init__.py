"""What the pages and the API show of the record; each module is one page or one question."""
