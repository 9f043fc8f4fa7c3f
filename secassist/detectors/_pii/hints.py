"""Why a value is obviously invented or nobody's: reserved ranges, well-known test numbers, counting and repeated digits."""
# ruff: noqa: E501, SIM905 - word lists

import ipaddress
import re

from secassist.detectors._pii.digits import figures, letters

_RESERVED_DOMAIN = re.compile(r"(?:^|\.)(?:example\.[a-z]{2,3}|example|test|invalid|localhost|localdomain)$")
_SAMPLE_DOMAIN = frozenset(
    "domain.com mydomain.com yourdomain.com your-domain.com company.com yourcompany.com test.com foo.com bar.com foo.bar contoso.com "
    "fabrikam.com".split()
)
_SAMPLE_LOCAL = frozenset(
    "foo bar foobar yourname your.name your_name your_email youremail your-email example sample".split()
)
_MACHINES = frozenset("noreply no-reply no_reply donotreply do-not-reply mailer-daemon".split())
_FORGES = frozenset("git@github.com git@gitlab.com git@bitbucket.org git@gitee.com git@ssh.dev.azure.com".split())
_TEST_CARDS = frozenset(
    "4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 5555555555554444 5105105105105100 "
    "5454545454545454 5200828282828210 2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 "
    "6011000990139424 3056930009020004 30569309025904 38520000023237 3530111333300000 3566002020360505 6200000000000005 "
    "4000000000000002 4000000000000077 6250941006528599".split()
)
"""Numbers that payment services publish for tests."""
_TEST_IDS = frozenset(
    "123456789 078051120 219099999 987654321 457555462 11010519491231002X 110101199001011234 110105194912310021 "
    "GB82WEST12345698765432 DE89370400440532013000 GB29NWBK60161331926819 FR1420041010050500013M02606 "
    "RSSMRA85T10A562S 12345678Z S1234567D 9434765919 4857773456 52998224725 11144477735 ABCDE1234F".split()
)
"""Samples of the specifications and their documentation."""
_FICTION = re.compile(
    r"(?:1?[2-9]\d\d)?55501\d\d|(?:44|0)7700900\d{3}|(?:44|0)(?:2079460|1632960|1134960|1614960)\d{3}|"
    r"(?:61|0)(?:491570\d{3}|[2378]5550\d{4}|[2378]7010\d{4})|(?:33|0)(?:639980|199000|261910|353010|465710|536490)\d{3}"
)
"""Telephone numbers kept for films and books: North America 555-01xx, Ofcom, ACMA and ARCEP ranges."""
_HOTLINE = re.compile(
    r"(?:(?:\+|00)(?:86|1)[ \-.]?|(?:86|1)[ \-.])?(?:\(?[48]00\)?[ \-.]?|\(?8(?:33|44|55|66|77|88)\)?[ \-.]|0800[ \-.]?)\d{3}[ \-.]?\d{3,4}"
)
"""Service numbers that belong to nobody: China's 400 and 800, 800 of the North American plan, 0800 in Europe."""
_NAMES = frozenset(
    "John Doe|Jane Doe|Joe Bloggs|John Q. Public|Foo Bar|Test User|Max Mustermann|Erika Mustermann".split("|")
)
_DOCUMENTATION = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
"""RFC 5737, RFC 3849, RFC 9637."""
_UP, _DOWN = "01234567890123456789", "98765432109876543210"


def is_hotline(value: str) -> bool:
    """Whether a telephone number is a service's."""
    return _HOTLINE.fullmatch(value) is not None


def hint(kind: str, value: str) -> str:
    """Why a value of this type is believed harmless; "" if it is not."""
    if kind == "person":
        return "placeholder name" if value in _NAMES else ""
    number = figures(value)
    if kind == "phone" and _FICTION.fullmatch(number):
        return "number kept for fiction"
    if number in _TEST_CARDS:
        return "published test card"
    if number in _TEST_IDS or letters(value) in _TEST_IDS:
        return "number of a specification's sample"
    return _pattern_hint(number.removeprefix("86") if kind == "phone" else number)


def _pattern_hint(number: str) -> str:
    if len(number) < 6:
        return ""
    if len(set(number[-8:])) == 1:
        return "repeated digit"
    return "counting digits" if number in _UP or number in _DOWN else ""


def mail_hint(local: str, domain: str) -> str:
    """Why an e-mail address (lower case) is nobody's."""
    if _RESERVED_DOMAIN.search(domain):
        return "example domain"
    if domain in _SAMPLE_DOMAIN or local in _SAMPLE_LOCAL:
        return "sample address"
    if domain in {"openssh.com", "libssh.org"} and any(char.isdigit() or char == "-" for char in local):
        return "name of an algorithm"
    return "address of a machine" if local in _MACHINES or f"{local}@{domain}" in _FORGES else ""


def network_hint(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Why an IP address points at nobody."""
    if any(address.version == net.version and address in net for net in _DOCUMENTATION):
        return "address kept for documentation"
    if address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local:
        return "address of no host"
    return ""
