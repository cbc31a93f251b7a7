/** Labels that are given while the chat goes on. */
import type { State } from "../state";
import type { LabelPart } from "../wire";
import { NO_LABELS, type Spot } from "./places";
import { gapsOf, needsAll } from "./progress";

/** The parts that are labelled during this chat. */
export function onlineParts(state: State, dialogue: number): readonly LabelPart[] {
  return state.online.filter(({ dialogues }) => dialogues.includes(dialogue));
}

/** What has to be answered before the chat can go on, in order. */
export function onlineGaps(state: State, dialogue: number): readonly Spot[] {
  const needed = onlineParts(state, dialogue).filter((part) => needsAll(part, false));
  return needed.flatMap((part) => gapsOf(part, state.labels[part.part] ?? NO_LABELS));
}

/** Why the next message has to wait; empty where it does not. */
export function heldBackSentence(gaps: readonly Spot[]): string {
  const turns = new Set(gaps.map(({ turn }) => turn)).size;
  if (turns === 0) return "";
  return turns === 1
    ? "Please answer the questions about your partner’s turn first. Then you can send your message."
    : `Please answer the questions about ${turns} turns first. Then you can send your message.`;
}
