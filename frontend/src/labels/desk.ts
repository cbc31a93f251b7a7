import type { Value } from "../task";
import type { LabelPart } from "../wire";
import type { ShownDialogue } from "./dialogues";
import type { PartLabels, Spot } from "./places";
import type { PartFeedback } from "./progress";

/** What can be done at a desk. The same object as long as the desk is there, so that rows need not be drawn again. */
export interface DeskActions {
  readonly answer: (spot: Spot, value: Value | null) => void;
  /** Opens the instructions at a question's section; undefined where there is nothing to open. */
  readonly help: ((question: string) => void) | undefined;
}

/** One part to be done, with the dialogues that it is about, left first. */
export interface DeskProps {
  readonly part: LabelPart;
  readonly dialogues: readonly ShownDialogue[];
  readonly labels: PartLabels;
  readonly feedback?: PartFeedback | undefined;
  readonly isDisabled: boolean;
  readonly actions: DeskActions;
}
