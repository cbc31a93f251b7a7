import { type SyntheticEvent, useId } from "react";

import { contactOf, isPending } from "../claims";
import { Countdown } from "../parts/Countdown";
import { GateHeading } from "../parts/GateHeading";
import { Notice } from "../parts/Notice";
import { useSession } from "../session";
import type { Standing } from "../state";
import { MAX_TEXT_CHARACTERS, type StudyView, characterCount } from "../wire";

interface Props {
  readonly study: StudyView;
  readonly standing: Extract<Standing, { kind: "submission_asked" }>;
}

export function SubmitGate({ study, standing }: Props) {
  const { state, client } = useSession();
  const [commentId, errorId] = [useId(), useId()];
  const isSubmitting = isPending(state, "submit");
  const isTooLong = characterCount(state.comment) > MAX_TEXT_CHARACTERS;

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isSubmitting && !isTooLong) client.say({ kind: "submit", comment: state.comment });
  };

  return (
    <form className="card" onSubmit={onSubmit}>
      <GateHeading>Almost done</GateHeading>
      <p>All your work is here. Submit it to finish.</p>
      <div className="field">
        <label htmlFor={commentId}>Anything you would like to tell us? (optional)</label>
        <textarea
          id={commentId}
          rows={4}
          dir="auto"
          value={state.comment}
          aria-invalid={isTooLong}
          aria-describedby={errorId}
          readOnly={isSubmitting}
          onChange={(event) => client.dispatch({ kind: "commented", text: event.target.value })}
        />
        <p id={errorId} role="alert" className="error">
          {isTooLong && `Please shorten this: at most ${MAX_TEXT_CHARACTERS.toLocaleString("en-US")} characters fit.`}
        </p>
      </div>
      <Notice text={state.notice} />
      {isSubmitting && contactOf(state) !== "connected" && (
        <p className="notice" role="alert">
          Not submitted yet: the study cannot be reached. Keep this page open; it submits as soon as it can.
        </p>
      )}
      <Countdown deadline={standing.deadline} limitSeconds={study.turn_seconds} purpose="to submit" />
      <div className="actions">
        <button type="submit" className="primary" aria-disabled={isSubmitting || isTooLong}>
          {isSubmitting ? "Submitting…" : "Submit"}
        </button>
      </div>
    </form>
  );
}
