import { type RefObject, useCallback, useRef, useState } from "react";

import type { LabelPart } from "../wire";
import { type Labels, NO_LABELS, type Place, type Spot, isSameSpot } from "./places";
import { type PartFeedback, gapsOf, needsAll } from "./progress";
import { useLead } from "./useLead";

export interface Work {
  /** The part that is on the desk. */
  readonly part: LabelPart | undefined;
  /** What is missing, in all parts. */
  readonly gaps: readonly Spot[];
  /** That of it without which nothing can be handed in. */
  readonly needed: readonly Spot[];
  readonly gapsIn: (part: LabelPart) => readonly Spot[];
  /** Parts that nobody has looked at or answered in. */
  readonly unseen: readonly LabelPart[];
  /** Remembers where somebody is, so that the next place is the one after it. */
  readonly stay: (place: Place | null) => void;
  readonly choose: (part: number) => void;
  readonly goToNextPart: () => void;
  readonly goToNextOpen: () => void;
  readonly goToFirstNeeded: () => void;
  readonly show: (spot: Spot) => void;
}

type FeedbackByPart = Readonly<Record<number, PartFeedback>>;

/** Which part is on the desk within `root`, what is left to do, and the ways there. */
export function useWork(
  root: RefObject<HTMLElement | null>,
  parts: readonly LabelPart[],
  labels: Labels,
  feedback: FeedbackByPart | undefined,
): Work {
  const lead = useLead(root);
  const gapsIn = (part: LabelPart) => gapsOf(part, labels[part.part] ?? NO_LABELS, feedback?.[part.part]);
  const gaps = parts.flatMap(gapsIn);
  const needed = parts.filter((part) => needsAll(part, feedback !== undefined)).flatMap(gapsIn);
  const [active, setActive] = useState(() => {
    // Where nothing has to be answered, nothing is missing either: a part that nobody has begun comes first all the same.
    const isToDo = (part: LabelPart) => gapsIn(part).length > 0 || (feedback === undefined && labels[part.part] === undefined);
    return (parts.find(isToDo) ?? parts[0])?.part;
  });
  const [seen, setSeen] = useState<ReadonlySet<number>>(() => new Set(active === undefined ? [] : [active]));
  const here = useRef<Place | null>(null);
  const last = useRef<Spot | null>(null);

  const stay = useCallback((place: Place | null) => {
    if (place !== null) here.current = place;
  }, []);
  const choose = (part: number) => {
    if (part !== active) here.current = null;
    setActive(part);
    setSeen((before) => new Set([...before, part]));
  };
  const goToPart = (part: number) => {
    choose(part);
    lead({ part, turn: null, question: null, isFocused: true });
  };
  const unseen = parts.filter(({ part }) => !seen.has(part) && labels[part] === undefined);
  const goTo = (gap: Spot | undefined) => {
    if (gap === undefined) {
      if (unseen[0] !== undefined) goToPart(unseen[0].part);
      return;
    }
    choose(gap.part);
    here.current = gap;
    last.current = gap;
    lead({ ...gap, isFocused: true });
  };
  const place = parts.findIndex(({ part }) => part === active);
  const ordered = [...parts.slice(place), ...parts.slice(0, Math.max(0, place))].flatMap(gapsIn);

  return {
    part: parts[place],
    gaps,
    needed,
    gapsIn,
    unseen,
    stay,
    choose,
    goToNextPart: () => {
      const next = parts[(place + 1) % parts.length];
      if (next !== undefined) goToPart(next.part);
    },
    goToNextOpen: () => goTo(nextGap(ordered, here.current, last.current)),
    goToFirstNeeded: () => goTo(needed[0]),
    show: (spot) => {
      choose(spot.part);
      lead({ part: spot.part, turn: spot.turn, question: spot.question, isFocused: false });
    },
  };
}

/** The first gap from where somebody is, or the one after it where that is the one they were led to last. */
function nextGap(gaps: readonly Spot[], here: Place | null, last: Spot | null): Spot | undefined {
  const isAhead = ({ part, turn }: Spot) => here === null || part !== here.part || (turn ?? 0) >= (here.turn ?? 0);
  const ahead = gaps.filter(isAhead);
  const passed = gaps.filter((gap) => !isAhead(gap));
  const [first, second] = [...ahead, ...passed];
  return first !== undefined && last !== null && isSameSpot(first, last) ? (second ?? first) : first;
}
