"""A tree that is written down reads as itself."""

import pytest
from hypothesis import given, settings

from query.fiql.parsing import parse
from query.fiql.rendering import Unspeakable, render
from query.tree import All, Comparison, Condition, Exists, Not, Operator, Some
from tests.query.fiql.trees import THINGS, conditions

A = Comparison(("name",), Operator.EQUAL, "a")
NOTE = ("note", "x")


@settings(max_examples=500)
@given(conditions(THINGS))
def test_any_tree_reads_as_itself(condition: Condition) -> None:
    text = render(condition, THINGS)
    # Also apart in type: 1 and true are equal to Python.
    assert repr(parse(text, THINGS)) == repr(condition), text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Not(A), "name!=a"),
        (All((A, Some((A, A)))), "name==a;(name==a,name==a)"),
        (Not(All((A, A))), "!(name==a;name==a)"),
        (Not(Not(A)), "!(name!=a)"),
        (
            All((Exists(NOTE), Not(Comparison(NOTE, Operator.IN, ("a", 5))))),
            "note.x=out=(a,number:5)",
        ),
        (Not(Comparison(NOTE, Operator.EQUAL, "5")), "!(note.x=='5')"),
        (
            Comparison(("note", "two words"), Operator.EQUAL, value=True),
            "note.'two words'==boolean:true",
        ),
        (Comparison(("name",), Operator.LIKE, r"a*\**"), r"name==a*\**"),
        (Not(Exists(("name",))), "name=is=null"),
    ],
)
def test_the_shortest_words_are_taken(condition: Condition, text: str) -> None:
    assert render(condition, THINGS) == text
    assert parse(text, THINGS) == condition


@pytest.mark.parametrize(
    "condition",
    [
        All((A,)),
        Some(()),
        Exists(("nowhere",)),
        Exists(("extra",)),
        Exists(("name", "x")),
        Comparison(("name",), Operator.IN, ("a",)),
        Comparison(("status",), Operator.LESS, "a"),
        Comparison(NOTE, Operator.EQUAL, 10**30),
    ],
)
def test_what_no_text_reads_as_is_not_written(condition: Condition) -> None:
    with pytest.raises(Unspeakable):
        render(condition, THINGS)
