"""A workshop planned from another organisation's curriculum tells that organisation what it found, and who it is."""

import pytest
from sqlalchemy import select

from badge_service.curriculum.actions.findings import own_findings
from badge_service.curriculum.tables import Finding
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage.tables import AuditEntry
from badge_service.workshops import actions
from badge_service.workshops.actions import feedback_findings

from .conftest import FACTS, World, person
from .test_plan_from_curriculum import curriculum_of


def test_a_finding_about_a_shared_curriculum_goes_to_whose_it_is_and_names_the_school(world: World) -> None:
    session, workshop = world.session, world.workshop()
    version = curriculum_of(world, organisation=world.other_school)
    actions.edit(session, world.teacher, workshop, FACTS, world.plan(curriculum_version_id=version.id))
    keys = [key for key, _title in feedback_findings.about_choices(session, workshop)]
    curriculum, definition = (
        f"curriculum:{version.curriculum_id}",
        f"definition:{world.published.definition_id}",
    )
    assert keys == [curriculum, f"{curriculum}:U1", definition]

    def keep(viewer: Viewer, about: str) -> Finding:
        told = feedback_findings.Told(about, "change", "small", "Borders need an hour more.", "en")
        return feedback_findings.keep_finding(
            session, viewer, workshop, told, n=6, public_url="https://b.example/activities/x"
        )

    theirs = keep(world.teacher, f"{curriculum}:U1")
    assert (theirs.organisation_id, theirs.unit, theirs.n) == (world.other_school.id, "U1", 6)
    assert theirs.label == "pilot 1 by craft-school: “Willow basics”"
    lead = person(session, "Lead of the school", Role.LET_LEAD, world.school)
    assert (theirs.recorded_by, keep(lead, curriculum).recorded_by) == (None, None)
    their_lead = person(session, "Lead of the others", Role.LET_LEAD, world.other_school)
    assert {one.id for one in own_findings(session, their_lead).rows} >= {theirs.id}
    assert own_findings(session, lead).rows == ()
    assert keep(lead, definition).organisation_id == world.school.id
    noted = session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "workshop.finding")).all()
    assert set(noted) == {world.teacher.key, lead.key}
    with pytest.raises(NotFoundError):
        keep(their_lead, curriculum)
