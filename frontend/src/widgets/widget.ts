import type { ReactNode } from "react";

import type { Option, Question, QuestionOf, Value } from "../task";

/** What every widget is given: its question, with all names in place, and the answer as the record has it. */
export interface WidgetProps<Kind extends Question["kind"] = Question["kind"]> {
  readonly question: QuestionOf<Kind>;
  readonly value: Value | undefined;
  /** The `name` of its inputs, unique on the page. */
  readonly name: string;
  /** The id of the element that names the question. */
  readonly labelledBy: string;
  /** What the turn says. */
  readonly text: string;
  /** Candidate replies, for rankings without options. */
  readonly replies: readonly string[];
  readonly isDisabled: boolean;
  readonly onAnswer: (value: Value | null) => void;
  /** The questions that choosing an option leads to. */
  readonly then: (option: Option) => ReactNode;
}
