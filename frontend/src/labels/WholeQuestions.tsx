import { Questions } from "../widgets/Questions";
import type { DeskProps } from "./desk";
import { calledIn, speakersOf } from "./dialogues";
import { answersAt } from "./places";

/** The questions about a whole dialogue, or two. */
export function WholeQuestions({ part, dialogues, labels, isDisabled, actions }: DeskProps) {
  return (
    <section className="whole-questions" data-part={part.part} aria-label="Questions">
      <Questions
        task={part.task}
        answers={answersAt(labels, null)}
        turn={null}
        replies={part.replies}
        names={speakersOf(calledIn(dialogues))}
        scope={`p${part.part}`}
        isDisabled={isDisabled}
        onAnswer={(question, value) => actions.answer({ part: part.part, turn: null, question }, value)}
        onHelp={part.task.instructions_html === "" ? undefined : actions.help}
      />
    </section>
  );
}
