import { useState } from "react";

import type { DeskProps } from "./desk";
import { Persona } from "./Persona";
import { Transcript } from "./Transcript";
import { WholeQuestions } from "./WholeQuestions";

const NAMES = ["Dialogue A (left)", "Dialogue B (right)"] as const;

/** Two dialogues side by side, and the questions in view. Where there is room for one dialogue only, one switches. */
export function PairDesk(props: DeskProps) {
  const [read, setRead] = useState(0);
  const [first] = props.dialogues;
  const isSamePersona = props.dialogues.every(({ persona }) => persona.join("\n") === first?.persona.join("\n"));
  return (
    <div className="pair-desk">
      {first !== undefined && isSamePersona && <Persona dialogue={first} />}
      <div className="pair-switch" role="group" aria-label="Dialogue to read">
        {NAMES.map((name, side) => (
          <button key={name} type="button" aria-pressed={side === read} onClick={() => setRead(side)}>
            {name}
          </button>
        ))}
      </div>
      <div className="pair">
        {props.dialogues.map((dialogue, side) => (
          <section key={side} aria-label={NAMES[side]} data-read={side === read}>
            <h2>{NAMES[side]}</h2>
            {!isSamePersona && <Persona dialogue={dialogue} />}
            <Transcript dialogue={dialogue} />
          </section>
        ))}
      </div>
      <WholeQuestions {...props} />
    </div>
  );
}
