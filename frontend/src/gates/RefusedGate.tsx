import { GateHeading } from "../parts/GateHeading";
import { useClient } from "../session";
import type { State } from "../state";

/** Refusals that may be over after a while. */
const PASSING: ReadonlySet<Refusal["reason"]> = new Set(["no_places", "too_many_at_once"]);

type Refusal = NonNullable<State["refusal"]>;

export function RefusedGate({ refusal }: { readonly refusal: Refusal }) {
  const client = useClient();
  const isPassing = PASSING.has(refusal.reason);
  return (
    <section className="card">
      <GateHeading>{isPassing ? "There is no place for you right now" : "You cannot take part in this study"}</GateHeading>
      <p dir="auto">{refusal.text}</p>
      <p className="muted">You can close this page.</p>
      {isPassing && (
        <div className="actions">
          <button type="button" onClick={() => client.enter()}>
            Try again
          </button>
        </div>
      )}
    </section>
  );
}
