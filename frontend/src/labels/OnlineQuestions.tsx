import { memo } from "react";

import type { Answers } from "../task";
import type { LabelPart } from "../wire";
import { Questions } from "../widgets/Questions";
import type { DeskActions } from "./desk";
import { CALLED_IN_CHAT, speakersOf, turnName } from "./dialogues";

interface Props {
  readonly part: LabelPart;
  readonly turn: number;
  readonly speaker: "user" | "system";
  readonly name: string;
  readonly text: string;
  readonly answers: Answers;
  readonly previous: Answers | undefined;
  readonly actions: DeskActions;
}

/** The questions about one turn of a chat that goes on. They are no news, so the log does not read them out. */
export const OnlineQuestions = memo(function OnlineQuestions(props: Props) {
  const { part, turn, speaker, name, text, answers, previous, actions } = props;
  return (
    <div
      className="online-questions"
      role="group"
      aria-label={turnName(turn, name)}
      aria-live="off"
      data-part={part.part}
      data-turn={turn}
    >
      <Questions
        task={part.task}
        answers={answers}
        previous={previous}
        turn={turn}
        text={text}
        replies={part.replies}
        names={speakersOf(CALLED_IN_CHAT, speaker)}
        scope={`p${part.part}-t${turn}`}
        onAnswer={(question, value) => actions.answer({ part: part.part, turn, question }, value)}
        onHelp={part.task.instructions_html === "" ? undefined : actions.help}
      />
    </div>
  );
});
