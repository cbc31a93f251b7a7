import { describe, expect, test } from "vitest";

import { optionsOf } from "./questions";
import { answerByKey, keyOf, toggled } from "./shortcuts";
import { checks, choice, freeText, scale } from "./testing";

const mood = choice("mood", [{ id: "good", shortcut: "g" }, { id: "bad", shortcut: "B" }, "other"]);
const boxes = checks("boxes", ["a", "b", "c"]);
const points = scale("points", { low: 0, high: 7 });
const all = [mood, boxes, points, freeText("f")];

describe("the task's own keys", () => {
  test("work wherever the focus is, in either case", () => {
    expect(answerByKey(all, "points", {}, "g")).toMatchObject({ question: "mood", value: "good" });
    expect(answerByKey(all, undefined, {}, "b")).toMatchObject({ question: "mood", value: "bad" });
  });

  test("leave no digits to the question that has them", () => {
    expect(answerByKey(all, "mood", {}, "1")).toBeNull();
    expect(optionsOf(mood).map((each) => keyOf(mood, each))).toEqual(["g", "B", ""]);
  });

  test("tell small from capital where both are used", () => {
    const both = choice("q", [{ id: "small", shortcut: "x" }, { id: "capital", shortcut: "X" }]);

    expect(answerByKey([both], undefined, {}, "X")?.value).toBe("capital");
  });
});

describe("digits", () => {
  test("belong to the question that has the focus", () => {
    expect(answerByKey(all, "boxes", {}, "2")).toMatchObject({ question: "boxes", value: ["b"], item: "b" });
    expect(answerByKey(all, undefined, {}, "2")).toBeNull();
    expect(answerByKey(all, "boxes", {}, "4")).toBeNull();
  });

  test("are the points of a scale, as far as they are on it", () => {
    expect(answerByKey(all, "points", {}, "0")?.value).toBe(0);
    expect(answerByKey(all, "points", {}, "7")?.value).toBe(7);
    expect(answerByKey(all, "points", {}, "8")).toBeNull();
  });

  test("stop at nine", () => {
    const long = choice("q", Array.from({ length: 10 }, (_, place) => `option ${place}`));

    expect(optionsOf(long).map((each) => keyOf(long, each))).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", ""]);
  });
});

test("ticks keep the order of the options and can be taken away", () => {
  expect(toggled(optionsOf(boxes), ["c"], "a")).toEqual(["a", "c"]);
  expect(toggled(optionsOf(boxes), ["a", "c"], "a")).toEqual(["c"]);
  expect(toggled(optionsOf(boxes), "n/a", "b")).toEqual(["b"]);
});
