import type { DeskProps } from "./desk";
import { Persona } from "./Persona";
import { Transcript } from "./Transcript";
import { WholeQuestions } from "./WholeQuestions";

/** A dialogue and, in view while it scrolls, the questions about the whole of it. */
export function DialogueDesk(props: DeskProps) {
  const [dialogue] = props.dialogues;
  if (dialogue === undefined) return null;
  return (
    <div className="dialogue-desk">
      <section aria-label="Dialogue">
        <Persona dialogue={dialogue} />
        <Transcript dialogue={dialogue} />
      </section>
      <WholeQuestions {...props} />
    </div>
  );
}
