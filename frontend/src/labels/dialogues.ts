/** Dialogues as labellers see them, whether held before or in this very session. */
import { shownTurns } from "../claims";
import type { EarlierDialogue, State } from "../state";
import type { Task } from "../task";
import type { Turn } from "../wire";
import { allQuestions } from "../widgets/questions";
import { questionName, taskWith } from "../widgets/words";

type Speaker = Turn["speaker"];
type BySpeaker = Readonly<Record<Speaker, string>>;

export interface ShownDialogue {
  readonly turns: readonly { readonly speaker: Speaker; readonly text: string }[];
  /** What stands beside the turns. */
  readonly names: BySpeaker;
  /** What sentences call the speakers. */
  readonly called: BySpeaker;
  readonly persona: readonly string[];
}

/** In the third person, since questions go on with "does" and "feels". */
export const CALLED_IN_CHAT: BySpeaker = { user: "the user", system: "your partner" };
const NAMED_IN_CHAT: BySpeaker = { user: "You (the user)", system: "Partner" };

export function fromEarlier({ turns, names, bot_persona }: EarlierDialogue): ShownDialogue {
  return { turns, names, called: names, persona: bot_persona };
}

export function dialogueToLabel(state: State, index: number): ShownDialogue {
  const earlier = state.earlier[index];
  if (earlier !== undefined) return fromEarlier(earlier);
  return { turns: shownTurns(state, index), names: NAMED_IN_CHAT, called: CALLED_IN_CHAT, persona: [] };
}

/** What sentences about one dialogue, or two side by side, call the speakers. */
export function calledIn(dialogues: readonly ShownDialogue[]): BySpeaker {
  const both = (speaker: Speaker) => [...new Set(dialogues.map(({ called }) => called[speaker]))].join(" or ");
  return { user: both("user"), system: both("system") };
}

/** SPEAKER_X is who is labelled, SPEAKER_Y the other. Where nobody in particular is labelled, it is the bot. */
export function speakersOf(called: BySpeaker, labelled: Speaker = "system"): { readonly x: string; readonly y: string } {
  return { x: called[labelled], y: called[labelled === "user" ? "system" : "user"] };
}

/** "Turn 4, Robin": turns are counted from 1 for people. */
export function turnName(turn: number, name: string): string {
  return `Turn ${turn + 1}, ${name}`;
}

/** What a question about whole dialogues reads like there. */
export function questionIn(task: Task, dialogues: readonly ShownDialogue[], question: string): string {
  const named = taskWith(speakersOf(calledIn(dialogues)), task);
  const found = allQuestions(named.questions).find(({ id }) => id === question);
  return found === undefined ? question : questionName(named, found);
}
