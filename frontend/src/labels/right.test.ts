import { describe, expect, test } from "vitest";

import type { Answers } from "../task";
import { checks, choice, freeText, ranking, task } from "../widgets/testing";
import { wrongQuestion } from "./right";

const TASK = task([
  choice("kind", [["yes", choice("how", ["much", "little"])], "no"]),
  checks("also", ["asks", "thanks"]),
  freeText("note"),
]);
type Alternative = Parameters<typeof wrongQuestion>[3]["alternatives"][number];

const wrong = (answers: Answers, ...alternatives: readonly Alternative[]) =>
  wrongQuestion(TASK, answers, undefined, { part: 0, turn: 1, is_right: false, alternatives: [...alternatives], explanation: "" });

describe("a correction", () => {
  test("is right when it fits any of the alternatives", () => {
    expect(wrong({ kind: "no" }, { kind: "yes" }, { kind: "no" })).toBeNull();
    expect(wrong({ kind: "no" }, { kind: "yes" })).toBe("kind");
  });

  test("has to leave open what an alternative does not name", () => {
    expect(wrong({ kind: "no", also: ["asks"] }, { kind: "no" })).toBe("also");
    expect(wrong({ kind: "no", also: [] }, { kind: "no" })).toBeNull();
  });

  test("may tick boxes in any order", () => {
    expect(wrong({ kind: "no", also: ["thanks", "asks"] }, { kind: "no", also: ["asks", "thanks"] })).toBeNull();
  });

  test("is free in what is written, and in what only follows from other answers", () => {
    expect(wrong({ kind: "yes", how: "much", note: "So it is." }, { kind: "yes" })).toBeNull();
  });

  test("counts no answer to a question that is not asked any more", () => {
    expect(wrong({ kind: "no", how: "much" }, { kind: "yes", how: "much" }, { kind: "no", how: "much" })).toBe("kind");
  });

  test("leads to a question that is asked", () => {
    expect(wrong({ kind: "yes", how: "little" }, { kind: "yes", how: "much" })).toBe("how");
  });

  test("takes {} as nothing applies", () => {
    expect(wrong({}, {})).toBeNull();
  });
});

test("the order of a ranking matters", () => {
  const ranked = task([ranking("best", ["a", "b"])]);
  const item = { part: 0, turn: 1, is_right: false, alternatives: [{ best: ["a", "b"] }], explanation: "" };

  expect(wrongQuestion(ranked, { best: ["b", "a"] }, undefined, item)).toBe("best");
  expect(wrongQuestion(ranked, { best: ["a", "b"] }, undefined, item)).toBeNull();
});
