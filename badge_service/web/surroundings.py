"""What app.py hands to the pages beside the database: the settings of this service and the keeper of its keys."""

from typing import cast

from flask import Flask, current_app

from badge_service.keyring.rules import Keyring
from badge_service.settings import Settings

_SETTINGS, _KEYRING = "badge_settings", "badge_keyring"


def use_surroundings(app: Flask, settings: Settings, keyring: Keyring) -> None:
    """Hand in the settings and the keyring of the running service (app.py, once)."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_KEYRING] = keyring


def current_settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.extensions[_SETTINGS])


def current_keyring() -> Keyring:
    """The keyring of the running app."""
    return cast(Keyring, current_app.extensions[_KEYRING])
