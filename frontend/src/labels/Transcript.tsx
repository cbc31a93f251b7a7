import { memo } from "react";

import type { ShownDialogue } from "./dialogues";
import { Utterance } from "./Utterance";

/** A dialogue to read, without questions. */
export const Transcript = memo(
  function Transcript({ dialogue }: { readonly dialogue: ShownDialogue }) {
    return (
      <div className="transcript">
        {dialogue.turns.map(({ speaker, text }, turn) => (
          <Utterance key={turn} number={turn + 1} speaker={speaker} name={dialogue.names[speaker]} text={text} />
        ))}
      </div>
    );
  },
  (before, after) => isSame(before.dialogue, after.dialogue),
);

function isSame(before: ShownDialogue, after: ShownDialogue): boolean {
  if (before.names !== after.names || before.turns.length !== after.turns.length) return false;
  return before.turns.every(({ text }, turn) => text === after.turns[turn]?.text);
}
