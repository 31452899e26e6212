"""How often one verification may fetch: each address once, and only so many of them."""

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges.did import Fetch, Fetched

FETCHES_FOR_KNOWN_ISSUERS = 8
FETCHES_FOR_STRANGERS = 4
MOST_FETCHES = 16
"""For a presentation of several badges, however many there are."""

LONGEST_ADDRESS = 2_000
"""Letters; a longer one is not asked and nothing about it is kept."""


class CountedFetch:
    """Fetches each address once, and only so many of them, as a badge is not to send us all over the world."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._answers: dict[str, Fetched | NotFoundError | UnavailableError] = {}
        self.budget = FETCHES_FOR_STRANGERS

    def __call__(self, url: str) -> Fetched:
        """What stands at `url`; raises NotFoundError or UnavailableError, also when the budget is spent."""
        if len(url) > LONGEST_ADDRESS:
            raise UnavailableError("This address is too long to be asked.")
        if url not in self._answers:
            if len(self._answers) >= self.budget:
                raise UnavailableError("This badge points to too many addresses.", code="fetch_budget")
            self._answers[url] = self._ask(url)
        answer = self._answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def allow(self, more: int) -> None:
        """Let `more` further addresses be asked, within what one verification may ask at most."""
        self.budget = max(self.budget, min(len(self._answers) + more, MOST_FETCHES))

    def _ask(self, url: str) -> Fetched | NotFoundError | UnavailableError:
        try:
            return self._fetch(url)
        except (NotFoundError, UnavailableError) as error:
            return error
        except (
            ValueError,
            OverflowError,
            OSError,
        ) as error:  # what an address can make other people's code raise
            return UnavailableError(f"This address cannot be asked ({type(error).__name__}).")
