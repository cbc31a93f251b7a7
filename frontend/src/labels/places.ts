/** Where answers belong: by part, by turn, by question. */
import type { Answers, Value } from "../task";

/** One turn of one part; the turn is null where the part is about whole dialogues. */
export interface Place {
  readonly part: number;
  readonly turn: number | null;
}

/** One answer's place. */
export interface Spot extends Place {
  readonly question: string;
}

/** The answers of one part, by turn. */
export type PartLabels = Readonly<Record<string, Answers>>;

/** All answers, by part. */
export type Labels = Readonly<Record<number, PartLabels>>;

const WHOLE = "whole";
const NONE: Answers = {};
export const NO_LABELS: PartLabels = {};

export function answersAt(labels: PartLabels, turn: number | null): Answers {
  return labels[keyOf(turn)] ?? NONE;
}

export function valueAt(labels: Labels, { part, turn, question }: Spot): Value | null {
  const answers = answersAt(labels[part] ?? NO_LABELS, turn);
  return (Object.hasOwn(answers, question) ? answers[question] : undefined) ?? null;
}

/** The labels with one answer changed, or, with null, taken back. Everything else stays the very same object. */
export function withValue(labels: Labels, { part, turn, question }: Spot, value: Value | null): Labels {
  const others = labels[part] ?? NO_LABELS;
  const kept = Object.entries(answersAt(others, turn)).filter(([id]) => id !== question);
  const answers = Object.fromEntries(value === null ? kept : [...kept, [question, value]]);
  return { ...labels, [part]: { ...others, [keyOf(turn)]: answers } };
}

export function isSameSpot(one: Spot, other: Spot): boolean {
  return one.part === other.part && one.turn === other.turn && one.question === other.question;
}

function keyOf(turn: number | null): string {
  return turn === null ? WHOLE : String(turn);
}
