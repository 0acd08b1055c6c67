"""Regular expressions mean the same everywhere and never take long."""

import re
import time

import pytest
from django.db import connection

from query.patterns import checked, is_found, prefix_of
from query.tree import Unsupported

FOUND = {
    "": ["", "x"],
    "b": ["abc"],
    "^a.c$": ["abc", "a\nc"],
    r"^\d+\.\d{2,3}$": ["10.42"],
    r"[\w.-]+@\w+": ["a.b@c"],
    r"\S\s\D\W": ["a b!"],
    "(?:ab|cd)+?$": ["xabcd"],
    r"\[a\]\\": ["[a]\\"],
    "[^a-c]": ["d"],
    r"\t|\n": ["\n"],
}
NOT_FOUND = {"^a.c$": ["abc\n", "ABC"], r"\d": ["٣"], r"\w": ["ä"], "[^a-c]": ["abc"], "a|b": ["c"]}
REFUSED = [
    *("(", ")", "[", "a)", "a**", "*a", "a{2,1}", "a{256}", "a{1,999}", "^*", "{", "a{,3}"),
    *(r"\b", r"\1", r"(a)\1", "(?i)a", "(?=a)", "(?P<n>a)", "[[:alpha:]]", r"[\D]", "[z-a]"),
    *(r"[\d-z]", "[a-c-z]", r"[!-\d]"),
    *("\\", "((a{1,200}){1,200}){1,200}", "x" * 257, "[]", "[^]"),
]


@pytest.mark.parametrize(("pattern", "texts"), FOUND.items())
def test_part_of_a_text_is_enough(pattern, texts):
    assert all(is_found(pattern, text) for text in texts)


@pytest.mark.parametrize(("pattern", "texts"), NOT_FOUND.items())
def test_case_and_alphabet_count(pattern, texts):
    assert not any(is_found(pattern, text) for text in texts)


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_the_engines_take_differently_is_refused(pattern):
    with pytest.raises(Unsupported):
        checked(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*){1,20}x", "a.*a.*a.*a.*a.*b"])
def test_the_worst_pattern_takes_no_time(pattern):
    text = "a" * 20_000 + "!"
    begun = time.monotonic()
    is_found(pattern, text)
    assert time.monotonic() - begun < 1


@pytest.mark.django_db
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="these are PostgreSQL's regular expressions"
)
@pytest.mark.parametrize(("pattern", "texts"), [*FOUND.items(), *NOT_FOUND.items()])
def test_postgresql_finds_the_same(pattern, texts):
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT %s::text ~ %s", [text, checked(pattern)])
            assert cursor.fetchone() == (is_found(pattern, text),)


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        *(("^abc", "abc"), (r"^a\.b[0-9]", "a.b"), ("^ab*", "a"), ("^ab+", "ab"), ("abc", "")),
        *(("^a|b", ""), ("^", ""), ("^(ab)", ""), ("^a{2}", "")),
    ],
)
def test_the_plain_beginning_of_a_pattern_is_known(pattern, prefix):
    assert prefix_of(checked(pattern)) == prefix


def test_the_refusal_says_where():
    with pytest.raises(Unsupported, match=re.escape("from character 3")):
        checked(r"ab\b")
