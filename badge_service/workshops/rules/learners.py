"""One learner of a class list as a checked row, or as named faults: what a name and an e-mail address may be."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from badge_service.errors import InvalidError
from badge_service.people.rules import LONGEST_NAME, is_no_name, normal_email
from badge_service.web.csv_files import RowFault, clean, shown

MOST_ROWS = 1000
MOST_BYTES = 1_000_000
LONGEST_EMAIL = 254
SHARED_ADDRESS = "email_twice"
"""The code of a fault that goes when the other row is corrected."""
_DOTTED = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+")


@dataclass(frozen=True)
class LearnerRow:
    """A learner as written in row `row` (from 1) of a list; `number` only when the list gave one."""

    row: int
    name: str
    email: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class LearnerList:
    """What a list says: good rows, everything wrong with the others, and columns that were not needed."""

    rows: tuple[LearnerRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    ignored_columns: tuple[str, ...] = ()


@dataclass
class Collection:
    """Gathers rows and faults while a list is read."""

    rows: list[LearnerRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    def add(self, row: int, name: str, email: str, number: str = "") -> None:
        """Take one learner, or write down everything wrong with them."""
        name, email, number = clean(name), clean(email), clean(number)
        if not name and not email and number.isdecimal() and len(number) <= 9:
            name = f"№ {int(number)}"
        faults = name_faults(row, name) + (email_faults(row, email) if email else [])
        if faults:
            self.faults += faults
            return
        known = int(number) if number.isdecimal() and len(number) <= 4 and int(number) else None
        self.rows.append(LearnerRow(row, name, email.lower() or None, known))

    def finish(self, ignored_columns: tuple[str, ...] = ()) -> LearnerList:
        """The list, after looking for one address used by two people."""
        rows, faults = _without_shared_addresses(self.rows)
        everything = sorted([*self.faults, *faults], key=lambda fault: fault.row)
        return LearnerList(tuple(rows), tuple(everything), ignored_columns)


def whole_list_fault(message: str, code: str, value: str = "") -> LearnerList:
    """A list of which nothing can be used."""
    return LearnerList(faults=(RowFault(0, "", shown(value), message, code),))


def folded(name: str) -> str:
    """A name as it is compared: without difference of case and blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def looks_like_email(text: str) -> bool:
    """Whether somebody meant this as an address: an @ that is not its first character (`@SUM(1)` is a name)."""
    return "@" in text[1:]


def lacks_its_at(text: str) -> bool:
    """Whether this is an address whose @ was forgotten (`maria.school.example`), and no name (`St.Clair`)."""
    return bool(_DOTTED.fullmatch(text))


def name_faults(row: int, name: str, parts: Sequence[str] = ()) -> list[RowFault]:
    """Everything wrong with a learner's name, which may have been put together from the cells `parts`."""
    column = _("name")

    def fault(message: str, code: str) -> list[RowFault]:
        return [RowFault(row, column, shown(name), message, code)]

    if not name:
        return fault(_("There is no name. Write one; a number will do."), "name_missing")
    if len(name) > LONGEST_NAME:
        return fault(_("This is longer than %(most)s characters. Shorten it.", most=LONGEST_NAME), "too_long")
    if "\n" in name:
        return fault(
            _("This cell runs over several lines: perhaps a quotation mark is missing."), "several_lines"
        )
    if not name.isprintable():
        return fault(
            _("There is an invisible control character in it. Type the name anew."), "control_character"
        )
    if is_no_name(name, parts) or not any(character.isalnum() for character in name):
        return fault(
            _("This is no name: the programme that made the list had none. Write the name."), "placeholder"
        )
    if looks_like_email(name):
        return fault(
            _("There is an e-mail address in the name. Put a semicolon between the two."), "email_in_name"
        )
    return []


def email_faults(row: int, email: str) -> list[RowFault]:
    """Everything wrong with an e-mail address."""
    if is_email(email):
        return []
    message = _("This is no e-mail address. Correct it to look like maria@example.org, or leave it out.")
    return [RowFault(row, _("e-mail"), shown(email), message, "email")]


def is_email(email: str) -> bool:
    """Whether a mail could be sent to this address as far as its shape tells."""
    local, _at, _domain = email.partition("@")
    well_dotted = not local.startswith(".") and not local.endswith(".") and ".." not in email
    if len(email) > LONGEST_EMAIL or not well_dotted or not _EMAIL.fullmatch(email.lower()):
        return False
    try:
        return bool(normal_email(email))
    except InvalidError:
        return False


def first_of_each(rows: tuple[LearnerRow, ...]) -> dict[int, int]:
    """For every row that repeats an earlier one (same name, same or no address): its row to that earlier row."""
    seen: dict[tuple[str, str | None], int] = {}
    repeats = {}
    for row in rows:
        key = (folded(row.name), row.email)
        if key in seen:
            repeats[row.row] = seen[key]
        seen.setdefault(key, row.row)
    return repeats


def _without_shared_addresses(rows: list[LearnerRow]) -> tuple[list[LearnerRow], list[RowFault]]:
    owners: dict[str, LearnerRow] = {}
    good, faults = [], []
    for row in rows:
        owner = owners.setdefault(row.email, row) if row.email else row
        if folded(owner.name) == folded(row.name):
            good.append(row)
            continue
        faults.append(shared_address(row.row, row.email or "", owner.row, owner.name))
    return good, faults


def shared_address(row: int, email: str, first: int, name: str) -> RowFault:
    """That row `first` gives the same address to somebody else, called `name`."""
    message = _(
        "Row %(row)s has the same address for %(name)s. Give each their own, or leave it out here.",
        row=first,
        name=name,
    )
    return RowFault(row, _("e-mail"), shown(email), message, SHARED_ADDRESS)
