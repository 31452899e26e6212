"""Changes of what all rooms rest on: register, storage, people, pictures, surveys."""

from .breakage import Breakage

OF_SERVICE = (
    Breakage(
        "give a status index twice",
        "register/actions/status.py",
        "for number in candidates if number not in given",
        "for number in [7]",
        "tests/register/test_register.py::test_a_newer_edition_keeps_the_address_and_replaces_the_older",
    ),
    Breakage(
        "leave the older edition standing",
        "register/actions/signing.py",
        "    set_bits(session, [other for other in others if other.number < edition.number], RevocationReason.REPLACED)\n",
        "",
        "tests/register/test_register.py::test_a_newer_edition_keeps_the_address_and_replaces_the_older",
    ),
    Breakage(
        "let the next edition of a withdrawn badge be good",
        "register/actions/signing.py",
        "    if ended is not None:\n",
        "    if False:\n",
        "tests/register/test_register.py::test_a_badge_withdrawn_while_its_next_edition_waits_stays_withdrawn",
    ),
    Breakage(
        "do not sign the list again after a change",
        "register/actions/status.py",
        "                StatusList.signed_changes != StatusList.changes,\n",
        "",
        "tests/register/test_register.py::test_a_revoked_badge_has_its_bit_set_in_the_signed_list",
    ),
    Breakage(
        "let set status bits be cleared in the database",
        "storage/guards/documents.py",
        "OLD.set_at IS NOT NULL AND",
        "1 = 0 AND",
        "tests/register/test_register.py::test_the_database_itself_refuses_to_undo_what_is_signed",
    ),
    Breakage(
        "serve hidden documents",
        "register/actions/publications.py",
        "    wanted = Publication.path == path, Publication.visible\n",
        "    wanted = (Publication.path == path,)\n",
        "tests/backpack/test_sharing.py::test_hiding_works_at_once",
    ),
    Breakage(
        "leave a document open that its learner has hidden",
        "backpack/actions/sharing.py",
        "set_visible(session, json_path(token), wanted is not Sharing.PRIVATE)",
        "set_visible(session, json_path(token), True)",
        "tests/backpack/test_sharing.py::test_hiding_works_at_once",
    ),
    Breakage(
        "spend a one-time link as often as wanted",
        "people/actions/links.py",
        "    if row.used_at is not None or row.wrong_tries >= rules.MOST_WRONG_TRIES:\n",
        "    if row.wrong_tries >= rules.MOST_WRONG_TRIES:\n",
        "tests/people/test_links.py",
    ),
    Breakage(
        "do not wait for one's turn before writing",
        "storage/session.py",
        'begin="BEGIN IMMEDIATE"',
        'begin="BEGIN"',
        "tests/storage/test_session.py",
    ),
    Breakage(
        "keep a picture as the camera wrote it",
        "web/pictures.py",
        "    image, was_png = _decoded(data, where)\n    return _encoded(image, was_png)\n",
        '    _decoded(data, where)\n    return _kept(data, "image/jpeg")\n',
        "tests/web/test_pictures.py::test_words_and_place_of_the_camera_are_gone",
    ),
    Breakage(
        "show the answers of fewer than five people",
        "surveys/rules/counting.py",
        "    if len(responses) < LEAST:\n",
        "    if False:\n",
        "tests/surveys/test_counting.py::test_fewer_than_five_forms_say_nothing",
    ),
)
