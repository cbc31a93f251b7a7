import type { DeskProps } from "./desk";
import { DialogueDesk } from "./DialogueDesk";
import { PairDesk } from "./PairDesk";
import { TurnsDesk } from "./TurnsDesk";

/** The dialogue and the questions of one part, together. */
export function PartDesk(props: DeskProps) {
  switch (props.part.task.kind) {
    case "turn":
      return <TurnsDesk {...props} />;
    case "dialogue":
      return <DialogueDesk {...props} />;
    case "pair":
      return <PairDesk {...props} />;
  }
}
