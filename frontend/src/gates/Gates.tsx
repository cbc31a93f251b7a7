import type { ReactNode } from "react";

import type { State } from "../state";
import { ChatGate } from "./ChatGate";
import { ConnectingGate } from "./ConnectingGate";
import { ConsentGate } from "./ConsentGate";
import { DoneGate } from "./DoneGate";
import { LabelsGate } from "./LabelsGate";
import { LinkGate } from "./LinkGate";
import { PartnerDone } from "./PartnerDone";
import { RatingsGate } from "./RatingsGate";
import { RefusedGate } from "./RefusedGate";
import { SubmitGate } from "./SubmitGate";

/** The way through the page, in order. Each gate is passed before the next one is looked at. */
export function Gates({ state }: { readonly state: State }) {
  const { link, refusal, study, standing } = state;
  if (link.workerId === "") return <LinkGate />;
  if (refusal !== null) return <RefusedGate refusal={refusal} />;
  if (study === null || standing === null) return <ConnectingGate state={state} />;

  switch (standing.kind) {
    case "consent_asked":
      return <ConsentGate study={study} />;
    case "dialogue_opened":
    case "turn_asked":
      return <ChatGate key={standing.dialogue} study={study} standing={standing} />;
    case "ratings_asked":
      return withPartner(state, <RatingsGate key={standing.dialogue} study={study} standing={standing} />);
    case "labels_asked":
      return withPartner(state, <LabelsGate key={standing.seq} study={study} standing={standing} />);
    case "submission_asked":
      return withPartner(state, <SubmitGate study={study} standing={standing} />);
    case "ended":
      return <DoneGate outcome={standing.outcome} drafts={state.drafts} />;
  }
}

function withPartner(state: State, gate: ReactNode): ReactNode {
  return (
    <>
      <PartnerDone state={state} />
      {gate}
    </>
  );
}
