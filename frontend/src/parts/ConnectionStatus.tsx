import { type Contact, contactOf } from "../claims";
import type { State } from "../state";

const LABELS: Readonly<Record<Contact, string>> = {
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  waiting: "Waiting for the study",
  connected: "Connected",
};

/** Always in view: whether what is done now reaches the study. */
export function ConnectionStatus({ state }: { readonly state: State }) {
  const contact = contactOf(state);
  return (
    <p role="status" className="status" data-contact={contact}>
      {LABELS[contact]}
    </p>
  );
}
