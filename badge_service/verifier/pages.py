"""Two pages for whoever wants to know whether a badge is real: the one that its QR code opens, and one for anything else."""

import base64
import json
from typing import Any, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from badge_service.backpack.actions import OpenBadge, evidence_now, open_badge, was_erased
from badge_service.backpack.pages import no_open_badge, withdrawn_badge
from badge_service.curriculum import words as curriculum_words
from badge_service.curriculum.actions import newer_than
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError, NotFoundError
from badge_service.verifier import actions, rules, words
from badge_service.verifier.actions import Elsewhere, Judged, ShareCode
from badge_service.verifier.desk import Desk, Tools, own_hosts, service_desk
from badge_service.verifier.fetching import StrictFetcher
from badge_service.verifier.forms import CheckForm
from badge_service.verifier.registries import WatchedFile
from badge_service.verifier.sandbox import Sandbox
from badge_service.verifier.shown_pages import KEPT_FOR, ShownPage, ShownPages, State, state_of
from badge_service.web import access
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.markdown import StrangersMarkdown
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_database, current_session

blueprint = Blueprint(
    "verifier",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/verifier",
)
_TOOLS, _SANDBOX, _SHOWN = "verifier_tools", "verifier_sandbox", "verifier_shown_pages"
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """One set of tools for the life of the application, as they remember; a wrong trust file stops the start."""
    app = cast(Flask, state.app)
    with app.app_context():
        settings = current_settings()
    file = settings.trusted_issuers_file
    own = [host.partition(":")[0] for host in own_hosts(settings)]
    sandbox = app.extensions[_SANDBOX] = Sandbox()
    app.extensions[_SHOWN] = ShownPages()
    trusted = WatchedFile(file) if file is not None else None
    app.extensions[_TOOLS] = Tools(StrictFetcher(own_hosts=own), sandbox.within, trusted)


def close_sandbox(app: Flask) -> None:
    """End the workers of the sandbox, when the service stops."""
    cast(Sandbox, app.extensions[_SANDBOX]).close()


@blueprint.app_template_filter("readable_json")
def _readable_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


@blueprint.app_template_filter("packed")
def _packed(text: str) -> str:
    """A badge for a hidden field, which would change its line ends."""
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def _unpacked(packed: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(packed)
    except ValueError:
        return b""


@blueprint.app_template_filter("moment_date")
def _moment_date(written: str) -> str:
    return words.long_moment(written)


@blueprint.get("/credentials/<token>")
@access.public
def badge(token: str) -> ResponseReturnValue:
    """What the QR code of an open badge leads to: the verdict on the very bytes that its public address serves."""
    session = current_session()
    shown = cast(ShownPages, current_app.extensions[_SHOWN])
    key = (token, current_language(), request.remote_addr in _LOCAL_HOSTS)
    page = shown.find(key, session, current_database().clock()) if _is_plain_request() else None
    if page is None:
        found = open_badge(session, token)
        if found is None:
            return withdrawn_badge() if was_erased(session, token) else no_open_badge()
        try:
            page = _badge_page(session, found)
        except NotFoundError:  # its holder closed it this very moment
            return no_open_badge()
        if page.state.digests and _is_plain_request():
            shown.keep(key, page)
    return _uncached(make_response(page.html), noindex=page.noindex)


def _is_plain_request() -> bool:
    """Whether the page is the same for everybody who asks so: nobody signed in, nothing to be told, no parameters."""
    return not request.query_string and not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])


def _badge_page(session: Session, badge: OpenBadge) -> ShownPage:
    """The page of an open badge with a verdict made now; in a state without digests when it may not be shown again."""
    settings, now = current_settings(), current_database().clock()
    judged = actions.judge_own(current_desk(), badge.token)
    html = render_template(
        "verifier/badge.html",
        badge=badge,
        evidence=evidence_now(session, badge.token),
        only_this_machine=urlsplit(settings.address).hostname in _LOCAL_HOSTS,
        share_url=f"{settings.address}{url_for('.badge', token=badge.token)}",
        **_shown(judged),
    )
    read = {urlsplit(url).path: digest for url, digest in judged.read.items()}
    state = state_of(session, badge.token, judged.verdict.issuer_id, read)
    if state.digests != read.items() or not all(
        url.startswith(f"{settings.public_url}/") for url in judged.read
    ):
        state = State(frozenset(), ())  # something has changed meanwhile, or is somebody else's
    ends = judged.facts.valid_until if judged.facts else None
    until = min(now + KEPT_FOR, ends) if ends and ends > now else now + KEPT_FOR
    return ShownPage(html, badge.noindex, judged.verdict.issuer_id, state, until)


@blueprint.get("/verify")
@access.public
def check() -> ResponseReturnValue:
    """The form; `?link=` fills in a share link of ours, never another address, and asks nobody."""
    link = request.args.get("link", "")
    form = CheckForm(formdata=None)
    if rules.share_token(link, own_hosts(current_settings())) is not None:
        form.text.data = link
    return render_template("verifier/check.html", form=form)


@blueprint.post("/verify")
@access.public
@limited("20 per minute", shared="verify")
def answer() -> ResponseReturnValue:
    """The verdict on what was pasted, typed or uploaded; nothing of it is kept."""
    form = CheckForm()
    if not form.validate():
        return render_template("verifier/check.html", form=form), 422
    desk = current_desk()
    upload = form.file.data
    field = form.file if upload else form.text
    try:
        found = _judged(desk, form)
        return _answer(found)
    except InvalidError as error:
        field.errors = [*field.errors, words.complaint(error)]
        return render_template("verifier/check.html", form=form), 422


def answer_for(data: bytes) -> ResponseReturnValue:
    """The page of the verdict on one file, for another room that has it (the demo's samples)."""
    try:
        return _answer(actions.judge_upload(current_desk(), data))
    except InvalidError as error:
        form = CheckForm()
        form.file.errors = [words.complaint(error)]
        return render_template("verifier/check.html", form=form), 422


def _judged(desk: Desk, form: CheckForm) -> Judged | Elsewhere | ShareCode | Response:
    asked = form.recipient.data or ""
    if form.file.data:
        return actions.judge_upload(desk, form.file.data.read(), recipient=asked)
    if form.again.data:
        return actions.judge(desk, _unpacked(form.again.data), recipient=asked)
    return _judge_text(desk, form.text.data or "", asked)


def _judge_text(desk: Desk, typed: str, recipient: str) -> Judged | ShareCode | Response:
    """Our own share links lead to their page, where the answer can be looked at again, unless more is asked."""
    token = rules.share_token(typed, desk.hosts)
    if token is not None and not recipient:
        # Not this request's session: it would hold the database for writing while strangers are asked.
        with current_database().reading() as session:
            is_open = open_badge(session, token) is not None
        if is_open:
            return cast(Response, redirect(url_for(".badge", token=token), 303))
    return actions.judge_text(desk, typed, recipient=recipient)


def _answer(found: Judged | Elsewhere | ShareCode | Response) -> ResponseReturnValue:
    if isinstance(found, Response):
        return found
    if isinstance(found, ShareCode):
        return redirect(url_for("shared_badges.by_code", code=found.code), 303)
    if isinstance(found, Elsewhere):
        return render_template("verifier/elsewhere.html", elsewhere=found)
    if not found.is_readable:
        check = found.verdict.check("carrier")
        raise InvalidError(words.sentence(check.code, check.params), code=check.code)
    return _uncached(make_response(render_template("verifier/result.html", **_shown(found))))


def _shown(judged: Judged) -> dict[str, Any]:
    """The variables of the verdict's partial templates."""
    verdict = judged.verdict
    desk_url = current_settings().public_url
    return {
        "judged": judged,
        "verdict": verdict,
        "facts": judged.facts,
        "newer": _newer(judged, desk_url),
        "banner": words.BANNERS[verdict.outcome],
        "words": words,
        "curriculum_words": curriculum_words,
        "here": lambda url: rules.own_path(url, desk_url) or url,
        "is_here": lambda url: bool(rules.own_path(url, desk_url)),
        "document": verdict.credential,
        "of_strangers": StrangersMarkdown(),
    }


def _newer(judged: Judged, public_url: str) -> DefinitionVersion | None:
    """The newest version of the micro-credential that a badge was given for, when it is one of ours; no part of the verdict."""
    if not judged.is_signed or judged.facts is None or not judged.facts.page:
        return None
    return newer_than(current_session(), judged.facts.page, public_url)


def _uncached(response: Response, *, noindex: bool = True) -> Response:
    response.headers["Cache-Control"] = "no-cache" if not noindex else "no-store"
    if noindex:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def current_desk() -> Desk:
    """The desk of the running app, at this moment and in the language of this request."""
    tools = cast(Tools, current_app.extensions[_TOOLS])
    return service_desk(current_database(), current_settings(), tools, words.desk_words())
