"""Who awards, as the European Learning Model describes an organisation and its act of awarding."""

from dataclasses import dataclass

from badge_service.curriculum.rules.elm.concepts import Part, authority

_COUNTRY_PAIRS = (
    "AT:AUT BE:BEL BG:BGR CH:CHE CY:CYP CZ:CZE DE:DEU DK:DNK EE:EST ES:ESP FI:FIN FR:FRA GB:GBR GR:GRC HR:HRV "
    "HU:HUN IE:IRL IS:ISL IT:ITA LI:LIE LT:LTU LU:LUX LV:LVA MK:MKD MT:MLT NL:NLD NO:NOR PL:POL PT:PRT RO:ROU "
    "RS:SRB SE:SWE SI:SVN SK:SVK TR:TUR UA:UKR"
)
_COUNTRIES = dict(pair.split(":") for pair in _COUNTRY_PAIRS.split())


@dataclass(frozen=True)
class IssuerFacts:
    """The legal organisation that awards: `country` as ISO alpha-2, `region` as a name, `website` or none."""

    id: str
    name: str
    country: str
    region: str
    website: str | None = None


def awarding(issuer: IssuerFacts, language: str) -> Part:
    """The act of awarding, by this organisation."""
    body = organisation(issuer, language)
    return {"id": "urn:epass:awardingProcess:1", "type": "AwardingProcess", "awardingBody": body}


def organisation(issuer: IssuerFacts, language: str) -> Part:
    """The organisation with its legal name and where it is."""
    address: Part = {"id": "urn:epass:address:1", "type": "Address"}
    if code := _COUNTRIES.get(issuer.country):
        address["countryCode"] = authority("country", code, code)
    found: Part = {
        "id": issuer.id,
        "type": "Organisation",
        "legalName": {language: issuer.name},
        "location": {
            "id": "urn:epass:location:1",
            "type": "Location",
            "geographicName": {language: issuer.region},
            "address": address,
        },
    }
    if issuer.website:
        page = {"id": "urn:epass:webResource:issuer", "type": "WebResource", "contentURL": issuer.website}
        found["homepage"] = page
    return found
