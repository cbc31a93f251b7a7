import { contactOf } from "../claims";
import { GateHeading } from "../parts/GateHeading";
import { Notice } from "../parts/Notice";
import type { State } from "../state";

export function ConnectingGate({ state }: { readonly state: State }) {
  const isWaiting = contactOf(state) === "waiting";
  return (
    <section className="card">
      <GateHeading>{isWaiting ? "Waiting for the study" : "Connecting to the study…"}</GateHeading>
      <p>
        {isWaiting
          ? "The study is not there at the moment. Please keep this page open: it goes on by itself as soon as the study is back."
          : "This takes only a moment. If the connection is slow, this page keeps trying by itself."}
      </p>
      <div className="wait" aria-hidden="true" />
      <Notice text={state.notice} />
    </section>
  );
}
