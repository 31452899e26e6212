"""Who may open a route: every view declares its rule by decorator, and the app refuses to start or answer without one.

@pages.get("/definitions/<slug>")
@access.public
def show(slug: str) -> str: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import NotAllowedError, NotFoundError
from badge_service.web import resume
from badge_service.web.addresses import sign_in_address
from badge_service.web.viewer import Viewer, current_viewer

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "__access_rule__"
_REGISTRY = "access_rules"
_KEY_DOOR = "key_door"


@dataclass(frozen=True)
class Rule:
    """What a route asks of its viewer; `kind` is public, signed_in, roles, demo_only, or key (a program, with a scope)."""

    kind: str
    roles: tuple[str, ...] = ()

    def admits(self, viewer: Viewer) -> bool:
        """Whether a signed-in viewer (or, for public routes, anybody) may enter."""
        if self.kind == "roles":
            return any(viewer.has_role(role) for role in self.roles)
        return self.kind != "key" and (self.kind != "signed_in" or viewer.is_signed_in)


PUBLIC = Rule("public")
SIGNED_IN = Rule("signed_in")
DEMO_ONLY = Rule("demo_only")


def _mark(view: View, rule: Rule) -> View:
    setattr(view, _ATTRIBUTE, rule)
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody who has signed in; the action checks the object."""
    return _mark(view, SIGNED_IN)


def roles(*names: str) -> Callable[[View], View]:
    """Whoever holds one of these roles in any organisation; the action checks the object's organisation."""
    return lambda view: _mark(view, Rule("roles", names))


def demo_only(view: View) -> View:
    """Only in the demo (`app.config["DEMO"]`); elsewhere the page does not exist."""
    return _mark(view, DEMO_ONLY)


def keyed(scope: str) -> Callable[[View], View]:
    """Only programs, by a key of their organisation that has this scope; nobody's cookie counts."""
    return lambda view: _mark(view, Rule("key", (scope,)))


def use_key_door(app: Flask, door: Callable[[str], ResponseReturnValue | None]) -> None:
    """Hand in what lets programs in: it gets the scope and returns None, or the answer that refuses."""
    app.extensions[_KEY_DOOR] = door


def declare(app: Flask, endpoint: str, rule: Rule) -> None:
    """Give a rule to a route whose view is not ours (an extension's)."""
    app.extensions.setdefault(_REGISTRY, {})[endpoint] = rule


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of an endpoint; None when its view declared none."""
    declared: dict[str, Rule] = app.extensions.get(_REGISTRY, {})
    if endpoint in declared:
        return declared[endpoint]
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    rule = getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)
    return rule if isinstance(rule, Rule) else None


def undeclared(app: Flask) -> list[str]:
    """The endpoints of the URL map without a rule, sorted."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(endpoint for endpoint in endpoints if rule_of(app, endpoint) is None)


def require_declared(app: Flask) -> None:
    """Refuse to start with a route that declares no rule; raises RuntimeError naming all of them."""
    missing = undeclared(app)
    if missing:
        raise RuntimeError(f"routes without an access rule: {', '.join(missing)}")


def enforce() -> ResponseReturnValue | None:
    """Before each request: let in, send to sign-in, or refuse."""
    if request.endpoint is None:
        return None  # an unknown address: Flask answers 404 or 405
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        raise RuntimeError(f"route without an access rule: {request.endpoint}")
    if rule.kind == "public":
        return None
    if rule.kind == "demo_only":
        _enforce_demo()
        return None
    if rule.kind == "key":
        door: Callable[[str], ResponseReturnValue | None] = current_app.extensions[_KEY_DOOR]
        return door(rule.roles[0])
    return _enforce_person(rule, current_viewer())


def _enforce_demo() -> None:
    if not current_app.config.get("DEMO"):
        raise NotFoundError(_("There is nothing at this address."))


def _enforce_person(rule: Rule, viewer: Viewer) -> ResponseReturnValue | None:
    if not viewer.is_signed_in:
        if request.method in {"GET", "HEAD"}:
            return redirect(sign_in_address(request.full_path.rstrip("?")))
        return resume.page_for_lost_session()
    if not rule.admits(viewer):
        raise NotAllowedError(
            _("This page is for other roles than yours."),
            hint=_("If you think you should have it, ask the administrator of your organisation."),
        )
    return None


def init_access(app: Flask) -> None:
    """Check the declared rule before every request."""
    app.before_request(enforce)
