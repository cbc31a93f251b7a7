/** What the study's record says about labels, in the state. */
import type { Pending } from "../outbox";
import type { Change, State } from "../state";
import type { FeedbackItem, UpdateOf } from "../wire";
import { type Labels, type Spot, isSameSpot, valueAt, withValue } from "./places";

type LabelMessage = Extract<Pending["message"], { kind: "label" }>;

/** How the last training dialogue was done; `items` are by part and turn, none where only the number is told. */
export interface Feedback {
  readonly mistakes: number;
  readonly items: Readonly<Record<number, Readonly<Record<number, FeedbackItem>>>>;
}

/** What a session starts with, or begins anew with when the study has forgotten it. */
export function noLabels(outbox: readonly Pending[]) {
  return {
    earlier: {},
    online: [],
    recorded: {},
    labels: labelMessages(outbox).reduce<Labels>((labels, message) => withValue(labels, message, message.value), {}),
    changes: [],
    feedback: null,
    coming: null,
  } satisfies Partial<State>;
}

/** The state with labels asked for. Feedback that came since the last time belongs to these. */
export function askLabels(state: State, update: UpdateOf<"labels_asked">): State {
  if (update.mode === "online") return { ...state, online: [...state.online, ...update.parts] };
  return { ...state, changes: [], feedback: state.coming, coming: null };
}

/** In a chat that is labelled while it goes on, a turn is to be labelled. */
export function addTurnToLabel(state: State, { part, turn }: UpdateOf<"turn_to_label">): State {
  const online = state.online.map((one) =>
    one.part === part && !one.turns.includes(turn) ? { ...one, turns: [...one.turns, turn] } : one,
  );
  return { ...state, online };
}

export function addEarlierDialogue(state: State, { dialogue, ...shown }: UpdateOf<"dialogue_shown">): State {
  const { turns, names, bot_persona } = shown;
  return { ...state, earlier: { ...state.earlier, [dialogue]: { turns, names, bot_persona } } };
}

/** The record has an answer. What was said after it is still on its way, and goes on being shown. */
export function recordLabel(state: State, update: UpdateOf<"labelled">): State {
  const outbox = update.id === "" ? state.outbox : state.outbox.filter(({ message }) => message.id !== update.id);
  const recorded = withValue(state.recorded, update, update.value);
  return settle({ ...state, outbox, recorded }, update);
}

export function addFeedback(state: State, { mistakes, items }: UpdateOf<"feedback_given">): State {
  const before = state.coming ?? { mistakes: 0, items: {} };
  const added = items.reduce<Feedback["items"]>(
    (all, item) => ({ ...all, [item.part]: { ...all[item.part], [item.turn]: item } }),
    before.items,
  );
  return { ...state, coming: { mistakes: before.mistakes + mistakes, items: added } };
}

/** An answer shows as soon as it is given; `isUndo` keeps what undoes a change from becoming one itself. */
export function giveLabel(state: State, message: LabelMessage, isUndo: boolean): State {
  const { part, turn, question } = message;
  const change: Change = { part, turn, question, value: valueAt(state.labels, message) };
  const changes = isUndo ? state.changes.slice(0, -1) : [...state.changes, change];
  return { ...state, changes, labels: withValue(state.labels, message, message.value) };
}

/** Shows what was last said and not yet answered, else what the record has. */
export function settle(state: State, spot: Spot): State {
  const pending = labelMessages(state.outbox).filter((message) => isSameSpot(message, spot)).at(-1);
  const value = pending === undefined ? valueAt(state.recorded, spot) : pending.value;
  const shown = valueAt(state.labels, spot);
  if (value === shown || JSON.stringify(value) === JSON.stringify(shown)) return state;
  return { ...state, labels: withValue(state.labels, spot, value) };
}

function labelMessages(outbox: readonly Pending[]): LabelMessage[] {
  return outbox.flatMap(({ message }) => (message.kind === "label" ? [message] : []));
}
