import { type SyntheticEvent, useRef, useState } from "react";

import { Transcript } from "../chat/Transcript";
import { isPending, shownTurns } from "../claims";
import { Countdown } from "../parts/Countdown";
import { GateHeading } from "../parts/GateHeading";
import { Notice } from "../parts/Notice";
import { PictureButton } from "../picture/PicturePane";
import { useSession } from "../session";
import type { Standing } from "../state";
import type { StudyView } from "../wire";
import { plural } from "../words";
import { Scale } from "./Scale";

interface Props {
  readonly study: StudyView;
  readonly standing: Extract<Standing, { kind: "ratings_asked" }>;
}

export function RatingsGate({ study, standing }: Props) {
  const { state, client } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setIsChecked] = useState(false);
  const { dialogue, questions } = standing;
  const chosen = state.answers[dialogue] ?? {};
  const answers = questions.flatMap(({ id, low, high }) => {
    const answer = chosen[id];
    return answer !== undefined && answer >= low && answer <= high ? [[id, answer] as const] : [];
  });
  const answered = new Set(answers.map(([id]) => id));
  const missing = questions.filter(({ id }) => !answered.has(id));
  const isSending = isPending(state, "answer");
  const picture = state.dialogues[dialogue]?.picture;

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isSending) return;
    setIsChecked(true);
    if (missing.length === 0) client.say({ kind: "answer", dialogue, answers: Object.fromEntries(answers) });
    else form.current?.querySelector<HTMLInputElement>("fieldset:not(:has(:checked)) input")?.focus();
  };

  return (
    <form className="card" ref={form} noValidate onSubmit={onSubmit}>
      <GateHeading>{study.dialogues > 1 ? `Rate chat ${dialogue + 1} of ${study.dialogues}` : "Rate this chat"}</GateHeading>
      <p>The chat is over. Please tell us how it was.</p>
      <details className="reread">
        <summary>Read the chat again</summary>
        {picture != null && <PictureButton picture={picture} />}
        <div className="log">
          <Transcript turns={shownTurns(state, dialogue)} />
        </div>
      </details>
      {questions.map((question) => (
        <Scale
          key={question.id}
          question={question}
          value={answered.has(question.id) ? chosen[question.id] : undefined}
          isMissing={isChecked && !answered.has(question.id)}
          onChoose={(answer) => client.dispatch({ kind: "rated", dialogue, question: question.id, answer })}
        />
      ))}
      <p role="alert" className="error">
        {isChecked && missing.length > 0 && `${plural(missing.length, "question")} still without an answer.`}
      </p>
      <Notice text={state.notice} />
      <Countdown deadline={standing.deadline} limitSeconds={study.turn_seconds} purpose="to send your ratings" />
      <div className="actions">
        <button type="submit" className="primary" aria-disabled={isSending}>
          {isSending ? "Sending…" : "Send ratings"}
        </button>
      </div>
    </form>
  );
}
