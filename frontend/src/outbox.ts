/**
 * What the page has said and the study has not yet answered. It outlives the page.
 *
 * Each message is kept under its own name, so that two tabs of one link never overwrite one another's.
 */
import * as z from "zod/mini";

import type { Keep } from "./keep";
import { sessionMessage } from "./wire";

const START = "outbox/";

const pending = z.object({
  message: sessionMessage,
  /** When it was written, in milliseconds since 1970; messages go out in this order. */
  at: z.number(),
  /** A committed message is safe, and shown until an update of record takes its place. */
  isCommitted: z.boolean(),
});

export type Pending = Readonly<z.infer<typeof pending>>;

export class Outbox {
  constructor(private readonly keep: Keep) {}

  add(entry: Pending): void {
    this.keep.write(START + entry.message.id, JSON.stringify(entry));
  }

  remove(id: string): void {
    this.keep.remove(START + id);
  }

  /** All that is kept, oldest first. What cannot be read was not written by this page, and is left alone. */
  all(): Pending[] {
    return this.keep
      .names(START)
      .flatMap((name) => parsePending(this.keep.read(name)))
      .sort((one, other) => one.at - other.at);
  }
}

function parsePending(stored: string | null): Pending[] {
  if (stored === null) return [];
  try {
    return [pending.parse(JSON.parse(stored))];
  } catch {
    return [];
  }
}
