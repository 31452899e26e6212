"""The fields of LinkedIn's “Licenses & certifications” form for one badge, to copy or to carry over by a link."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

ADD_FORM = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True)
class LinkedInForm:
    """What to fill in; `credential_url` is the share link, never the name of a file or an internal id."""

    name: str
    organisation: str
    issued: datetime
    expires: datetime | None
    credential_id: str
    credential_url: str

    @property
    def address(self) -> str:
        """LinkedIn's own form with these fields filled in; it is opened only when the learner follows the link."""
        fields = {
            "startTask": "CERTIFICATION_NAME",
            "name": self.name,
            "organizationName": self.organisation,
            "issueYear": self.issued.year,
            "issueMonth": self.issued.month,
            "certId": self.credential_id,
            "certUrl": self.credential_url,
        }
        if self.expires is not None:
            fields |= {"expirationYear": self.expires.year, "expirationMonth": self.expires.month}
        return f"{ADD_FORM}?{urlencode(fields)}"


def linkedin_form(
    *, title: str, issuer: str, awarded: datetime, expires: datetime | None, share_code: str, share_url: str
) -> LinkedInForm:
    """The form for a badge: the share code is its credential id, as a checker can type it too."""
    return LinkedInForm(title, issuer, awarded, expires, share_code, share_url)
