"""The second unseen part: forwards of programs in the languages of their own catalogues."""
