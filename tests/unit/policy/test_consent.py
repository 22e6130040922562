"""What counts as asking for no more messages, and, as important, what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Inbox
from crm.policy.consent import Consent, fold, said, words

KNOWN = Inbox().consent


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("BAJA", "es"),
        ("  baja.  ", "es"),
        ("¡Baja!", "es"),
        ("baja 🙏", "es"),
        ("Cancelar suscripcion", "es"),
        ("CANCELAR SUSCRIPCIÓN!!!", "es"),
        ("stop", "en"),
        ("STOP.", "en"),
        ("Unsubscribe", "en"),
        ("opt-out", "en"),
        ("SAIR", "pt"),
        ("Parar", "pt"),
        ("Cancelar inscrição", "pt"),
        ("nao quero mais mensagens", "pt"),
    ],
)
def test_a_whole_message_of_these_words_opts_out_in_its_language(text: str, language: str) -> None:
    assert said(text, None, KNOWN) == (Consent.OUT, language)


@pytest.mark.parametrize(
    "text",
    [
        "tem como parar a dor?",
        "¿Me bajan el precio?",
        "La baja del servicio, ¿cómo es?",
        "don't stop",
        "sair de casa",
        "bajas",
        "",
        "   ",
        "🙏",
        "b a j a",
        "stop " * 50,
        None,
    ],
)
def test_a_message_that_only_contains_such_a_word_does_not(text: str | None) -> None:
    assert said(text, None, KNOWN) is None


@pytest.mark.parametrize(("text", "language"), [("ALTA", "es"), ("volver", "es"), ("Start", "en"), ("voltar!", "pt")])
def test_these_words_opt_in_again(text: str, language: str) -> None:
    assert said(text, None, KNOWN) == (Consent.BACK, language)


def test_the_payload_of_a_button_counts_as_its_label_does() -> None:
    assert said("No, gracias", "STOP", KNOWN) == (Consent.OUT, "en")
    assert said("Baja", "btn_17", KNOWN) == (Consent.OUT, "es")
    assert said("Sí", "btn_17", KNOWN) is None


def test_no_more_outweighs_again() -> None:
    assert said("alta", "STOP", KNOWN) == (Consent.OUT, "en")


def test_without_words_nobody_opts_out() -> None:
    nothing = words({"es": ["", " !! "]})
    assert said("", None, nothing) is None
    assert said("!!", None, nothing) is None


def test_a_farewell_is_said_in_the_language_of_the_word_or_in_the_one_that_there_is() -> None:
    both = words({}, {}, {"es": "Listo.", "en": "Done.", "pt": " "})
    assert [both.answer(each) for each in ("es", "en", "pt")] == ["Listo.", "Done.", "Listo."]
    assert words({}).answer("es") is None


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from(sorted(KNOWN.out)), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_a_word_more_is_another_message(word: str, more: str) -> None:
    longer = f"{word} {more}"
    assert (said(longer, None, KNOWN) is not None) is (fold(longer) in {**KNOWN.out, **KNOWN.back})
