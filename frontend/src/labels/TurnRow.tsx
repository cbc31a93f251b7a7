import { memo } from "react";

import type { Answers } from "../task";
import type { FeedbackItem, LabelPart, Turn } from "../wire";
import { Questions } from "../widgets/Questions";
import type { DeskActions } from "./desk";
import { turnName } from "./dialogues";
import { FeedbackNote } from "./FeedbackNote";
import { Utterance } from "./Utterance";

interface Props {
  readonly part: LabelPart;
  readonly turn: number;
  readonly speaker: Turn["speaker"];
  readonly name: string;
  readonly text: string;
  readonly isLabelled: boolean;
  readonly answers: Answers;
  readonly previous: Answers | undefined;
  readonly x: string;
  readonly y: string;
  readonly feedback: FeedbackItem | undefined;
  readonly isDisabled: boolean;
  readonly actions: DeskActions;
}

/** One turn and, if it is to be labelled, its questions. Two hundred of them are drawn once, and then one by one. */
export const TurnRow = memo(function TurnRow(props: Props) {
  const { part, turn, speaker, name, text, isLabelled, answers, previous, x, y, feedback, isDisabled, actions } = props;
  return (
    <div
      className="turn-row"
      role="group"
      aria-label={turnName(turn, name)}
      data-part={part.part}
      data-turn={turn}
      data-labelled={isLabelled}
    >
      <Utterance number={turn + 1} speaker={speaker} name={name} text={text} />
      {isLabelled && (
        <div className="turn-questions">
          {feedback !== undefined && (
            <FeedbackNote part={part} answers={answers} previous={previous} item={feedback} names={{ x, y }} />
          )}
          <Questions
            task={part.task}
            answers={answers}
            previous={previous}
            turn={turn}
            text={text}
            replies={part.replies}
            names={{ x, y }}
            scope={`p${part.part}-t${turn}`}
            isDisabled={isDisabled || feedback?.is_right === true}
            onAnswer={(question, value) => actions.answer({ part: part.part, turn, question }, value)}
            onHelp={part.task.instructions_html === "" ? undefined : actions.help}
          />
        </div>
      )}
    </div>
  );
}, isSame);

/** As React compares, but for what counts of the turn before, which is made anew each time. */
function isSame(before: Props, after: Props): boolean {
  const names = Object.keys(after) as (keyof Props)[];
  return names.every((name) =>
    name === "previous" ? isSameAnswers(before.previous, after.previous) : Object.is(before[name], after[name]),
  );
}

function isSameAnswers(before: Answers | undefined, after: Answers | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const ids = Object.keys(after);
  return ids.length === Object.keys(before).length && ids.every((id) => before[id] === after[id]);
}
