/** The anatomy of questions and answers. */
import { type Answers, NOT_APPLICABLE, type Option, type Question, type Value } from "../task";

export function optionsOf(question: Question): readonly Option[] {
  return question.kind === "scale" || question.kind === "text" ? [] : question.options;
}

/** These and all that nest in them, each before those that it leads to. */
export function allQuestions(questions: readonly Question[]): Question[] {
  return questions.flatMap((question) => [
    question,
    ...optionsOf(question).flatMap((option) => allQuestions(option.then)),
  ]);
}

/** Question ids are the researcher's: one may be `constructor`. */
export function answerTo(answers: Answers, question: string): Value | undefined {
  return Object.hasOwn(answers, question) ? answers[question] : undefined;
}

export function isNotApplicable(question: Question, value: Value | undefined): boolean {
  return question.allows_na && value === NOT_APPLICABLE;
}
