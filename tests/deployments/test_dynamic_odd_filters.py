"""Whatever filter somebody has saved, the polls of a whole fleet go through it."""

from typing import Any

import pytest

from fleet.filters import condition_of
from fleet.filters import check_terms
from fleet.errors import Invalid
from tests.deployments.dynamic import call, make_dynamic, make_filter, red
from tests.make import make_organization

pytestmark = pytest.mark.django_db


def T(kind, value, scope="inventory", attribute="color"):
    return {"scope": scope, "attribute": attribute, "type": kind, "value": value}


ODD = []
NAMES = [
    "color",
    'a"b',
    "a'b",
    "a%b",
    "a%sb",
    "a%%",
    "a\\b",
    "a\nb",
    "$",
    "$.a",
    "[0]",
    "é",
    "\U0001f600",
    "a?b",
    "a:b",
    "{0}",
    "{}",
    "\x7f",
    "\x01",
    "'; DROP TABLE x; --",
    "a\\u0000",
    "*",
    "@",
    "\ufffe",
    "\u2028",
    "a]b",
    "\\",
    "\\'",
    "%(now)s",
    "x" * 1024,
    "x" * 5000,
]
VALUES = [
    "",
    "red",
    "%",
    "%s",
    "'",
    '"',
    "\\",
    "a\nb",
    "x" * 600,
    "\U0010ffff" * 600,
    0,
    -1,
    1.5,
    1e308,
    -1e308,
    10**300,
    2**63,
    2**64,
    True,
    False,
    [],
    ["red"],
    ["a", "b'\""],
    [1, 2.5, 10**300],
    [""],
    "2020-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00",
    "true",
    "false",
    "00000000-0000-0000-0000-000000000000",
    [True],
    [[1]],
    {},
    "[",
    "(a",
    "a{255}",
    "^é",
    "^\ud7ff",
    "\\d+",
    "[^\\d]",
    "[\\d-z]",
    "a||b",
    "()",
    "((a{255}){255})",
    "(a|b){0,255}",
    "[\\]\\[]",
    "[]a]",
    "[-a]",
    "[a-]",
    "[a-a]",
    "(?:a)?",
    "$a",
    "a^",
    "\\%",
    "[[:alpha:]]",
    "[.a.]",
    "[=a=]",
    "[a\\-z]",
    "[+--]",
    "[!-/]",
]
KINDS = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex", "$exists", "$ltne"]
SPECIAL = [
    ("identity", "id"),
    ("identity", "status"),
    ("system", "group"),
    ("system", "created_ts"),
    ("system", "updated_ts"),
    ("system", "check_in_time"),
    ("system", "other"),
    ("monitor", "x"),
    ("tags", "t"),
    ("identity", "mac"),
]


def all_terms():
    for n in NAMES:
        for v in ["red", 1, True, [], ["red"], "^a", "x'y"]:
            for k in KINDS:
                for s in ("inventory", "identity", "monitor"):
                    yield T(k, v, s, n)
    for s, n in [*SPECIAL, ("inventory", "color")]:
        for v in VALUES:
            for k in KINDS:
                yield T(k, v, s, n)


def test_all():
    from django.db import connection, transaction
    from deployments import joining
    from deployments.joining import Listed, _question
    import json

    org = make_organization()
    dev = red(org)
    bad = {}
    n = ok = 0
    for t in all_terms():
        for terms in ([t],):
            n += 1
            try:
                check_terms(terms)
            except Invalid:
                continue
            except Exception as e:
                bad.setdefault(f"check {type(e).__name__} {str(e)[:80]}", []).append(t)
                continue
            ok += 1
            try:
                with transaction.atomic():
                    q = _question(Listed(7, org.pk, json.dumps({"terms": terms})))
                    st, params = q.statement, q.parameters
                    with connection.cursor() as c:
                        c.execute(st, [*params, dev.number])
                        a = bool(c.fetchall())
            except Exception as e:
                bad.setdefault(f"{type(e).__name__} {str(e)[:60]}", []).append(t)
                continue
            from fleet.filters import matching

            try:
                with transaction.atomic():
                    b = matching(org, terms).filter(number=dev.number).exists()
            except Exception as e:
                bad.setdefault(f"matching {type(e).__name__} {str(e)[:60]}", []).append(t)
                continue
            if a != b:
                bad.setdefault("differs", []).append(t)
    print(n, ok)
    for k, v in bad.items():
        print("BAD", k, len(v), [ascii(x)[:160] for x in v[:4]])
    assert not bad
