import { GateHeading } from "../parts/GateHeading";
import { useClient } from "../session";
import type { State } from "../state";

export function RefusedGate({ refusal }: { readonly refusal: NonNullable<State["refusal"]> }) {
  const client = useClient();
  return (
    <section className="card">
      <GateHeading>This study cannot take you right now</GateHeading>
      <p dir="auto">{refusal.text}</p>
      <p className="muted">Thank you for your interest. You can close this page, or try again later.</p>
      <div className="actions">
        <button type="button" onClick={() => client.enter()}>
          Try again
        </button>
      </div>
    </section>
  );
}
