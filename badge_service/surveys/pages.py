"""The form as people meet it: by a code in the room or a mailed link, answered without an account, never shown to be whose."""

from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import InvalidError
from badge_service.storage.session import token
from badge_service.surveys import actions
from badge_service.surveys.actions import Way
from badge_service.surveys.rules import MOST_WORDS, Item, said
from badge_service.web import access
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.sentences import translated
from badge_service.web.unit_of_work import current_session

SENT, MOST_SENT = "sent_forms", 20

blueprint = Blueprint(
    "surveys",
    __name__,
    template_folder="templates",
    static_folder=str(Path(__file__).parent / "static"),
    static_url_path="/static",
    url_prefix="/feedback",
)


@blueprint.get("")
@access.public
@limited("60 per minute", methods=("GET", "HEAD"), failures_only=True)
def find() -> ResponseReturnValue:
    """Where a code from a screen or a sheet is typed."""
    typed, fault = request.args.get("code", ""), ""
    if typed.strip():
        try:
            run = actions.way_by_code(current_session(), typed).run
            return redirect(url_for(".by_code", code=run.code))
        except InvalidError as error:
            fault = translated(error.message)
    return render_template("surveys/find.html", typed=typed, fault=fault), (422 if fault else 200)


@blueprint.route("/<code>", methods=["GET", "POST"])
@access.public
@limited("600 per hour")
def by_code(code: str) -> ResponseReturnValue:
    """The form, for everybody who has the code of the room."""
    return _form(actions.way_by_code(current_session(), code))


@blueprint.route("/mine/<link>", methods=["GET", "POST"])
@access.public
@limited("60 per minute")
def by_link(link: str) -> ResponseReturnValue:
    """The form, for whoever got this mail; it takes one answer."""
    return _form(actions.way_by_link(current_session(), link))


@blueprint.route("/mine/<link>/no", methods=["GET", "POST"])
@access.public
@limited("60 per minute")
def no_mails(link: str) -> ResponseReturnValue:
    """Asks, and on the button writes down, that somebody wants no such mails."""
    way = actions.way_by_link(current_session(), link)
    if request.method == "POST":
        actions.want_no_mails(current_session(), way)
        flash(_("You get no more mails that ask for answers."))
        return redirect(url_for(".thanks"))
    return render_template("surveys/no_mails.html", link=link)


@blueprint.get("/thanks")
@access.public
def thanks() -> ResponseReturnValue:
    """The end."""
    return render_template("surveys/thanks.html", code=request.args.get("code", ""))


def _form(way: Way) -> ResponseReturnValue:
    if not way.is_open or way.is_used:
        return render_template("surveys/closed.html", way=way)
    if request.method == "GET":
        drawn = actions.draw(current_session(), way.run)
        return _page(way, drawn, actions.questions(way.run, drawn) or ())
    if request.form.get("key") in session.get(SENT, ()):
        return redirect(_end(way))
    drawn = tuple(request.form.getlist("asked"))
    items = actions.questions(way.run, drawn)
    if items is None:
        drawn = actions.draw(current_session(), way.run)
        return _page(way, drawn, actions.questions(way.run, drawn) or ()), 422
    try:
        actions.answer(current_session(), way, items, dict(request.form.lists()))
    except InvalidError as error:
        return _page(way, drawn, items, error), 422
    session[SENT] = [*session.get(SENT, ()), request.form.get("key", "")[:40]][-MOST_SENT:]
    return redirect(_end(way))


def _end(way: Way) -> str:
    return url_for(".thanks", code=way.run.code if way.invitation is None else None)


def _page(
    way: Way, drawn: tuple[str, ...], items: tuple[Item, ...], error: InvalidError | None = None
) -> str:
    language = current_language()
    faults = {fault.where: fault.message for fault in error.faults} if error else {}
    return render_template(
        "surveys/form.html",
        way=way,
        title=said(actions.form_of(way.run).title, language),
        items=items,
        pairs=actions.pairs_of(way.run),
        drawn=drawn,
        faults=faults,
        complaints_list=_complaints(way, items, faults),
        sent=request.form,
        said=lambda words: said(words, language),
        most_words=MOST_WORDS,
        key=request.form.get("key") or token(current_session()),
    )


def _complaints(way: Way, items: tuple[Item, ...], faults: dict[str, str]) -> list[tuple[str | None, str]]:
    """Everything wrong with what was sent: where it stands (None: nowhere in particular), and a sentence."""
    language = current_language()
    labels = {item.key: said(item.text, language)[0] for item in items}
    for pair in actions.pairs_of(way.run):
        labels |= {pair.before: f"{pair.text}, {_('Before')}", pair.after: f"{pair.text}, {_('Now')}"}
    return [
        (where or None, f"{labels[where]}: {message}" if where else message)
        for where, message in faults.items()
    ]
