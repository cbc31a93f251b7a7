/**
 * Which questions are asked, and what is still missing.
 *
 * The same rules as the study's own answer sheet, which has the last word: nested questions are asked while their
 * option is chosen, conditional ones while `when` holds, and an answer counts while its question is asked.
 */
import type { Answers, Question, Task, Value } from "../task";
import { answerTo, isNotApplicable, optionsOf } from "./questions";

export { answerText, questionName, textWith } from "./words";

const NOTHING: Answers = {};

/**
 * The questions that are asked at present, nested ones in place.
 *
 * `previous` are the answers of the labelled turn before as far as they count there: see `countedByTurn`.
 */
export function askedQuestions(
  task: Task,
  answers: Answers,
  previous: Answers | undefined,
  turn: number | null,
): readonly Question[] {
  let counted = NOTHING;
  // More answers only ever lead to more questions, so this ends, and whatever order the questions stand in.
  for (;;) {
    const asked = walk(task.questions, { turn, answers, previous: previous ?? NOTHING, counted });
    const counting = countedAnswers(asked, answers);
    if (Object.keys(counting).length === Object.keys(counted).length) return asked;
    counted = counting;
  }
}

/** What a required task still lacks here. */
export function missingQuestions(
  task: Task,
  answers: Answers,
  previous: Answers | undefined,
  turn: number | null,
): readonly Question[] {
  if (!task.is_required) return [];
  return askedQuestions(task, answers, previous, turn).filter(
    (question) => !question.is_optional && !isComplete(question, answerTo(answers, question.id)),
  );
}

/** By turn, in the order given: the answers that count there, which are what the next turn's conditions look at. */
export function countedByTurn(
  task: Task,
  turns: readonly number[],
  answersOf: (turn: number) => Answers,
): ReadonlyMap<number, Answers> {
  const counted = new Map<number, Answers>();
  let previous = NOTHING;
  for (const turn of turns) {
    const answers = answersOf(turn);
    previous = countedAnswers(askedQuestions(task, answers, previous, turn), answers);
    counted.set(turn, previous);
  }
  return counted;
}

/** Whether nothing is missing. No box ticked and nothing marked is an answer too, unless a minimum is set. */
export function isComplete(question: Question, value: Value | undefined): boolean {
  if (isNotApplicable(question, value)) return true;
  switch (question.kind) {
    case "checks":
      return (Array.isArray(value) ? value.length : 0) >= question.minimum;
    case "spans":
      return true;
    case "text":
      return (typeof value === "string" ? Array.from(value.trim()).length : 0) >= question.minimum_characters;
    case "choice":
    case "scale":
    case "ranking":
      return value !== undefined;
  }
}

/** What conditions can find in an answer: the options, or the point of a scale. */
export function saidBy(value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [String(value)];
  return value.map((item) => (typeof item === "string" ? item : item.label));
}

interface Sight {
  readonly turn: number | null;
  readonly answers: Answers;
  readonly previous: Answers;
  readonly counted: Answers;
}

function walk(questions: readonly Question[], sight: Sight): Question[] {
  return questions
    .filter((question) => isMet(question, sight))
    .flatMap((question) => {
      const chosen = saidBy(answerTo(sight.answers, question.id));
      const leading = optionsOf(question).filter(({ id }) => chosen.includes(id));
      return [question, ...leading.flatMap((option) => walk(option.then, sight))];
    });
}

function isMet({ when }: Question, sight: Sight): boolean {
  if (when === null || (when.or_on_turn !== null && when.or_on_turn === sight.turn)) return true;
  return when.any_of.some((seen) => {
    const answers = seen.turn === "same" ? sight.counted : sight.previous;
    const said = saidBy(answerTo(answers, seen.question));
    return seen.answers.some((answer) => said.includes(answer));
  });
}

function countedAnswers(asked: readonly Question[], answers: Answers): Answers {
  return Object.fromEntries(
    asked.flatMap(({ id }) => {
      const value = answerTo(answers, id);
      return value === undefined ? [] : [[id, value] as const];
    }),
  );
}
