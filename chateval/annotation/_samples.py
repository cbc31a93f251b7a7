"""The sample dialogues on which a task is shown before anyone has begun; they are nobody's data."""

import re
from typing import Final

from chateval.annotation._asked import all_questions, options_of
from chateval.annotation._datapoints import Datapoint, ShownDialogue
from chateval.annotation._tasks import PairTask, Question, Ranking, Task
from chateval.dialogue import Speaker, Turn

SAMPLE_ID: Final = "sample"

# The partner's turns differ on purpose: one is warm, one holds a fact, one contradicts an earlier one, one is abrupt.
ALLOTMENT: Final = (
    "Hi! I finally got the keys to my allotment today, after three years on the waiting list.",
    "Three years! You must be thrilled. What do you want to grow first?",
    "Tomatoes, if I can. Though I killed every plant that I ever owned, so I'm a bit scared.",
    "Tomatoes come from South America and like it warm, so wait until after the last frost. I grow some every year.",
    "Good to know. Do you plant yours straight into the ground?",
    "I have never grown anything myself, but most people start them in pots indoors.",
    "Ha, so we are both beginners! My neighbour left me an old greenhouse, but half of the glass is broken.",
    "Have you seen any good films lately?",
)
LIGHTHOUSE: Final = (
    "Hello! I'm planning a trip to the coast next month and can't decide where to stay.",
    "That sounds lovely. Would you rather be in a town, or have some peace and quiet?",
    "Quiet, please. Work has been awful since two of my colleagues left.",
    "I'm sorry, that is a lot to carry. A week of sea air may be just what you need.",
    "I hope so. Someone told me that you can sleep in a lighthouse?",
    "You can. Many lighthouses run by themselves now, and some of the keepers' houses are let to guests.",
    "Really? I'd love to watch a storm from up there.",
    "Then take one with a lamp room that you may enter, and pack something warm. Storms are best in autumn.",
)
REPLIES: Final = (
    "I could ask around for spare panes. Which side of it is broken?",
    "Glass is made from sand, ash and lime.",
    "What a pity. Old polythene sheeting keeps the warmth in just as well until you can replace the panes.",
)
PERSONA: Final = ("I live in a flat without a garden.", "I love the sea.", "I work in a library.")


def sample_datapoint(task: Task) -> Datapoint:
    """What a preview of the task shows: one dialogue or two, and candidate replies or a persona where it needs them."""
    asks_for_replies = any(isinstance(question, Ranking) and not question.options for question in _questions(task))
    first = ALLOTMENT[:-1] if asks_for_replies else ALLOTMENT
    shown = (first, LIGHTHOUSE) if isinstance(task, PairTask) else (first,)
    return Datapoint(
        dialogue_id=SAMPLE_ID,
        group_id=SAMPLE_ID,
        dialogues=tuple(ShownDialogue(_turns(texts), source) for source, texts in enumerate(shown, start=1)),
        tasks=(task,),
        bot_persona=PERSONA if _speaks_of_profiles(task) else (),
        replies=REPLIES if asks_for_replies else (),
    )


def _questions(task: Task) -> list[Question]:
    return list(all_questions(task.questions))


def _turns(texts: tuple[str, ...]) -> tuple[Turn, ...]:
    """A person begins, as in the data; which of the two is a program, the page does not say."""
    return tuple(Turn((Speaker.USER, Speaker.SYSTEM)[number % 2], text) for number, text in enumerate(texts))


def _speaks_of_profiles(task: Task) -> bool:
    """Nothing in a task says so; whoever asks about a profile calls it that, in an id at least."""
    ids = [task.id, *(option.id for question in _questions(task) for option in options_of(question))]
    return any(re.search(r"profile|persona(?!l)", name) for name in ids)
