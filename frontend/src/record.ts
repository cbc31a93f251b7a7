/** Replays the study's updates, the record of the session, into the state. */
import type { Pending } from "./outbox";
import type { Dialogue, Standing, State } from "./state";
import type { Turn, Update } from "./wire";

/**
 * Takes the updates that come next. Repeated ones change nothing; neither do those after a gap, which the page must
 * ask for again from `lastSeq`.
 */
export function applyUpdates(state: State, updates: readonly Update[], receivedAt: number): State {
  return updates.reduce((current, update) => {
    if (update.seq !== current.lastSeq + 1) return current;
    return { ...applyUpdate(current, update, receivedAt), lastSeq: update.seq };
  }, state);
}

function applyUpdate(state: State, update: Update, receivedAt: number): State {
  if (update.kind === "turn") return addTurn(state, update);
  const standing = { ...update, deadline: deadlineOf(update, receivedAt) };
  const notice = state.standing?.kind === update.kind ? state.notice : "";
  const asked = { ...state, standing, notice, outbox: state.outbox.filter(outlivesQuestion) };
  switch (update.kind) {
    case "dialogue_opened":
      return changeDialogue(asked, update.dialogue, () => ({
        minimumTurns: update.minimum_turns,
        turnsTaken: 0,
        turns: [],
      }));
    case "turn_asked":
      return changeDialogue(asked, update.dialogue, (dialogue) => ({ ...dialogue, turnsTaken: update.turns_taken }));
    case "consent_asked":
    case "ratings_asked":
    case "submission_asked":
      return asked;
    case "ended":
      return { ...asked, answers: {}, comment: "", drafts: update.outcome === "timed_out" ? asked.drafts : {} };
  }
}

function addTurn(state: State, turn: Turn): State {
  const outbox = state.outbox.filter((entry) => entry.message.id !== turn.id);
  return changeDialogue({ ...state, outbox }, turn.dialogue, (dialogue) => ({
    ...dialogue,
    turns: [...dialogue.turns, turn],
  }));
}

function changeDialogue(state: State, index: number, change: (dialogue: Dialogue) => Dialogue): State {
  const dialogue = state.dialogues[index] ?? { minimumTurns: 0, turnsTaken: 0, turns: [] };
  return { ...state, dialogues: { ...state.dialogues, [index]: change(dialogue) } };
}

/** A committed message has done its work once the study asks for the next thing; a text waits for its turn. */
function outlivesQuestion(entry: Pending): boolean {
  return !entry.isCommitted || entry.message.kind === "say";
}

function deadlineOf(update: Exclude<Update, Turn>, receivedAt: number): Standing["deadline"] {
  if (!("seconds_left" in update) || update.seconds_left === null) return null;
  return receivedAt + update.seconds_left * 1000;
}
