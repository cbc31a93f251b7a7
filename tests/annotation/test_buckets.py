"""Bucket files of the platform that the format comes from load unchanged, and say plainly what is wrong with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chateval.annotation import (
    Checks,
    Choice,
    DialogueTask,
    Option,
    PairTask,
    Question,
    Scale,
    Task,
    TurnTask,
    all_questions,
    read_tasks,
)
from chateval.annotation._ids import id_of, slug
from chateval.errors import AnnotationFormatError

ROOT = Path(__file__).parents[2]
EVERY_KIND = Path(__file__).parent / "files" / "every_kind.json"
BOX: dict[str, Any] = {"_type_": {"checkbox": {}}}


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return read_tasks(EVERY_KIND)


def flow(options: Any, **more: Any) -> dict[str, Any]:
    return {"config": "button_flow", "indices": "odd", "options": options, **more}


def nested(levels: int) -> str:
    tree = "".join(f'{{"q{level}": {{"yes": ' for level in range(levels)) + "{}" + "}}" * levels
    return f'{{"config": "button_flow", "indices": "odd", "options": {tree}}}'


def likert(**more: Any) -> dict[str, Any]:
    return {"config": "likert-5-dialogue", "indices": "no_indices", "options": ["Warm"], **more}


def read(tmp_path: Path, **tasks: Any) -> dict[str, Task]:
    path = tmp_path / "annotation_buckets.json"
    path.write_text(json.dumps({"config": tasks}), encoding="utf-8")
    return read_tasks(path)


def complaint(tmp_path: Path, **tasks: Any) -> str:
    with pytest.raises(AnnotationFormatError) as caught:
        read(tmp_path, **tasks)
    return str(caught.value)


def only(task: Task) -> Question:
    (question,) = task.questions
    return question


@pytest.mark.parametrize(
    ("name", "kind", "layout", "has_help"),
    [
        ("reactions", TurnTask, "folded", True),
        ("signs", TurnTask, "open", True),
        ("odd_words", TurnTask, "open", False),
        ("faults", TurnTask, "open", False),
        ("warmth", DialogueTask, "open", False),
        ("warmth_turn", TurnTask, "open", False),
        ("sides", TurnTask, "open", False),
        ("sides_dialogue", DialogueTask, "open", False),
        ("warmer", PairTask, "open", False),
    ],
)
def test_each_kind_of_bucket_has_its_kind_of_task(
    tasks: dict[str, Task], name: str, kind: type, layout: str, has_help: bool
) -> None:
    """A kind decides what is shown, how it is folded and whether it links to the instructions."""
    task = tasks[name]

    assert (type(task), task.layout, task.has_help) == (kind, layout, has_help)


def test_a_task_keeps_what_its_entry_says(tasks: dict[str, Task]) -> None:
    """Title, question, turns, requirement and the kind's name, which the export repeats."""
    task = tasks["reactions"]

    assert isinstance(task, TurnTask)
    assert (task.id, task.title, task.question) == ("reactions", "Reactions", "How does SPEAKER_X react?")
    assert (task.turns, task.is_required, task.format) == ("odd", True, "button_flow")
    assert (tasks["odd_words"].title, tasks["odd_words"].is_required) == ("odd_words", False)


def test_index_rules_become_turns(tasks: dict[str, Task]) -> None:
    turns = {name: task.turns for name, task in tasks.items() if isinstance(task, TurnTask)}

    assert turns["signs"] == "all_skip_first"
    assert turns["odd_words"] == "even"
    assert turns["faults"] == "all"


def test_trees_nest_to_any_depth(tasks: dict[str, Task]) -> None:
    """A follow-up question of a follow-up question is asked below its answer."""
    names = [question.text for question in all_questions(tasks["reactions"].questions)]

    assert names[1:4] == ["Did SPEAKER_X prompt SPEAKER_Y to tell something?", "What was asked for?", "Which one?"]


def test_a_tree_of_a_hundred_levels_loads(tmp_path: Path) -> None:
    """Nobody writes one by hand, but a script may."""
    task = read(tmp_path, deep=json.loads(nested(100)))["deep"]

    assert len(list(all_questions(task.questions))) == 100


def test_a_bare_word_is_an_id_and_no_text(tasks: dict[str, Task]) -> None:
    """`odd_words_q` names where data is stored; its one answer says what is asked."""
    question = only(tasks["odd_words"])

    assert isinstance(question, Checks)
    assert (question.id, question.text) == ("odd_words_q", "")
    assert question.options[0].text == "This turn holds a word that does not exist."


def test_a_text_gets_an_id_of_slug_and_hash(tasks: dict[str, Task]) -> None:
    """The id is stored with the data: were it made otherwise tomorrow, old and new data would not join up."""
    assert tasks["signs"].questions[0].id == "heart_i_like_this_turn_5d634d"
    assert id_of("If you were to respond to what SPEAKER_X said, could you go on to something else?") == (
        "if_you_were_to_respond_to_what_speaker_x_b327d3"
    )


def test_texts_in_any_script_get_ids_that_differ(tmp_path: Path) -> None:
    """Not all researchers ask in English."""
    tree: dict[str, Any] = {
        "Ist das höflich?": {"ja": {}},
        "これは丁寧ですか": {"はい": {}, "いいえ": {}},
        "👍": {"ok": {}},
    }

    questions = read(tmp_path, polite=flow(tree))["polite"].questions

    assert slug("Ist das höflich?") == "ist_das_höflich"
    assert len({question.id for question in questions}) == 3


def test_an_id_of_ones_own_keeps_data_together_when_words_change(tmp_path: Path) -> None:
    """Rewording a question must not change what its data is stored under."""
    before = only(read(tmp_path, t=flow({"Is it kind?": {"_id_": "kind", "Yes!": {"_id_": "yes"}}}))["t"])
    after = only(read(tmp_path, t=flow({"Is this turn kind?": {"_id_": "kind", "It is": {"_id_": "yes"}}}))["t"])

    assert isinstance(before, Choice)
    assert isinstance(after, Choice)
    assert (before.id, before.options[0].id) == (after.id, after.options[0].id) == ("kind", "yes")


def test_the_same_follow_up_under_two_answers_is_two_questions(tmp_path: Path) -> None:
    """Its answers would overwrite each other where both are boxes that can be ticked together."""
    again: dict[str, Any] = {"Are you sure?": {"yes": {}, "no": {}}}

    task = read(tmp_path, t=flow({"q": {**BOX, "rude": again, "dull": again}}))["t"]

    ids = [question.id for question in all_questions(task.questions)]
    assert len(set(ids)) == 3
    assert ids[1] == id_of("Are you sure?")


def test_boxes_and_radio_buttons_are_told_apart(tasks: dict[str, Task]) -> None:
    assert isinstance(tasks["signs"].questions[0], Checks)
    assert isinstance(tasks["reactions"].questions[0], Choice)


def test_the_rule_of_the_seed_platform_looks_at_the_turn_before(tasks: dict[str, Task]) -> None:
    """`boolPrevTurnExpect` asks on turn 1, and where one of three questions was answered so on the turn before."""
    open_end, prompt, back, *_ = tasks["reactions"].questions

    assert isinstance(open_end, Choice)
    assert back.when is not None
    assert back.when.or_on_turn == 1
    assert [(seen.question, seen.answers, seen.turn) for seen in back.when.any_of] == [
        (open_end.id, (open_end.options[1].id,), "previous"),
        (prompt.id, ("Yes",), "previous"),
        # the third of its questions is not asked here
    ]


def test_the_rule_without_its_questions_asks_on_turn_one_alone(tmp_path: Path) -> None:
    question = only(read(tmp_path, t=flow({"q": {"_dep_": {"boolPrevTurnExpect": {}}, "yes": {}}}))["t"])

    assert question.when is not None
    assert (question.when.any_of, question.when.or_on_turn) == ((), 1)


def test_conditions_name_questions_and_answers_by_text_or_id(tasks: dict[str, Task]) -> None:
    """Whoever writes the tree sees the texts; ids are for those who gave them."""
    *_, same, before = tasks["reactions"].questions

    assert same.when is not None
    assert before.when is not None
    assert [(seen.answers, seen.turn) for seen in same.when.any_of] == [(("Yes",), "same")]
    assert [(seen.answers, seen.turn) for seen in before.when.any_of] == [(("Yes",), "previous")]


def test_flat_lists_become_one_choice_of_boxes(tasks: dict[str, Task]) -> None:
    """Training files of the seed platform name them `<task_title>_labels`."""
    assert only(tasks["faults"]) == Checks(
        id="faults_labels",
        options=(Option("late", "Comes too late"), Option("long", "Is too long")),
        layout="menu",
    )


def test_likert_options_become_scales_with_named_ends(tasks: dict[str, Task]) -> None:
    assert only(tasks["warmth"]) == Scale(
        id="warm_hearted", text="How warm was SPEAKER_X?", label="Warm Hearted", labels={"1": "icy", "5": "glowing"}
    )


def test_each_option_of_a_foreach_is_a_scale(tasks: dict[str, Task]) -> None:
    """The value is the id, the label the text; a text alone is both."""
    assert [(q.id, q.text) for q in tasks["sides"].questions] == [("brief", "Brief"), ("clear", "Clear to me")]
    assert [(q.id, q.text) for q in tasks["sides_dialogue"].questions] == [
        ("brief", "Brief"),
        ("clear_to_me", "Clear to me"),
    ]


def test_comparisons_are_stored_as_left_right_and_tie(tasks: dict[str, Task]) -> None:
    """Whatever the three options say, so that all comparisons can be analysed alike."""
    question = only(tasks["warmer"])

    assert isinstance(question, Choice)
    assert question.id == "preferred"
    assert [option.id for option in question.options] == ["left", "right", "tie"]


def test_the_built_in_labels_load() -> None:
    tasks = read_tasks(ROOT / "task_config" / "annotation_buckets.json")

    assert sum(name.endswith("_likert_turn") for name in tasks) == 8
    assert {"transitions", "knowledge", "consistency_label_withprofile"} <= tasks.keys()


@pytest.mark.parametrize(
    ("task", "told"),
    [
        (flow({"q": {"yes": {}}}, opions={}), ["t > opions", "'opions'", "Did you mean 'options'?"]),
        (flow({"q": {"yes": {}}}) | {"config": "buton_flow"}, ["t > config", "Did you mean 'button_flow'?"]),
        ({"options": {}}, ["lacks 'config'", "likert-5-turn"]),
        (flow({"q": {"yes": {}}}) | {"indices": "od"}, ["t > indices", "'od'", "Did you mean 'odd'?"]),
        (flow({"q": {"yes": {}}}) | {"indices": "no_indices"}, ["t > indices", "asks about turns"]),
        (likert(indices="odd"), ["t > indices", "'odd' contradicts", "likert-5-turn"]),
        (likert(options=[]), ["t > options", "[] is no list of options"]),
        (likert(options={"a": {}}), ["t > options", "is no list of options"]),
        (likert(options=[{"labl": "Warm"}]), ["t > options > 1", "Write a text, or an object with a label"]),
        (likert(options=[{"label": "Warm", "lable": ""}]), ["options > 1 > lable", "Did you mean 'label'?"]),
        (likert(options=["Warm", "warm"]), ["t > options > 2", "'warm'", "`value` of its own"]),
        (likert(require={"level": "turn"}), ["t > require > level", "'turn' does not fit"]),
        (likert(require="dialogue"), ["t > require", '{"level": "dialogue"}']),
        (likert(label_details={"6": "very"}), ["t > label_details > 6", '"1" to "5"']),
        (likert(question=5), ["t > question", "5 is no text"]),
        (flow({"q": {"yes": {}}}, label_details={"1": "x"}), ["t > label_details", "has none"]),
        (flow({}), ["t > options", "holds no questions"]),
        (flow(["yes"]), ["t > options", "holds no questions"]),
        (flow({"q": {}}), ["t > options > q", "has no answers"]),
        (flow({"q": {"yes": "no"}}), ["t > options > q > yes", "holds no questions"]),
        (flow({"q": {"_type_": {"chekbox": {}}, "a": {}}}), ["q > _type_", "Did you mean 'checkbox'?"]),
        (flow({"q": {"_type_": "checkbox", "a": {}}}), ["q > _type_", '{"checkbox": {}}']),
        (flow({"q": {"_typ_": {}, "a": {}}}), ["q > _typ_", "Did you mean '_type_'?"]),
        (flow({"q": {"_id_": "a b", "a": {}}}), ["q > _id_", '"a b" cannot be an id']),
        (flow({"q": {"Yes": {"_id_": "y"}, "Ja": {"_id_": "y"}}}), ["q > Ja", "'y'", "differ within a question"]),
        (flow({"a": {"_id_": "q", "y": {}}, "b": {"_id_": "q", "y": {}}}), ["options > b", "differ within a task"]),
        (flow({"q.reason": {"yes": {}}}), ["q.reason", "where reasons are stored"]),
        (flow({"q": {"_dep_": {"boolPrevTurnExpects": {}}, "a": {}}}), ["Did you mean 'boolPrevTurnExpect'?"]),
        (flow({"q": {"a": {}}, "r": {"_dep_": {"q": {"b": {}}}, "a": {}}}), ["r > _dep_ > q > b", "no answer to 'q'"]),
        (flow({"q": {"_dep_": {"q": {"a": {}}}, "a": {}}}), ["'q' is never asked"]),
        ("empathy", ['"empathy" is no task']),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_remedy(tmp_path: Path, task: Any, told: list[str]) -> None:
    """Who writes a label on Friday evening should not have to read our code to mend it."""
    text = complaint(tmp_path, t=task)

    assert [words for words in ["annotation_buckets.json", *told] if words not in text] == []


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Mending one to be told the next wastes an afternoon."""
    text = complaint(tmp_path, a=likert(indices="odd", opions=1), b=flow({"q": {}}), c=likert(require={}))

    assert text.count("annotation_buckets.json") == 4


def test_bad_json_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "annotation_buckets.json"
    path.write_text('{\n  "config": {"a" 1}\n}')

    with pytest.raises(AnnotationFormatError, match=r"annotation_buckets\.json, line 2, column 18.*not valid JSON"):
        read_tasks(path)


def test_a_key_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    """JSON keeps the last of the two, and the first task would silently be gone."""
    path = tmp_path / "annotation_buckets.json"
    task = json.dumps(likert())
    path.write_text(f'{{"config": {{"a": {task}, "a": {task}}}}}')

    with pytest.raises(AnnotationFormatError, match="config: 'a' is written twice"):
        read_tasks(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Windows editors write one."""
    path = tmp_path / "annotation_buckets.json"
    path.write_text(json.dumps({"config": {"a": likert()}}), encoding="utf-8-sig")

    assert list(read_tasks(path)) == ["a"]


@pytest.mark.parametrize("content", ["{}", "[]", "3", '{"config": {}}', '{"config": 3}', "null", '{"buckets": {}}'])
def test_a_file_without_tasks_says_which_formats_there_are(tmp_path: Path, content: str) -> None:
    path = tmp_path / "annotation_buckets.json"
    path.write_text(content)

    with pytest.raises(AnnotationFormatError, match="holds no annotation tasks"):
        read_tasks(path)


@pytest.mark.parametrize("content", ['{"a":' * 100_000, '{"config": {"a": ' + nested(450) + "}}"])
def test_endless_nesting_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    """A traceback of a thousand lines would tell nobody what to do."""
    path = tmp_path / "annotation_buckets.json"
    path.write_text(content)

    with pytest.raises(AnnotationFormatError, match="nest too deeply"):
        read_tasks(path)
