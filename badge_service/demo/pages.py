"""`/demo`: be any kind of person, read the sent mail, follow the tour; only with demo data, only on this machine."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from badge_service.demo import mailbox, samples
from badge_service.demo.deeds import Deed, deeds_of
from badge_service.demo.play import example_address, samples_folder
from badge_service.demo.rules import ACTORS, LEARNER_ACTORS, PLACES, learner_email, learner_name
from badge_service.errors import NotFoundError
from badge_service.people import actions as people
from badge_service.people.accounts import sign_in_as
from badge_service.people.rules import Role
from badge_service.verifier import pages as verifier
from badge_service.web import access
from badge_service.web.addresses import safe_next
from badge_service.web.mail import laid_mail, laid_mails
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

pages = Blueprint("demo", __name__, template_folder="templates", url_prefix="/demo")
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_OWN_NAMES = frozenset({"localhost", *_LOOPBACK})
COLLEAGUE = "teacher-2"
_PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "Via")


@dataclass(frozen=True)
class Choice:
    """One person the visitor can be."""

    key: str
    role: str
    name: str
    language: str
    place: str
    comes_for: str
    deeds: tuple[Deed, ...] = ()


@pages.before_request
def only_on_this_machine() -> None:
    """Signing in as anybody is for the machine that runs the demo: no phone on the LAN, no proxy, no borrowed name."""
    called = urlsplit(f"//{request.host}").hostname
    passed_on = any(name in request.headers for name in _PROXY_HEADERS)
    if request.remote_addr not in _LOOPBACK or called not in _OWN_NAMES or passed_on:
        raise NotFoundError(_("There is nothing at this address."))


@pages.get("")
@access.demo_only
def index() -> ResponseReturnValue:
    """Who one can be, and a tour."""
    return render_template(
        "demo/index.html",
        actors=[_with_deeds(one) for one in _choices()],
        tour=_tour(),
        example=example_address(current_session(), current_settings()),
        mail_count=len(laid_mails(current_settings().mail_folder)),
    )


@pages.post("/sign-in/<key>")
@access.demo_only
def sign_in(key: str) -> ResponseReturnValue:
    """Become somebody."""
    address = _addresses().get(key)
    person = people.person_to_write_to(current_session(), address) if address else None
    if person is None:
        raise NotFoundError(_("There is no such person in the demo."))
    sign_in_as(person)
    return redirect(safe_next(request.form.get("next")))


@pages.get("/mail")
@access.demo_only
def mail() -> ResponseReturnValue:
    """All sent mail."""
    return render_template("demo/mail.html", mails=laid_mails(current_settings().mail_folder))


@pages.get("/mail/<name>")
@access.demo_only
def one_mail(name: str) -> ResponseReturnValue:
    """One mail with its links."""
    found = laid_mail(current_settings().mail_folder, name)
    if found is None:
        raise NotFoundError(_("There is no such mail."))
    pieces = mailbox.pieces(found, current_settings().address)
    return render_template("demo/one_mail.html", mail=found, pieces=pieces)


@pages.get("/samples/<name>")
@access.demo_only
def sample(name: str) -> ResponseReturnValue:
    """One sample as a file."""
    content = _sample(name)
    return Response(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}{_ending(content)}"'},
    )


@pages.post("/samples/<name>")
@access.demo_only
def try_sample(name: str) -> ResponseReturnValue:
    """What the page that checks badges says of one sample."""
    return verifier.answer_for(_sample(name))


def offered_samples(_viewer: object, _subject: object) -> Markup | None:
    """The gallery for the page that checks badges; nothing for readers on other machines, who may not come in here."""
    folder = samples_folder(current_settings())
    if request.remote_addr not in _LOOPBACK or not folder.is_dir():
        return None
    offered = [(name, *samples.LABELS[name]) for name in samples.offered(folder)]
    page = render_template("demo/_samples.html", offered=offered)
    return Markup(page) if offered else None  # noqa: S704  our own template, which escapes


def _sample(name: str) -> bytes:
    found = samples.read_sample(samples_folder(current_settings()), name)
    if found is None:
        raise NotFoundError(_("There is no such sample."))
    return found


def _ending(content: bytes) -> str:
    starts = {b"\x89PNG": ".png", b"<": ".svg", b"{": ".json"}
    return next((ending for start, ending in starts.items() if content.startswith(start)), ".jwt")


def _addresses() -> dict[str, str]:
    learners = {
        f"learner-{learner_email(name).split('@', 1)[0]}": learner_email(name) for name in LEARNER_ACTORS
    }
    return {actor.key: actor.email for actor in ACTORS} | learners


def _choices() -> list[Choice]:
    places = {place.slug: place.region for place in PLACES}
    order = (
        "teacher",
        "teacher-2",
        "let-lead",
        "admin",
        "member",
        "operator",
        "teacher-bg",
        "let-lead-bg",
        "teacher-es",
        "let-lead-es",
    )
    actors = {actor.key: actor for actor in ACTORS}
    chosen = [
        Choice(
            key,
            _role_name(actor.roles[0]),
            actor.name,
            actor.language,
            places[actor.place],
            _of_colleague() if key == COLLEAGUE else _comes_for(actor.roles[0]),
        )
        for key, actor in ((key, actors[key]) for key in order)
    ]
    learners = [
        Choice(key, _role_name(Role.LEARNER), learner_name(name), "en", places["friesland"], words)
        for key, name, words in zip(
            list(_addresses())[-len(LEARNER_ACTORS) :],
            LEARNER_ACTORS,
            (
                _("Shows a badge, decides who sees it."),
                _("Has a badge waiting to be accepted."),
                _("Learns in two countries, has all that a larger badge needs."),
            ),
            strict=True,
        )
    ]
    return [*chosen[:2], *learners, *chosen[2:]]


def _with_deeds(choice: Choice) -> Choice:
    """The same person with what waits for them now."""
    session = current_session()
    person = people.person_to_write_to(session, _addresses()[choice.key])
    found = deeds_of(session, people.load_viewer(session, person.id)) if person else []
    return replace(choice, deeds=tuple(found))


def _of_colleague() -> str:
    words: str = _("Looks again at what a colleague awarded, and confirms large files.")
    return words


def _role_name(role: Role) -> str:
    names: dict[Role, str] = {
        Role.OPERATOR: _("Operator"),
        Role.ADMIN: _("Administrator of a school"),
        Role.LET_LEAD: _("LET lead"),
        Role.TEACHER: _("Teacher"),
        Role.LEARNER: _("Learner"),
        Role.MEMBER: _("Alliance member"),
    }
    return names[role]


def _comes_for(role: Role) -> str:
    reasons: dict[Role, str] = {
        Role.OPERATOR: _("Runs this service for several schools."),
        Role.ADMIN: _("Says who teaches and who defines."),
        Role.LET_LEAD: _("Defines micro-credentials and publishes them."),
        Role.TEACHER: _("Holds a workshop and awards badges after it."),
        Role.LEARNER: _("Shows a badge, decides who sees it."),
        Role.MEMBER: _("Belongs to the regional alliance."),
    }
    return reasons[role]


def _own(path: str, role: Role) -> str:
    """A page of somebody's own is linked for them alone; everybody else has to become them first."""
    return path if current_viewer().has_role(role.value) else "#be"


def _tour() -> list[tuple[str, str, str, str]]:
    mails = _("Every learner with an address got a claim link.")
    no_undo = _("In the demo mails leave at once, so “Undo all” is not offered.")
    return [
        (_("See what can be earned"), _("Twelve micro-credentials of three regions."), "/catalogue", "now"),
        (
            _("Be the teacher"),
            _("Open the second pilot workshop, enrol learners, set levels, award."),
            _own("/workshops", Role.TEACHER),
            "later",
        ),
        (_("Read the mail"), f"{mails} {no_undo}", url_for("demo.mail"), "later"),
        (
            _("Be a learner"),
            _("Accept the badge, choose who sees it, take it with you."),
            "/badges" if current_viewer().is_signed_in else "#be",
            "later",
        ),
        (_("Check it"), _("Scan the QR code, or put the downloaded file in here."), "/verify", "later"),
        *_tour_of_the_school(),
        (
            _("Be the LET lead"),
            _("Change a definition: the next version begins, badges keep theirs."),
            _own("/definitions", Role.LET_LEAD),
            "later",
        ),
        (
            _("Meet the alliance"),
            _("Who works together in a region, and what they plan and hold."),
            "/alliances",
            "later",
        ),
    ]


def _tour_of_the_school() -> list[tuple[str, str, str, str]]:
    """Who else in the school has to do with a badge: a second pair of eyes, and programs."""
    return [
        (
            _("Be the colleague"),
            _("Take a second look at an award; confirm what is more than one person gives in a day."),
            _own(url_for("awards.second_looks"), Role.TEACHER),
            "later",
        ),
        (
            _("Be the administrator"),
            _(
                "Make a key, and a program reads the workshops: curl -H 'Authorization: Bearer KEY' %(address)s",
                address=f"{current_settings().address}/api/v1/workshops",
            ),
            _own(url_for("programs.keys", slug=PLACES[0].school_slug), Role.ADMIN),
            "later",
        ),
    ]
