import type { ReactNode } from "react";

import type { State } from "../state";
import { Banner } from "./Banner";
import { ConnectionStatus } from "./ConnectionStatus";
import { LeaveButton } from "./LeaveButton";

/** What stays from gate to gate: the study's name, the connection, the way out. */
export function Shell({ state, children }: { readonly state: State; readonly children: ReactNode }) {
  const kind = state.standing?.kind;
  const mayLeave = kind !== undefined && kind !== "consent_asked" && kind !== "ended" && state.refusal === null;
  return (
    <div className="shell">
      <header className="bar">
        <p className="study">{state.study?.title ?? "Study"}</p>
        {state.link.workerId !== "" && <ConnectionStatus state={state} />}
        {mayLeave && <LeaveButton label="Leave study" />}
      </header>
      <main>
        <Banner state={state} />
        {children}
      </main>
    </div>
  );
}
