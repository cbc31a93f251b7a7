import { useEffect, useEffectEvent, useState } from "react";

import { useClient } from "../session";
import type { Spot } from "./places";

interface Undo {
  readonly undo: () => void;
  /** What was undone, to be read out; empty once something else is done. */
  readonly sentence: string;
  readonly forget: () => void;
}

/**
 * Undoes the last answer and shows where: by `undo`, and by Ctrl + Z or Cmd + Z anywhere but where text is written,
 * whose own undoing it is.
 */
export function useUndo(isDisabled: boolean, show: (spot: Spot) => void): Undo {
  const client = useClient();
  const [sentence, setSentence] = useState("");
  const undo = () => {
    const spot = isDisabled ? null : client.undo();
    if (spot === null) return;
    setSentence(spot.turn === null ? "Your last answer is undone." : `Your last answer, at turn ${spot.turn + 1}, is undone.`);
    show(spot);
  };
  const undoNow = useEffectEvent(undo);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
      if (!isUndo || event.defaultPrevented || isWritten(event.target)) return;
      event.preventDefault();
      undoNow();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  const [forget] = useState(() => () => setSentence(""));
  return { undo, sentence, forget };
}

function isWritten(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "radio" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
