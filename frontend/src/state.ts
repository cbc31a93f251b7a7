/** The whole state of the page, and the only code that changes it. */
import type { Labels, Spot } from "./labels/places";
import { type Feedback, giveLabel, noLabels, settle } from "./labels/record";
import type { Link } from "./link";
import type { Pending } from "./outbox";
import { applyUpdates } from "./record";
import type { Value } from "./task";
import type { DialogueOpened, LabelMode, LabelPart, PartnerState, StudyView, ToPage, Turn, Update, UpdateOf } from "./wire";

/** The update that says what is wanted now; `deadline` is in milliseconds since 1970, null where no limit applies. */
export type Standing = (
  | UpdateOf<"consent_asked">
  | UpdateOf<"dialogue_opened">
  | UpdateOf<"turn_asked">
  | UpdateOf<"ratings_asked">
  | (UpdateOf<"labels_asked"> & { readonly mode: Exclude<LabelMode, "online"> })
  | UpdateOf<"submission_asked">
  | UpdateOf<"ended">
) & { readonly deadline: number | null };

export interface Dialogue {
  readonly persona: readonly string[];
  readonly background: string;
  readonly picture: DialogueOpened["picture"];
  readonly minimumTurns: number;
  readonly turnsTaken: number;
  readonly turns: readonly Turn[];
}

/** A dialogue that was held before, and is shown to be labelled. */
export type EarlierDialogue = Pick<UpdateOf<"dialogue_shown">, "turns" | "names" | "bot_persona">;

/** Something that can be undone: the answer that was there before. */
export interface Change extends Spot {
  readonly value: Value | null;
}

/** A partner at their turn; `since` is in milliseconds since 1970. */
export interface Partner {
  readonly doing: PartnerState["state"];
  /** What they have said so far, where the study shows that. */
  readonly text: string;
  readonly since: number;
}

export interface State {
  readonly link: Link;
  /** Whether the socket to the server is open. */
  readonly isOpen: boolean;
  /** Whether the server has the study behind it, who alone can save anything. */
  readonly isAttached: boolean;
  /** Whether this connection has been let into the session. */
  readonly isJoined: boolean;
  readonly study: StudyView | null;
  readonly refusal: Extract<ToPage, { kind: "refused" }> | null;
  readonly lastSeq: number;
  readonly standing: Standing | null;
  readonly dialogues: Readonly<Record<number, Dialogue>>;
  /** How the partner gets on with the turn that they are asked for, where the server has told. */
  readonly partner: Partner | null;
  readonly outbox: readonly Pending[];
  /** Text in the composer, by dialogue. */
  readonly drafts: Readonly<Record<number, string>>;
  /** Ratings chosen and not yet sent, by dialogue and question. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, number>>>>;
  readonly comment: string;
  readonly earlier: Readonly<Record<number, EarlierDialogue>>;
  /** Parts that are labelled while the chat goes on; their turns grow. */
  readonly online: readonly LabelPart[];
  /** The answers of record. */
  readonly recorded: Labels;
  /** The answers as they are shown: those of record, and over them those on their way. */
  readonly labels: Labels;
  /** What was answered here since these labels were asked for, oldest first. */
  readonly changes: readonly Change[];
  /** How the work before this was done, where the study told. */
  readonly feedback: Feedback | null;
  /** Feedback that has come since labels were last asked for. */
  readonly coming: Feedback | null;
  /** The server's sentence about the last message that it did not take. */
  readonly notice: string;
  /** Whether the server said something that this page cannot read. */
  readonly isOutdated: boolean;
}

export type Action =
  | { kind: "linkGiven"; link: Link; kept: Kept }
  | { kind: "opened" }
  | { kind: "closed" }
  | { kind: "operatorChanged"; isAttached: boolean }
  | { kind: "joined"; study: StudyView }
  | { kind: "refused"; refusal: Extract<ToPage, { kind: "refused" }> }
  | { kind: "sessionForgotten" }
  | { kind: "updated"; updates: readonly Update[]; receivedAt: number }
  | { kind: "partnerChanged"; partner: PartnerState; receivedAt: number }
  | { kind: "said"; pending: Pending; isUndo?: boolean }
  | { kind: "acknowledged"; id: string }
  | { kind: "rejected"; id: string; text: string }
  | { kind: "unreadable" }
  | { kind: "drafted"; dialogue: number; text: string }
  | { kind: "rated"; dialogue: number; question: string; answer: number }
  | { kind: "commented"; text: string };

/** What an earlier visit left in the browser. */
export type Kept = Pick<State, "outbox" | "drafts" | "answers" | "comment">;

export function initialState(link: Link, kept: Kept): State {
  return {
    link,
    ...kept,
    ...noLabels(kept.outbox),
    isOpen: false,
    isAttached: false,
    isJoined: false,
    study: null,
    refusal: null,
    lastSeq: 0,
    standing: null,
    dialogues: {},
    partner: null,
    notice: "",
    isOutdated: false,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case "linkGiven":
      return initialState(action.link, action.kept);
    case "opened":
      return { ...state, isOpen: true, isAttached: false, isJoined: false };
    case "closed":
      return { ...state, isOpen: false, isAttached: false, isJoined: false };
    case "operatorChanged":
      return { ...state, isAttached: action.isAttached, isJoined: false };
    case "joined":
      // How the partner gets on is told anew, unless they are just typing.
      return { ...state, isJoined: true, study: action.study, refusal: null, partner: null };
    case "refused":
      return { ...state, isJoined: false, refusal: action.refusal };
    case "sessionForgotten":
      return { ...state, ...noLabels(state.outbox), isJoined: false, study: null, lastSeq: 0, standing: null, dialogues: {} };
    case "updated":
      return applyUpdates(state, action.updates, action.receivedAt);
    case "partnerChanged":
      return changePartner(state, action.partner, action.receivedAt);
    case "said":
      return said(state, action.pending, action.isUndo ?? false);
    case "acknowledged":
      return { ...state, outbox: state.outbox.map((entry) => (entry.message.id === action.id ? { ...entry, isCommitted: true } : entry)) };
    case "rejected":
      return rejected(state, action.id, action.text);
    case "unreadable":
      return { ...state, isOutdated: true };
    case "drafted":
      return { ...state, drafts: { ...state.drafts, [action.dialogue]: action.text } };
    case "rated":
      return { ...state, answers: withAnswer(state, action.dialogue, action.question, action.answer) };
    case "commented":
      return { ...state, comment: action.text };
  }
}

function changePartner(state: State, { dialogue, state: doing, text, seconds }: PartnerState, receivedAt: number): State {
  if (!isBotAsked(state, dialogue)) return state;
  return { ...state, partner: { doing, text, since: receivedAt - seconds * 1000 } };
}

/** A hint that comes late, after the turn that it foretold, says nothing any more. */
function isBotAsked({ standing }: State, dialogue: number): boolean {
  return standing?.kind === "turn_asked" && standing.seat === "bot" && standing.dialogue === dialogue;
}

function said(state: State, pending: Pending, isUndo: boolean): State {
  const { message } = pending;
  const sent = { ...state, notice: "", outbox: [...state.outbox, pending] };
  if (message.kind === "label") return giveLabel(sent, message, isUndo);
  return message.kind === "say" ? { ...sent, drafts: { ...state.drafts, [message.dialogue]: "" } } : sent;
}

/**
 * A rejected text goes back to where it was written, before anything that has been written since. A rejected label
 * goes back to what the record has.
 */
function rejected(state: State, id: string, notice: string): State {
  const message = state.outbox.find((entry) => entry.message.id === id)?.message;
  const outbox = state.outbox.filter((entry) => entry.message.id !== id);
  if (message?.kind === "label") return settle({ ...state, outbox, notice }, message);
  if (message?.kind !== "say") return { ...state, outbox, notice };
  const draft = [message.text, state.drafts[message.dialogue] ?? ""].filter((text) => text !== "").join("\n");
  return { ...state, outbox, notice, drafts: { ...state.drafts, [message.dialogue]: draft } };
}

function withAnswer(state: State, dialogue: number, question: string, answer: number): State["answers"] {
  return { ...state.answers, [dialogue]: { ...state.answers[dialogue], [question]: answer } };
}
