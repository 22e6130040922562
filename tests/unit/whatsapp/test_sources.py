"""Who may knock at the webhook, and how often (SPEC X3)."""

import pytest

from bot.whatsapp.sources import Sources, address_of, networks


class Watch:
    """A monotonic clock that stands still until moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def a_door(watch: Watch, *, per_second: float = 2, burst: int = 3, remember: int = 100) -> Sources:
    return Sources(per_second=per_second, burst=burst, monotonic=watch, remember=remember)


def test_a_burst_is_granted_and_then_the_rate() -> None:
    watch = Watch()
    door = a_door(watch)
    assert [door.take("1.1.1.1") for _ in range(5)] == [True, True, True, False, False]
    watch.now += 0.5
    assert [door.take("1.1.1.1") for _ in range(2)] == [True, False]
    watch.now += 3_600
    assert [door.take("1.1.1.1") for _ in range(4)] == [True, True, True, False]


def test_one_flood_does_not_touch_another_address() -> None:
    door = a_door(Watch())
    for _ in range(10):
        door.take("1.1.1.1")
    assert door.take("2.2.2.2")


def test_a_rate_of_zero_means_no_limit() -> None:
    door = a_door(Watch(), per_second=0)
    assert all(door.take("1.1.1.1") for _ in range(1_000))
    assert len(door) == 0


def test_the_table_forgets_the_one_silent_longest() -> None:
    door = a_door(Watch(), remember=50)
    for _ in range(3):
        door.take("1.1.1.1")
    for number in range(49):
        door.take(f"2.2.2.{number}")
        assert not door.take("1.1.1.1")
    for number in range(500):
        door.take(f"3.3.3.{number}")
    assert len(door) == 50


def test_an_ipv6_caller_counts_by_its_network() -> None:
    door = a_door(Watch(), burst=1)
    assert door.take("2001:db8:1:2::1")
    assert not door.take("2001:db8:1:2:ffff::9")
    assert door.take("2001:db8:1:3::1")


def test_a_mapped_ipv4_address_counts_as_itself() -> None:
    door = a_door(Watch(), burst=1)
    assert door.take("1.2.3.4")
    assert not door.take("::ffff:1.2.3.4")


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("31.13.24.9", True),
        ("::ffff:31.13.24.9", True),
        ("2a03:2880::1", True),
        ("31.14.0.1", False),
        ("", False),
        ("not an address", False),
    ],
)
def test_only_allowed_networks_may_come(address: str, *, may: bool) -> None:
    allowed = networks(["31.13.24.0/21", "2a03:2880::/32"])
    assert Sources(per_second=0, burst=0, allowed=allowed, monotonic=Watch()).may_come(address) is may


def test_everybody_may_come_when_no_network_is_set() -> None:
    assert a_door(Watch()).may_come("anything")


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (["6.6.6.6, 31.13.24.9"], 1, "31.13.24.9"),
        (["6.6.6.6", "31.13.24.9 , 172.16.0.1"], 2, "31.13.24.9"),
        (["31.13.24.9"], 2, "10.0.0.1"),
        ([], 1, "10.0.0.1"),
    ],
)
def test_a_caller_cannot_choose_its_own_address(forwarded: list[str], proxies: int, address: str) -> None:
    assert address_of("10.0.0.1", forwarded, proxies) == address


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        networks(["10.0.0.0/99"])
