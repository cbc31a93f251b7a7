/** What one writes but has not sent yet survives a reload: drafts, ratings in progress, the comment. */
import * as z from "zod/mini";

import type { Keep } from "./keep";
import { Outbox } from "./outbox";
import type { Kept, State } from "./state";

const answersSchema = z.record(z.string(), z.int());

export function readKept(keep: Keep): Kept {
  const numbered = (start: string) =>
    keep.names(start).flatMap((name) => {
      const value = keep.read(name);
      return value === null ? [] : [[Number(name.slice(start.length)), value] as const];
    });
  return {
    outbox: new Outbox(keep).all(),
    drafts: Object.fromEntries(numbered("draft/")),
    answers: Object.fromEntries(numbered("answers/").map(([dialogue, value]) => [dialogue, parseAnswers(value)])),
    comment: keep.read("comment") ?? "",
  };
}

/** Writes what changed between two states of one link. */
export function writeKept(keep: Keep, before: State, after: State): void {
  if (before.link !== after.link) return;
  if (before.drafts !== after.drafts) writeChanged(keep, "draft/", before.drafts, after.drafts, (draft) => draft);
  if (before.answers !== after.answers) {
    writeChanged(keep, "answers/", before.answers, after.answers, (answers) => JSON.stringify(answers));
  }
  if (before.comment !== after.comment) writeText(keep, "comment", after.comment);
}

function writeChanged<T>(
  keep: Keep,
  start: string,
  before: Readonly<Record<number, T>>,
  after: Readonly<Record<number, T>>,
  text: (value: T) => string,
): void {
  for (const name of Object.keys({ ...before, ...after })) {
    const value = after[Number(name)];
    if (value === undefined) keep.remove(start + name);
    else if (value !== before[Number(name)]) writeText(keep, start + name, text(value));
  }
}

function writeText(keep: Keep, name: string, value: string): void {
  if (value === "") keep.remove(name);
  else keep.write(name, value);
}

function parseAnswers(stored: string): Record<string, number> {
  try {
    return answersSchema.parse(JSON.parse(stored));
  } catch {
    return {};
  }
}
