import { describe, expect, test } from "vitest";

import type { Pending } from "../outbox";
import { type Action, type State, initialState, reduce } from "../state";
import type { Value } from "../task";
import { asked, numbered, opened } from "../testing/examples";
import { labelled, labelsAsked, part, shown, turnTask } from "../testing/labels";
import type { Update } from "../wire";
import { valueAt } from "./places";

const LINK = { workerId: "W1", assignmentId: "A1", expires: 0, signature: "" };
const NOTHING = { outbox: [], drafts: {}, answers: {}, comment: "" };
const SPOT = { part: 0, turn: 1, question: "kind" };

const from = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state);
const after = (...actions: readonly Action[]): State => from(initialState(LINK, NOTHING), ...actions);
const updated = (updates: readonly Update[]): Action => ({ kind: "updated", updates, receivedAt: 0 });
const labelling = (id: string, value: Value | null): Pending => ({
  message: { kind: "label", id, ...SPOT, value, spent: [] },
  at: 0,
  isCommitted: false,
});
const said = (id: string, value: Value | null, isUndo = false): Action => ({
  kind: "said",
  pending: labelling(id, value),
  isUndo,
});
const shownValue = (state: State) => valueAt(state.labels, SPOT);

const ASKED = numbered(1, shown(0, 4), labelsAsked([part(0, turnTask(), [1, 3])]));

describe("an answer", () => {
  test("shows as soon as it is given", () => {
    expect(shownValue(after(updated(ASKED), said("a", "yes")))).toBe("yes");
  });

  test("leaves what else was answered as it was, down to the object, so that nothing else is drawn again", () => {
    const before = after(updated(ASKED), updated(numbered(3, labelled(0, 3, "kind", "no"))));
    const state = from(before, said("a", "yes"));

    expect(state.labels[0]?.["3"]).toBe(before.labels[0]?.["3"]);
  });

  test("of record comes back after a reload", () => {
    const state = after(updated([...ASKED, ...numbered(3, labelled(0, 1, "kind", "yes", "a"), labelled(0, null, "kind", "no"))]));

    expect(shownValue(state)).toBe("yes");
    expect(valueAt(state.labels, { ...SPOT, turn: null })).toBe("no");
  });

  test("that was on its way when the page was reloaded shows over the record, and leaves once it is of record", () => {
    const start = initialState(LINK, { ...NOTHING, outbox: [labelling("b", "no")] });
    const replayed = from(start, updated([...ASKED, ...numbered(3, labelled(0, 1, "kind", "yes", "a"))]));
    expect(shownValue(replayed)).toBe("no");
    const done = from(replayed, updated(numbered(4, labelled(0, 1, "kind", "no", "b"))));

    expect(shownValue(done)).toBe("no");
    expect(done.outbox).toEqual([]);
  });

  test("is not overtaken by the record of an earlier one", () => {
    const state = after(updated(ASKED), said("a", "yes"), said("b", "no"), updated(numbered(3, labelled(0, 1, "kind", "yes", "a"))));

    expect(shownValue(state)).toBe("no");
  });

  test("that is rejected goes back to what the record has, with the study's sentence", () => {
    const state = after(updated(ASKED), updated(numbered(3, labelled(0, 1, "kind", "yes"))), said("a", "no"), {
      kind: "rejected",
      id: "a",
      text: "That is not one of the answers.",
    });

    expect(shownValue(state)).toBe("yes");
    expect(state.notice).toBe("That is not one of the answers.");
  });

  test("can be taken back", () => {
    const state = after(updated(ASKED), said("a", "yes"), said("b", null));

    expect(shownValue(state)).toBeNull();
  });

  test("to a question called like a method of objects is an answer like any other", () => {
    const state = after(updated([...ASKED, ...numbered(3, labelled(0, 1, "__proto__", "yes"))]));

    expect(valueAt(state.labels, { ...SPOT, question: "__proto__" })).toBe("yes");
    expect(valueAt(state.labels, { ...SPOT, question: "constructor" })).toBeNull();
  });
});

describe("undoing", () => {
  test("knows the answer that was there before", () => {
    const state = after(updated(ASKED), said("a", "yes"), said("b", "no"));

    expect(state.changes).toEqual([
      { ...SPOT, value: null },
      { ...SPOT, value: "yes" },
    ]);
  });

  test("is no change that can be undone itself", () => {
    const state = after(updated(ASKED), said("a", "yes"), said("b", "no"), said("c", "yes", true));

    expect(state.changes).toEqual([{ ...SPOT, value: null }]);
  });

  test("does not reach back before these labels were asked for", () => {
    const state = after(updated(ASKED), said("a", "yes"), updated(numbered(3, labelsAsked([part(1, turnTask(), [1])]))));

    expect(state.changes).toEqual([]);
  });
});

describe("what is wanted", () => {
  test("stays the same while labels, turns to label, dialogues and feedback come", () => {
    const more = numbered(
      3,
      labelled(0, 1, "kind", "yes"),
      { kind: "turn_to_label", part: 0, turn: 1 },
      shown(1, 2),
      { kind: "feedback_given", mistakes: 0, items: [] },
    );

    expect(after(updated(ASKED), updated(more)).standing).toMatchObject({ kind: "labels_asked", seq: 2 });
  });

  test("in a chat that is labelled meanwhile is still the turn", () => {
    const online = labelsAsked([part(0, turnTask())], "online");
    const state = after(
      updated(numbered(1, opened, asked("person"), online, { kind: "turn_to_label", part: 0, turn: 1 })),
    );

    expect(state.standing?.kind).toBe("turn_asked");
    expect(state.online[0]?.turns).toEqual([1]);
  });
});

describe("feedback", () => {
  const item = { part: 0, turn: 1, is_right: false, alternatives: [{ kind: "no" }], explanation: "Why." };
  const given: Omit<Extract<Update, { kind: "feedback_given" }>, "seq"> = { kind: "feedback_given", mistakes: 1, items: [item] };

  test("belongs to what is asked for next, and is gone after that", () => {
    const next = labelsAsked([part(0, turnTask(), [1, 3])], "correction");
    const correcting = after(updated(ASKED), updated(numbered(3, given, next)));
    expect(correcting.feedback).toMatchObject({ mistakes: 1, items: { 0: { 1: item } } });

    expect(from(correcting, updated(numbered(5, labelsAsked([part(1, turnTask(), [1])])))).feedback).toBeNull();
  });

  test("on several parts adds up", () => {
    const both = numbered(3, given, { ...given, items: [{ ...item, part: 2 }] }, labelsAsked([], "correction"));

    expect(after(updated(ASKED), updated(both)).feedback).toMatchObject({ mistakes: 2, items: { 0: {}, 2: {} } });
  });
});

test("a session that the study has forgotten keeps only what was on its way", () => {
  const state = after(updated(ASKED), updated(numbered(3, labelled(0, 3, "kind", "yes"))), said("a", "no"), {
    kind: "sessionForgotten",
  });

  expect(state.labels).toEqual({ 0: { 1: { kind: "no" } } });
  expect(state.earlier).toEqual({});
});
