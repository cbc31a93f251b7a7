import { useEffect, useMemo, useRef } from "react";

import { isPending } from "../claims";
import type { DeskActions } from "../labels/desk";
import { dialogueToLabel, questionIn } from "../labels/dialogues";
import { Instructions, useHelp } from "../labels/Instructions";
import { LabelsBar } from "../labels/LabelsBar";
import { PartDesk } from "../labels/PartDesk";
import { PartTabs } from "../labels/PartTabs";
import { NO_LABELS, type Spot } from "../labels/places";
import { barProgress, headingOf, introductionOf, partName, partState } from "../labels/sentences";
import { useSubmission } from "../labels/useSubmission";
import { useUndo } from "../labels/useUndo";
import { useWhereabouts } from "../labels/useWhereabouts";
import { useWork } from "../labels/useWork";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Countdown } from "../parts/Countdown";
import { GateHeading } from "../parts/GateHeading";
import { useSession } from "../session";
import type { Standing } from "../state";
import type { LabelPart, StudyView } from "../wire";

interface Props {
  readonly study: StudyView;
  readonly standing: Extract<Standing, { kind: "labels_asked" }>;
}

/** Dialogues and the questions about them, one part at a time on the desk, handed in together. */
export function LabelsGate({ study, standing }: Props) {
  const { state, client } = useSession();
  const { parts, mode, stage, stages } = standing;
  const isCorrection = mode === "correction";
  const isSubmitting = isPending(state, "submit_labels", "leave");
  const feedback = isCorrection ? state.feedback?.items : undefined;
  const dialoguesOf = (part: LabelPart) => part.dialogues.map((index) => dialogueToLabel(state, index));
  const nameOfQuestion = ({ part: number, question }: Spot) => {
    const part = parts.find((each) => each.part === number);
    return part === undefined ? question : questionIn(part.task, dialoguesOf(part), question);
  };

  const root = useRef<HTMLDivElement>(null);
  const work = useWork(root, parts, state.labels, feedback);
  const { part } = work;
  const help = useHelp(part?.part);
  const undoing = useUndo(isSubmitting, work.show);
  const submission = useSubmission(parts, work, isCorrection, nameOfQuestion);
  useWhereabouts(root, client.stopwatch, work.stay);
  useEffect(() => {
    if (part !== undefined) client.stopwatch.at({ part: part.part, turn: part.turns[0] ?? null });
  }, [client, part]);

  const [forgetUndone, forgetProblem] = [undoing.forget, submission.forget];
  const actions = useMemo<DeskActions>(
    () => ({
      answer: (spot, value) => {
        forgetUndone();
        forgetProblem();
        client.label(spot, value);
      },
      help: help.ask,
    }),
    [client, help.ask, forgetUndone, forgetProblem],
  );

  if (part === undefined) return null;
  return (
    <div className="labels" ref={root}>
      <div className="labels-scroll">
        <header className="labels-head">
          <GateHeading>{headingOf(mode, stage, stages)}</GateHeading>
          <p>{introductionOf(mode, state.feedback)}</p>
          <PartTabs
            parts={parts}
            active={part.part}
            nameOf={(each) => partName(each, parts)}
            stateOf={(each) => partState(each, work.gapsIn(each), work.unseen.includes(each))}
            onChoose={work.choose}
          />
        </header>
        <div className="labels-body">
          <Instructions key={part.part} html={part.task.instructions_html} help={help} />
          <div className="desk">
            <h2 className="part-name" tabIndex={-1}>
              {partName(part, parts)}
            </h2>
            <PartDesk
              key={part.part}
              part={part}
              dialogues={dialoguesOf(part)}
              labels={state.labels[part.part] ?? NO_LABELS}
              feedback={feedback?.[part.part]}
              isDisabled={isSubmitting}
              actions={actions}
            />
          </div>
        </div>
      </div>
      <p className="hidden" aria-live="polite">
        {undoing.sentence}
      </p>
      <Countdown deadline={standing.deadline} limitSeconds={study.session_seconds} purpose="to submit your answers" />
      <LabelsBar
        state={state}
        progress={barProgress(parts, part, work.gapsIn(part), isCorrection)}
        problem={submission.problem}
        isCorrection={isCorrection}
        isSubmitting={isSubmitting}
        hasOpen={work.gaps.length > 0 || work.unseen.length > 0}
        hasNextPart={parts.length > 1}
        onUndo={undoing.undo}
        onNextPart={work.goToNextPart}
        onNextOpen={work.goToNextOpen}
        onSubmit={submission.submit}
      />
      {submission.question !== "" && (
        <ConfirmDialog
          title="Submit with open questions?"
          confirm="Submit anyway"
          cancel="Back to the questions"
          onConfirm={submission.submitAnyway}
          onClose={submission.closeQuestion}
        >
          <p>{submission.question}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
