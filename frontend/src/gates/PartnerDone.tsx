import type { State } from "../state";

/** Says why a chat is over that its reader did not finish: its last words are their own. */
export function PartnerDone({ state }: { readonly state: State }) {
  const numbers = Object.keys(state.dialogues).map(Number);
  const turns = state.dialogues[Math.max(...numbers)]?.turns ?? [];
  if (numbers.length === 0 || turns.at(-1)?.speaker !== "user") return null;
  return (
    <p className="banner" role="status">
      Your partner has finished the chat. It was long enough: it counts in full.
    </p>
  );
}
