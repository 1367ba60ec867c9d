"""The one predicate for what an entry matches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.matching.entries import Book, Entry, matches, matches_internal
from activities.matching.words import Effect, EntryKind

ADDRESS, DOMAIN, PATTERN = EntryKind.ADDRESS, EntryKind.DOMAIN, EntryKind.PATTERN


@pytest.mark.parametrize(
    ("kind", "value", "subdomains", "address", "expected"),
    [
        (ADDRESS, "x@news.example", True, "x@news.example", True),
        (ADDRESS, "x@news.example", True, "x+tag@news.example", True),
        (ADDRESS, "x+tag@news.example", True, "x@news.example", False),
        (ADDRESS, "x@news.example", True, "y@news.example", False),
        (ADDRESS, "x@news.example", True, "x@eu.news.example", False),
        (DOMAIN, "news.example", True, "y@news.example", True),
        (DOMAIN, "news.example", True, "y@eu.news.example", True),
        (DOMAIN, "news.example", False, "y@news.example", True),
        (DOMAIN, "news.example", False, "y@eu.news.example", False),
        (DOMAIN, "news.example", True, "y@badnews.example", False),
        (DOMAIN, "eu.news.example", True, "y@news.example", False),
        (PATTERN, "*@news.example.com", True, "y@news.example.com", True),
        (PATTERN, "*@news.example.com", True, "y@eu.news.example.com", False),
        (PATTERN, "*@*.example.com", True, "y@eu.news.example.com", True),
        (PATTERN, "*@*.example.com", True, "y@example.com", False),
        (PATTERN, "*.example.com", True, "y@news.example.com", True),
        (PATTERN, "news-*@example.com", True, "news-daily@example.com", True),
        (PATTERN, "news-*@example.com", True, "old-news-daily@example.com", False),
        (PATTERN, "*news*@example.com", True, "old-news-daily@example.com", True),
        (PATTERN, "bill*@example.com", True, "billing+eu@example.com", True),
        (PATTERN, "*ing@example.com", True, "billing+eu@example.com", True),
        (PATTERN, "a*a@example.com", True, "a@example.com", False),
        (PATTERN, "a*b*c@example.com", True, "axbxc@example.com", True),
        (PATTERN, "a*b*c@example.com", True, "axcxb@example.com", False),
    ],
)
def test_what_an_entry_matches(
    kind: EntryKind, value: str, subdomains: bool, address: str, expected: bool
) -> None:
    entry = Entry("e", Effect.IGNORE, kind, value, subdomains)
    assert matches(entry, address) is expected


def test_an_internal_address_is_matched_by_its_exact_address_only() -> None:
    assert matches_internal(Entry("e", Effect.BLOCK, ADDRESS, "hr@ours.example"), "hr@ours.example")
    assert not matches_internal(Entry("e", Effect.BLOCK, DOMAIN, "ours.example"), "hr@ours.example")
    assert not matches_internal(
        Entry("e", Effect.BLOCK, PATTERN, "*@ours.example"), "hr@ours.example"
    )


def test_the_longest_domain_is_the_one_that_is_named() -> None:
    book = Book.of(
        [
            Entry("short", Effect.IGNORE, DOMAIN, "news.example"),
            Entry("long", Effect.IGNORE, DOMAIN, "eu.news.example"),
        ]
    )
    hit = book.hit("x@eu.news.example")
    assert hit is not None
    assert hit.id == "long"


def test_a_shorter_domain_holds_where_the_longer_one_leaves_its_subdomains_out() -> None:
    book = Book.of(
        [
            Entry("short", Effect.IGNORE, DOMAIN, "news.example"),
            Entry("long", Effect.IGNORE, DOMAIN, "eu.news.example", subdomains=False),
        ]
    )
    hit = book.hit("x@mail.eu.news.example")
    assert hit is not None
    assert hit.id == "short"


def test_of_two_entries_for_one_domain_the_wider_holds() -> None:
    narrow = Entry("narrow", Effect.IGNORE, DOMAIN, "news.example", subdomains=False)
    wide = Entry("wide", Effect.IGNORE, DOMAIN, "news.example")
    for order in ([narrow, wide], [wide, narrow]):
        assert Book.of(order).hit("x@eu.news.example") is wide


def test_a_pattern_of_many_stars_is_no_slower_than_its_length() -> None:
    entry = Entry("e", Effect.IGNORE, PATTERN, "*a" * 100 + "*b@example.com")
    assert not matches(entry, "a" * 200 + "@example.com")


_words = st.text(alphabet="ab+.", min_size=1, max_size=4)


@given(
    st.lists(st.tuples(st.sampled_from(EntryKind), _words, st.sampled_from(["a", "b", "a.b"]))),
    _words,
    st.sampled_from(["a", "b", "a.b", "b.a.b"]),
)
def test_a_book_hits_exactly_what_one_of_its_entries_matches(
    rows: list[tuple[EntryKind, str, str]], local: str, domain: str
) -> None:
    entries = [
        Entry(
            place,
            Effect.BLOCK if place % 2 else Effect.IGNORE,
            kind,
            {
                ADDRESS: f"{word}@{name}.example",
                DOMAIN: f"{name}.example",
                PATTERN: f"*{word}@*{name}.example",
            }[kind],
            subdomains=place % 3 > 0,
        )
        for place, (kind, word, name) in enumerate(rows)
    ]
    address = f"{local}@{domain}.example"
    hitting = [entry for entry in entries if matches(entry, address)]
    hit = Book.of(entries).hit(address)
    assert (hit is None) == (not hitting)
    if hit is not None:
        assert matches(hit, address)
        assert hit.effect is (
            Effect.BLOCK if any(one.effect is Effect.BLOCK for one in hitting) else Effect.IGNORE
        )
