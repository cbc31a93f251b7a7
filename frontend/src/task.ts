/**
 * What is asked of labellers: the tasks of `chateval.annotation`, as the server encodes them.
 *
 * The shared examples hold this schema to the Python one.
 */
import * as z from "zod/mini";

// Zod would otherwise try `new Function`, which a strict content security policy forbids and reports.
z.config({ jitless: true });

/** The value that stands for "n/a" with every kind of question that allows it. */
export const NOT_APPLICABLE = "n/a";

/** Where the reason for a question's answer is stored: under the question's id and this. */
export const REASON_SUFFIX = ".reason";

const wholeNumber = z.int().check(z.minimum(0));

/** A stretch of a turn's text: code points from `start` up to, but without, `end`; `label` is an option's id. */
export const span = z.object({ start: wholeNumber, end: z.int().check(z.minimum(1)), label: z.string() });

/** An option's id or a text, a point of a scale, option ids (ticked, or best first), or spans. */
export const value = z.union([z.string(), z.int(), z.array(z.union([z.string(), span]))]);

const seen = z.object({ question: z.string(), answers: z.array(z.string()), turn: z.enum(["same", "previous"]) });
const when = z.object({ any_of: z.array(seen), or_on_turn: z.nullable(wholeNumber) });

const asking = {
  id: z.string(),
  text: z.string(),
  help: z.string(),
  examples: z.array(z.string()),
  is_optional: z.boolean(),
  allows_na: z.boolean(),
  asks_reason: z.boolean(),
  when: z.nullable(when),
};

const option = z.object({
  id: z.string(),
  text: z.string(),
  help: z.string(),
  examples: z.array(z.string()),
  shortcut: z.string(),
  get then(): z.ZodMiniArray<typeof question> {
    return z.array(question);
  },
});

const choice = z.object({ kind: z.literal("choice"), ...asking, options: z.array(option) });
const checks = z.object({
  kind: z.literal("checks"),
  ...asking,
  options: z.array(option),
  minimum: wholeNumber,
  layout: z.enum(["boxes", "menu"]),
});
const scale = z.object({
  kind: z.literal("scale"),
  ...asking,
  low: z.int(),
  high: z.int(),
  labels: z.record(z.string(), z.string()),
  label: z.string(),
});
const freeText = z.object({
  kind: z.literal("text"),
  ...asking,
  minimum_characters: wholeNumber,
  maximum_characters: wholeNumber,
});
const ranking = z.object({ kind: z.literal("ranking"), ...asking, options: z.array(option) });
const spans = z.object({ kind: z.literal("spans"), ...asking, options: z.array(option) });

export const question = z.discriminatedUnion("kind", [choice, checks, scale, freeText, ranking, spans]);

const doing = {
  id: z.string(),
  title: z.string(),
  question: z.string(),
  questions: z.array(question),
  is_required: z.boolean(),
  layout: z.enum(["open", "folded"]),
  has_help: z.boolean(),
  shows_line_breaks: z.boolean(),
  instructions_html: z.string(),
  format: z.string(),
};

const turnTask = z.object({
  kind: z.literal("turn"),
  ...doing,
  turns: z.enum(["no_indices", "odd", "even", "all", "all_skip_first"]),
});
const dialogueTask = z.object({ kind: z.literal("dialogue"), ...doing });
const pairTask = z.object({ kind: z.literal("pair"), ...doing });

export const task = z.discriminatedUnion("kind", [turnTask, dialogueTask, pairTask]);

export type Span = z.infer<typeof span>;
export type Value = z.infer<typeof value>;
export type When = z.infer<typeof when>;
export type Option = z.infer<typeof option>;
export type Question = z.infer<typeof question>;
export type QuestionOf<Kind extends Question["kind"]> = Extract<Question, { kind: Kind }>;
export type Task = z.infer<typeof task>;

/** The answers to a task's questions on one turn, or on the whole: question id to value. */
export type Answers = Readonly<Record<string, Value>>;
