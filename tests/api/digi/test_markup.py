"""Whatever a job is called, the document is one that parsers take, and gives it back."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from api.digi.markup import xml_of

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_given_back(text: str) -> None:
    document = xml_of({"count": 1, "size": 1, "list": [{"job_description": text}]})
    found = ElementTree.fromstring(document).findtext("list/job/job_description")  # noqa: S314
    assert found == UNWRITABLE.sub("\ufffd", text)
