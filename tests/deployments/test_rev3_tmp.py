import json, threading
import pytest
from django.db import connection
from fleet.filters import check_terms, matching
from tests.deployments.dynamic import call, make_dynamic, make_filter, red
from tests.make import make_organization, make_claims
from deployments.offers import poll
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "term",
    [
        {"scope": "inventory", "attribute": "color", "type": "$regex", "value": "^r"},
        {"scope": "inventory", "attribute": 'c"r', "type": "$ne", "value": "^r"},
    ],
)
def test_threads(term):
    org = make_organization()
    make_dynamic(org, saved=make_filter(org, term))
    d1, d2 = red(org), red(org)
    assert call(d1)
    claims = make_claims(d2)
    out = []

    def go():
        try:
            out.append(poll(claims, {"device_type": "board", "artifact_name": "old"}))
        except Exception as e:
            out.append(e)
        finally:
            connection.close()

    t = threading.Thread(target=go)
    t.start()
    t.join()
    assert out[0] and not isinstance(out[0], Exception), out


@pytest.mark.parametrize(
    "kind,nterms,nvalues,value",
    [
        ("$in", 1, 500, "v"),
        ("$nin", 1, 500, "v"),
        ("$in", 30, 500, "v"),
        ("$in", 100, 500, "v"),
        ("$nin", 100, 500, 1),
        ("$eq", 100, 500, "v"),
        ("$regex", 100, 0, "^a"),
        ("$in", 10, 500, "blue"),
    ],
)
def test_big(kind, nterms, nvalues, value):
    import time

    org = make_organization()
    val = (
        [f"{value}{i}" if isinstance(value, str) else i for i in range(nvalues)]
        if nvalues
        else value
    )
    terms = [{"scope": "inventory", "attribute": "color", "type": kind, "value": val}] * nterms
    check_terms(terms)
    d = red(org)
    t = time.time()
    make_dynamic(org, saved=make_filter(org, *terms))
    t1 = time.time()
    call(d)
    t2 = time.time()
    call(d)
    print(kind, nterms, "create", t1 - t, "poll", t2 - t1, "again", time.time() - t2)
