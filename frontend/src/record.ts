/** Replays the study's updates, the record of the session, into the state. */
import { addEarlierDialogue, addFeedback, addTurnToLabel, askLabels, recordLabel } from "./labels/record";
import type { Pending } from "./outbox";
import type { Dialogue, Standing, State } from "./state";
import type { Turn, Update } from "./wire";

const NEW_DIALOGUE: Dialogue = { persona: [], background: "", picture: null, minimumTurns: 0, turnsTaken: 0, turns: [] };

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
  switch (update.kind) {
    case "turn":
      return addTurn(state, update);
    case "dialogue_shown":
      return addEarlierDialogue(state, update);
    case "turn_to_label":
      return addTurnToLabel(state, update);
    case "labelled":
      return recordLabel(state, update);
    case "feedback_given":
      return addFeedback(state, update);
    case "labels_asked":
      if (update.mode === "online") return askLabels(state, update);
      return askLabels(ask(state, { ...update, mode: update.mode }, receivedAt), update);
    case "dialogue_opened":
      return changeDialogue(ask(state, update, receivedAt), update.dialogue, () => ({
        ...NEW_DIALOGUE,
        minimumTurns: update.minimum_turns,
        persona: update.persona,
        background: update.background,
        picture: update.picture,
      }));
    case "turn_asked":
      return changeDialogue(ask(state, update, receivedAt), update.dialogue, (dialogue) => ({
        ...dialogue,
        turnsTaken: update.turns_taken,
      }));
    case "consent_asked":
    case "ratings_asked":
    case "submission_asked":
      return ask(state, update, receivedAt);
    case "ended": {
      const ended = ask(state, update, receivedAt);
      return { ...ended, answers: {}, comment: "", drafts: update.outcome === "timed_out" ? ended.drafts : {} };
    }
  }
}

type Asking = Standing extends infer S ? (S extends Standing ? Omit<S, "deadline"> : never) : never;

/** The study wants this now. */
function ask(state: State, update: Asking, receivedAt: number): State {
  const standing = { ...update, deadline: deadlineOf(update, receivedAt) };
  const partner = null;
  const notice = state.standing?.kind === update.kind ? state.notice : "";
  return { ...state, standing, partner, notice, outbox: state.outbox.filter(outlivesQuestion) };
}

function addTurn(state: State, turn: Turn): State {
  const outbox = state.outbox.filter((entry) => entry.message.id !== turn.id);
  return changeDialogue({ ...state, outbox }, turn.dialogue, (dialogue) => ({
    ...dialogue,
    turns: [...dialogue.turns, turn],
  }));
}

function changeDialogue(state: State, index: number, change: (dialogue: Dialogue) => Dialogue): State {
  const dialogue = state.dialogues[index] ?? NEW_DIALOGUE;
  return { ...state, dialogues: { ...state.dialogues, [index]: change(dialogue) } };
}

/** A committed message has done its work once the study asks for the next thing; a text waits for its turn. */
function outlivesQuestion(entry: Pending): boolean {
  return !entry.isCommitted || entry.message.kind === "say";
}

function deadlineOf(update: Asking, receivedAt: number): Standing["deadline"] {
  if (!("seconds_left" in update) || update.seconds_left === null) return null;
  return receivedAt + update.seconds_left * 1000;
}
