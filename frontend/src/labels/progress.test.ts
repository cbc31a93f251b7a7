import { describe, expect, test } from "vitest";

import { part, turnTask } from "../testing/labels";
import { checks, choice, task } from "../widgets/testing";
import { gapsOf, needsAll, placesToGo, previousByTurn } from "./progress";
import { barProgress, missingSentence, partName } from "./sentences";

const three = part(0, turnTask(), [1, 3, 5]);
const answered = (...turns: readonly number[]) => Object.fromEntries(turns.map((turn) => [String(turn), { kind: "yes" }]));

describe("what is left to do", () => {
  test("is every turn without an answer, in order", () => {
    expect(gapsOf(three, answered(3))).toEqual([
      { part: 0, turn: 1, question: "kind" },
      { part: 0, turn: 5, question: "kind" },
    ]);
  });

  test("is counted in turns where a task has several questions on each", () => {
    const two = part(0, { ...turnTask(), questions: [choice("a", ["x"]), choice("b", ["x"])] }, [1, 3]);

    expect(placesToGo(two, gapsOf(two, {}))).toBe(2);
  });

  test("is looked for even where nothing is required, but keeps nobody from submitting", () => {
    const optional = part(0, turnTask({ is_required: false }), [1]);

    expect(gapsOf(optional, {})).toHaveLength(1);
    expect(needsAll(optional, false)).toBe(false);
  });

  test("is nothing where boxes may all stay unticked", () => {
    const boxes = part(0, { ...turnTask({ is_required: false }), questions: [checks("also", ["x", "y"])] }, [1, 3]);

    expect(gapsOf(boxes, {})).toEqual([]);
  });

  test("is found once for the same labels", () => {
    const labels = answered(1);

    expect(gapsOf(three, labels)).toBe(gapsOf(three, labels));
    expect(gapsOf(three, answered(1, 3, 5))).toEqual([]);
  });

  test("is, in a correction, what is still wrong", () => {
    const feedback = { 1: { part: 0, turn: 1, is_right: false, alternatives: [{ kind: "no" }], explanation: "" } };

    expect(gapsOf(three, answered(1, 3, 5), feedback)).toEqual([{ part: 0, turn: 1, question: "kind" }]);
    expect(gapsOf(three, { ...answered(3, 5), 1: { kind: "no" } }, feedback)).toEqual([]);
  });
});

test("conditions on the turn before see the labelled turn before, as far as its answers count", () => {
  const when = { any_of: [{ question: "kind", answers: ["yes"], turn: "previous" as const }], or_on_turn: null };
  const looking = part(0, { ...turnTask(), questions: [choice("kind", ["yes", "no"]), choice("still", ["yes"], { when })] }, [1, 3]);
  const labels = { 1: { kind: "yes", still: "yes" }, 3: { kind: "no" } };

  expect(previousByTurn(looking, labels).get(3)).toEqual({ kind: "yes" });
  expect(gapsOf(looking, labels)).toEqual([{ part: 0, turn: 3, question: "still" }]);
});

describe("sentences", () => {
  const whole = part(1, { ...task([choice("good", ["yes"])], { id: "order" }), kind: "dialogue" });

  test("say which part of how many, and what is to go", () => {
    expect(barProgress([three, whole], three, gapsOf(three, answered(1)), false)).toBe("Part 1 of 2: 2 of 3 turns to go");
    expect(barProgress([whole], whole, gapsOf(whole, {}), false)).toBe("1 answer to go");
  });

  test("say what is missing and where", () => {
    const gaps = [...gapsOf(three, answered(3)), ...gapsOf(whole, {})];

    expect(missingSentence([three, whole], gaps, false, () => "Is it good?")).toBe(
      "Still missing: turns 2 and 6 in “Manners”; “Is it good?” in “Order”.",
    );
  });

  test("say in how many parts something is missing where they are many", () => {
    const parts = [1, 2, 3, 4].map((number) => part(number, { ...whole.task, title: `Order ${number}` }));
    const gaps = parts.flatMap((each) => gapsOf(each, {}));

    expect(missingSentence(parts, gaps, false, () => "Is it good?")).toBe(
      "Still missing: answers in 4 parts, the first of them in “Order 1”.",
    );
  });

  test("tell parts on different dialogues apart", () => {
    const parts = [part(0, turnTask(), [1], [4]), part(1, turnTask(), [1], [7]), part(2, turnTask(), [], [4, 7])];

    expect(parts.map((each) => partName(each, parts))).toEqual(["Manners, dialogue 1", "Manners, dialogue 2", "Manners"]);
  });
});
