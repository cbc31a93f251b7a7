/** Messages from the study, as short as a test can write them. */
import type { FromPage, StudyView, ToPage, Update, UpdateOf } from "../wire";

export const ATTACHED: ToPage = { kind: "operator", attached: true };
export const DETACHED: ToPage = { kind: "operator", attached: false };

/** What a page says that was opened by a link of W1 and A1, unsigned. */
export const JOIN: FromPage = { kind: "join", worker_id: "W1", assignment_id: "A1", since: 0, expires: 0, signature: "" };

export const STUDY: StudyView = {
  title: "Small talk",
  description_html: "<p>You will chat with <b>two</b> partners.</p>",
  instructions_html: "<p>Be kind.</p>",
  left_pane_html: "<p>You like tea.</p>",
  dialogues: 2,
  minimum_turns: 4,
  turn_seconds: 180,
  reward_usd: 1.5,
  work: "chat",
  session_seconds: 0,
  preview: null,
};

export function joined(token = "k3y", study: Partial<StudyView> = {}): ToPage {
  return { kind: "joined", token, study: { ...STUDY, ...study } };
}

type Unnumbered<U> = U extends Update ? Omit<U, "seq"> : never;

/** Numbers updates in their order, from `first` on. */
export function numbered(first: number, ...updates: readonly Unnumbered<Update>[]): Update[] {
  return updates.map((update, index) => ({ ...update, seq: first + index }));
}

export function updates(first: number, ...list: readonly Unnumbered<Update>[]): ToPage {
  return { kind: "updates", updates: numbered(first, ...list) };
}

export const opened: Unnumbered<UpdateOf<"dialogue_opened">> = {
  kind: "dialogue_opened",
  dialogue: 0,
  minimum_turns: 4,
  persona: [],
  background: "",
  picture: null,
};

export function turn(speaker: "user" | "system", text: string, id = ""): Unnumbered<Update> {
  return { kind: "turn", dialogue: 0, speaker, text, id };
}

export function asked(seat: "person" | "bot", more: Partial<UpdateOf<"turn_asked">> = {}): Unnumbered<Update> {
  return { kind: "turn_asked", dialogue: 0, seat, turns_taken: 0, may_finish: false, seconds_left: null, ...more };
}

export const ratingsAsked: Unnumbered<Update> = {
  kind: "ratings_asked",
  dialogue: 0,
  questions: [
    { id: "fun", text: "Was it fun?", low: 1, high: 5 },
    { id: "sense", text: "Did it make sense?", low: 1, high: 3 },
  ],
  seconds_left: null,
};

export const submissionAsked: Unnumbered<Update> = { kind: "submission_asked", seconds_left: null };
