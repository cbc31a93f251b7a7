import { useMemo } from "react";

import { textWith } from "../widgets/asked";
import type { DeskProps } from "./desk";
import { calledIn, speakersOf } from "./dialogues";
import { Persona } from "./Persona";
import { answersAt } from "./places";
import { previousByTurn } from "./progress";
import { TurnRow } from "./TurnRow";

/** The whole dialogue, and the questions beside each turn that is to be labelled. */
export function TurnsDesk({ part, dialogues, labels, feedback, isDisabled, actions }: DeskProps) {
  const [dialogue] = dialogues;
  const selected = useMemo(() => new Set(part.turns), [part]);
  const previous = previousByTurn(part, labels);
  if (dialogue === undefined) return null;
  const { task } = part;
  const labelledSpeakers = new Set(part.turns.map((turn) => dialogue.turns[turn]?.speaker));
  // Where both speakers are labelled, each row says whom it means; else the question stands once above all.
  const isSaidOnce = labelledSpeakers.size < 2;
  const [labelled] = labelledSpeakers;
  return (
    <>
      {isSaidOnce && task.question !== "" && (
        <p className="part-question" dir="auto">
          {textWith(speakersOf(calledIn(dialogues), labelled), task.question)}
        </p>
      )}
      <Persona dialogue={dialogue} />
      <div className="turn-rows" data-said-once={isSaidOnce}>
        {dialogue.turns.map(({ speaker, text }, turn) => (
          <TurnRow
            key={turn}
            part={part}
            turn={turn}
            speaker={speaker}
            name={dialogue.names[speaker]}
            text={text}
            isLabelled={selected.has(turn)}
            answers={answersAt(labels, turn)}
            previous={previous.get(turn)}
            x={speakersOf(dialogue.called, speaker).x}
            y={speakersOf(dialogue.called, speaker).y}
            feedback={feedback?.[turn]}
            isDisabled={isDisabled}
            actions={actions}
          />
        ))}
      </div>
    </>
  );
}
