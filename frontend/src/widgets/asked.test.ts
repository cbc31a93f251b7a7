import { describe, expect, test } from "vitest";

import type { Answers, Question, Task } from "../task";
import { askedQuestions, countedByTurn, isComplete, missingQuestions } from "./asked";
import { checks, choice, freeText, ranking, scale, spans, task } from "./testing";

const ids = (questions: readonly Question[]) => questions.map(({ id }) => id);
const asked = (whole: Task, answers: Answers, previous?: Answers, turn: number | null = 1) =>
  ids(askedQuestions(whole, answers, previous, turn));
const seen = (question: string, answers: string[], turn: "same" | "previous" = "same") => ({ question, answers, turn });

describe("nested questions", () => {
  const accurate = choice("accurate", ["yes", ["unknown", choice("search", ["verified"])]]);
  const knowledge = task([checks("uses_fact", [["fact", accurate], "opinion"]), scale("quality")]);

  test("are asked while their option is chosen, in place", () => {
    expect(asked(knowledge, {})).toEqual(["uses_fact", "quality"]);
    expect(asked(knowledge, { uses_fact: ["opinion"] })).toEqual(["uses_fact", "quality"]);
    expect(asked(knowledge, { uses_fact: ["fact"] })).toEqual(["uses_fact", "accurate", "quality"]);
    expect(asked(knowledge, { uses_fact: ["fact"], accurate: "unknown" })).toEqual([
      "uses_fact",
      "accurate",
      "search",
      "quality",
    ]);
  });

  test("lead to nothing while they are hidden, whatever was answered to them before", () => {
    expect(asked(knowledge, { uses_fact: [], accurate: "unknown" })).toEqual(["uses_fact", "quality"]);
  });

  test("of spans and rankings are asked once the option is in the answer", () => {
    const passages = task([spans("where", [["joke", scale("fun")], "fact"])]);

    expect(asked(passages, { where: [{ start: 0, end: 2, label: "fact" }] })).toEqual(["where"]);
    expect(asked(passages, { where: [{ start: 0, end: 2, label: "joke" }] })).toEqual(["where", "fun"]);
    expect(asked(task([ranking("best", [["a", scale("why")], "b"])]), { best: ["b", "a"] })).toEqual(["best", "why"]);
  });

  test("are none in the prototype of all objects", () => {
    expect(asked(task([choice("constructor", [["yes", scale("toString")]])]), {})).toEqual(["constructor"]);
  });
});

describe("conditions", () => {
  const followsUp = { any_of: [seen("prompted", ["yes"]), seen("mood", ["4", "5"])], or_on_turn: null };
  const same = task([choice("follows", ["yes"], { when: followsUp }), choice("prompted", ["yes", "no"]), scale("mood")]);

  test("hold where any of them does, wherever the questions stand", () => {
    expect(asked(same, {})).toEqual(["prompted", "mood"]);
    expect(asked(same, { prompted: "no", mood: 3 })).toEqual(["prompted", "mood"]);
    expect(asked(same, { prompted: "yes" })).toEqual(["follows", "prompted", "mood"]);
    expect(asked(same, { prompted: "no", mood: 4 })).toEqual(["follows", "prompted", "mood"]);
  });

  test("look at ticked boxes, labels of spans and n/a as well", () => {
    const when = { any_of: [seen("boxes", ["b"]), seen("where", ["joke"]), seen("maybe", ["n/a"])], or_on_turn: null };
    const whole = task([checks("boxes", ["a", "b"]), spans("where", ["joke"]), freeText("maybe"), scale("more", { when })]);
    const isAsked = (answers: Answers) => asked(whole, answers).includes("more");

    expect(isAsked({ boxes: ["a"] })).toBe(false);
    expect(isAsked({ boxes: ["a", "b"] })).toBe(true);
    expect(isAsked({ where: [{ start: 0, end: 1, label: "joke" }] })).toBe(true);
    expect(isAsked({ maybe: "n/a" })).toBe(true);
  });

  test("do not see the answers to questions that are hidden", () => {
    const chain = task([
      choice("a", ["yes", "no"]),
      choice("b", ["yes"], { when: { any_of: [seen("a", ["yes"])], or_on_turn: null } }),
      choice("c", ["yes"], { when: { any_of: [seen("b", ["yes"])], or_on_turn: null } }),
    ]);

    expect(asked(chain, { a: "yes", b: "yes" })).toEqual(["a", "b", "c"]);
    expect(asked(chain, { a: "no", b: "yes" })).toEqual(["a"]);
  });

  test("look back one labelled turn, or hold on a turn of their own", () => {
    const when = { any_of: [seen("prompted", ["yes"], "previous")], or_on_turn: 1 };
    const back = task([choice("follows", ["yes"], { when })]);

    expect(asked(back, {}, undefined, 1)).toEqual(["follows"]);
    expect(asked(back, {}, undefined, 3)).toEqual([]);
    expect(asked(back, { prompted: "yes" }, { prompted: "no" }, 3)).toEqual([]);
    expect(asked(back, {}, { prompted: "yes" }, 3)).toEqual(["follows"]);
    expect(asked(back, {}, undefined, null)).toEqual([]);
  });
});

test("a later turn sees of an earlier one what counts there", () => {
  const when = { any_of: [seen("follows", ["yes"], "previous" as const)], or_on_turn: 1 };
  const chain = task([choice("follows", ["yes", "no"], { when })]);
  const given: Record<number, Answers> = { 1: { follows: "no" }, 3: { follows: "yes", gone: "yes" }, 5: { follows: "yes" } };
  const counted = countedByTurn(chain, [1, 3, 5], (turn) => given[turn] ?? {});

  expect([...counted]).toEqual([
    [1, { follows: "no" }],
    [3, {}],
    [5, {}],
  ]);
});

describe("what is missing", () => {
  test.each<[string, Question, Answers[string][], Answers[string][]]>([
    ["a choice", choice("q", ["yes"]), [], ["yes"]],
    ["a scale", scale("q", { low: 0 }), [], [0, 5]],
    ["a ranking", ranking("q", ["a", "b"]), [], [["b", "a"]]],
    ["enough boxes", checks("q", ["a", "b", "c"], { minimum: 2 }), [[], ["a"]], [["a", "c"]]],
    ["enough words", freeText("q", { minimum_characters: 3 }), ["", "ab", " a \n"], ["abc", "a b", "🙂🙂🙂"]],
    ["whatever may be n/a", choice("q", ["yes"], { allows_na: true }), [], ["n/a"]],
    ["boxes that may be n/a", checks("q", ["a"], { minimum: 1, allows_na: true }), [[]], ["n/a"]],
  ])("%s", (_, question, lacking, enough) => {
    const isMissing = (answers: Answers) => missingQuestions(task([question]), answers, undefined, null).length === 1;

    expect([{}, ...lacking.map((q) => ({ q }))].map(isMissing)).not.toContain(false);
    expect(enough.map((q) => isMissing({ q }))).not.toContain(true);
  });

  test("is neither a box that may stay empty nor a passage: nothing is an answer too", () => {
    expect(missingQuestions(task([checks("boxes", ["a"]), spans("where")]), {}, undefined, null)).toEqual([]);
  });

  test("is nothing in a task that requires nothing, and no optional question", () => {
    const questions = [choice("a", ["yes"]), choice("b", ["yes"], { is_optional: true })];

    expect(ids(missingQuestions(task(questions), {}, undefined, null))).toEqual(["a"]);
    expect(missingQuestions(task(questions, { is_required: false }), {}, undefined, null)).toEqual([]);
  });

  test("is a nested question only while it is asked", () => {
    const whole = task([checks("fact", [["used", choice("accurate", ["yes"])]])]);

    expect(ids(missingQuestions(whole, { fact: ["used"] }, undefined, null))).toEqual(["accurate"]);
    expect(missingQuestions(whole, { fact: [] }, undefined, null)).toEqual([]);
  });

  test("n/a is no answer where it is not offered", () => {
    expect(isComplete(checks("q", ["a"], { minimum: 1 }), "n/a")).toBe(false);
  });
});
