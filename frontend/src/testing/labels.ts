/** Dialogues, parts and asks for labels, as short as a test can write them. */
import type { Task } from "../task";
import type { LabelMode, LabelPart, Update, UpdateOf } from "../wire";
import { choice, task } from "../widgets/testing";

type Unnumbered<Kind extends Update["kind"]> = Omit<UpdateOf<Kind>, "seq">;

/** Kim and Robin take turns, Kim first. */
export function shown(dialogue: number, turns: number, bot_persona: readonly string[] = []): Unnumbered<"dialogue_shown"> {
  return {
    kind: "dialogue_shown",
    dialogue,
    turns: Array.from({ length: turns }, (_, turn) => ({
      speaker: turn % 2 === 0 ? ("user" as const) : ("system" as const),
      text: `Words ${dialogue}.${turn + 1}`,
    })),
    names: { user: "Kim", system: "Robin" },
    bot_persona: [...bot_persona],
  };
}

/** A task about each of some turns: is it kind? */
export function turnTask(more: Partial<Omit<Task, "kind">> = {}): Task {
  const questions = [choice("kind", ["yes", "no"], { text: "Is it kind?" })];
  return { ...task(questions, { id: "manners", ...more }), kind: "turn", turns: "odd" };
}

export function part(number: number, what: Task, turns: readonly number[] = [], dialogues: readonly number[] = [0]): LabelPart {
  return { part: number, task: what, turns: [...turns], dialogues: [...dialogues], replies: [] };
}

export function labelsAsked(
  parts: readonly LabelPart[],
  mode: LabelMode = "label",
  more: Partial<UpdateOf<"labels_asked">> = {},
): Unnumbered<"labels_asked"> {
  return { kind: "labels_asked", stage: 1, stages: 1, mode, parts: [...parts], seconds_left: null, ...more };
}

export function labelled(
  part: number,
  turn: number | null,
  question: string,
  value: UpdateOf<"labelled">["value"],
  id = "",
): Unnumbered<"labelled"> {
  return { kind: "labelled", part, turn, question, value, id };
}
