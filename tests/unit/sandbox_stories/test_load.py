"""Story files: what is good is read, what is not is refused with the line, or the scene and the field, before anything is played."""

import time

import pytest

import sandbox.stories
from sandbox.stories import StoryInvalid, parse, ready, ready_names
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.stories.load import LARGEST
from sandbox.stories.story import Story
from sandbox.texts import LANGUAGES

HEAD = 'title = "T"\n'
SCENE = '[[scene]]\ncaption = "C"\n'


def story(text: str) -> Story:
    return parse(HEAD + text)


def refusal(text: str) -> str:
    with pytest.raises(StoryInvalid) as refused:
        parse(text)
    return str(refused.value)


def test_a_story_needs_little() -> None:
    read = story(SCENE + 'do = [{act = "customer.joins", name = "Leo"}]\nsee = [{what = "sent", count = 0}]')
    assert [each.act for each in read.scene[0].do] == ["customer.joins"]
    assert read.scene[0].do[0].args == {"name": "Leo"}
    assert read.scene[0].see[0].args == {"count": 0}
    assert not read.needs_process


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_may_have_languages_and_references_stand_for_them(language: str) -> None:
    read = story(
        '[texts]\nasks = {es = "Hola", en = "Hello", pt = "Oi"}\n'
        + SCENE
        + 'do = [{act = "customer.writes", customer = "Leo", text = "@asks"}]\n'
        + 'see = [{what = "agent.sees", agent = "Ana", text = ["Leo", "@asks", {es = "a", en = "b", pt = "c"}]}]'
    )
    hello, letter = {"es": ("Hola", "a"), "en": ("Hello", "b"), "pt": ("Oi", "c")}[language]
    assert read.resolve(read.scene[0].do[0].args, language) == {"customer": "Leo", "text": hello}
    assert read.resolve(read.scene[0].see[0].args, language)["text"] == ["Leo", hello, letter]


def test_a_text_that_lacks_a_language_is_said_in_one_that_there_is() -> None:
    read = parse('title.pt = "Oi"\n' + SCENE)
    assert [read.say(read.title, language) for language in LANGUAGES] == ["Oi", "Oi", "Oi"]


def test_a_text_may_begin_with_the_sign_of_a_reference() -> None:
    read = story('[texts]\nat = "@home"\n' + SCENE)
    assert read.resolve("@@ana", "es") == "@ana"
    assert read.resolve("@at", "es") == "@home"


def test_killing_the_program_needs_a_process() -> None:
    assert story(SCENE + 'do = [{act = "trouble.kill"}]').needs_process


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("title = ", "end of document: Invalid value"),
        ("\ntitle = ]", "line 2, column 9: Invalid value"),
        ('title = "T"\n[[scene]\n', "line 2"),
        ('title = "T"\ntitle = "T"\n', "line 2"),
        (SCENE, "title: Field required"),
        (HEAD, "scene: Field required"),
        (HEAD + "scene = []", "scene: Tuple should have at least 1 item"),
        (HEAD + SCENE + "[[scene]]\ndo = []", "scene 2 (line 4), caption: Field required"),
        (HEAD + SCENE + "caption2 = 1", "scene 1 (line 2), caption2: Extra inputs"),
        (HEAD + SCENE + "do = [{}]", "scene 1 (line 2), do 1, act: Field required"),
        (HEAD + SCENE + 'do = [{act = "os.remove"}]', "scene 1 (line 2), do 1: there is no act 'os.remove'"),
        (HEAD + SCENE + 'do = [{act = "customer.writes"}]', "do 1 (customer.writes), customer: Field required"),
        (
            HEAD + SCENE + 'do = [{act = "customer.writes", customer = "Leo", txt = "x", text = "x"}]',
            "scene 1 (line 2), do 1 (customer.writes), txt: Extra inputs",
        ),
        (HEAD + SCENE + 'do = [{act = "time.forward", days = nan}]', "do 1 (time.forward), days"),
        (HEAD + SCENE + 'see = [{what = "the.future"}]', "see 1: nothing like 'the.future' can be seen"),
        (HEAD + SCENE + 'see = [{what = "sent", count = -1}]', "see 1 (sent), count"),
        (HEAD + SCENE + 'see = [{what = "sent", says = {fr = "x"}}]', "see 1, says: a text has the languages"),
        (
            HEAD + SCENE + 'see = [{what = "ticks", customer = "Leo", message = "x", tick = "seen"}]',
            "see 1 (ticks), tick",
        ),
        (
            HEAD + SCENE + 'do = [{act = "customer.writes", customer = "Leo", text = "@x"}]',
            "scene 1 (line 2), do 1 (customer.writes): there is no text 'x' under [texts]",
        ),
        (HEAD + '[[scene]]\ncaption = "@x"', "scene 1 (line 2), caption: there is no text 'x'"),
        ("title = 7\n" + SCENE, "title"),
        ('title = {fr = "x"}\n' + SCENE, "title: a text has the languages es, en, pt"),
        (
            HEAD + "[world]\nstarts_at = 2026-11-24T09:00:00\n" + SCENE,
            "world, starts_at: Input should have timezone info",
        ),
        (HEAD + '[[world.agent]]\nname = "Ana"\nrole = "king"\n' + SCENE, "world, agent 1, role"),
        (HEAD + '[[world.template]]\nname = "NO"\n' + SCENE, "world, template 1, name"),
        (HEAD + '[[world.sequence]]\nkey = "a"\nname = "A"\n' + SCENE, "world, sequence 1, steps: Field required"),
        (
            HEAD + '[[world.sequence]]\nkey = "a"\nname = "A"\nsteps = [{delay_hours = -1, text = "x"}]\n' + SCENE,
            "world, sequence 1, steps.0.delay_hours",
        ),
        (HEAD + 'before = [{act = "nothing"}]\n' + SCENE, "before 1: there is no act 'nothing'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_its_place_is_named(text: str, where: str) -> None:
    assert where in refusal(text)


def test_an_error_in_one_language_only_is_found() -> None:
    longer = "x" * 4097
    said = refusal(
        HEAD + SCENE + f'do = [{{act = "customer.writes", customer = "Leo", text = {{es = "x", pt = "{longer}"}}}}]'
    )
    assert "do 1 (customer.writes), text" in said


def test_a_line_is_not_named_when_it_could_be_the_wrong_one() -> None:
    tricky = HEAD + 'about = """\n[[scene]]\n"""\n' + SCENE + "do = [{}]"
    assert refusal(tricky).startswith("scene 1, do 1, act")


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * (LARGEST + 1),
        HEAD + SCENE + "do = " + "[" * 3000 + "]" * 3000,
        HEAD + SCENE + "a" + ".a" * 1000 + " = 1",
        HEAD + SCENE + 'do = [{act = "customer.joins", name = ' + "{a = " * 60 + "1" + "}" * 60 + "}]",
        HEAD + SCENE * 201,
        HEAD + "scene = 1",
        HEAD + "[scene]\ncaption = 1",
        "\x00",
        HEAD + '[texts]\na = "@b"\nb = "@a"\n' + SCENE + 'do = [{act = "@a"}]',
        HEAD + SCENE + f'do = [{{act = "time.forward", days = 1{"0" * 400}}}]',
    ],
    ids=["huge", "deep", "dotted", "tables", "long", "number", "table", "binary", "circle", "digits"],
)
def test_hostile_files_are_refused_quickly_and_in_few_words(hostile: str) -> None:
    began = time.perf_counter()
    assert len(refusal(hostile)) < 400
    assert time.perf_counter() - began < 5


def test_a_reference_never_leads_to_another() -> None:
    read = story('[texts]\na = "@b"\nb = "@a"\n' + SCENE)
    assert read.resolve("@a", "es") == "@b"


def test_there_is_no_ready_story_of_a_strange_name() -> None:
    for name in ("", "../story", "first_contact.toml", "x" * 500):
        with pytest.raises(StoryInvalid):
            ready(name)


def test_the_folder_of_the_ready_stories_does_not_hide_their_door() -> None:
    ready.cache_clear()
    for name in ready_names():
        assert sandbox.stories.ready(name).scene


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_story_is_told_in_every_language_and_checks_every_scene(name: str) -> None:
    read = ready(name)
    told = [read.title, read.about, read.world.shop, *(scene.caption for scene in read.scene), *read.texts.values()]
    for text in told:
        if isinstance(text, dict):
            assert text.keys() == set(LANGUAGES), text
            assert all(each.strip() for each in text.values())
    captions = [scene.caption for scene in read.scene]
    assert all(isinstance(each, dict) for each in [read.title, read.about, *captions])
    assert all(scene.see for scene in read.scene)
    for caption in captions:
        assert max(len(read.say(caption, language)) for language in LANGUAGES) <= 320


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_story_looks_at_phones_desks_and_books(name: str) -> None:
    claims = {see.what for scene in ready(name).scene for see in scene.see}
    assert claims <= EXPECTATIONS.keys()
    for place in ("customer.", "agent.", "score"):
        assert any(each.startswith(place) for each in claims), place
    assert "sent" in claims


@pytest.mark.parametrize("name", ready_names())
def test_no_text_of_a_ready_story_is_unused(name: str) -> None:
    read = ready(name)
    source = read.model_dump_json(exclude={"texts"}) + str([do.args for s in read.scene for do in s.do])
    source += str([see.args for scene in read.scene for see in scene.see])
    assert [text for text in read.texts if f"@{text}" not in source] == []
