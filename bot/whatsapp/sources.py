"""Who knocks at the webhook, and how often they may.

A flood must cost little, so an address is judged before its body is read: is it one of the allowed networks, and has it
requests left. The table is bounded; when it is full the address that was silent longest is forgotten. Behind proxies
the address is what the outermost trusted one saw, never what the caller claims (SPEC X3).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read CIDR blocks; a ValueError names the one that is none."""
    return tuple(ip_network(text, strict=False) for text in texts)


def address_of(remote: str, forwarded: Iterable[str], trusted_proxies: int) -> str:
    """Return the caller's address behind one or more proxies: the entry of X-Forwarded-For that the outermost of ours wrote.

    A caller may put anything in front of the list, only the last `trusted_proxies` entries come from us.
    """
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    return hops[-trusted_proxies][:64] if len(hops) >= trusted_proxies else remote


def lies_in(address: str, networks: Sequence[Network]) -> bool:
    """Say whether the address belongs to one of the networks; what is no address belongs to none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


class Sources:
    """A token bucket for each address, and whether it may come at all. IPv6 callers count by their /64."""

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        allowed: Sequence[Network] = (),
        monotonic: Callable[[], float],
        remember: int = 10_000,
    ) -> None:
        self._per_second, self._burst, self._allowed = per_second, float(burst), tuple(allowed)
        self._monotonic, self._remember = monotonic, remember
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def may_come(self, address: str) -> bool:
        """Say whether the address lies in an allowed network; all do when none is set."""
        return not self._allowed or lies_in(address, self._allowed)

    def take(self, address: str) -> bool:
        """Count a request; False when this address has none left. A rate of zero means no limit."""
        if self._per_second <= 0:
            return True
        key, now = _neighbourhood(address), self._monotonic()
        left, since = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        granted = left >= 1
        self._buckets[key] = (left - 1 if granted else left, now)
        if len(self._buckets) > self._remember:
            self._buckets.popitem(last=False)
        return granted


def _neighbourhood(address: str) -> str:
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
