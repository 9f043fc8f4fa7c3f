"""Names and postal addresses in English and its neighbours, by the words around them and by common first names."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._secret_hit import Hit

_FIRST_NAMES = (
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Donald Steven Paul Andrew "
    "Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin "
    "Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Tyler Aaron Jose Henry Adam Douglas Nathan "
    "Peter Zachary Kyle Walter Harold Jeremy Ethan Carl Keith Roger Gerald Sean Austin Arthur Noah Lawrence Jesse Joe Bryan Billy Jordan "
    "Albert Dylan Bruce Willie Gabriel Logan Alan Juan Ralph Roy Eugene Randy Vincent Russell Louis Philip Bobby Johnny Bradley Mary "
    "Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley Kimberly Emily Donna "
    "Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela "
    "Emma Nicole Helen Samantha Katherine Christine Debra Rachel Carolyn Janet Catherine Maria Heather Diane Ruth Julie Olivia Joyce "
    "Virginia Victoria Kelly Lauren Christina Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline Martha Gloria Teresa Ann Sara "
    "Madison Frances Kathryn Janice Jean Abigail Alice Julia Judy Sophia Grace Denise Amber Doris Marilyn Danielle Beverly Isabella "
    "Theresa Diana Natalie Brittany Charlotte Marie Kayla Alexis Lori Hans Klaus Jürgen Stefan Wolfgang Andreas Thomas Pierre Jean Luc "
    "Claire Sophie Carlos Luis Miguel Pedro Ana Lucia Marco Giulia Luca Francesca Ahmed Mohammed Fatima Ali Omar Raj Priya Amit Anita "
    "Sanjay Wei Ming Hiroshi Yuki Kenji Ivan Dmitri Olga Svetlana Erik Lars Ingrid Bob Tom Jim Mike Dave Steve Kate Jane Jenny Sam Max Ben"
)
_CAP = r"[A-Z][a-zà-öø-ÿ]{1,20}(?:[-'][A-Z][a-zà-öø-ÿ]{1,20})?"
_MIDDLE = r"(?: [A-Z]\.?| (?:van|von|de|da|del|der|la|le|bin|al)(?: (?:der|den|la))?){0,2}"
_FULL = rf"{_CAP}{_MIDDLE}(?: {_CAP}){{1,2}}"
_LISTED = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(sorted(set(_FIRST_NAMES.split())))}){_MIDDLE}(?: {_CAP}){{1,2}}(?![A-Za-z(])"
)
_TITLED = re.compile(
    rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Herr|Frau|Mme|Monsieur|Señor|Señora)\.? ((?:{_CAP}{_MIDDLE} ?){{0,2}}{_CAP})"
)
_CUED = re.compile(
    r"(?i:(?<![a-z])(?:my name is|name is|named|full[ _]?name|customer(?: is)?|client(?: is)?|first[ _]?name|last[ _]?name|customer[ _]?name|patient|employee|applicant|"
    r"account holder|cardholder|card holder|contact person|contact|signed by|i am|i'm|dear|sincerely,?|regards,?|attn|attention|sold to|"
    rf"bill to|ship to|passenger|name)[\"']?)[ \t]{{0,3}}[:=]?[ \t\n\"']{{1,4}}({_FULL})"
)
_SPOKEN = re.compile(rf"(?<![A-Za-z])(?:[Mm]y name is|I am|I'm|[Nn]amed|[Cc]alled|Dear) ({_CAP})(?=[\s,.;\"'!]|$)")
_STREET_WORDS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Parkway|Pkwy|Highway|Hwy|Circle|Close|"
    "Crescent|Gardens|Grove|Row|Hill|Mews"
)
_ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9.\-/])\d{{1,5}}[A-Za-z]?,? (?:(?:[NSEW]\.?|North|South|East|West|[A-Z][a-z'À-ÿ]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}(?:{_STREET_WORDS})\b\.?"
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?[A-Za-z0-9\-]{1,6})?"
    r"(?:,? (?:(?:St|Ft|Mt)\. )?(?:[A-Z][a-zA-Z]{1,20} ?){1,3})?(?:,? [A-Z]{2})?(?:,? (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}))?"
)
_EURO_ADDRESS = re.compile(
    r"(?<![A-Za-z])(?:[A-ZÄÖÜ][a-zäöüß\-]{2,20}(?:straße|strasse|str\.|weg|platz|allee|gasse)|(?:Rue|Avenue|Boulevard|Calle|Via|Piazza)(?: [A-Za-zÀ-ÿ'\-]{1,20}){1,4}) \d{1,4}[a-z]?"
    r"(?:, ?\d{4,5} [A-ZÄÖÜ][a-zäöüß\-]{1,20}(?: [A-ZÄÖÜ][a-zäöüß\-]{1,20})?)?"
)  # fmt: skip
_PO_BOX = re.compile(r"(?<![A-Za-z])P\.? ?O\.? Box \d{1,6}(?:, [A-Z][A-Za-z ]{1,30}(?:, [A-Z]{2} \d{5})?)?")
_NOT_NAME_WORDS = (
    "The This That Your You Our Their It He She We They If In On At For From To And Or But Not No Yes Please Thank Thanks Hello Hi Dear "
    "Sir Madam Team All Customer User Admin Support Service Error Warning Info New Old Name Date Time Address Phone Email Id Number Type "
    "Value Key String Int Integer Null None True False Object Class Server Client System File Path Data Table Column Field Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December "
    "Street Road Avenue Windows Linux Google Microsoft Apple Amazon Internet Web Http Https Api Sincerely Regards Best Kind Invalid "
    "Unknown Sorry Just Going Looking Trying Currently Writing Here There Using Working Happy Glad Not"
)
_NOUNS = (
    "Access Account Action Activity Agent Alert Analysis Analytics Annual Antivirus Api App Application Archive Asset Attack "
    "Audit Authentication Authority Authorization Backup Balance Bank Base Behavior Billing Block Board Bot Browser Bucket Build "
    "Business Cache Calendar Cancel Case Category Center Central Centre Certificate Change Channel Check Chrome Click Cloud "
    "Cluster Code Collection Command Community Company Complete Compliance Config Configuration Connection Console Contact "
    "Container Content Control Controller Copy Core Corporate Create Credential Credentials Critical Dashboard Database Default "
    "Defender Defense Delete Delivery Department Deploy Deployment Desk Desktop Detected Detection Detections Developer Device "
    "Digital Directory Disable Discovery Disk Display Document Domain Download Driver Edge Edit Email Enable Encryption Endpoint "
    "Engine Enterprise Entry Evasion Event Events Example Exchange Execution Explorer Export External Failed Failure Feature "
    "Field Filter Finance Finding Findings Firewall Firefox Folder Form Framework Function Gateway General Global Group Guard "
    "Guide Handler Health Help Helpdesk High Hiring Home Host Hub Identity Image Impact Import Inbox Incident Index Information "
    "Infrastructure Initial Input Instance Integration Internal Interface Inventory Invoice Item Job Journal Kernel Keys Lab Label "
    "Layer Library License Limited List Load Local Location Lock Log Login Logon Logs Low Mail Mailbox Main Maintenance Malicious "
    "Malware Manager Management Master Media Medium Memory Menu Message Method Microservice Mobile Mode Model Module Monitor "
    "Monitoring Movement Network Node Notice Notification Object Office Online Open Operation Operations Operator Option Order "
    "Organization Output Overview Package Page Panel Partner Password Patch Payment Payroll Permission Persistence Pipeline "
    "Platform Plugin Point Policy Port Portal Power Print Printer Privilege Process Product Production Profile Program Project "
    "Protection Protocol Provider Proxy Public Purchase Python Quality Query Queue Quick Ransomware Read Record Records Recovery "
    "Recruiting Region Registry Release Remote Report Repository Request Requests Reset Resource Resources Response Result Review "
    "Risk Role Root Router Rule Run Runtime Safe Sales Scan Scanner Schedule Scheduled Schema Scheme Script Search Secure Security "
    "Select Send Sensor Session Set Settings Setup Share Shell Shield Sign Signal Site Software Source Staff Standard Start State "
    "Status Stop Storage Store Storm Stream Subject Submit Summary Supply Suspicious Switch Sync Tab Table Tag Target Task Technique "
    "Template Terminal Test Testing Text Threat Ticket Title Token Tool Total Tracker Traffic Training Transaction Transfer Trojan "
    "Trust Tunnel Unit Unix Update Upload Url Usage Utility Vault Vendor Version View Virtual Virus Volume Vulnerability Watch "
    "Webhook Website Welcome Window Wireless Work Workflow Workspace Workstation Write Zone"
)
"""Nouns, verbs and labels of software, companies and alerts: a name that holds one is a thing's."""
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split()) | frozenset(_NOUNS.split())
_NAME_CUE = re.compile(r"name(?: is)?[\"']?[ \t]{0,3}[:=]?[ \t\n\"']{1,4}$", re.IGNORECASE)
_QUALIFIER = re.compile(r"([A-Za-z]{1,24})(?:[_.\-]|(?<=[a-z])(?=N))$")
_PEOPLE_WORDS = (
    "full first last given family middle maiden display real customer client user employee staff patient person contact owner "
    "author applicant cardholder holder account recipient sender passenger guest member student teacher doctor driver tenant "
    "signer subscriber payee payer beneficiary manager caller reporter victim legal birth nick sur christian my"
)
_PEOPLE = frozenset(_PEOPLE_WORDS.split())
"""Words before "name" that say whose it is; after any other, as in `class_name` or `rule.name`, stands a thing's."""


def name_hits(text: str) -> Iterator[Hit]:
    """Titles, introductions and labels first; then known first names followed by another capitalised word."""
    for pattern, group, rank in ((_TITLED, 1, 1), (_CUED, 1, 2), (_SPOKEN, 1, 3), (_LISTED, 0, 3)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            value = text[start:end].rstrip()
            if not any(word in _NOT_NAMES for word in value.split()) and not _names_a_thing(text, match.start(), start):
                yield Hit(start, start + len(value), "person", value, rank, Severity.LOW)


def _names_a_thing(text: str, cue: int, start: int) -> bool:
    """Whether the value follows a field like `rule.name`, `className` or `vendor_name`."""
    label = _NAME_CUE.search(text[max(cue, start - 24) : start])
    if not label:
        return False
    at = max(cue, start - 24) + label.start()
    qualifier = _QUALIFIER.search(text[max(0, at - 25) : at] + text[at : at + 1] * (text[at] == "N"))
    return qualifier is not None and qualifier[1].lower() not in _PEOPLE


def address_hits(text: str) -> Iterator[Hit]:
    """House number, street and what follows of town, state and postal code."""
    for pattern in (_ADDRESS, _EURO_ADDRESS, _PO_BOX):
        for match in pattern.finditer(text):
            value = match[0].rstrip(" ,")
            yield Hit(match.start(), match.start() + len(value), "address", value, 2, Severity.MEDIUM)
