import { describe, expect, test } from "vitest";

import type { Value } from "../task";
import { answerText, questionName, textWith } from "./asked";
import { checks, choice, freeText, ranking, scale, spans, task } from "./testing";
import { taskWith } from "./words";

const NAMES = { x: "you", y: "your $1 partner" };

test.each([
  ["Did SPEAKER_X prompt SPEAKER_Y's answer?", "Did you prompt your $1 partner's answer?"],
  ["SPEAKER_X asks.", "You asks."],
  ["SPEAKER_Y asks. SPEAKER_X answers; SPEAKER_Y?", "Your $1 partner asks. You answers; your $1 partner?"],
  ["No speaker here", "No speaker here"],
])("%s", (text, said) => {
  expect(textWith(NAMES, text)).toBe(said);
});

test("a name that looks like a placeholder is a name", () => {
  expect(textWith({ x: "SPEAKER_Y", y: "Robin" }, "Ask SPEAKER_X.")).toBe("Ask SPEAKER_Y.");
});

test("names stand everywhere in a task, and its ids stay", () => {
  const inner = scale("SPEAKER_X", { labels: { "1": "SPEAKER_X" }, label: "SPEAKER_Y", examples: ["SPEAKER_X"] });
  const options = [{ id: "SPEAKER_Y", text: "SPEAKER_Y", help: "SPEAKER_X", examples: ["SPEAKER_X"], then: [inner] }];
  const whole = task([choice("q", options, { help: "SPEAKER_X" }), freeText("f", { text: "SPEAKER_Y" })], {
    title: "SPEAKER_X",
    question: "SPEAKER_X",
  });
  const said = JSON.stringify(taskWith({ x: "Ann", y: "Bob" }, whole));

  expect(said.match(/SPEAKER_[XY]/g)).toEqual(["SPEAKER_Y", "SPEAKER_X"]);
  expect(said.match(/Ann|Bob/g)).toHaveLength(10);
});

describe("an answer in words", () => {
  const yes = { id: "yes", text: "Yes, it does" };
  const nested = choice("why", [{ id: "b", text: "Because" }], { asks_reason: true });
  const whole = task([
    choice("q", [yes, "no"], { allows_na: true }),
    checks("one", [{ id: "bad", text: "Uninterpretable" }]),
    checks("many", [{ ...yes, then: [nested] }, "no"]),
    scale("mood", { labels: { "5": "always" } }),
    freeText("f"),
    ranking("best", [yes, "no"]),
    ranking("replies"),
    spans("where", [{ id: "j", text: "Joke" }]),
    spans("plain"),
  ]);

  test.each<[string, Value, string]>([
    ["q", "yes", "Yes, it does"],
    ["q", "n/a", "Not applicable"],
    ["one", ["bad"], "Uninterpretable"],
    ["one", [], "Not ticked"],
    ["one", "", "Not ticked"],
    ["many", [], "None of these"],
    ["many", ["yes", "no"], "Yes, it does, no"],
    ["why", "b", "Because"],
    ["why.reason", "It says so.", "It says so."],
    ["mood", 5, "5 – always"],
    ["mood", 2, "2 of 5"],
    ["f", "My words", "My words"],
    ["best", ["no", "yes"], "1. no, 2. Yes, it does"],
    ["replies", ["2", "1"], "1. Reply 2, 2. Reply 1"],
    ["where", [{ start: 0, end: 3, label: "j" }], "Joke"],
    ["plain", [{ start: 0, end: 3, label: "" }], "Marked"],
    ["where", [], "Nothing marked"],
  ])("%s: %j", (question, value, words) => {
    expect(answerText(whole, question, value)).toBe(words);
  });
});

test("a question is called by its text, or by whatever speaks for it", () => {
  const name = (question: Parameters<typeof questionName>[1], more = {}) => questionName(task([question], more), question);

  expect(name(choice("q", ["a"], { text: "Is it so?" }))).toBe("Is it so?");
  expect(name(scale("q", { label: "Engaging", text: "Is it fun?" }))).toBe("Engaging: Is it fun?");
  expect(name(scale("q", { label: "Engaging", text: "Engaging or dull?" }))).toBe("Engaging or dull?");
  expect(name(scale("q", { label: "Engaging" }))).toBe("Engaging");
  expect(name(checks("grammar_q", ["Uninterpretable"]))).toBe("Uninterpretable");
  expect(name(checks("q", ["a", "b"], {}), { title: "Tone", question: "What applies?" })).toBe("What applies?");
  expect(name(checks("turn_labels", ["a", "b"]))).toBe("Turn labels");
});
