import { describe, expect, test } from "vitest";

import { shownTurns } from "./claims";
import type { Pending } from "./outbox";
import { type Action, type State, initialState, reduce } from "./state";
import { asked, numbered, opened, ratingsAsked, turn } from "./testing/examples";
import type { Update } from "./wire";

const START = initialState(
  { workerId: "W1", assignmentId: "A1", expires: 0, signature: "" },
  { outbox: [], drafts: {}, answers: {}, comment: "" },
);

const after = (...actions: readonly Action[]): State => actions.reduce(reduce, START);
const updated = (updates: readonly Update[], receivedAt = 0): Action => ({ kind: "updated", updates, receivedAt });
const said = (id: string, text: string): Action => ({ kind: "said", pending: saying(id, text) });
const saying = (id: string, text: string): Pending => ({
  message: { kind: "say", id, dialogue: 0, text },
  at: 0,
  isCommitted: false,
});

const RECORD = numbered(1, opened, turn("user", "Hi", "s1"), asked("bot"), turn("system", "Hello"), asked("person"));

describe("the record", () => {
  test("gives the same state whether it comes at once or piece by piece", () => {
    expect(after(...RECORD.map((update) => updated([update])))).toEqual(after(updated(RECORD)));
  });

  test("changes nothing where it repeats itself", () => {
    expect(after(updated(RECORD), updated(RECORD.slice(1)))).toEqual(after(updated(RECORD)));
  });

  test("stops at a gap, so that nothing after it hides what is missing", () => {
    const state = after(updated(RECORD.slice(0, 2)), updated(RECORD.slice(3)));

    expect(state.lastSeq).toBe(2);
    expect(shownTurns(state, 0).map(({ text }) => text)).toEqual(["Hi"]);
  });

  test("counts the time left from its receipt", () => {
    const state = after(updated(numbered(1, opened, asked("person", { seconds_left: 30 })), 1_000));

    expect(state.standing?.deadline).toBe(31_000);
  });
});

describe("own words", () => {
  test("show as on their way at once, and leave the composer", () => {
    const state = after({ kind: "drafted", dialogue: 0, text: "Hi" }, said("s1", "Hi"));

    expect(shownTurns(state, 0)).toEqual([{ key: "s1", speaker: "user", text: "Hi", mark: "sending" }]);
    expect(state.drafts[0]).toBe("");
  });

  test("show as saved only after the study has committed them", () => {
    const state = after(said("s1", "Hi"), { kind: "acknowledged", id: "s1" });

    expect(shownTurns(state, 0)[0]?.mark).toBe("saved");
  });

  test("give way to the turn of record with their id", () => {
    const state = after(said("s1", "Hi"), updated(RECORD.slice(0, 3)));

    expect(shownTurns(state, 0)).toEqual([{ key: "s1", speaker: "user", text: "Hi", mark: "saved" }]);
    expect(state.outbox).toEqual([]);
  });

  test("return to the composer when they are rejected, before what was written since", () => {
    const state = after(said("s1", "Hi"), { kind: "drafted", dialogue: 0, text: "more" }, {
      kind: "rejected",
      id: "s1",
      text: "It is not your turn.",
    });

    expect(state.drafts[0]).toBe("Hi\nmore");
    expect(state.notice).toBe("It is not your turn.");
    expect(state.outbox).toEqual([]);
  });

  test("outlive a session that the study has forgotten", () => {
    const state = after(updated(RECORD), said("s2", "Still here?"), { kind: "sessionForgotten" });

    expect(state.lastSeq).toBe(0);
    expect(state.dialogues).toEqual({});
    expect(state.outbox).toHaveLength(1);
  });
});

test("a committed answer stays pending until the next question, so that nobody sends it twice", () => {
  const answer: Pending = {
    message: { kind: "answer", id: "a1", dialogue: 0, answers: {} },
    at: 0,
    isCommitted: false,
  };
  const rated = after(updated(numbered(1, ratingsAsked)), { kind: "said", pending: answer }, { kind: "acknowledged", id: "a1" });

  expect(rated.outbox).toHaveLength(1);
  expect(reduce(rated, updated(numbered(2, opened))).outbox).toEqual([]);
});

test("a lost line is no longer joined, and keeps what is shown", () => {
  const state = after({ kind: "opened" }, { kind: "operatorChanged", isAttached: true }, updated(RECORD), { kind: "closed" });

  expect(state).toMatchObject({ isOpen: false, isAttached: false, isJoined: false, lastSeq: 5 });
});
