/** What can be said of a state: small questions that more than one component asks. */
import type { State } from "./state";
import type { SessionMessage, Turn } from "./wire";

export type Contact = "connecting" | "reconnecting" | "waiting" | "connected";

/** How the page stands with the study. Only `connected` means that something can be saved now. */
export function contactOf(state: State): Contact {
  if (state.isJoined) return "connected";
  if (state.isOpen && !state.isAttached) return "waiting";
  if (state.isOpen && state.refusal !== null) return "connected";
  return state.study === null ? "connecting" : "reconnecting";
}

/** Whether a message of this kind is on its way, or committed and not yet followed by the next question. */
export function isPending(state: State, ...kinds: readonly SessionMessage["kind"][]): boolean {
  return state.outbox.some(({ message }) => kinds.includes(message.kind));
}

export interface ShownTurn {
  readonly key: string;
  readonly speaker: Turn["speaker"];
  readonly text: string;
  /** Empty for words that did not come from this page. */
  readonly mark: "" | "sending" | "saved";
}

/** The turns of record of a dialogue, then this person's words that are still on their way. */
export function shownTurns(state: State, dialogue: number): ShownTurn[] {
  const turns = (state.dialogues[dialogue]?.turns ?? []).map(
    ({ id, seq, speaker, text }): ShownTurn => ({
      key: id === "" ? `seq-${seq}` : id,
      speaker,
      text,
      mark: id === "" ? "" : "saved",
    }),
  );
  const pending = state.outbox.flatMap(({ message, isCommitted }): ShownTurn[] =>
    message.kind === "say" && message.dialogue === dialogue
      ? [{ key: message.id, speaker: "user", text: message.text, mark: isCommitted ? "saved" : "sending" }]
      : [],
  );
  return [...turns, ...pending];
}
