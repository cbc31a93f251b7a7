import type { Answers, Task } from "../task";
import type { FeedbackItem, LabelPart } from "../wire";
import { answerText, textWith } from "../widgets/asked";
import { allQuestions } from "../widgets/questions";
import { questionName } from "../widgets/words";
import { wrongQuestion } from "./right";

interface Props {
  readonly part: LabelPart;
  readonly answers: Answers;
  readonly previous: Answers | undefined;
  readonly item: FeedbackItem;
  readonly names: { readonly x: string; readonly y: string };
}

/** How one turn was answered, what is right about it, and why. */
export function FeedbackNote({ part, answers, previous, item, names }: Props) {
  const isCorrected = !item.is_right && wrongQuestion(part.task, answers, previous, item) === null;
  const mark = item.is_right ? "right" : isCorrected ? "corrected" : "wrong";
  return (
    <div className="feedback" data-mark={mark}>
      <p className="verdict">{VERDICTS[mark]}</p>
      {!item.is_right && <RightAnswers task={part.task} item={item} names={names} />}
      {item.explanation !== "" && <p dir="auto">{item.explanation}</p>}
    </div>
  );
}

const VERDICTS = {
  right: "✓ Right",
  corrected: "✓ Corrected",
  wrong: "✗ Not right. Please correct it.",
} as const;

function RightAnswers({ task, item, names }: Pick<Props, "item" | "names"> & { readonly task: Task }) {
  const say = (text: string) => textWith(names, text);
  const lines = item.alternatives.map((alternative) => linesOf(task, alternative).map(say));
  return (
    <div className="right-answers">
      <p>{lines.length > 1 ? "Any of these is right:" : "Right would have been:"}</p>
      <ul>
        {lines.map((answers, place) => (
          <li key={place} dir="auto">
            {answers.length === 0 ? "Nothing applies here." : answers.join(" — ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Each right answer in words, in the order of the questions. */
function linesOf(task: Task, alternative: FeedbackItem["alternatives"][number]): string[] {
  return allQuestions(task.questions).flatMap((question) => {
    const value = Object.hasOwn(alternative, question.id) ? alternative[question.id] : null;
    if (value === undefined || value === null) return [];
    const answer = answerText(task, question.id, value);
    const name = question.text === "" ? "" : questionName(task, question);
    return [name === "" ? answer : `${name} ${answer}`];
  });
}
