import { type RefObject, useEffect, useState } from "react";

import { focusQuestion } from "../widgets/focus";
import type { Place } from "./places";

/** Where to lead somebody: to a question, to a turn, or, with neither, to the top of a part. */
export interface Goal extends Place {
  readonly question: string | null;
  /** Whether to put the focus there too, or only bring it into view. */
  readonly isFocused: boolean;
}

/** Leads to a goal within `root`, once it is drawn. */
export function useLead(root: RefObject<HTMLElement | null>): (goal: Goal) => void {
  const [goal, setGoal] = useState<Goal | null>(null);
  useEffect(() => {
    if (goal !== null && root.current !== null) lead(root.current, goal);
  }, [goal, root]);
  return setGoal;
}

function lead(root: HTMLElement, { part, turn, question, isFocused }: Goal): void {
  const top = root.querySelector<HTMLElement>(".part-name");
  const place = `[data-part="${part}"]${turn === null ? "" : `[data-turn="${turn}"]`}`;
  const goal = turn === null && question === null ? top : root.querySelector<HTMLElement>(place);
  if (goal === null) return;
  goal.scrollIntoView({ block: goal === top ? "start" : "nearest" });
  if (!isFocused) return;
  if (question === null || !focusQuestion(goal, question)) goal.focus({ preventScroll: true });
}
