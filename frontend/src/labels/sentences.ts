/** What the labelling page says about how far somebody is. */
import { plural } from "../words";
import type { LabelMode, LabelPart } from "../wire";
import type { Spot } from "./places";
import { placesToGo } from "./progress";
import type { Feedback } from "./record";

/** At most this many turns are named one by one. */
const MANY = 6;
/** At most this many parts are told of one by one: there must be room left for what to do about them. */
const MANY_PARTS = 3;

export function headingOf(mode: LabelMode, stage: number, stages: number): string {
  const name = mode === "label" ? "Labelling" : "Training";
  const step = stages > 1 ? `${name}, ${mode === "label" ? "step" : "round"} ${stage} of ${stages}` : name;
  return mode === "correction" ? `${step}: what was right` : step;
}

/** What there is to do, in a sentence or two. */
export function introductionOf(mode: LabelMode, feedback: Feedback | null): string {
  const mistakes = feedback?.mistakes ?? 0;
  switch (mode) {
    case "correction":
      if (mistakes === 0) return "Everything was right. Read why, if you like, and go on.";
      return `${plural(mistakes, "turn")} ${mistakes === 1 ? "was" : "were"} not right. That is what training is for: read why, correct what is marked, and go on.`;
    case "practice":
      if (mistakes > 0) return `Last time you made ${plural(mistakes, "mistake")}. Please read the instructions once more and try again.`;
      return "Here you learn the task. Answer as well as you can; afterwards you see what was right, and why.";
    case "label":
    case "online":
      return "Read the dialogue and answer the questions. You can change any answer until you submit.";
  }
}

/** How a part stands, in a word or two, for the list of parts. */
export function partState(part: LabelPart, gaps: readonly Spot[], isUnseen: boolean): string {
  if (gaps.length > 0) return `${placesToGo(part, gaps)} to go`;
  return isUnseen ? "Not seen yet" : "Done";
}

/** What stands in the bar: which part of how many, and what it still asks for. */
export function barProgress(parts: readonly LabelPart[], part: LabelPart, gaps: readonly Spot[], isCorrection: boolean): string {
  const own = partProgress(part, gaps, isCorrection);
  return parts.length < 2 ? own : `Part ${parts.indexOf(part) + 1} of ${parts.length}: ${own}`;
}

/** What one part still asks for: "7 of 12 turns to go". */
function partProgress(part: LabelPart, gaps: readonly Spot[], isCorrection: boolean): string {
  const toGo = placesToGo(part, gaps);
  if (isCorrection) return toGo === 0 ? "Nothing left to correct" : `${plural(toGo, "turn")} to correct`;
  if (toGo === 0) return lastsOpen(part) ? "Mark what applies" : "Everything is answered";
  return part.task.kind === "turn" ? `${toGo} of ${plural(part.turns.length, "turn")} to go` : `${plural(toGo, "answer")} to go`;
}

type NameOf = (gap: Spot) => string;

/** Why nothing was submitted: what is missing, part by part. `nameOf` names a question as it is shown. */
export function missingSentence(
  parts: readonly LabelPart[],
  gaps: readonly Spot[],
  isCorrection: boolean,
  nameOf: NameOf,
): string {
  return `${isCorrection ? "Still to correct" : "Still missing"}: ${lacking(parts, gaps, nameOf)}.`;
}

/** What may stay open, but was perhaps forgotten. */
export function openSentence(parts: readonly LabelPart[], gaps: readonly Spot[], nameOf: NameOf): string {
  return `Still open: ${lacking(parts, gaps, nameOf)}. They need no answer, but an answer helps.`;
}

function lacking(parts: readonly LabelPart[], gaps: readonly Spot[], nameOf: NameOf): string {
  const all = parts.flatMap((part) => {
    const own = gaps.filter((gap) => gap.part === part.part);
    if (own.length === 0) return [];
    const what = part.task.kind === "turn" ? turnsOf(own) : questionsOf(own.map(nameOf));
    return [parts.length > 1 ? `${what} in ${quoted(partName(part, parts))}` : what];
  });
  const [first] = gaps;
  const place = parts.find(({ part }) => part === first?.part);
  if (all.length <= MANY_PARTS || place === undefined) return all.join("; ");
  return `answers in ${plural(all.length, "part")}, the first of them in ${quoted(partName(place, parts))}`;
}

export function unseenSentence(unseen: readonly LabelPart[], parts: readonly LabelPart[]): string {
  return `You have not looked at ${list(unseen.map((part) => quoted(partName(part, parts))))} yet.`;
}

/** What a part is called among all parts; which dialogue it is about is said where that is not always the same. */
export function partName(part: LabelPart, parts: readonly LabelPart[]): string {
  const { title, id } = part.task;
  const name = spaced(title === "" ? id : title);
  const dialogues = [...new Set(parts.flatMap((each) => each.dialogues))].sort((one, other) => one - other);
  const isAmbiguous = parts.some((each) => each.dialogues.length === 1 && each.dialogues[0] !== part.dialogues[0]);
  if (part.dialogues.length > 1 || !isAmbiguous) return name;
  return `${name}, dialogue ${dialogues.indexOf(part.dialogues[0] ?? 0) + 1}`;
}

function questionsOf(names: readonly string[]): string {
  return names.length > MANY ? plural(names.length, "answer") : list(names.map(quoted));
}

/** Whether there is nothing but boxes and passages to mark, of which none may apply. */
function lastsOpen({ task }: LabelPart): boolean {
  return task.questions.every(({ kind }) => kind === "checks" || kind === "spans");
}

function turnsOf(gaps: readonly Spot[]): string {
  const turns = [...new Set(gaps.flatMap(({ turn }) => (turn === null ? [] : [turn + 1])))];
  if (turns.length > MANY) return plural(turns.length, "turn");
  return `${turns.length === 1 ? "turn" : "turns"} ${list(turns.map(String))}`;
}

function quoted(text: string): string {
  return `“${text}”`;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** Titles are often names such as `consistency_label`. */
function spaced(title: string): string {
  const text = title.replaceAll("_", " ").trim();
  return text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
}
