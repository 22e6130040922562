"""Every field and every event of Meta's news has its sentence, in each language, and says how grave it is (reference 1.4)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.telegram.views import news as views
from bot.texts import LANGUAGES, Texts
from crm.model.alerts import Severity
from crm.policy.account_events import ACCOUNT_UPDATES, FIELDS, news_of
from tests import fluent
from tests.builders import NOW

INFO, WARNING, CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL
UNTIL = str(int((NOW + timedelta(days=1)).timestamp()))


def restricted(what: str) -> dict[str, Any]:
    return {"restriction_info": [{"restriction_type": what, "expiration": UNTIL}]}


SAID: list[tuple[str, str, dict[str, Any], str, Severity]] = [
    ("account_update", "ACCOUNT_DELETED", {}, "account-deleted", CRITICAL),
    ("account_update", "ACCOUNT_OFFBOARDED", {}, "offboarded", CRITICAL),
    ("account_update", "ACCOUNT_RECONNECTED", {}, "reconnected", INFO),
    (
        "account_update",
        "PARTNER_REMOVED",
        {"disconnection_info": {"reason": "PRIMARY_INACTIVITY"}},
        "disconnected",
        CRITICAL,
    ),
    ("account_update", "PARTNER_REMOVED", {}, "disconnected", CRITICAL),
    ("account_update", "DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "DISABLE"}}, "banned", CRITICAL),
    ("account_update", "DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "REINSTATE"}}, "reinstated", INFO),
    (
        "account_update",
        "DISABLED_UPDATE",
        {"ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}},
        "ban-scheduled",
        CRITICAL,
    ),
    ("account_update", "DISABLED_UPDATE", {"ban_info": "odd"}, "ban-unclear", CRITICAL),
    (
        "account_update",
        "ACCOUNT_RESTRICTION",
        restricted("RESTRICTED_BIZ_INITIATED_MESSAGING"),
        "restricted-in-part",
        CRITICAL,
    ),
    (
        "account_update",
        "ACCOUNT_RESTRICTION",
        restricted("RESTRICTED_CUSTOMER_INITIATED_MESSAGING"),
        "restricted",
        CRITICAL,
    ),
    (
        "account_update",
        "ACCOUNT_RESTRICTION",
        restricted("RESTRICTED_ADD_PHONE_NUMBER_ACTION"),
        "restricted-in-part",
        WARNING,
    ),
    (
        "account_update",
        "ACCOUNT_RESTRICTION",
        restricted("RESTRICTED_UTILITY_TEMPLATES"),
        "restricted-in-part",
        WARNING,
    ),
    ("account_update", "ACCOUNT_RESTRICTION", {"restriction_info": "odd"}, "restricted-in-part", WARNING),
    ("account_update", "ACCOUNT_VIOLATION", {"violation_info": {"violation_type": "ADULT"}}, "violation", CRITICAL),
    ("account_update", "AD_ACCOUNT_LINKED", {}, "ad-account-linked", INFO),
    ("account_update", "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", {}, "authentication-price", WARNING),
    ("account_update", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", {"country": "AR"}, "country", WARNING),
    ("account_update", "MM_LITE_TERMS_SIGNED", {}, "marketing-terms-signed", INFO),
    ("account_update", "PARTNER_ADDED", {}, "partner-added", INFO),
    ("account_update", "PARTNER_APP_INSTALLED", {}, "app-installed", INFO),
    ("account_update", "PARTNER_APP_UNINSTALLED", {}, "app-uninstalled", CRITICAL),
    ("account_update", "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE", {}, "certification", INFO),
    ("account_update", "VOLUME_BASED_PRICING_TIER_UPDATE", {"volume_tier_info": {"tier": "1:2"}}, "price-tier", INFO),
    ("account_update", "FROM_THE_FUTURE", {}, "other", WARNING),
    ("account_review_update", "APPROVED", {}, "review", INFO),
    ("account_review_update", "PENDING", {}, "review", INFO),
    ("account_review_update", "DEFERRED", {}, "review", WARNING),
    ("account_review_update", "REJECTED", {}, "review", CRITICAL),
    ("account_alerts", "OBA_APPROVED", {"alert_info": {"alert_severity": "INFORMATIONAL"}}, "meta-alert", INFO),
    ("account_alerts", "x", {"alert_info": {"alert_severity": "CRITICAL", "alert_type": "X"}}, "meta-alert", CRITICAL),
    ("account_alerts", "x", {"alert_severity": "WARNING", "alert_type": "X"}, "meta-alert", WARNING),
    ("account_alerts", "x", {"alert_info": {"alert_severity": "CRITICAL", "alert_status": "NONE"}}, "meta-alert", INFO),
    ("account_settings_update", "x", {}, "settings", INFO),
    ("phone_number_name_update", "APPROVED", {"requested_verified_name": "Lucky"}, "name", INFO),
    ("phone_number_name_update", "REJECTED", {"rejection_reason": "X"}, "name", WARNING),
    ("phone_number_quality_update", "THROUGHPUT_UPGRADE", {"current_limit": "TIER_2K"}, "number-quality", INFO),
    ("phone_number_quality_update", "FLAGGED", {}, "number-quality", WARNING),
    ("business_capability_update", "x", {"max_daily_conversations_per_business": 2000}, "capability", INFO),
    ("business_username_update", "approved", {"username": "lucky", "status": "approved"}, "username", INFO),
    ("business_username_update", "deleted", {"status": "deleted"}, "username", WARNING),
    ("security", "PIN_RESET_REQUEST", {}, "security", CRITICAL),
    ("security", "PIN_CHANGED", {}, "security", WARNING),
    ("payment_configuration_update", "x", {"status": "Active", "configuration_name": "a"}, "payments", INFO),
    ("payment_configuration_update", "x", {"status": "Needs Testing"}, "payments", WARNING),
    ("partner_solutions", "SOLUTION_CREATED", {"solution_status": "INITIATED"}, "solution", INFO),
    ("partner_solutions", "SOLUTION_UPDATED", {"solution_status": "DEACTIVATED"}, "solution", WARNING),
    ("flows", "FLOW_STATUS_CHANGE", {"new_status": "BLOCKED"}, "form-state", WARNING),
    ("flows", "FLOW_STATUS_CHANGE", {"new_status": "PUBLISHED"}, "form-state", INFO),
    ("flows", "ENDPOINT_AVAILABILITY", {"alert_state": "ACTIVATED"}, "form-trouble", WARNING),
    ("flows", "ENDPOINT_AVAILABILITY", {"alert_state": "DEACTIVATED"}, "form-trouble", INFO),
    ("errors", "130429", {}, "number-error", WARNING),
    ("from_the_future", "x", {}, "other", WARNING),
]


@pytest.mark.parametrize(("kind", "event", "payload", "key", "severity"), SAID)
def test_each_says_what_happened(kind: str, event: str, payload: dict[str, Any], key: str, severity: Severity) -> None:
    (news,) = news_of(kind, event, NOW, payload)
    assert (news.key, news.severity) == (key, severity)
    assert set(news.facts) | ({"error"} if key == "number-error" else set()) == set(views.FACTS[key])
    for language in LANGUAGES:
        say = Texts(_complain).say(language, "Europe/Madrid", NOW)
        told = views.sentence({"account": "Ventas", "news": key, "facts": news.facts}, say)
        assert told is not None
        assert "Ventas" in told
        assert "RESTRICTED" not in told
        assert "PRIMARY" not in told


def test_every_field_every_event_and_every_sentence_is_among_them() -> None:
    assert {kind for kind, *_ in SAID} >= FIELDS
    assert {event for _, event, *_ in SAID} >= ACCOUNT_UPDATES
    assert {key for *_, key, _ in SAID} == set(views.FACTS)
    texts = fluent.messages(Path(bot.__file__).parent / "texts" / "es.ftl")
    assert {key: set(facts) | {"account"} for key, facts in views.FACTS.items()} == {
        key.removeprefix("news-"): set(filled) for key, filled in texts.items() if key.startswith("news-")
    }


def test_several_restrictions_are_told_one_by_one() -> None:
    both = {
        "restriction_info": [
            *restricted("RESTRICTED_UTILITY_TEMPLATES")["restriction_info"],
            {"restriction_type": "NEW"},
        ]
    }
    assert [
        (news.facts["what"], bool(news.facts["until"]))
        for news in news_of("account_update", "ACCOUNT_RESTRICTION", NOW, both)
    ] == [
        ("utility", True),
        ("other", False),
    ]


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ("TIER_250", "250"),
        ("TIER_2K", "2000"),
        ("TIER_UNLIMITED", "unlimited"),
        (-1, "unlimited"),
        (2000, "2000"),
        (None, "none"),
    ],
)
def test_a_limit_is_read_from_either_of_metas_spellings(given: Any, limit: str) -> None:
    (news,) = news_of("business_capability_update", "x", NOW, {"max_daily_conversations_per_business": given})
    assert news.facts["limit"] == limit


def test_odd_news_say_nothing_sensible_rather_than_everything() -> None:
    odd = {"account": "V", "news": "name", "facts": {"decision": ["x"], "name": "n" * 500}}
    told = views.sentence(odd, Texts(_complain).say("en", "UTC", NOW))
    assert told is not None
    assert len(told) < 300
    assert views.sentence({"news": "unheard-of", "facts": {}}, Texts(_complain).say("en", "UTC", NOW)) is None


def _complain(key: str, problems: list[Exception]) -> None:
    raise AssertionError(f"{key}: {problems}")
