import type { ReactNode } from "react";

import { shownTurns } from "../claims";
import type { State } from "../state";
import { PartnerSign } from "./PartnerSign";
import { Transcript } from "./Transcript";
import { useEnd } from "./useEnd";

interface Props {
  readonly state: State;
  readonly dialogue: number;
  readonly isPartnerWriting: boolean;
  /** What stands below a turn, and how many turns have something below them. */
  readonly below: (turn: number) => ReactNode;
  readonly countBelow: number;
}

export function Log({ state, dialogue, isPartnerWriting, below, countBelow }: Props) {
  const turns = shownTurns(state, dialogue);
  const isLastOwn = turns.at(-1)?.speaker === "user";
  const partner = isPartnerWriting ? state.partner : null;
  const count = turns.length + Number(isPartnerWriting) + countBelow;
  const { scroller, hasNews, onScroll, goToEnd } = useEnd(count, isLastOwn, partner?.text.length ?? 0);
  return (
    <div className="log-frame">
      {/* Without a tab stop, keyboards could not scroll the log in every browser. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="log-scroller" ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label="Chat">
        {turns.length === 0 && !isPartnerWriting && (
          <p className="muted log-empty">Nobody has written yet. Say hello when it is your turn.</p>
        )}
        <div className="log" role="log" aria-label="Messages" aria-relevant="additions">
          <Transcript turns={turns} below={below} />
        </div>
        {isPartnerWriting && <PartnerSign partner={partner} />}
        <p className="hidden" role="status">
          {partner?.doing === "waiting" ? "Your partner is not here yet." : ""}
        </p>
      </div>
      {hasNews && (
        <button type="button" className="news" onClick={goToEnd}>
          New message
        </button>
      )}
    </div>
  );
}
