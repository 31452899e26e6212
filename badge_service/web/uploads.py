"""Cleans the files of a form before the view opens a database session, so that no decoding makes other writers wait.

@blueprint.post("/hand-in")
@access.signed_in
@limited("60 per minute")
@cleaned("file")  # above @once, which opens the session
def hand_in() -> ResponseReturnValue:
    files = cleaned_files()
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError
from badge_service.web.pictures import Kept, keep_evidence

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Cleaned:
    """Files as they will be kept, what is wrong with the others, and how many were sent."""

    kept: tuple[Kept, ...] = ()
    faults: tuple[Fault, ...] = ()
    count: int = 0

    def one(self) -> Kept | None:
        """The only file, or None where none was sent; raises InvalidError with what is wrong with it."""
        if self.faults:
            raise InvalidError(_("This file cannot be taken."), faults=self.faults)
        return self.kept[0] if self.kept else None


def clean_files(files: Sequence[bytes], *, where: str, most: int) -> Cleaned:
    """At most so many of these files cleaned as evidence; what is wrong with the others stands at `where`."""
    kept: list[Kept] = []
    faults: list[Fault] = []
    for content in files[:most]:
        try:
            kept.append(keep_evidence(content, where=where))
        except InvalidError as error:
            faults += error.faults
    return Cleaned(tuple(kept), tuple(faults), len(files))


def cleaned(field: str, *, most: int = 1) -> Callable[[View], View]:
    """Clean what a form sends in this field, before anything below opens the session of the request."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **values: Any) -> Any:
            g.cleaned_files = clean_files(_sent(field), where=field, most=most)
            return view(*args, **values)

        return cast(View, answer)

    return around


def cleaned_files() -> Cleaned:
    """What `cleaned` has made of the files of this request."""
    return cast(Cleaned, g.cleaned_files)


def _sent(field: str) -> list[bytes]:
    contents = []
    for file in request.files.getlist(field):
        if file.filename:
            contents.append(file.stream.read())
            file.stream.seek(0)
    return contents
