"""A little data as ParlAI's tasks leave it on disk, written by hand."""

import json
from pathlib import Path

HOBBIES = ("i knit scarves", "i grow tulips", "i row on sundays", "i bake rye bread")
JOBS = ("i drive a tram", "i teach maths", "i mend clocks", "i sell maps")
TOPIC = "Tulip"
"""A topic of the third data set, tied to one sentence of the personas."""


def write_blended_skill_talk(datapath: Path) -> None:
    """The four folders that ParlAI draws contexts of blended_skill_talk from."""
    _write(datapath, "ConvAI2", "v5.0", {"valid_both_original.txt": _convai2()})
    _write(datapath, "empatheticdialogues", "1.0", {"empatheticdialogues/test.csv": _empathetic()})
    wizard = json.dumps([_wizard(number) for number in range(3)])
    _write(datapath, "wizard_of_wikipedia", "1.0", {"test_random_split.json": wizard, "data.json": wizard})
    topics = {"topic_to_persona_list.txt": f"{TOPIC}: {[HOBBIES[1]]}\n"}
    _write(datapath, "blended_skill_talk", "v1.5", topics)


def _write(datapath: Path, name: str, version: str, files: dict[str, str]) -> None:
    for file, text in files.items():
        path = datapath / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (datapath / name / ".built").write_text(f"today\n{version}", encoding="utf-8")


def _convai2() -> str:
    lines = [f"your persona: {line}" for line in HOBBIES] + [f"partner's persona: {line}" for line in JOBS]
    lines += ["hello .\thi , how are you ?\t\tno|hi , how are you ?"]
    lines += [f"person line {number}\tbot line {number}\t\tno|bot line {number}" for number in range(5)]
    return "".join(f"{number} {line}\n" for number, line in enumerate(lines, start=1))


def _empathetic() -> str:
    rows = ["conv_id,utterance_idx,context,prompt,speaker_idx,utterance,selfeval,tags"]
    for number in range(3):
        situation = f"my dog ran away_comma_ day {number}"
        rows += [
            f"c{number},1,sad,{situation},1,My dog is gone {number},5|5|5,",
            f"c{number},2,sad,{situation},2,Oh no,5|5|5,",
        ]
    return "\n".join(rows) + "\n"


def _wizard(number: int) -> dict[str, object]:
    speakers = ("0_Wizard", "1_Apprentice") * 3
    empty = {"retrieved_passages": [], "retrieved_topics": [], "checked_sentence": {}, "checked_passage": {}}
    dialog = [{"speaker": who, "text": f"{who[2:]} {number}.{at}", **empty} for at, who in enumerate(speakers)]
    episode = {
        "chosen_topic": TOPIC,
        "chosen_topic_passage": ["Tulips flower."],
        "persona": HOBBIES[1],
        "wizard_eval": 5,
    }
    return {**episode, "dialog": dialog}
