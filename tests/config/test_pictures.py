"""A study of pictures: what it collects of each picture with each bot, and what keeps it from being launched."""

import pickle
from collections import Counter
from pathlib import Path

import pytest

from chateval.config import Collection, describe

from ..pictures.drawn import photos, picture_folder  # noqa: TID252  (draws what those tests do)
from .labs import Lab, make_lab

KEY = "mephisto.blueprint."
PICTURES = f"{KEY}image_context_path=pictures/contexts"
ALL_BOTS = f"{KEY}conversations_needed_string=null"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """With pictures in its folder, three of them; none of the tests changes anything in it."""
    made = make_lab(tmp_path_factory.mktemp("pictures"))
    picture_folder(made.folder / "pictures", "red", "green", "blue")
    photos(made.folder / "bare", "red")
    (made.folder / "old").write_bytes(pickle.dumps([]))
    made.write("stack/image_stack.json", "[]")
    made.write("parlais/stack.json", "[]")
    made.write("people.yaml", "alice: {kind: scripted, lines: [Hello.]}\nanyone: {kind: human}\n")
    return made


def collection(lab: Lab, *overrides: str) -> Collection:
    return lab.collection(PICTURES, *overrides)


def test_each_picture_is_met_with_each_bot(lab: Lab) -> None:
    """Without a word about which, the bots are those that are defined, as in ParlAI."""
    study = lab.load(PICTURES, ALL_BOTS, f"{KEY}evals_per_image_model_combo=2")

    assert study.collection is not None
    assert len(study.quotas) == 6
    assert {quota.needed for quota in study.quotas} == {2}
    assert Counter(condition.bots for condition in study.collection.conditions) == {("alice",): 3, ("bob",): 3}


def test_the_number_of_conversations_holds_however_many_combinations_there_are(lab: Lab) -> None:
    """It is what the study costs."""
    study = lab.load(PICTURES, ALL_BOTS, f"{KEY}num_conversations=4")

    assert sum(quota.needed for quota in study.quotas) == 4
    assert "4 x $1.50 = $6.00" in describe(study)


def test_numbers_behind_bots_hold_too(lab: Lab) -> None:
    """`alice:3,bob:2`, as `small` has it."""
    study = lab.load(PICTURES, f"{KEY}evals_per_image_model_combo=5")

    needed: Counter[str] = Counter()
    for quota in study.quotas:
        needed[quota.name.partition("@")[0]] += quota.needed
    assert needed == {"alice": 3, "bob": 2}


def test_bots_are_told_where_pictures_lie(lab: Lab) -> None:
    study = lab.load(PICTURES)

    assert study.bot_runtime.pictures_dir is not None
    assert study.collection is not None
    assert study.collection.pictures is not None
    assert all(
        (study.bot_runtime.pictures_dir / one.file).is_file() for one in study.collection.pictures.contexts.values()
    )


def test_other_pictures_make_another_study(lab: Lab, tmp_path: Path) -> None:
    """A run is not gone on with on pictures that are not its own."""
    other = picture_folder(tmp_path, "red", "green")

    one, two = lab.load(PICTURES), lab.load(f"{KEY}image_context_path={other}")

    assert one.resolved["files"]["image_context_path"] != two.resolved["files"]["image_context_path"]


def test_other_bots_make_another_study_where_all_are_meant(lab: Lab) -> None:
    lab.write("one.yaml", "alice: {kind: scripted, lines: [Hello.]}\n")

    one = lab.load(PICTURES, ALL_BOTS, f"{KEY}model_opt_path=one.yaml")

    assert (
        one.config_hash != lab.load(PICTURES, ALL_BOTS, f"{KEY}model_opt_path=task_config/model_opts.yaml").config_hash
    )


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (["image_context_path=gone"], "There is no "),
        (["image_context_path=bare"], "is a folder without contexts.jsonl"),
        (["image_context_path=old"], "--i-trust-this-file"),
        (["image_context_path=task_config/model_opts.yaml"], "is no contexts.jsonl"),
        (["conversation_start_mode=bst"], "Set it to hi"),
        (["conversations_needed_string='alice:1,carol:1'"], "There is no bot 'carol'"),
        (
            ["model_opt_path=people.yaml", "conversations_needed_string='anyone:2'"],
            "would be looking at another picture",
        ),
        (["stack_folder=STACK"], "is no stack of pictures"),
        (["stack_folder=OLD"], "cannot be written to"),
    ],
)
def test_what_does_not_work_is_told_before_anyone_is_paid(lab: Lab, overrides: list[str], reason: str) -> None:
    stack, old = f'"{lab.folder}/stack"', f'"{lab.folder}/old/stack"'
    given = [f"{KEY}{override}".replace("STACK", stack).replace("OLD", old) for override in overrides]

    problems = lab.problems(PICTURES, *given) if "image_context_path" not in overrides[0] else lab.problems(*given)

    assert any(reason in problem.text for problem in problems)


def test_pictures_that_nobody_has_described_are_noted(lab: Lab, tmp_path: Path) -> None:
    """Some participants read by ear."""
    folder = picture_folder(tmp_path, "red")
    file = folder / "contexts.jsonl"
    file.write_text(file.read_text().replace('"caption":"A white square on red.",', ""))

    study = lab.load(f"{KEY}image_context_path={folder}")

    assert "1 of 1 pictures have no caption" in " ".join(study.notices)


def test_a_stack_of_parlais_is_not_taken_for_ours(lab: Lab) -> None:
    study = lab.load(PICTURES, f'{KEY}stack_folder="{lab.folder}/parlais"')

    assert "counts pictures by their place in a pickle" in " ".join(study.notices)


def test_what_goes_with_pictures_is_not_read_without_them(lab: Lab) -> None:
    study = lab.load(f"{KEY}num_conversations=5", f"{KEY}evals_per_image_model_combo=2")

    expected = "Without image_context_path, nothing reads evals_per_image_model_combo, num_conversations."
    assert expected in study.notices


def test_a_description_is_short_however_many_pictures_there_are(lab: Lab) -> None:
    text = describe(lab.load(PICTURES, ALL_BOTS))

    assert "alice: 3 sessions" in text
    assert "3 pictures of" in text
    assert "@" not in text
