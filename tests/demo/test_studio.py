"""The demo's studio: what people find in it, and that playing it again, or after a crash between its steps, doubles nothing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.awards.tables import Award, FulfilmentPart, PathwayFulfilment
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.tables import DefinitionTranslation, DefinitionVersion, Let
from badge_service.demo import desks, studio
from badge_service.demo.play import PLAYED, Theatre, play
from badge_service.demo.rules import MAIN_ENTRY, PLACES, TRAVELLER, learner_name
from badge_service.demo.summary import _counts
from badge_service.demo.world import Stage, viewer_of
from badge_service.keyring.files import KeyFolder
from badge_service.people.tables import Person
from badge_service.settings import for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.storage.tables import ServiceFact
from badge_service.worker import Worker

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def session(demo_played_once: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{demo_played_once / 'badges.sqlite'}")
    with database.reading() as session:
        yield session
    database.close()


def theatre_in(folder: Path) -> Theatre:
    settings, keyring = for_demo(folder), KeyFolder(folder / "keys")
    database = Database(settings.database_url)
    upgrade(database)
    return Theatre(settings, database, keyring, Worker(settings, database, keyring).run_until_quiet)


def counts_in(folder: Path) -> dict[str, int]:
    database = Database(f"sqlite:///{folder / 'badges.sqlite'}")
    with database.reading() as session:
        counts = _counts(session)
    database.close()
    return counts


def test_the_team_of_friesland_is_of_all_four_sides_and_every_team_has_a_hub(session: Session) -> None:
    let = curriculum.find_let(session, PLACES[0].slug)
    assert set(curriculum.helix_counts(session, let)) == {
        "education",
        "business",
        "public_authority",
        "civil_society",
    }
    assert curriculum.capacity_sum(session, let).entries == 2
    for one in session.scalars(select(Let)):
        assert len(curriculum.hubs_of(session, one)) == 1, one.slug


def test_the_curriculum_is_published_and_lacks_no_approach_and_no_impact(session: Session) -> None:
    (shown,) = curriculum.published_curricula(session).rows
    assert (shown.version, len(shown.content["units"])) == ("1.0.0", 4)
    assert not any(one.is_missing for one in curriculum.coverage_of(session, shown.content))
    assert {topic["iteration"] for topic in shown.content["topics"]} == {1, 2}


def test_what_the_pilot_taught_is_told_publicly_where_the_version_differs(played_demo: Any) -> None:
    page = played_demo.client().get(f"/achievements/{studio.CHANGED_ENTRY}/changes").text
    assert "1.1.0" in page and "pilot 1 in Friesland" in page
    assert studio.FOUND in page and studio.REASON in page


def test_the_source_of_the_finding_is_the_public_page_of_the_first_pilot(played_demo: Any) -> None:
    with played_demo.database.reading() as session:
        lead = viewer_of(session, "let-lead")
        found = curriculum.own_findings(session, lead).rows
        written = {(one.kind, one.n, one.iteration) for one in found}
        assert written >= {("change", 22, 1), ("keep", 22, 1)}
        (address,) = {one.public_url for one in found}
    page = played_demo.client().get(address.removeprefix(played_demo.settings.public_url))
    assert page.status_code == 200 and "Pilot workshop 1" in page.text


def test_one_need_is_answered_by_nothing(session: Session) -> None:
    summed = alliance.coverage_sum(session, alliance.find_alliance(session, PLACES[0].slug))
    assert (summed.needs, summed.gaps, summed.untaught) == (3, 1, 1)


def test_the_basket_is_published_in_dutch_with_nothing_left_out(session: Session) -> None:
    row = session.scalars(select(DefinitionTranslation)).one()
    version = session.scalars(
        select(DefinitionVersion).where(DefinitionVersion.definition_id == row.definition_id)
    ).one()
    assert (version.language, version.state, version.definition.code) == ("nl", "published", "CRF-WIL-1-NL")
    assert row.original_id == curriculum.newest_version(session, MAIN_ENTRY).definition_id
    side = curriculum.side_by_side(session, viewer_of(session, "let-lead"), version.id)
    assert (list(side.missing), side.has_moved) == ([], False)


def test_badges_of_two_regions_fulfil_a_pathway_that_waits_on_the_teachers_desk(
    session: Session, played_demo: Any
) -> None:
    fulfilment = session.scalars(select(PathwayFulfilment)).one()
    assert fulfilment.state == FulfilmentState.PROPOSED
    assert session.get_one(Person, fulfilment.person_id).name == learner_name(TRAVELLER)
    parts = session.scalars(
        select(Award).join(FulfilmentPart, FulfilmentPart.award_id == Award.id)
        .where(FulfilmentPart.fulfilment_id == fulfilment.id)
    ).all()  # fmt: skip
    codes = {session.get_one(DefinitionVersion, one.version_id).definition.code for one in parts}
    assert codes == {"CRF-WIL-1", "CRF-DYE-1", "DIG-QRP-1"}
    assert f"/{fulfilment.token}" in played_demo.client("teacher-bg").get("/fulfilments").text
    assert fulfilment.token not in played_demo.client("teacher").get("/fulfilments").text


def test_a_second_play_doubles_nothing(demo_played_once: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_played_once, tmp_path / "demo")
    theatre = theatre_in(tmp_path / "demo")
    assert [step.done for step in play(theatre)][-1] == 11
    theatre.database.close()
    assert counts_in(tmp_path / "demo") == counts_in(demo_played_once)


def test_broken_off_inside_a_step_it_leaves_nothing_of_it_and_ends_the_same(
    demo_played_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step does its whole work once, and the machine stops before the commit."""
    folder = tmp_path / "demo"
    folder.mkdir()
    theatre = theatre_in(folder)
    for module, name, done in ((studio, "show_studio", "7"), (desks, "fill_desks", "10")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, stopping(getattr(module, name)))
            with pytest.raises(KeyboardInterrupt):
                list(play(theatre))
        with theatre.database.reading() as session:
            assert session.get_one(ServiceFact, PLAYED).value == done
    list(play(theatre))
    theatre.database.close()
    assert counts_in(folder) == counts_in(demo_played_once)


def stopping(act: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """The same step, after which the machine stops."""

    def stops(stage: Stage) -> None:
        act(stage)
        raise KeyboardInterrupt

    return stops
