"""What two talked about stands beside what they said."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chateval.dialogue import Context, Picture
from chateval.worlds import Consented, Finished, ModelChatScript, Rated, Spoke, Submitted

from .conftest import session_record

if TYPE_CHECKING:
    from .conftest import Lab

DOG = Picture("1f3870be274f" * 5, "images/1f38.png", "A dog.")
WHOLE = (Consented(), Spoke("A dog!"), Spoke("Yes."), Spoke("Nice."), Finished(), Rated({"rating_1": 4}), Submitted(""))


def test_a_dialogue_names_its_picture(lab: "Lab") -> None:
    about_a_dog = session_record("s1")
    assert isinstance(about_a_dog.script, ModelChatScript)
    lab.hold(replace(about_a_dog, script=replace(about_a_dog.script, contexts=(Context(picture=DOG),))), WHOLE)
    lab.hold(session_record("s2"))
    lab.export()

    table = lab.table("dialogues").set_index("session_id")

    assert (table.loc["s1", "picture_id"], table.loc["s1", "picture_caption"]) == (DOG.id, "A dog.")
    assert (table.loc["s2", "picture_id"], table.loc["s2", "picture_caption"]) == ("", "")
    assert table.loc["s1", "opening_turns"] == 0
