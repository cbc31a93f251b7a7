import { type RefObject, useEffect } from "react";

import type { Place } from "./places";
import type { Stopwatch } from "./times";

const ACTS = ["pointermove", "pointerdown", "keydown", "wheel", "touchmove", "scroll"] as const;

/**
 * Tells the stopwatch where somebody is, by what they focus or press within `root`, and that they are at work at all.
 * What says where it belongs (`data-part`, `data-turn`) is a place. `onPlace` is told too, and, with null, that
 * somebody is at none; it must be the same function each time.
 */
export function useWhereabouts(
  root: RefObject<HTMLElement | null>,
  stopwatch: Stopwatch,
  onPlace: (place: Place | null) => void,
): void {
  useEffect(() => {
    const element = root.current;
    const onArrive = ({ target }: Event) => {
      const place = placeOf(target);
      if (place !== null) stopwatch.at(place);
      onPlace(place);
    };
    const onAct = () => stopwatch.acted();
    const onSee = () => stopwatch.see(document.visibilityState !== "hidden");
    onSee();
    element?.addEventListener("focusin", onArrive);
    element?.addEventListener("pointerdown", onArrive);
    document.addEventListener("visibilitychange", onSee);
    for (const act of ACTS) document.addEventListener(act, onAct, { capture: true, passive: true });
    return () => {
      stopwatch.stop();
      element?.removeEventListener("focusin", onArrive);
      element?.removeEventListener("pointerdown", onArrive);
      document.removeEventListener("visibilitychange", onSee);
      for (const act of ACTS) document.removeEventListener(act, onAct, { capture: true });
    };
  }, [root, stopwatch, onPlace]);
}

function placeOf(target: EventTarget | null): Place | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-part]") : null;
  if (element === null) return null;
  const { part, turn } = element.dataset;
  return { part: Number(part), turn: turn === undefined ? null : Number(turn) };
}
