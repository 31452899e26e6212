"""The shell of every page, wired in one call: `init_shell(app)` first, blueprints next, `seal_shell(app)` last.

How a room builds a page on it (longer: one example of each):

    pages = Blueprint("curriculum", __name__, template_folder="templates", url_prefix="/definitions")

    @pages.post("/<slug>")                     # 1. a route
    @access.roles("let_lead")                  # 2. its rule: public, signed_in, roles(…), demo_only
    @limited("20 per minute")                  # 3. if it may be hammered
    def change(slug: str) -> ResponseReturnValue:
        form = DefinitionForm()                # 4. a form: class DefinitionForm(Form)
        if form.validate_on_submit():
            try:
                actions.change(current_session(), current_viewer(), slug, form.data)
            except InvalidError as error:
                form.show_faults(error)        # all faults at once, beside their fields
            else:
                after_commit(wake_worker)      # 5. runs once the door has committed
                return redirect(url_for(".show", slug=slug))
        return render_template("curriculum/change.html", form=form), 422

Templates start with `{% extends "web/layout.html" %}`, fill the blocks `title` and `main`, and import macros from
"web/components.html" and "web/forms.html" `with context`. Later rooms fill `{{ slot("definition.after", definition) }}`.
All words go through `_()`; dates through `|long_date`; nothing is styled or scripted inline.

Configuration read here: PUBLIC_URL, DEMO, FOR_TRIAL, INSECURE_LAN, CACHE_FOLDER, SIGN_IN_ENDPOINT, SIGN_OUT_ENDPOINT,
TRUSTED_HOSTS; extensions: `badge_database` (storage.session.Database) and, through `use_viewer_loader`, the viewer.
"""

from flask import Blueprint, Flask

from badge_service.web import (
    access,
    assets,
    headers,
    i18n,
    limits,
    navigation,
    once,
    problems,
    slots,
    unit_of_work,
)
from badge_service.web.forms import init_forms
from badge_service.web.markdown import render_markdown
from badge_service.web.published import published_pages
from badge_service.web.qr import qr_svg
from badge_service.web.viewer import current_viewer

shell = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/static/web"
)


def init_shell(app: Flask) -> None:
    """Wire everything all pages share. Call it before any blueprint is registered.

    The order matters: limits count before a session opens; who is signed in is asked before the CSRF token is,
    so that a form sent after the session ended is offered again in one step; headers are set after the session
    is settled (Flask runs what comes after a request in reverse order).
    """
    headers.init_headers(app)
    limits.init_limits(app)
    access.init_access(app)
    init_forms(app)
    unit_of_work.init_unit_of_work(app)
    i18n.init_i18n(app)
    slots.init_slots(app)
    navigation.init_navigation(app)
    problems.init_problems(app)
    assets.init_assets(app)
    once.init_once(app)
    app.register_blueprint(shell)
    app.jinja_env.globals.update(current_viewer=current_viewer, qr_svg=qr_svg)
    app.jinja_env.filters["markdown"] = render_markdown
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def seal_shell(app: Flask) -> None:
    """Call it after all blueprints: adds the published files, refuses to start with a route that declares no rule."""
    app.register_blueprint(published_pages)
    access.require_declared(app)
