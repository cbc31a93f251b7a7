/** Tasks as short as a test can write them, and a page that keeps the answers. */
import { render } from "@testing-library/react";
import { useState } from "react";

import type { Answers, Option, Question, QuestionOf, Task, Value } from "../task";
import { Questions, type QuestionsProps } from "./Questions";

const ASKING = {
  text: "",
  help: "",
  examples: [],
  is_optional: false,
  allows_na: false,
  asks_reason: false,
  when: null,
};

type More<Kind extends Question["kind"]> = Partial<Omit<QuestionOf<Kind>, "kind" | "id" | "options">>;

/** "yes" is an option whose text is "yes"; `[id, ...questions]` is one that leads to questions. */
export type Short = string | readonly [string, ...Question[]] | Partial<Option>;

export function option(short: Short): Option {
  const plain = { id: "", text: "", help: "", examples: [], shortcut: "", then: [] };
  if (typeof short === "string") return { ...plain, id: short, text: short };
  if ("length" in short) return { ...plain, id: short[0], text: short[0], then: short.slice(1) as Question[] };
  return { ...plain, text: short.id ?? "", ...short };
}

export function choice(id: string, options: readonly Short[], more: More<"choice"> = {}): Question {
  return { kind: "choice", id, ...ASKING, options: options.map(option), ...more };
}

export function checks(id: string, options: readonly Short[], more: More<"checks"> = {}): Question {
  return { kind: "checks", id, ...ASKING, options: options.map(option), minimum: 0, layout: "boxes", ...more };
}

export function scale(id: string, more: More<"scale"> = {}): Question {
  return { kind: "scale", id, ...ASKING, low: 1, high: 5, labels: {}, label: "", ...more };
}

export function freeText(id: string, more: More<"text"> = {}): Question {
  return { kind: "text", id, ...ASKING, minimum_characters: 1, maximum_characters: 2000, ...more };
}

export function ranking(id: string, options: readonly Short[] = [], more: More<"ranking"> = {}): Question {
  return { kind: "ranking", id, ...ASKING, options: options.map(option), ...more };
}

export function spans(id: string, options: readonly Short[] = [], more: More<"spans"> = {}): Question {
  return { kind: "spans", id, ...ASKING, options: options.map(option), ...more };
}

export function task(questions: readonly Question[], more: Partial<Omit<Task, "kind" | "questions">> = {}): Task {
  return {
    kind: "dialogue",
    id: "empathy",
    title: "",
    question: "",
    questions: [...questions],
    is_required: true,
    layout: "open",
    has_help: false,
    shows_line_breaks: false,
    instructions_html: "",
    format: "",
    ...more,
  };
}

export const NAMES = { x: "you", y: "your partner" };

export interface Seat {
  /** All that was said, in order: question and value. */
  readonly said: readonly (readonly [string, Value | null])[];
  readonly root: HTMLElement;
  /** Somebody else, or an undo, changes the answers. */
  readonly change: (answers: Answers) => void;
  readonly leave: () => void;
}

/** Shows a task to somebody whose answers are kept as the page keeps them. */
export function show(shown: Task | Question, props: Partial<QuestionsProps> = {}): Seat {
  const said: [string, Value | null][] = [];
  const whole = "questions" in shown ? shown : task([shown]);
  const kept: { change?: (answers: Answers) => void } = {};
  function Host() {
    const [answers, setAnswers] = useState<Answers>(props.answers ?? {});
    kept.change = setAnswers;
    const onAnswer = (question: string, value: Value | null) => {
      said.push([question, value]);
      setAnswers((before) => ({
        ...Object.fromEntries(Object.entries(before).filter(([id]) => id !== question)),
        ...(value === null ? {} : { [question]: value }),
      }));
    };
    return <Questions task={whole} turn={null} names={NAMES} scope="p0" {...props} answers={answers} onAnswer={onAnswer} />;
  }
  const { container, unmount } = render(<Host />);
  return { said, root: container, change: (answers) => kept.change?.(answers), leave: unmount };
}
