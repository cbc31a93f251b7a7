"""What the columns of the exported tables mean, in the words of the documents and of a dataset's card."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "run_id": "the launch of the study",
    "session_id": "one person at one unit of work",
    "unit_id": "the unit of work, as Mephisto counts",
    "study": "the study's `task_name`",
    "worker": "who it was",
    "condition": "what the session was drawn for, such as its bots; empty where there is only one thing to be drawn",
    "outcome": "how the session ended: `completed`, `qualified`, `not_qualified`, `left`, `timed_out`, `bot_failed`, "
    "or empty while it goes on",
    "purpose": "`chat`: about a conversation of the session itself; `label`: about one held before; `training`; "
    "`onboarding`",
    "part": "one task on one dialogue or pair; counts from 0 within a session",
    "task": "the task, by its name in the file that defines it",
    "group_id": "what is labelled by the same people, as the data names it; empty for a conversation of the session "
    "itself",
    "dialogue_id": "the dialogue; of a pair the first in the order of the data (or in which the two were held)",
    "source": "1, or 2 for the second conversation (`turns2`) of a datapoint; with pairs always 1",
    "position": "0 for the dialogue that was held first in its session, 1 for the second",
    "bot": "the bot in the dialogue, where it was held in the session; else empty",
    "dialogue_id_2": "the other dialogue of a pair; else empty",
    "bot_2": "the bot in it",
    "side": "where the first dialogue of a pair stood on the page, `left` or `right`; else empty",
    "is_submitted": "whether the part was handed in",
    "is_gold": "whether it has known answers, unknown to the worker",
    "turn": "the turn, counted from 0; null for judgements on a whole dialogue or pair",
    "turns": "how many utterances the dialogue has, opening and bot's among them",
    "speaker": "who says the turn: `user` (the person) or `system` (the bot)",
    "text": "what is said in the turn",
    "seconds": "with labels, the time that the person was active at this turn or whole, the same in all rows of it: "
    "sum it in `label_times`, never in `judgements`; of `dialogues`, from first turn to last; of `turns`, since the "
    "turn before",
    "idle_seconds": "the time at it without a sign of life, which is not in `seconds`",
    "question_id": "the question; stays the same when it is reworded",
    "label": "what is judged: with boxes, rankings and marked passages the option, else the question; "
    "`<question_id>.reason` for a reason",
    "value": "of `judgements`: `1` or `0` for a box, the option chosen, the point of a scale, the rank (1 is best), "
    "the text written or marked, or `n/a`; of `behaviours`: 1 or 0",
    "value_number": "the same where it is a number, else null",
    "preferred": "for pairs: `1` where the choice was the dialogue in `dialogue_id`, `2` where it was the one in "
    "`dialogue_id_2`, `tie`; else empty. `value` says `left` or `right`, as it was seen",
    "start": "where a marked passage begins in the turn's text, in characters from 0",
    "end": "where it ends: the first character after it",
    "at": "when the turn was said, or the answer given in its last form; null for boxes never touched",
    "is_check": "whether the question is an attention check; its id is that of the file of checks",
    "is_right": "for checks, gold, training and onboarding, whether the answer to the check, or all answers to the "
    "turn, were right; else null",
    "behaviour": "one of the sixteen behaviours",
}
