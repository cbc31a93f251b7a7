/** How tasks and answers read: names for speakers, words for answers. */
import { type Option, type Question, type QuestionOf, REASON_SUFFIX, type Span, type Task, type Value } from "../task";
import { allQuestions, isNotApplicable, optionsOf } from "./questions";

/** What SPEAKER_X and SPEAKER_Y are called. */
export interface Names {
  readonly x: string;
  readonly y: string;
}

export const NOT_APPLICABLE_TEXT = "Not applicable";

/** Replaces SPEAKER_X and SPEAKER_Y; a name that opens a sentence gets a capital, so that "you" becomes "You". */
export function textWith(names: Names, text: string): string {
  return text.replace(/SPEAKER_([XY])/g, (_, letter: string, place: number) => {
    const name = letter === "X" ? names.x : names.y;
    return /(?:^|[.?!]\s)\s*$/.test(text.slice(0, place)) ? capitalised(name) : name;
  });
}

/** The task with the speakers' names in all that people read. Ids stay as they are. */
export function taskWith(names: Names, task: Task): Task {
  const say = (text: string) => textWith(names, text);
  return {
    ...task,
    title: say(task.title),
    question: say(task.question),
    questions: task.questions.map((question) => questionWith(say, question)),
  };
}

/** What a question is called. Where its answers speak for it, it borrows a name, for every group needs one. */
export function questionName(task: Task, question: Question): string {
  const single = optionsOf(question).length === 1 ? (optionsOf(question)[0]?.text ?? "") : "";
  return [ownName(question), single, task.question, task.title].find((name) => name !== "") ?? spaced(question.id);
}

/** The question's own words, empty where it has none. */
export function ownName(question: Question): string {
  const label = question.kind === "scale" ? question.label : "";
  const isSaidTwice = question.text.toLowerCase().startsWith(label.toLowerCase());
  if (question.text === "") return label;
  return label === "" || isSaidTwice ? question.text : `${label}: ${question.text}`;
}

/** What an answer says in words; `question` is an id, nested ones and `<id>.reason` included. */
export function answerText(task: Task, question: string, value: Value): string {
  const found = allQuestions(task.questions).find(({ id }) => id === question);
  if (found === undefined) return question.endsWith(REASON_SUFFIX) && typeof value === "string" ? value : plain(value);
  if (isNotApplicable(found, value)) return NOT_APPLICABLE_TEXT;
  switch (found.kind) {
    case "choice":
      return optionText(found.options, plain(value));
    case "checks":
      return checksText(found.options, value);
    case "scale":
      return pointText(found, plain(value));
    case "text":
      return plain(value);
    case "ranking":
      return items(value).map((item, place) => `${place + 1}. ${rankedText(found.options, labelOf(item))}`).join(", ");
    case "spans":
      return spansText(found.options, value);
  }
}

/** The name of a point; the ends of a scale that names none are still told apart. */
export function pointName({ low, high, labels }: QuestionOf<"scale">, point: number): string {
  const label = Object.hasOwn(labels, String(point)) ? labels[String(point)] : undefined;
  if (label !== undefined || Object.keys(labels).length > 0) return label ?? "";
  return point === low ? "lowest" : point === high ? "highest" : "";
}

/** The name of a candidate reply, whose ids count from 1. */
export function replyName(id: string): string {
  return `Reply ${id}`;
}

function questionWith(say: (text: string) => string, question: Question): Question {
  const texts = { text: say(question.text), help: say(question.help), examples: question.examples.map(say) };
  switch (question.kind) {
    case "scale": {
      const labels = Object.fromEntries(Object.entries(question.labels).map(([point, label]) => [point, say(label)]));
      return { ...question, ...texts, labels, label: say(question.label) };
    }
    case "text":
      return { ...question, ...texts };
    case "choice":
    case "checks":
    case "ranking":
    case "spans":
      return { ...question, ...texts, options: question.options.map((option) => optionWith(say, option)) };
  }
}

function optionWith(say: (text: string) => string, option: Option): Option {
  return {
    ...option,
    text: say(option.text),
    help: say(option.help),
    examples: option.examples.map(say),
    then: option.then.map((question) => questionWith(say, question)),
  };
}

function optionText(options: readonly Option[], id: string): string {
  return options.find((option) => option.id === id)?.text ?? id;
}

function rankedText(options: readonly Option[], id: string): string {
  return options.length === 0 ? replyName(id) : optionText(options, id);
}

function checksText(options: readonly Option[], value: Value): string {
  const ticked = items(value).map((item) => optionText(options, labelOf(item)));
  if (ticked.length > 0) return ticked.join(", ");
  return options.length === 1 ? "Not ticked" : "None of these";
}

function pointText({ labels, high }: QuestionOf<"scale">, point: string): string {
  const label = Object.hasOwn(labels, point) ? labels[point] : undefined;
  return label === undefined ? `${point} of ${high}` : `${point} – ${label}`;
}

function spansText(options: readonly Option[], value: Value): string {
  const marked = items(value).map((item) => optionText(options, labelOf(item)) || "Marked");
  return marked.length === 0 ? "Nothing marked" : marked.join(", ");
}

/** An answer as a list; a key may say "" for a box that is not ticked. */
function items(value: Value): readonly (string | Span)[] {
  if (Array.isArray(value)) return value;
  return value === "" ? [] : [String(value)];
}

function labelOf(item: string | Span): string {
  return typeof item === "string" ? item : item.label;
}

function plain(value: Value): string {
  return Array.isArray(value) ? value.map(labelOf).join(", ") : String(value) || "No answer";
}

function capitalised(name: string): string {
  const [first = "", ...rest] = Array.from(name);
  return first.toLocaleUpperCase("en") + rest.join("");
}

function spaced(id: string): string {
  return capitalised(id.replaceAll(/[_.-]+/g, " ").trim());
}
