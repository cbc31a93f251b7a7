/**
 * What the page and the study say to each other, as `docs/wire.md` has it.
 *
 * The shared examples hold this schema to the Python one.
 */
import * as z from "zod/mini";

import { task, value } from "./task";

// Zod would otherwise try `new Function`, which a strict content security policy forbids and reports.
z.config({ jitless: true });

export const MAX_TEXT_CHARACTERS = 10_000;
export const MAX_ID_CHARACTERS = 200;
/** Longer ids than those that are taken are still sent, so that they are refused with a reason. */
const MAX_LINK_CHARACTERS = 2_000;
export const MAX_SIGNATURE_CHARACTERS = 128;

const messageId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/));
const linkId = z.string().check(z.maxLength(MAX_LINK_CHARACTERS));
const wholeNumber = z.int().check(z.minimum(0));
const dialogue = z.int().check(z.minimum(0), z.maximum(1));
const text = z.string().check(z.refine((value) => characterCount(value) <= MAX_TEXT_CHARACTERS));
const secondsLeft = z.nullable(z.number());
const partNumber = z.int().check(z.minimum(0), z.maximum(10_000));
/** Null for a question about a whole dialogue, or a pair. */
const turnNumber = z.nullable(wholeNumber);

/** How many options or spans one answer may hold, and how many times one message may report. */
export const MAX_LABEL_ITEMS = 200;

/** An answer; null takes it back. */
const labelValue = z.nullable(value);
const spent = z.strictObject({
  part: partNumber,
  turn: turnNumber,
  active_seconds: z.number().check(z.minimum(0)),
  idle_seconds: z.number().check(z.minimum(0)),
});
const times = z.array(spent).check(z.maxLength(MAX_LABEL_ITEMS));

/** Counts as the server does: code points, not the UTF-16 units of `String.length`. */
export function characterCount(value: string): number {
  return Array.from(value).length;
}

export const sessionMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("consent"), id: messageId }),
  z.strictObject({ kind: z.literal("say"), id: messageId, dialogue, text }),
  z.strictObject({ kind: z.literal("finish"), id: messageId, dialogue }),
  z.strictObject({
    kind: z.literal("answer"),
    id: messageId,
    dialogue,
    answers: z.record(z.string(), z.int()),
  }),
  z.strictObject({
    kind: z.literal("label"),
    id: messageId,
    part: partNumber,
    turn: turnNumber,
    question: z.string(),
    value: labelValue,
    spent: times,
  }),
  z.strictObject({ kind: z.literal("submit_labels"), id: messageId, spent: times }),
  z.strictObject({ kind: z.literal("submit"), id: messageId, comment: text }),
  z.strictObject({ kind: z.literal("leave"), id: messageId }),
]);

export const fromPage = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("join"),
    worker_id: linkId,
    assignment_id: linkId,
    since: wholeNumber,
    expires: z.optional(wholeNumber),
    signature: z.optional(z.string().check(z.maxLength(MAX_SIGNATURE_CHARACTERS))),
  }),
  z.strictObject({ kind: z.literal("resume"), token: z.string().check(z.maxLength(128)), since: wholeNumber }),
  z.strictObject({ kind: z.literal("ping") }),
  ...sessionMessage.def.options,
]);

const ratingQuestion = z.object({ id: z.string(), text: z.string(), low: z.int(), high: z.int() });

const speaker = z.enum(["user", "system"]);
const names = z.object({ user: z.string(), system: z.string() });
const spokenTurn = z.object({ speaker, text: z.string() });
const earlierDialogue = { turns: z.array(spokenTurn), names, bot_persona: z.array(z.string()) };

const labelPart = z.object({
  part: partNumber,
  dialogues: z.array(wholeNumber),
  turns: z.array(wholeNumber),
  task,
  replies: z.array(z.string()),
});

const feedbackItem = z.object({
  part: partNumber,
  turn: wholeNumber,
  is_right: z.boolean(),
  alternatives: z.array(z.record(z.string(), labelValue)),
  explanation: z.string(),
});

export const update = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("consent_asked"), seq: wholeNumber }),
  z.object({
    kind: z.literal("dialogue_opened"),
    seq: wholeNumber,
    dialogue,
    minimum_turns: wholeNumber,
    persona: z.array(z.string()),
    background: z.string(),
    picture: z.nullable(z.object({ id: z.string(), caption: z.string(), source: z.string() })),
  }),
  z.object({
    kind: z.literal("turn"),
    seq: wholeNumber,
    dialogue,
    speaker,
    text: z.string(),
    id: z.string(),
  }),
  z.object({
    kind: z.literal("turn_asked"),
    seq: wholeNumber,
    dialogue,
    seat: z.enum(["person", "bot"]),
    turns_taken: wholeNumber,
    may_finish: z.boolean(),
    seconds_left: secondsLeft,
  }),
  z.object({
    kind: z.literal("ratings_asked"),
    seq: wholeNumber,
    dialogue,
    questions: z.array(ratingQuestion),
    seconds_left: secondsLeft,
  }),
  z.object({ kind: z.literal("dialogue_shown"), seq: wholeNumber, dialogue: wholeNumber, ...earlierDialogue }),
  z.object({
    kind: z.literal("labels_asked"),
    seq: wholeNumber,
    stage: wholeNumber,
    stages: wholeNumber,
    mode: z.enum(["online", "label", "practice", "correction"]),
    parts: z.array(labelPart),
    seconds_left: secondsLeft,
  }),
  z.object({ kind: z.literal("turn_to_label"), seq: wholeNumber, part: partNumber, turn: wholeNumber }),
  z.object({
    kind: z.literal("labelled"),
    seq: wholeNumber,
    part: partNumber,
    turn: turnNumber,
    question: z.string(),
    value: labelValue,
    id: z.string(),
  }),
  z.object({
    kind: z.literal("feedback_given"),
    seq: wholeNumber,
    mistakes: wholeNumber,
    items: z.array(feedbackItem),
  }),
  z.object({ kind: z.literal("submission_asked"), seq: wholeNumber, seconds_left: secondsLeft }),
  z.object({
    kind: z.literal("ended"),
    seq: wholeNumber,
    outcome: z.enum(["completed", "left", "timed_out", "bot_failed", "qualified", "not_qualified"]),
  }),
]);

const taskPreview = z.object({ dialogues: z.array(z.object(earlierDialogue)), parts: z.array(labelPart) });

const studyView = z.object({
  title: z.string(),
  description_html: z.string(),
  instructions_html: z.string(),
  left_pane_html: z.string(),
  dialogues: z.int(),
  minimum_turns: z.int(),
  turn_seconds: z.number(),
  reward_usd: z.number(),
  work: z.enum(["chat", "labels", "training"]),
  session_seconds: z.number(),
  preview: z.nullable(taskPreview),
});

export const toPage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("joined"), token: z.string(), study: studyView }),
  z.object({
    kind: z.literal("refused"),
    reason: z.enum([
      "no_worker_id",
      "bad_link",
      "no_places",
      "not_qualified",
      "blocked",
      "too_many_units",
      "too_many_at_once",
      "unknown_session",
      "closing",
      "not_passed",
      "stopped",
      "nothing_new",
      "no_new_picture",
    ]),
    text: z.string(),
  }),
  z.object({ kind: z.literal("updates"), updates: z.array(update) }),
  z.object({
    kind: z.literal("partner"),
    dialogue,
    state: z.enum(["waiting", "typing"]),
    text: z.string(),
    seconds: z.number(),
  }),
  z.object({ kind: z.literal("ack"), id: z.string() }),
  z.object({ kind: z.literal("rejected"), id: z.string(), text: z.string() }),
  z.object({ kind: z.literal("operator"), attached: z.boolean() }),
  z.object({ kind: z.literal("pong") }),
]);

export type FromPage = z.infer<typeof fromPage>;
export type SessionMessage = z.infer<typeof sessionMessage>;
export type ToPage = z.infer<typeof toPage>;
export type Update = z.infer<typeof update>;
export type UpdateOf<Kind extends Update["kind"]> = Extract<Update, { kind: Kind }>;
export type Turn = UpdateOf<"turn">;
export type DialogueOpened = UpdateOf<"dialogue_opened">;
export type PartnerState = Extract<ToPage, { kind: "partner" }>;
export type StudyView = z.infer<typeof studyView>;
export type TaskPreview = z.infer<typeof taskPreview>;
export type LabelPart = z.infer<typeof labelPart>;
export type FeedbackItem = z.infer<typeof feedbackItem>;
export type Spent = z.infer<typeof spent>;
export type LabelMode = UpdateOf<"labels_asked">["mode"];
export type RatingQuestion = z.infer<typeof ratingQuestion>;

/** A message from the server, or null where it is none that this page knows. */
export function parseToPage(data: unknown): ToPage | null {
  if (typeof data !== "string") return null;
  try {
    return toPage.parse(JSON.parse(data));
  } catch {
    return null;
  }
}

/** Replaces halves of characters, which JSON cannot carry to the server, with the replacement character. */
export function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, "\uFFFD");
}
