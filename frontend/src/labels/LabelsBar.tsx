import { contactOf } from "../claims";
import { Notice } from "../parts/Notice";
import type { State } from "../state";

interface Props {
  readonly state: State;
  readonly progress: string;
  /** Why submitting did not work, in words. */
  readonly problem: string;
  readonly isCorrection: boolean;
  readonly isSubmitting: boolean;
  readonly hasOpen: boolean;
  readonly hasNextPart: boolean;
  readonly onUndo: () => void;
  readonly onNextPart: () => void;
  readonly onNextOpen: () => void;
  readonly onSubmit: () => void;
}

/** Always in view: what is left to do, whether it is saved, and the ways on. */
export function LabelsBar(props: Props) {
  const { state, progress, problem, isCorrection, isSubmitting, hasOpen, hasNextPart } = props;
  const mayUndo = state.changes.length > 0 && !isSubmitting;
  const submit = isCorrection ? "Go on" : "Submit answers";
  return (
    <section className="labels-bar" aria-label="Progress">
      <p role="alert" className="error">
        {problem}
      </p>
      <Notice text={state.notice} />
      <div className="labels-state">
        <p>{progress}</p>
        <p className="mark">{savedSentence(state)}</p>
      </div>
      <div className="actions">
        <button type="button" aria-disabled={!mayUndo} onClick={() => mayUndo && props.onUndo()}>
          Undo
        </button>
        {hasNextPart && (
          <button type="button" onClick={props.onNextPart}>
            Next part
          </button>
        )}
        <button type="button" aria-disabled={!hasOpen} onClick={() => hasOpen && props.onNextOpen()}>
          {isCorrection ? "Next correction" : "Next unanswered"}
        </button>
        <button type="button" className="primary" aria-disabled={isSubmitting} onClick={() => !isSubmitting && props.onSubmit()}>
          {isSubmitting ? "Submitting…" : submit}
        </button>
      </div>
    </section>
  );
}

function savedSentence(state: State): string {
  const isWaiting = state.outbox.some(({ message, isCommitted }) => message.kind === "label" && !isCommitted);
  if (isWaiting) return contactOf(state) === "connected" ? "Saving…" : "Not saved yet";
  return Object.keys(state.recorded).length > 0 || state.changes.length > 0 ? "Saved" : "";
}
