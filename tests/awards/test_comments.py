"""Comments stay with the school: kept by learner and by cell, shown to teachers alone, never signed, never lost."""

from flask import Flask

from badge_service.awards import actions

from .conftest import World

TEACHER = {"X-Person": "teacher"}


def matrix(world: World) -> str:
    return f"/workshops/{world.token}/assess/{world.slug}/1.0.0"


def comments_of(world: World) -> list[dict[str, str]]:
    with world.database.reading() as session:
        return [dict(row.comments) for row in actions.readiness_of(session, *world.open(session))]


def test_comments_are_kept_by_learner_and_by_cell_and_never_signed(
    world: World, class_of_three: list[int], app: Flask
) -> None:
    client = app.test_client()
    sent = {
        "1:comment": "Left-handed,\r\nuse the other mould.",
        "1:comment:C2": "Second try.",
        "was:1:comment": "",
    }
    assert client.post(matrix(world), data=sent, headers=TEACHER).status_code == 302
    assert comments_of(world)[0] == {"": "Left-handed,\nuse the other mould.", "C2": "Second try."}
    page = client.get(matrix(world), headers=TEACHER).text
    assert "Second try." in page and "Comments (2)" in page
    token = world.award(*class_of_three)
    with world.database.reading() as session:
        for line in actions.batch_progress(session, world.settings, world.batch(session, token)).lines:
            award = actions.find_teachers_award(session, world.viewers["teacher"], line.award_token)
            assert "mould" not in str(actions.latest_content(session, award))


def test_an_emptied_comment_goes_and_what_a_colleague_wrote_stays(
    world: World, class_of_three: list[int], app: Flask
) -> None:
    client = app.test_client()
    client.post(matrix(world), data={"2:comment": "Mine."}, headers=TEACHER)
    clash = client.post(matrix(world), data={"2:comment": "Theirs.", "was:2:comment": ""}, headers=TEACHER)
    assert clash.status_code == 409 and "Boris Kolev, comment" in clash.text
    assert comments_of(world)[1] == {"": "Mine."}
    client.post(matrix(world), data={"2:comment": "", "was:2:comment": "Mine."}, headers=TEACHER)
    assert comments_of(world)[1] == {}


def test_a_comment_that_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    world: World, class_of_three: list[int], app: Flask
) -> None:
    client = app.test_client()
    long = "x" * 1_001
    answer = client.post(matrix(world), data={"1:comment": long, "1:comment:C9": "No."}, headers=TEACHER)
    assert answer.status_code == 422 and long in answer.text and "no such criterion" in answer.text
    assert comments_of(world)[0] == {}


def test_a_large_group_comes_in_pages_and_is_counted_whole(world: World, app: Flask) -> None:
    world.enrol(*((f"Learner {number:03}", None) for number in range(1, 121)))
    client = app.test_client()
    first = client.get(matrix(world), headers=TEACHER).text
    assert first.count("data-learner=") == 50 and "Page 1 of 3" in first and "120 not yet" in first
    last = client.get(f"{matrix(world)}?page=99999999999", headers=TEACHER).text
    assert "Page 1 of 3" in last
    sent = client.post(f"{matrix(world)}?page=3", data={"group": "proficient"}, headers=TEACHER)
    assert sent.location.endswith("?page=3")
    last = client.get(sent.location, headers=TEACHER).text
    assert last.count("data-learner=") == 20 and "120 are ready" in last
