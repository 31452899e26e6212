"""The pages of this room: front door, sign-in, links, account, organisations, and the operator's desk."""

from badge_service.people.pages import account, front, links, members, operator, organisations, sign_in
from badge_service.people.pages.blueprint import blueprint
from badge_service.people.pages.front import footer_links

__all__ = [
    "account",
    "blueprint",
    "footer_links",
    "front",
    "links",
    "members",
    "operator",
    "organisations",
    "sign_in",
]
