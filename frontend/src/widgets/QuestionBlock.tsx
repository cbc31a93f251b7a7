import { type ComponentType, useId, useRef } from "react";

import { type Answers, type Option, type Question, REASON_SUFFIX, type Task, type Value } from "../task";
import { focusControl } from "./focus";
import { Help } from "./Help";
import { answerTo } from "./questions";
import { TypedText } from "./TypedText";
import type { WidgetProps } from "./widget";
import { WIDGETS } from "./widgets";
import { ownName, questionName } from "./words";

const MAX_REASON_CHARACTERS = 2_000;
/** The others can be emptied by themselves. */
const CLEARABLE: ReadonlySet<Question["kind"]> = new Set(["choice", "scale", "ranking"]);

/** What all questions of one turn share. */
export interface Desk {
  /** With all names in place. */
  readonly task: Task;
  readonly answers: Answers;
  /** The ids of the questions that are asked at present. */
  readonly asked: ReadonlySet<string>;
  readonly scope: string;
  readonly text: string;
  readonly replies: readonly string[];
  readonly isDisabled: boolean;
  readonly onAnswer: (question: string, value: Value | null) => void;
  readonly onHelp: ((question: string) => void) | undefined;
}

interface Props {
  readonly desk: Desk;
  readonly question: Question;
  readonly isNested?: boolean;
  /** Whether its name stands above it already. */
  readonly isFolded?: boolean;
}

/** A question with all that goes with it: what it means, its widget, the reason, and what its answer leads to. */
export function QuestionBlock({ desk, question, isNested = false, isFolded = false }: Props) {
  const { task, answers, isDisabled } = desk;
  const block = useRef<HTMLFieldSetElement>(null);
  const legendId = useId();
  const value = answerTo(answers, question.id);
  const mayStayOpen = question.is_optional || !task.is_required;
  const isClearable = value !== undefined && mayStayOpen && CLEARABLE.has(question.kind);
  // The list gives each kind its own widget; that they go together cannot be said of a union.
  const Widget = WIDGETS[question.kind] as ComponentType<WidgetProps>;

  const then = (option: Option) => {
    const nested = option.then.filter(({ id }) => desk.asked.has(id));
    return nested.map((each) => <QuestionBlock key={each.id} desk={desk} question={each} isNested />);
  };
  const clear = () => {
    desk.onAnswer(question.id, null);
    if (block.current !== null) focusControl(block.current);
  };

  return (
    <fieldset className="question" ref={block} data-question={question.id} data-nested={isNested}>
      <legend id={legendId} dir="auto" className={isFolded || ownName(question) === "" ? "hidden" : undefined}>
        {questionName(task, question)}
      </legend>
      <div className="aids">
        {task.is_required && question.is_optional && <span className="aside">Optional</span>}
        <Help question={question} />
        {task.has_help && !isNested && desk.onHelp !== undefined && (
          <button type="button" className="quiet" onClick={() => desk.onHelp?.(question.id)}>
            Instructions
          </button>
        )}
      </div>
      <div className="answer">
        <Widget
          question={question}
          value={value}
          name={`${desk.scope}-${question.id}`}
          labelledBy={legendId}
          text={desk.text}
          replies={desk.replies}
          isDisabled={isDisabled}
          onAnswer={(next) => desk.onAnswer(question.id, next)}
          then={then}
        />
      </div>
      {isClearable && !isDisabled && (
        <button type="button" className="quiet" onClick={clear}>
          Clear this answer
        </button>
      )}
      <Reason desk={desk} question={question} isAnswered={value !== undefined} />
    </fieldset>
  );
}

interface ReasonProps extends Pick<Props, "desk" | "question"> {
  readonly isAnswered: boolean;
}

/** Asked for once there is an answer to give a reason for. */
function Reason({ desk, question, isAnswered }: ReasonProps) {
  const id = question.id + REASON_SUFFIX;
  const reason = answerTo(desk.answers, id);
  if (!question.asks_reason || (!isAnswered && reason === undefined)) return null;
  return (
    <TypedText
      value={typeof reason === "string" ? reason : ""}
      label="Why? (optional)"
      maximum={MAX_REASON_CHARACTERS}
      rows={2}
      isDisabled={desk.isDisabled}
      onText={(text) => desk.onAnswer(id, text)}
    />
  );
}
