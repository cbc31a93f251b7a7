"""What `chateval new` writes, to be changed: each text works as it is, with NAME where the name goes."""

import re

TASK = """\
# yaml-language-server: $schema=../schemas/annotation_tasks.schema.json
#
# See it while you change it: chateval preview NAME
#
# Ids are what the data holds: keep them when you reword a text, and the data of before and after go together.
# SPEAKER_X becomes the name of the speaker whose turns are labelled, SPEAKER_Y that of the other.
tasks:
  NAME:
    kind: turn # asked about turns one by one; `dialogue`: once about the whole; `pair`: once about two side by side
    turns: odd # which turns, counted from 0; also even, all, all_skip_first
    title: TITLE
    question: Read what SPEAKER_X says here, and what came before it.
    is_required: true # nothing can be handed in while a question is open
    has_help: true # each question leads to its section of instructions/NAME.md
    questions:
      - kind: choice # one of the options; `checks`: any of them
        id: fits
        text: Does it go with what SPEAKER_Y has just said?
        options:
          - {id: answers, text: It goes with it}
          - {id: touches, text: It goes with part of it}
          - {id: misses, text: It does not}
      - kind: scale # a whole number; more kinds: text, ranking, spans
        id: interest
        text: How curious are you what SPEAKER_X says next?
        low: 1
        high: 5
        labels: {1: Not at all, 3: A little, 5: Very}
"""

INSTRUCTIONS = """\
You judge what one of the two speakers says, turn by turn. Read a turn together with what came before it, and do not
look at what comes after.

## Does it go with what was said? {#fits}

* **It goes with it**: it takes up what the other has just said, be it with an answer, a remark or a question.
* **It goes with part of it**: something that the other plainly wanted an answer to is passed over.
* **It does not**: it could stand after anything.

> **Kim:** My train is two hours late, and I have not eaten since breakfast.
>
> **Robin:** Two hours! Is there at least a bakery at the station?

**It goes with it.** The delay and the hunger are both taken up.

> **Kim:** My train is two hours late, and I have not eaten since breakfast.
>
> **Robin:** Trains are a good way to travel.

**It does not.** The word is the same, and nothing of what Kim tells is heard.

## How curious are you? {#interest}

Go by your own feeling, and use the whole scale. A short turn can make you curious, and a long one can leave you cold.
"""

DESCRIPTION = """\
<h2>TITLE</h2>
<p>You answer a few questions about a conversation. The page leads you through it, step by step.</p>
<ul>
  <li>You need no special knowledge.</li>
  <li>You can use a phone, a tablet or a computer.</li>
</ul>
"""

CHAT_DESCRIPTION = """\
<h2>Have a chat, and tell us about it</h2>
<p>You talk with a computer program by typing. When you are done, you answer a few questions.</p>
<ul>
  <li>You need no special knowledge.</li>
  <li>You can use a phone, a tablet or a computer.</li>
</ul>
"""

BLOCKED = """\
# Worker ids of people who are to be kept out, one a line. What follows a # is not read.
"""

LABEL_STUDY = """\
#@package _global_
# People label TASK in dialogues that took place before.
defaults:
  - base/annotation

mephisto:
  architect:
    port: 'PORT'
  blueprint:
OWN    block_qualification: NAME_block
  task:
    task_name: NAME
    task_title: TITLE
    task_description: Read a conversation and answer a few questions about it.
    task_reward: 0.50 # dollars for one unit; label a few yourself, and count the minutes
    task_tags: chat,conversation,labels
"""

CHAT_STUDY = """\
#@package _global_
# WHAT
defaults:
  - base/collection

mephisto:
  architect:
    port: 'PORT'
  blueprint:
OWN    block_qualification: NAME_block
    num_bots: BOTS # with how many each person chats, one after the other
    conversations_needed_string: "CONDITION:10" # and how many conversations are needed
    num_turns: 4
  task:
    task_name: NAME
    task_title: TITLE
    task_description: Talk with a chat partner about whatever you like, then answer a few questions.
    task_reward: 1.00 # dollars for one session; try it yourself, and count the minutes
    task_tags: chat,conversation,dialogue,chatbot
"""

BOT_PACKAGE = '''\
"""The bot `--model internal:NAME`."""
'''

BOT = '''\
"""A bot of one's own: `--model internal:NAME`."""

from typing import Any

from parlai.core.agents import Agent
from parlai.core.message import Message

LINES = (
    "Tell me more about that.",
    "How did that come about?",
    "What do you like about it?",
    "And what would you change, if you could?",
)


class CLASS(Agent):
    """Asks back, line by line. One instance holds one dialogue."""

    @classmethod
    def add_cmdline_args(cls, parser: Any, partial_opt: Any = None) -> Any:  # noqa: ARG003  (ParlAI's signature)
        """Options that can stand beside the model's name in model_opts.yaml: parser.add_argument("--NAME-...")."""
        parser.set_defaults(dict_lower=False)  # or ParlAI puts the replies into lower case
        return parser

    def __init__(self, opt: Any, shared: Any = None) -> None:
        super().__init__(opt, shared)
        self.id = "TITLE"
        # Load what is large once, return it from `share`, and take it from `shared` if that is there.
        self.reset()

    def reset(self) -> None:
        """Begin a new dialogue."""
        super().reset()
        self.heard = ""
        self.replies = 0

    def observe(self, observation: Any) -> Any:
        """Hear what the partner says."""
        self.heard = observation.get("text", "")
        return super().observe(observation)

    def act(self) -> Message:
        """Answer what was heard last."""
        reply = Message({"id": self.id, "text": self._answer(), "episode_done": False})
        self.self_observe(reply)
        return reply

    def self_observe(self, message: Any) -> None:  # noqa: ARG002  (ParlAI's signature)
        """Hear one's own answer, when it is given or when an old dialogue is told again."""
        self.replies += 1

    def _answer(self) -> str:
        """The reply to `self.heard`: put your own here."""
        line = LINES[self.replies % len(LINES)]
        return f"I could go on about that myself. {line}" if "?" in self.heard else line
'''

BOTS = """\
# The bots that studies can name in conversations_needed_string.
"""

BOT_ENTRY = """
# parlai_internal/agents/NAME/NAME.py
NAME: >
  --model internal:NAME
"""


def filled(template: str, **values: str) -> str:
    """A template with its words in capitals replaced, each by the value of that name in small letters."""
    words = "|".join(name.upper() for name in values)
    return re.sub(words, lambda found: values[found[0].lower()], template)
