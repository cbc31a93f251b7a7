"""An example of an agent of one's own: `--model internal:examplebot`.

ParlAI calls four methods: `observe` with each turn of the partner, `act` for an answer, `self_observe` with each answer
that the agent gave, and `share` for what all dialogues have in common. One instance holds one dialogue.

This agent needs no model: it looks for words in what its partner says and answers with lines from `topics.yaml`. All
that it remembers follows from what it has heard and said. So, told an old dialogue from its beginning, it goes on as if
it had never been away; and the same dialogue with the same seed always gets the same answer.
"""

import random
import re
from pathlib import Path
from typing import Any

import yaml
from parlai.core.agents import Agent
from parlai.core.message import Message

Topics = dict[str, dict[str, Any]]

NO = {"no", "nope", "nah", "never", "not", "don't", "none", "nothing"}
NO_NAMES = NO | {"yes", "yeah", "sure", "ok", "okay", "what", "why", "guess", "secret"}
ASKS_BACK = re.compile(r"\b(you|your|yours|yourself)\b.*\?", re.IGNORECASE)
NAME = re.compile(
    r"(?:my name is|my name's|i'm called|i am called|call me|^(?:hi|hello|hey)\W+(?:i'm|i am)) (\w+)", re.IGNORECASE
)
TURNS_ON_A_TOPIC = 3  # after so many lines without a new word from the partner, something else is brought up
WORDS_OF_A_REMARK = 4  # what is shorter and fits no topic is not worth a question


class ExamplebotAgent(Agent):
    """Talks about everyday topics, and asks back."""

    @classmethod
    def add_cmdline_args(cls, parser: Any, partial_opt: Any = None) -> Any:  # noqa: ARG003  (ParlAI's signature)
        """Options that can stand beside `--model internal:examplebot`."""
        group = parser.add_argument_group("Example bot")
        group.add_argument("--examplebot-seed", type=int, default=0, help="chooses among lines that fit equally well")
        # Without this, ParlAI takes the agent for one that knows no capitals, and puts its replies in lower case.
        parser.set_defaults(dict_lower=False)
        return parser

    def __init__(self, opt: Any, shared: Any = None) -> None:
        super().__init__(opt, shared)
        self.id = "Examplebot"
        # Load once what is large. `shared` is what `share` returned, and is there for all but the first instance.
        self.topics: Topics = shared["topics"] if shared else _load_topics()
        self.reset()

    def share(self) -> dict[str, Any]:
        """What all instances have in common."""
        return {**super().share(), "topics": self.topics}

    def reset(self) -> None:
        """Begin a new dialogue."""
        super().reset()
        self.heard = ""
        self.said: list[str] = []
        self.partner: str | None = None
        self.is_introduced = False
        self.topic = "anything"
        self.lines_on_topic = 0

    def observe(self, observation: Any) -> Any:
        """Hear a turn of the partner, or of nobody: what there is before a dialogue, such as a persona."""
        if observation.get("id") == "SYSTEM":  # it has a character of its own
            return super().observe(observation)
        self.heard = observation.get("text", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
        name = NAME.search(self.heard) or self._name_alone()
        self.is_introduced = name is not None
        if name:
            self.partner = name[1].capitalize()
        return super().observe(observation)

    def act(self) -> Message:
        """Answer what was heard last."""
        reply = Message({"id": self.id, "text": self._answer(), "episode_done": False})
        self.self_observe(reply)
        return reply

    def self_observe(self, message: Any) -> None:
        """Hear one's own answer, when it is given or when an old dialogue is told again."""
        self.said.append(message["text"])
        for name, topic in self.topics.items():
            lines = [line for kind in ("ask", "open", "more", "if_no", "me") for line in self._lines(name, kind)]
            if not topic.get("aside") and message["text"].endswith(tuple(lines)):
                self.lines_on_topic = self.lines_on_topic + 1 if name == self.topic else 1
                self.topic = name

    def _answer(self) -> str:
        """A line of the best kind that has one left; when all is said, what was said longest ago."""
        for name, kind in self._fitting_kinds():
            if line := self._unsaid(name, kind):
                return line
        return self._new_topic() or self._unsaid("anything", "more") or list(dict.fromkeys(reversed(self.said)))[-1]

    def _fitting_kinds(self) -> list[tuple[str, str]]:
        """Topics and kinds of line that fit what was heard, the best first."""
        brought_up = self._topic_heard()
        about = brought_up or self.topic
        kinds: list[tuple[str, str]] = []
        if brought_up and self.topics[brought_up].get("aside"):
            kinds = [(brought_up, "open")]
        elif ASKS_BACK.search(self.heard):
            kinds = [(about, "me"), ("anything", "me")]
        elif self.heard.endswith("?"):
            kinds = [(about, "open")] if brought_up else [("anything", "unclear")]
        elif brought_up:
            kinds = (
                [(about, "more"), (about, "open")] if brought_up == self.topic else [(about, "open"), (about, "more")]
            )
        elif NO.intersection(_words(self.heard)):
            kinds = [(about, "if_no")]
        elif about == "anything":
            kinds = [(about, "more")] if len(_words(self.heard)) >= WORDS_OF_A_REMARK else []
        elif self.lines_on_topic < TURNS_ON_A_TOPIC:
            kinds = [(about, "more")]
        return kinds

    def _name_alone(self) -> re.Match[str] | None:
        """A single word that is heard right after asking for the name, unless it means something."""
        was_asked = bool(self.said) and self.said[-1].endswith("your name?")
        if not was_asked or NO_NAMES.intersection(_words(self.heard)) or self._topic_of_words():
            return None
        return re.fullmatch(r"(\w+)\W*", self.heard)

    def _topic_heard(self) -> str | None:
        return "name" if self.is_introduced else self._topic_of_words()

    def _topic_of_words(self) -> str | None:
        """The topic of the longest word or phrase that was heard."""
        heard = f" {' '.join(_words(self.heard))} "
        lengths = {
            name: max(
                (len(word) for word in topic["words"] if f" {word} " in heard or f" {word}s " in heard), default=0
            )
            for name, topic in self.topics.items()
        }
        lengths["greeting"] = min(lengths["greeting"], 1)  # a greeting yields to whatever is said with it
        longest = max(lengths, key=lambda name: lengths[name])
        return longest if lengths[longest] else None

    def _new_topic(self) -> str | None:
        """A line that brings up what has not been talked about, and words that lead there."""
        asks = [line for name in self.topics if (line := self._unsaid(name, "ask"))]
        bridges = self._lines("anything", "bridge")
        return f"{self._random().choice(bridges)} {self._random().choice(asks)}" if asks else None

    def _unsaid(self, name: str, kind: str) -> str | None:
        lines = [line for line in self._lines(name, kind) if not any(text.endswith(line) for text in self.said)]
        if not lines:
            return None
        return lines[0] if self.topics[name].get("aside") else self._random().choice(lines)

    def _lines(self, name: str, kind: str) -> list[str]:
        """The lines of a topic that can be said to this partner."""
        lines = self.topics[name].get(kind, [])
        return [line.replace("{name}", self.partner or "") for line in lines if self.partner or "{name}" not in line]

    def _random(self) -> random.Random:
        """Chance that depends on the seed and on how far the dialogue is, and on nothing else."""
        return random.Random(f"{self.opt.get('examplebot_seed', 0)}/{len(self.said)}")  # noqa: S311  (no secret)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _load_topics() -> Topics:
    topics: Topics = yaml.safe_load(Path(__file__).with_name("topics.yaml").read_text(encoding="utf-8"))
    return topics
