/**
 * What the page and the study say to each other, as `docs/wire.md` has it.
 *
 * The shared examples hold this schema to the Python one.
 */
import * as z from "zod/mini";

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

export const update = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("consent_asked"), seq: wholeNumber }),
  z.object({ kind: z.literal("dialogue_opened"), seq: wholeNumber, dialogue, minimum_turns: wholeNumber }),
  z.object({
    kind: z.literal("turn"),
    seq: wholeNumber,
    dialogue,
    speaker: z.enum(["user", "system"]),
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
  z.object({ kind: z.literal("submission_asked"), seq: wholeNumber, seconds_left: secondsLeft }),
  z.object({
    kind: z.literal("ended"),
    seq: wholeNumber,
    outcome: z.enum(["completed", "left", "timed_out", "bot_failed"]),
  }),
]);

const studyView = z.object({
  title: z.string(),
  description_html: z.string(),
  instructions_html: z.string(),
  left_pane_html: z.string(),
  dialogues: z.int(),
  minimum_turns: z.int(),
  turn_seconds: z.number(),
  reward_usd: z.number(),
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
    ]),
    text: z.string(),
  }),
  z.object({ kind: z.literal("updates"), updates: z.array(update) }),
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
export type StudyView = z.infer<typeof studyView>;
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
