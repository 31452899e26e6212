"""The look of a badge: its picture as it would be drawn, small pictures of every choice, and a picture brought along."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead, own
from badge_service.curriculum.picture import badge_svg
from badge_service.curriculum.picture_form import PictureForm
from badge_service.curriculum.rules import vocabulary
from badge_service.curriculum.rules.look import CHOICES, Look, look_from, nearest_readable
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError, NotFoundError
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session

PREFIX = "look."
A_DAY = 86_400
_EXAMPLE_LEVEL = 4


@blueprint.get("/definitions/<slug>/<version>/picture.svg")
@access.roles("let_lead")
def draft_picture(slug: str, version: str) -> ResponseReturnValue:
    """The picture that a version has or would get; fields `look.…` in the address show another choice, saved nowhere."""
    found = own(slug, version)
    asked = _asked()
    if asked is None and found.picture_uploaded and found.picture_png:
        return Response(found.picture_png, mimetype="image/png", headers={"Cache-Control": "no-store"})
    level = found.content.get("eqf_level")
    known = level if level in vocabulary.LEVELS else None
    content = {**found.content, "eqf_level": known}
    if asked is not None:
        content["look"] = asked
    svg = drawn_picture(content) if asked is not None else found.picture_svg or drawn_picture(content)
    return _svg(svg, "no-store")


@blueprint.get("/look/<name>/<value>.svg")
@access.public
def look_choice(name: str, value: str) -> ResponseReturnValue:
    """A small badge without words that shows one choice; a colour is written without its #."""
    chosen = f"#{value}" if name == "colour" else value
    known = words.COLOURS if name == "colour" else CHOICES.get(name, ())
    if chosen not in known:
        raise NotFoundError(_("There is no such choice."), code="look.unknown")
    svg = badge_svg(" ", "", " ", _EXAMPLE_LEVEL, look=Look(**{name: chosen}))
    return _svg(svg, f"public, max-age={A_DAY}")


@blueprint.post("/definitions/<slug>/<version>/picture")
@access.roles("let_lead")
@limited("30 per minute")
def upload_picture(slug: str, version: str) -> ResponseReturnValue:
    """Take a picture in place of the drawn one, or (`do=remove`) go back to the drawn one."""
    found, form = own(slug, version), PictureForm()
    back = url_for("curriculum.edit_step", slug=slug, version=version, step="look")
    session = current_session()
    if request.form.get("do") == "remove":
        actions.remove_picture(session, lead(), found.id)
        flash(_("The badge is drawn again."))
        return redirect(back)
    if form.validate_on_submit():
        try:
            actions.upload_picture(session, lead(), found.id, form.picture.data.read())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Your picture is taken."))
            return redirect(back)
    return render_template("curriculum/look_upload.html", version=found, form=form, back=back), 422


@blueprint.app_template_global("look_choices")
def look_choices(version: DefinitionVersion, content: dict[str, Any]) -> dict[str, Any]:
    """What `_look.html` shows: every choice with its words and small picture, what is chosen, and a colour that can be read."""
    given = content.get("look")
    chosen = given if isinstance(given, dict) else {}
    colour = str(chosen.get("colour") or "")
    return {
        "chosen": chosen,
        "own_colour": colour if colour and colour not in words.COLOURS else "",
        "nearest": nearest_readable(colour) if colour else "",
        "groups": [(name, heading, _options(version, name)) for name, heading in words.HEADINGS.items()],
    }


def _options(version: DefinitionVersion, name: str) -> list[tuple[str, Any, str]]:
    """Value, words and picture of each choice, first the one left to the drawing."""
    drawn: dict[str, Any] = {
        "slug": version.definition.slug,
        "version": version.version,
        f"{PREFIX}{name}": "",
    }
    first = ("", _("As the craft and topic call for"), url_for("curriculum.draft_picture", **drawn))
    return [first] + [
        (value, spoken, url_for("curriculum.look_choice", name=name, value=value.removeprefix("#")))
        for value, spoken in words.LOOKS[name].items()
    ]


def _asked() -> dict[str, str] | None:
    """The choices in the address; None when it names none."""
    return look_from(request.args) if any(key.startswith(PREFIX) for key in request.args) else None


def _svg(svg: str, kept: str) -> Response:
    return current_app.response_class(svg, mimetype="image/svg+xml", headers={"Cache-Control": kept})
