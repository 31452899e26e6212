"""Careless changes to how a school learns what a mail, or a second person, did not do, each with the test that must notice."""

from .breakage import Breakage

OF_MAILS = (
    Breakage(
        "confirm whom the second person has ticked to be struck",
        "awards/pages/second_person.py",
        '    if request.form.getlist("learner"):\n',
        "    if False:\n",
        "tests/awards/test_second_pages.py::test_whoever_ticks_somebody_and_presses_confirm_awards_nobody",
    ),
    Breakage(
        "send mails of a batch whose mails are off",
        "awards/actions/mailing.py",
        "    if batch.mails_off_at is not None:\n        return\n",
        "",
        "tests/awards/test_scheduling.py::test_who_is_awarded_later_in_a_batch_whose_mails_are_off_gets_none",
    ),
    Breakage(
        "let the assessor confirm their own decision on prior learning",
        "awards/actions/case_second.py",
        "    require_another(viewer, case.decided_by)\n",
        "",
        "tests/awards/test_case_second.py::test_it_is_written_down_and_given_once_a_colleague_confirms",
    ),
    Breakage(
        "give a badge for prior learning beyond the number for the day",
        "awards/actions/recognising.py",
        "    if not allowed.at_once(1):\n",
        "    if False:\n",
        "tests/awards/test_case_second.py::test_it_is_written_down_and_given_once_a_colleague_confirms",
    ),
    Breakage(
        "leave decisions on prior learning that wait when a person is undone",
        "awards/actions/undoing_person.py",
        "    struck += strike_cases(session, organisation.id, about, since)\n",
        "",
        "tests/awards/test_case_second.py::test_undoing_the_person_takes_back_what_waits",
    ),
    Breakage(
        "take a mail that is late for one that failed",
        "web/bounces.py",
        '        if str(block.get("Action", "")).strip().lower() == "failed":\n',
        "        if True:\n",
        "tests/web/test_bounces.py::test_what_is_late_or_arrived_is_no_failure",
    ),
    Breakage(
        "let an old mail that came back spoil a newer one",
        "web/bounces.py",
        "    if _was_followed(session, job):\n",
        "    if False:\n",
        "tests/web/test_bounces.py::test_a_newer_mail_about_the_same_is_not_spoilt",
    ),
    Breakage(
        "show a school the mails of another",
        "awards/actions/other_mails.py",
        "    wanted = wanted.where(Award.organisation_id.in_(organisation_ids), Award.ended_at.is_(None))\n",
        "    wanted = wanted.where(Award.ended_at.is_(None))\n",
        "tests/awards/test_other_mails.py::test_a_correction_that_did_not_arrive_is_listed_until_the_learner_knows",
    ),
    Breakage(
        "tell every day anew what did not arrive",
        "awards/actions/notices.py",
        "        session.add(ServiceFact(name=_TOLD, value=now(session).isoformat()))\n",
        "        pass\n",
        "tests/awards/test_notices.py::test_who_awarded_is_told_once_what_did_not_arrive",
    ),
)
