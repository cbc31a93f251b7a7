/** Whether corrected answers are right, by the rules by which the study grades them. */
import type { Answers, Question, Task, Value } from "../task";
import type { FeedbackItem } from "../wire";
import { askedQuestions } from "../widgets/asked";
import { allQuestions, answerTo } from "../widgets/questions";

type Alternative = FeedbackItem["alternatives"][number];

/** The question that keeps the answers from being right, seen from the first alternative; null where all is right. */
export function wrongQuestion(
  task: Task,
  answers: Answers,
  previous: Answers | undefined,
  item: FeedbackItem,
): string | null {
  const asked = askedQuestions(task, answers, previous, item.turn);
  const given = Object.fromEntries(
    asked.flatMap(({ id }) => {
      const value = answerTo(answers, id);
      return value === undefined ? [] : [[id, value] as const];
    }),
  );
  const wrong = item.alternatives.map((alternative) => firstWrong(task, given, alternative));
  if (wrong.length === 0 || wrong.includes(null)) return null;
  return wrong.find((id) => asked.some((question) => question.id === id)) ?? asked[0]?.id ?? null;
}

function firstWrong(task: Task, given: Answers, alternative: Alternative): string | null {
  const wrong = judged(task, alternative).find((question) => {
    const right = Object.hasOwn(alternative, question.id) ? alternative[question.id] : undefined;
    return comparable(question, answerTo(given, question.id)) !== comparable(question, right ?? undefined);
  });
  return wrong?.id ?? null;
}

/** The questions that an alternative names, and those that stand open in it without any other answer leading there. */
function judged(task: Task, alternative: Alternative): Question[] {
  const isNamed = ({ id }: Question) => Object.hasOwn(alternative, id);
  const isToStayOpen = (question: Question) =>
    !isNamed(question) && question.when === null && question.kind !== "text" && question.kind !== "spans";
  return [...allQuestions(task.questions).filter(isNamed), ...task.questions.filter(isToStayOpen)];
}

/** The same text for the same answer; no answer, no box ticked and an empty text are the same. */
function comparable(question: Question, value: Value | undefined): string {
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return "";
  if (!Array.isArray(value)) return JSON.stringify(value);
  const items = value.map((item) => JSON.stringify(item));
  return JSON.stringify(question.kind === "ranking" ? items : items.sort());
}
