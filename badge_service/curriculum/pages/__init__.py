"""The pages about micro-credentials: the public catalogue, and the desk of those who write definitions."""

from flask import Blueprint

blueprint = Blueprint(
    "curriculum",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/curriculum",
)

from badge_service.curriculum.pages import (  # noqa: E402, F401  (they add their routes to the blueprint)
    api,
    capacity,
    curricula,
    curricula_desk,
    desk,
    editor,
    exchange,
    findings,
    framework_imports,
    framework_search,
    frameworks,
    gaps,
    hubs,
    look,
    pathways,
    pathways_desk,
    public,
    publishing,
    tabs,
    teams,
    translations,
)
