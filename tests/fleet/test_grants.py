"""What roles come to, and when one person's rights are no less than another's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from fleet import access_tokens
from fleet.errors import Invalid
from fleet.grants import Grants, grants_of_sets
from fleet.models import CustomRole
from fleet.permission_sets import PERMISSION_SETS, read_sets
from fleet.permissions import ADMINISTRATOR
from tests.make import PASSWORD, make_user

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
SCOPE = st.fixed_dictionaries({"type": st.sampled_from(["DeviceGroups", "x"]), "value": JSON})
ITEM = st.fixed_dictionaries(
    {"name": st.sampled_from([*PERMISSION_SETS, "x"])}, optional={"scope": SCOPE | JSON}
)


def within(name, *groups):
    return {"name": name, "scope": {"type": "DeviceGroups", "value": list(groups)}}


@given(JSON | st.lists(ITEM | JSON, max_size=17))
def test_any_list_is_read_or_refused_and_what_was_read_is_read_again(value):
    try:
        sets = read_sets(value)
    except Invalid:
        return
    assert read_sets(sets) == sets
    grants_of_sets(sets)


def test_no_set_allows_more_than_an_administrator_may():
    assert all(each.permissions <= ADMINISTRATOR for each in PERMISSION_SETS.values())


def test_bounds_add_up_and_give_way_to_none():
    both = grants_of_sets([within("ReadDevices", "a", "b"), within("ManageDevices", "b", "c")])
    assert both.scoped["fleet.view_device"] == {"a", "b", "c"}
    assert both.scoped["fleet.change_device"] == {"b", "c"}
    assert not both.permissions
    assert grants_of_sets([{"name": "ReadDevices"}]).cover(
        grants_of_sets([within("ReadDevices", "a")])
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "covers"),
    [
        ([within("ReadDevices", "a", "b")], [within("ReadDevices", "a")], True),
        ([within("ReadDevices", "a")], [within("ReadDevices", "a", "b")], False),
        ([within("ReadDevices", "a")], [{"name": "ReadDevices"}], False),
        ([{"name": "SuperUser"}], [within("ManageDevices", "a"), {"name": "ManageUsers"}], True),
        ([{"name": "ManageUsers"}], [{"name": "SuperUser"}], False),
        ([], [], True),
    ],
)
def test_rights_are_compared(mine, theirs, covers):
    assert grants_of_sets(mine).cover(grants_of_sets(theirs)) is covers


def test_a_set_that_is_not_known_any_more_allows_nothing():
    assert grants_of_sets([{"name": "Forgotten"}]) == Grants()


@pytest.mark.django_db
def test_who_has_built_in_roles_only_costs_no_query_more():
    def queries(user):
        token = access_tokens.sign_in(email=user.email, password=PASSWORD)
        access_tokens.authenticate(token)
        with CaptureQueriesContext(connection) as caught:
            assert access_tokens.authenticate(token)
        return len(caught)

    plain, special = make_user(), make_user()
    membership = special.memberships.get()
    role = CustomRole.objects.create(organization=membership.organization, name="own")
    membership.custom_roles.add(role)
    assert (queries(plain), queries(special)) == (1, 2)
