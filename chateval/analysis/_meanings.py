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
    "partner_dialogue_id": "where a person spoke for the bot, this dialogue as it was on their side; else empty",
    "opening_turns": "how many of its first utterances neither of the two has said: the study put them there",
    "context_id": "what the dialogue began with, by its id in the file or task of contexts; empty where it was nothing",
    "person_persona": "who the person was asked to be, a sentence a line; empty where nobody",
    "bot_persona": "the same for the bot",
    "background": "what both were told before they began; empty where nothing",
    "picture_id": "the SHA-256 of the picture that the two talked about; empty where there was none",
    "picture_caption": "what is to be seen in it; empty where nobody has written it",
    "violations": "in how many ways what the person typed was not acceptable; null where that was not looked at",
    "violation_names": "in which, as ParlAI calls them, with commas: `under_min_length`, `too_much_all_caps`, "
    "`exact_match`, `starts_with_greeting`, `unsafe:3` for the third text that they typed",
    "bot_seconds": "how long the bot took over its reply, waits and further attempts included; null for the "
    "person's turns. Of `dialogues`, this and all `bot_` columns below are sums, and null where "
    "that of one reply is not known",
    "bot_first_text_seconds": "how long until its first piece of text, where it streams",
    "bot_attempts": "how often it was asked",
    "bot_input_tokens": "how many tokens it read, as it or its endpoint counts",
    "bot_output_tokens": "how many it wrote, thoughts among them",
    "bot_cached_tokens": "how many of those read were not computed anew",
    "bot_cost_usd": "what that cost, by the prices in the bot's definition",
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
