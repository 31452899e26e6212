"""Plays the main job step by step through the same actions people use; a run that was broken off goes on where it stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards import actions as awards
from badge_service.awards.rules import AgeBand, AwardState, IdentityCheck, Sharing
from badge_service.awards.tables import Award
from badge_service.backpack import actions as backpack
from badge_service.backpack import files
from badge_service.curriculum.rules import rubric_of
from badge_service.demo import desks, mailbox, rules, samples, second_school, studio, third_pilot, world
from badge_service.demo.world import Stage
from badge_service.keyring.rules import Keyring
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY
from badge_service.people.tables import Person, PersonAddress
from badge_service.register.actions import read_published
from badge_service.register.rules import RevocationReason, credential_path
from badge_service.settings import Settings
from badge_service.storage.session import Database
from badge_service.storage.tables import ServiceFact
from badge_service.web.mail import laid_mails
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow

PLAYED = "demo_step"


@dataclass(frozen=True)
class Theatre:
    """The running service that the demo plays on; `work` is one round of the worker (signatures, mails)."""

    settings: Settings
    database: Database
    keyring: Keyring
    work: Callable[[], int]


@dataclass(frozen=True)
class Progress:
    """One step of the main job was done: `done` of `total`."""

    name: str
    done: int
    total: int


def play(theatre: Theatre) -> Iterator[Progress]:
    """Do what is missing of the main job, telling each step after it."""
    steps: tuple[tuple[str, Callable[[Theatre, int], None]], ...] = (
        ("world", _staged(world.build_world)),
        ("catalogue", _staged(world.load_catalogue)),
        ("activities", _staged(world.plan_activities)),
        ("enrolment", _staged(_enrol)),
        ("assessment", _staged(_assess)),
        ("award", _award),
        ("claims", _claims),
        ("studio", _staged(studio.show_studio)),
        ("pathway", _staged(second_school.teach_a_traveller)),
        ("joining", _staged(third_pilot.begin_third_pilot)),
        ("desks", _staged(desks.fill_desks)),
    )
    for number, (name, do) in enumerate(steps, start=1):
        if _played(theatre.database) < number:
            do(theatre, number)
        yield Progress(name, number, len(steps))
    theatre.work()
    _samples(theatre)


def _samples(theatre: Theatre) -> None:
    """Files to try on the page that checks badges, made once."""
    folder = samples_folder(theatre.settings)
    if folder.is_dir():
        return
    with theatre.database.reading() as session:
        award = example_award(session)
        own = _own_samples(session, award) if award is not None else {}
        samples.write_samples(folder, theatre.database.clock(), own)


def samples_folder(settings: Settings) -> Path:
    """Where the sample badges lie."""
    return settings.data_folder / "samples"


def _own_samples(session: Session, award: Award) -> dict[str, bytes]:
    material = backpack.open_material(session, award.token)
    own = {
        "own": files.json_file(material),
        "own-png": files.png_file(material),
        "own-svg": files.svg_file(material),
    }
    revoked = next((_award_of(session, name) for name in sorted(rules.REVOKE)), None)
    published = read_published(session, f"{credential_path(revoked.token)}.json") if revoked else None
    if published is not None and not published.gone:
        own["revoked"] = published.body
    return own


def _staged(act: Callable[[Stage], None]) -> Callable[[Theatre, int], None]:
    """A step that is one transaction, its mark included: half a step is never left behind."""

    def do(theatre: Theatre, number: int) -> None:
        with theatre.database.writing() as session:
            act(Stage(session, theatre.settings, theatre.keyring))
            _mark(session, number)

    return do


def _played(database: Database) -> int:
    with database.reading() as session:
        fact = session.get(ServiceFact, PLAYED)
        return int(fact.value) if fact else 0


def _mark(session: Session, number: int) -> None:
    session.merge(ServiceFact(name=PLAYED, value=str(number)))


def _enrol(stage: Stage) -> None:
    teacher = world.viewer_of(stage.session, "teacher")
    names = [*rules.WITH_EMAIL, *rules.WITHOUT_EMAIL]
    rows = [
        LearnerRow(
            row, rules.learner_name(name), rules.learner_email(name) if name in rules.WITH_EMAIL else None
        )
        for row, name in enumerate(names, start=1)
    ]
    workshops.enrol(stage.session, teacher, world.pilot(stage.session, teacher), rows)


def _assess(stage: Stage) -> None:
    """Everybody is Proficient, every third Exemplary somewhere, and two have something missing."""
    session = stage.session
    teacher = world.viewer_of(session, "teacher")
    workshop = world.pilot(session, teacher)
    version = workshop.versions[0].version
    criteria = [criterion.id for criterion in rubric_of(version.content).criteria]
    cells: dict[tuple[int, str], str | None] = {}
    for place, enrolment in enumerate(workshops.learners_of(session, teacher, workshop)):
        given = criteria[:1] if _is_not_ready(enrolment.name) else criteria
        for column, criterion in enumerate(given):
            level = "exemplary" if (place + column) % 3 == 0 else "proficient"
            cells[enrolment.person_id, criterion] = level
    awards.set_levels(session, teacher, workshop, version, cells)
    for piece in _EVIDENCE:
        awards.add_evidence(session, teacher, workshop, version, piece, stage.settings.evidence_folder)


_EVIDENCE = (
    awards.HandedIn(
        "Bench test",
        genre="observation",
        text="Each basket was put on a flat table, loaded with three kilograms and lifted by its border.",
        in_credential=True,
    ),
    awards.HandedIn(
        "Log of rods, soaking and hours", genre="log", text="Kept by every learner, seen by the teacher."
    ),
)


def _is_not_ready(name: str) -> bool:
    return name.split(maxsplit=1)[0] in rules.NOT_READY


def _award(theatre: Theatre, number: int) -> None:
    with theatre.database.writing() as session:
        teacher = world.viewer_of(session, "teacher")
        workshop = world.pilot(session, teacher)
        version = workshop.versions[0].version
        ready = [
            row.learner.person_id for row in awards.readiness_of(session, workshop, version) if row.ready
        ]
        if ready:
            awards.award_ready(
                session,
                teacher,
                theatre.settings,
                workshop.activity.token,
                version,
                idempotency_key="demo-main-job",
                identity_check=IdentityCheck.KNOWN,
                confirmed=ready,
                saw_evidence=True,
            )
        _mark(session, number)
    theatre.work()


def _claims(theatre: Theatre, number: int) -> None:
    """Learners open the links in their mails: some accept with their name, some without, one declines."""
    theatre.work()
    for name in rules.WITH_EMAIL:
        _answer(theatre, name)
    theatre.work()
    with theatre.database.writing() as session:
        for name in sorted(rules.REVOKE):
            _revoke(session, name)
        _mark(session, number)


def _answer(theatre: Theatre, name: str) -> None:
    code = _code_in_mail(theatre.settings, rules.learner_email(name))
    with theatre.database.writing() as session:
        award = _award_of(session, name)
        if award is None or award.state != AwardState.HELD or code is None:
            return
        if name in rules.DECLINE:
            awards.decline(session, code)
        elif name in rules.ACCEPT_WITH_NAME | rules.ACCEPT_WITHOUT_NAME:
            awards.claim(session, NOBODY, code, with_name=name in rules.ACCEPT_WITH_NAME, age=AgeBand.ADULT)
            if name in rules.SHARE_BY_LINK:
                learner = people.load_viewer(session, world.person_of(session, rules.learner_email(name)).id)
                backpack.set_sharing(session, learner, award.token, Sharing.LINK)


def _code_in_mail(settings: Settings, address: str) -> str | None:
    """The claim code in the newest mail to this address, as its reader finds it: at the end of the link."""
    mails = (mail for mail in laid_mails(settings.mail_folder) if mail.to == address)
    links = (link for mail in mails for link in mailbox.links(mail))
    return next((link.rsplit("/", 1)[1] for link in links if "/claim/" in link), None)


def _revoke(session: Session, name: str) -> None:
    award = _award_of(session, name)
    if award is not None and award.state == AwardState.ACCEPTED:
        teacher = world.viewer_of(session, "teacher")
        awards.revoke_award(session, teacher, award.token, RevocationReason.MISTAKE)


def _award_of(session: Session, name: str) -> Award | None:
    return session.scalars(
        select(Award)
        .join(Person, Person.id == Award.person_id)
        .join(PersonAddress, PersonAddress.person_id == Person.id)
        .where(PersonAddress.email == rules.learner_email(name))
        .order_by(Award.id)
    ).first()


def example_award(session: Session) -> Award | None:
    """One accepted, unrevoked badge that its learner shows by link."""
    return session.scalars(
        select(Award)
        .where(Award.state == AwardState.ACCEPTED, Award.sharing != Sharing.PRIVATE)
        .order_by(Award.id)
    ).first()


def example_address(session: Session, settings: Settings) -> str | None:
    """Where that badge's QR code leads, at the address in use."""
    award = example_award(session)
    return f"{settings.address}{credential_path(award.token)}" if award else None
