"""Resolves a host once and says which address may be connected to: no private network is reached by accident."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence

from secassist.sinks.base import SinkError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is handed out for public use (RFC 4291)."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): an IPv4 address in the last 32 bits."""


def resolve(host: str, port: int, allowed: Sequence[Network]) -> tuple[str, ...]:
    """The addresses to connect to, and to no others, the preferred one first. Raises SinkError when one is refused.

    One refused address among several refuses all: who can add one to a name would otherwise only have to wait.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SinkError(f"{host} cannot be resolved") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    refused = next((address for address in addresses if not permitted(address, allowed)), None)
    if refused is not None or not addresses:
        raise SinkError(
            f"{host} has the address {refused}, which is not a public one; allow it with `networks` if it is meant"
        )
    return tuple(dict.fromkeys(map(str, addresses)))


def permitted(address: Address, allowed: Iterable[Network]) -> bool:
    """Whether it is public, or in a network that was allowed; an IPv4 address inside an IPv6 one is judged itself."""
    inner = _inner(address)
    if inner is not None:
        return permitted(inner, allowed)
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_global and address in UNICAST
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address is another spelling of: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
