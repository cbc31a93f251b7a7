"""Pictures of ParlAI's tasks, by its own teachers over data of this machine; and of its old pickles."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from chateval.compat import prepare_parlai
from chateval.errors import PictureError
from chateval.pictures import PictureSet, read_contexts
from chateval.pictures.saving import Saved, Saving, pictures_of_pickle, pictures_of_task

from .drawn import drawn

prepare_parlai()

from parlai.core.build_data import mark_done  # noqa: E402
from parlai.core.loader import register_teacher  # noqa: E402
from parlai.core.message import Message  # noqa: E402
from parlai.core.teachers import FixedDialogTeacher  # noqa: E402

EXAMPLES = (
    ("red", "your persona: I paint.\npartner's persona: I cook.\nWhat is this?", "A red ground."),
    ("red", "And now?", "Still red."),
    ("blue", "What is this?", "The sea."),
)


@register_teacher("drawn_pictures")
class DrawnPictures(FixedDialogTeacher):  # type: ignore[misc]
    """Three examples with two pictures; the first two are turns of one episode."""

    def __init__(self, opt: Any, shared: Any = None) -> None:
        super().__init__(opt, shared)
        self.id = "drawn_pictures"
        self.reset()

    @classmethod
    def add_cmdline_args(cls, parser: Any, partial_opt: Any = None) -> Any:
        super().add_cmdline_args(parser, partial_opt)
        parser.add_argument("--ground", default="")
        return parser

    def num_episodes(self) -> int:
        return 2

    def num_examples(self) -> int:
        return len(EXAMPLES)

    def get(self, episode_idx: int, entry_idx: int = 0) -> Any:
        number = entry_idx if episode_idx == 0 else 2
        colour, text, label = EXAMPLES[number]
        image = drawn(self.opt["ground"] or colour)
        caption = {"caption": "A white square."} if number == 2 else {}
        return Message(text=text, labels=[label], image=image, episode_done=number != 0, **caption)


def saved(out: Path, task: str, *arguments: str, most: int | None = None, datapath: Path) -> tuple[Saved, PictureSet]:
    done = Saving(out).save(pictures_of_task(task, arguments, datapath), most, lambda _: None)
    return done, read_contexts(out)


def test_each_picture_of_a_task_is_kept_once(tmp_path: Path) -> None:
    """Later turns of an episode are about the same picture."""
    done, found = saved(tmp_path / "out", "drawn_pictures", datapath=tmp_path)

    assert (done.new, done.repeated) == (2, 1)
    assert [one.source for one in found.contexts] == [
        "drawn_pictures/train:ordered#0",
        "drawn_pictures/train:ordered#2",
    ]


def test_what_the_task_says_beside_a_picture_comes_along(tmp_path: Path) -> None:
    """Personas for those who chat; all else as a note, since it is often an instruction and nobody's words."""
    _, found = saved(tmp_path / "out", "drawn_pictures", datapath=tmp_path)

    red, blue = found.contexts
    assert (red.bot_persona, red.person_persona, red.turns) == (("I paint.",), ("I cook.",), ())
    assert (red.noted["labels"], blue.caption) == (["A red ground."], "A white square.")


def test_arguments_go_to_the_task(tmp_path: Path) -> None:
    """As with `parlai display_data`, a task's own among them."""
    arguments = ("--ground", "green", "--datatype", "valid", "--max-display-len", "5")
    done, found = saved(tmp_path / "out", "drawn_pictures", *arguments, datapath=tmp_path)

    assert (done.new, done.repeated) == (1, 2)
    assert found.contexts[0].source == "drawn_pictures/valid#0"


def test_no_more_examples_are_looked_at_than_needed(tmp_path: Path) -> None:
    done, _ = saved(tmp_path / "out", "drawn_pictures", most=1, datapath=tmp_path)

    assert (done.new, done.repeated) == (1, 0)


@pytest.mark.parametrize(
    ("task", "arguments", "reason"),
    [
        ("drawn_pictures", ("--image-mode", "resnet152"), "leave it out"),
        ("drawn_pictures", ("--grund", "red"), "unrecognized arguments: --grund"),
        ("nonesuch", (), "ParlAI cannot load the task 'nonesuch'"),
    ],
)
def test_what_parlai_cannot_do_is_told(tmp_path: Path, task: str, arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(PictureError, match=reason):
        list(pictures_of_task(task, arguments, tmp_path))


def test_parlais_own_task_is_read_where_its_data_is(tmp_path: Path) -> None:
    """`--task image_chat --datatype test`, as its documentation has it, and nothing is downloaded."""
    folder = tmp_path / "data" / "image_chat"
    folder.mkdir(parents=True)
    dialog = [["Sweet", "What a lovely square!"], ["Dry", "It is white."]]
    entries = [{"image_hash": name, "dialog": dialog, "candidates": [{"100": ["x"]}] * 2} for name in ("red", "blue")]
    (folder / "test.json").write_text(json.dumps(entries))
    (folder / "personalities.json").write_text(json.dumps({"positive": ["Sweet"], "neutral": ["Dry"], "negative": []}))
    images = tmp_path / "data" / "yfcc_images"
    images.mkdir()
    for name in ("red", "blue"):
        drawn(name).save(images / f"{name}.jpg")
    for built in (folder, images):
        mark_done(str(built), "1.0")

    done, found = saved(tmp_path / "out", "image_chat", "--datatype", "test", datapath=tmp_path / "data")

    assert (done.new, done.repeated) == (2, 2)
    assert found.contexts[0].noted["labels"] == ["What a lovely square!"]
    assert "Sweet" in found.contexts[0].noted["text"]


def test_a_pickle_of_parlais_script_is_converted(tmp_path: Path) -> None:
    act = Message(text="Sweet", image=drawn("red"), labels=["A square!"], image_id="7", episode_done=False)
    context = {"persona_1_strings": ["i cook ."], "context_dataset": "empathetic_dialogues"}
    (tmp_path / "image_contexts").write_bytes(pickle.dumps([{"image_act": act, "context_info": context}]))

    Saving(tmp_path / "out").save(pictures_of_pickle(tmp_path / "image_contexts"), None, lambda _: None)

    (red,) = read_contexts(tmp_path / "out").contexts
    assert (red.source, red.noted["image_id"]) == ("image_contexts#0", "7")
    assert red.noted["context_info"]["context_dataset"] == "empathetic_dialogues"


@pytest.mark.parametrize("content", [b"nothing", pickle.dumps({}), pickle.dumps([1])])
def test_another_pickle_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)

    with pytest.raises(PictureError, match="other"):
        list(pictures_of_pickle(tmp_path / "other"))
