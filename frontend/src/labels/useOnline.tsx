import { type ReactNode, type RefObject, useEffect, useMemo } from "react";

import { shownTurns } from "../claims";
import { useSession } from "../session";
import { OnlineQuestions } from "./OnlineQuestions";
import type { DeskActions } from "./desk";
import { onlineGaps, onlineParts } from "./online";
import { NO_LABELS, type Place, answersAt } from "./places";
import { previousByTurn } from "./progress";
import { useLead } from "./useLead";
import { useWhereabouts } from "./useWhereabouts";

interface Online {
  /** The questions that stand below a turn, if any do. */
  readonly below: (turn: number) => ReactNode;
  /** How many turns have questions. */
  readonly count: number;
  readonly goToFirstOpen: () => void;
}

/** What a chat within `root` needs to be labelled while it goes on. */
export function useOnline(
  root: RefObject<HTMLElement | null>,
  dialogue: number,
  help: DeskActions["help"],
): Online {
  const { state, client } = useSession();
  const parts = onlineParts(state, dialogue);
  const turns = shownTurns(state, dialogue);
  const lead = useLead(root);
  const { stopwatch } = client;
  const last = parts.at(-1);
  const [lastPart, lastTurn] = [last?.part, last?.turns.at(-1)];
  useEffect(() => {
    if (lastPart !== undefined && lastTurn !== undefined) stopwatch.at({ part: lastPart, turn: lastTurn });
  }, [stopwatch, lastPart, lastTurn]);
  // Whoever is at the composer is chatting, not labelling.
  const onPlace = useMemo(
    () => (place: Place | null) => {
      if (place === null) stopwatch.stop();
    },
    [stopwatch],
  );
  useWhereabouts(root, stopwatch, onPlace);
  const actions = useMemo<DeskActions>(
    () => ({ answer: (spot, value) => client.label(spot, value), help }),
    [client, help],
  );

  const below = (turn: number) =>
    parts
      .filter((part) => part.turns.includes(turn))
      .map((part) => {
        const { speaker = "system", text = "" } = turns[turn] ?? {};
        const labels = state.labels[part.part] ?? NO_LABELS;
        return (
          <OnlineQuestions
            key={part.part}
            part={part}
            turn={turn}
            speaker={speaker}
            name={speaker === "user" ? "You" : "Partner"}
            text={text}
            answers={answersAt(labels, turn)}
            previous={previousByTurn(part, labels).get(turn)}
            actions={actions}
          />
        );
      });
  return {
    below,
    count: parts.reduce((sum, part) => sum + part.turns.length, 0),
    goToFirstOpen: () => {
      const [gap] = onlineGaps(state, dialogue);
      if (gap !== undefined) lead({ ...gap, isFocused: true });
    },
  };
}
