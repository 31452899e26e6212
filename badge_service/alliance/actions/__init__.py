"""What people do in an alliance: open it, join it, plan an activity, hold it, read about it."""

from badge_service.alliance.actions.activities import (
    activities_of,
    cancel,
    change_state,
    create_activity,
    edit_activity,
    find_activity,
    find_own_activity,
    mark_held,
    plan_again,
)
from badge_service.alliance.actions.alliances import (
    add_member,
    alliances,
    alliances_of,
    find_alliance,
    hosts,
    may_add_members,
    members_of,
    open_alliance,
    openable_regions,
    organisations_to_add,
)
from badge_service.alliance.actions.issuers import issuers_of, list_issuer, strike_issuer

__all__ = [
    "activities_of",
    "add_member",
    "alliances",
    "alliances_of",
    "cancel",
    "change_state",
    "create_activity",
    "edit_activity",
    "find_activity",
    "find_alliance",
    "find_own_activity",
    "hosts",
    "issuers_of",
    "list_issuer",
    "mark_held",
    "may_add_members",
    "members_of",
    "open_alliance",
    "openable_regions",
    "organisations_to_add",
    "plan_again",
    "strike_issuer",
]
