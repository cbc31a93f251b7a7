import "../styles/widgets.css";

import { type KeyboardEvent, useMemo } from "react";

import type { Answers, Question, Task, Value } from "../task";
import { askedQuestions } from "./asked";
import { focusQuestion } from "./focus";
import { Fold } from "./Fold";
import { type Desk, QuestionBlock } from "./QuestionBlock";
import { answerTo } from "./questions";
import { answerByKey, takesLetters } from "./shortcuts";
import { type Names, answerText, questionName, taskWith } from "./words";

export interface QuestionsProps {
  readonly task: Task;
  /** Of this turn, or of the whole dialogue. */
  readonly answers: Answers;
  /** Of the labelled turn before, as far as they count there: see `countedByTurn`. */
  readonly previous?: Answers | undefined;
  readonly turn: number | null;
  /** What the turn says, for passages to mark. */
  readonly text?: string | undefined;
  /** Candidate replies, for rankings without options. */
  readonly replies?: readonly string[] | undefined;
  readonly names: Names;
  /** Tells these questions from all others on the page. */
  readonly scope: string;
  readonly isDisabled?: boolean | undefined;
  /**
   * Given an answer as it changes; null takes it back. The widgets show what `answers` say, so put it there at once.
   * Text is given when its field is left, after a pause, or when the field goes away.
   */
  readonly onAnswer: (question: string, value: Value | null) => void;
  readonly onHelp?: ((question: string) => void) | undefined;
}

/** A task's sentence and its questions, those that are asked at present. `focusQuestion` leads to one of them. */
export function Questions(props: QuestionsProps) {
  const { answers, previous, turn, text = "", replies = [], scope, isDisabled = false, onAnswer, onHelp } = props;
  const { x, y } = props.names;
  const task = useMemo(() => taskWith({ x, y }, props.task), [props.task, x, y]);
  const questions = askedQuestions(task, answers, previous, turn);
  const asked = new Set(questions.map(({ id }) => id));
  const desk: Desk = { task, answers, asked, scope, text, replies, isDisabled, onAnswer, onHelp };
  const shown = task.questions.filter(({ id }) => asked.has(id));
  const firstOpen = shown.find(({ id }) => answerTo(answers, id) === undefined);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isDisabled || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!(event.target instanceof Element) || takesLetters(event.target)) return;
    const focused = event.target.closest<HTMLElement>("[data-question]")?.dataset["question"];
    const pressed = answerByKey(questions, focused, answers, event.key);
    if (pressed === null) return;
    event.preventDefault();
    onAnswer(pressed.question, pressed.value);
    focusQuestion(event.currentTarget, pressed.question, pressed.item);
  };

  return (
    <div className="questions" role="presentation" onKeyDown={onKeyDown}>
      {task.question !== "" && (
        <p className="task-question" dir="auto">
          {task.question}
        </p>
      )}
      {shown.map((question) =>
        task.layout === "open" ? (
          <QuestionBlock key={question.id} desk={desk} question={question} />
        ) : (
          <Fold
            key={question.id}
            name={questionName(task, question)}
            answer={shortAnswer(task, question, answers)}
            isOpenByDefault={question === firstOpen || answerTo(answers, question.id) !== undefined}
          >
            <QuestionBlock desk={desk} question={question} isFolded />
          </Fold>
        ),
      )}
    </div>
  );
}

function shortAnswer(task: Task, { id }: Question, answers: Answers): string {
  const value = answerTo(answers, id);
  return value === undefined ? "" : answerText(task, id, value);
}
