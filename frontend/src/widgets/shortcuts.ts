/** Which key answers what. */
import type { Answers, Option, Question, QuestionOf, Value } from "../task";
import { answerTo, optionsOf } from "./questions";

export interface Pressed {
  readonly question: string;
  readonly value: Value;
  /** The option or point that the key belongs to. */
  readonly item: string;
}

/** The key of each option: the task's own, or, where the question has none, its place as a digit. */
export function keyOf(question: Question, option: Option): string {
  const options = optionsOf(question);
  if (options.some(({ shortcut }) => shortcut !== "")) return option.shortcut;
  const place = options.indexOf(option) + 1;
  return place <= 9 ? String(place) : "";
}

/**
 * The answer that a key gives. The task's own keys work in all of the questions that are `asked`, digits only in the
 * one that has the focus.
 */
export function answerByKey(
  asked: readonly Question[],
  focused: string | undefined,
  answers: Answers,
  key: string,
): Pressed | null {
  for (const question of asked) {
    const option = defined(question, key);
    if (option !== undefined) return choosing(question, option, answers);
  }
  const question = asked.find(({ id }) => id === focused);
  if (question === undefined || !/^[0-9]$/.test(key)) return null;
  if (question.kind === "scale") return point(question, Number(key));
  const option = optionsOf(question).find((candidate) => keyOf(question, candidate) === key);
  return option === undefined ? null : choosing(question, option, answers);
}

/** Ticks a box, or takes the tick away; ids stay in the order of the options. */
export function toggled(options: readonly Option[], value: Value | undefined, id: string): string[] {
  const ticked = Array.isArray(value) ? value : [];
  return options.map((option) => option.id).filter((each) => ticked.includes(each) !== (each === id));
}

/** Whether what has the focus needs the letters for itself. */
export function takesLetters(target: EventTarget): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "radio" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function defined(question: Question, key: string): Option | undefined {
  const options = optionsOf(question);
  const small = key.toLowerCase();
  return (
    options.find(({ shortcut }) => shortcut === key) ??
    options.find(({ shortcut }) => shortcut !== "" && shortcut.toLowerCase() === small)
  );
}

function choosing(question: Question, option: Option, answers: Answers): Pressed | null {
  if (question.kind === "choice") return { question: question.id, value: option.id, item: option.id };
  if (question.kind !== "checks") return null;
  const value = toggled(question.options, answerTo(answers, question.id), option.id);
  return { question: question.id, value, item: option.id };
}

function point({ id, low, high }: QuestionOf<"scale">, digit: number): Pressed | null {
  return digit >= low && digit <= high ? { question: id, value: digit, item: String(digit) } : null;
}
