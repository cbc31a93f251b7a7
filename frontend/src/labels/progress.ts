/** What is left to do. */
import type { Answers, Question, Task } from "../task";
import type { FeedbackItem, LabelPart } from "../wire";
import { countedByTurn, missingQuestions } from "../widgets/asked";
import { allQuestions } from "../widgets/questions";
import { type PartLabels, type Spot, answersAt } from "./places";
import { wrongQuestion } from "./right";

export type PartFeedback = Readonly<Record<number, FeedbackItem>>;

/** Whether a question of the task is asked depending on the turn before. */
function looksBack(task: Task): boolean {
  const doesLookBack = ({ when }: Question) => when?.any_of.some(({ turn }) => turn === "previous") ?? false;
  return allQuestions(task.questions).some(doesLookBack);
}

type Previous = ReadonlyMap<number, Answers>;

const known = new WeakMap<LabelPart, { readonly labels: PartLabels; readonly previous: Previous }>();

/** By turn: the answers of the labelled turn before it, as far as they count there. Empty where nothing looks back. */
export function previousByTurn(part: LabelPart, labels: PartLabels): Previous {
  const last = known.get(part);
  if (last?.labels === labels) return last.previous;
  const previous = looksBack(part.task) ? lookBack(part, labels) : new Map<number, Answers>();
  known.set(part, { labels, previous });
  return previous;
}

function lookBack(part: LabelPart, labels: PartLabels): Previous {
  const counted = countedByTurn(part.task, part.turns, (turn) => answersAt(labels, turn));
  return new Map(
    part.turns.flatMap((turn, place) => {
      const before = part.turns[place - 1];
      return before === undefined ? [] : [[turn, counted.get(before) ?? {}] as const];
    }),
  );
}

interface Found {
  readonly labels: PartLabels;
  readonly feedback: PartFeedback | undefined;
  readonly gaps: readonly Spot[];
}

const found = new WeakMap<LabelPart, Found>();

/**
 * The answers that a part still lacks, in order, whether its task requires them or not; with feedback, those that are
 * still wrong, and those that are required. Asked again about the same labels, it does not look again.
 */
export function gapsOf(part: LabelPart, labels: PartLabels, feedback?: PartFeedback): readonly Spot[] {
  const last = found.get(part);
  if (last?.labels === labels && last.feedback === feedback) return last.gaps;
  const gaps = lookForGaps(part, labels, feedback);
  found.set(part, { labels, feedback, gaps });
  return gaps;
}

/** Whether a part can only be handed in without gaps. */
export function needsAll(part: LabelPart, isCorrection: boolean): boolean {
  return part.task.is_required || isCorrection;
}

/** How many turns, or, where a part is about whole dialogues, answers are to go. */
export function placesToGo(part: LabelPart, gaps: readonly Spot[]): number {
  return part.task.kind === "turn" ? new Set(gaps.map(({ turn }) => turn)).size : gaps.length;
}

function lookForGaps(part: LabelPart, labels: PartLabels, feedback: PartFeedback | undefined): Spot[] {
  const { task } = part;
  const asIfRequired = { ...task, is_required: task.is_required || feedback === undefined };
  const turns = task.kind === "turn" ? part.turns : [null];
  const previous = previousByTurn(part, labels);
  return turns.flatMap((turn) => {
    const answers = answersAt(labels, turn);
    const before = turn === null ? undefined : previous.get(turn);
    const item = turn === null ? undefined : feedback?.[turn];
    const missing = missingQuestions(asIfRequired, answers, before, turn).map(({ id }) => id);
    const wrong = item === undefined || item.is_right ? null : wrongQuestion(task, answers, before, item);
    const questions = wrong === null ? missing : [wrong, ...missing.filter((id) => id !== wrong)];
    return questions.map((question) => ({ part: part.part, turn, question }));
  });
}
