import { act, fireEvent, screen, within } from "@testing-library/react";
import axe from "axe-core";
import { describe, expect, test, vi } from "vitest";

import { focusQuestion } from "./focus";
import { checks, choice, freeText, ranking, scale, show, spans, task } from "./testing";

const group = (name: string) => screen.getByRole("group", { name });
const radio = (question: string, name: string) => within(group(question)).getByRole<HTMLInputElement>("radio", { name });
const every = [
  choice("c", [["yes", scale("s2", { text: "How sure?" })], "no"], { text: "Is it so?", help: "Is it?", asks_reason: true }),
  checks("m", ["a", "b"], { text: "Which?", layout: "menu" }),
  checks("b", ["d"], { allows_na: true, is_optional: true }),
  scale("s", { text: "How much?", labels: { "1": "hardly at all, if ever" }, allows_na: true }),
  scale("p", { text: "Of 100?", low: 0, high: 100 }),
  freeText("t", { text: "In your words?" }),
  ranking("r", ["x", "y"], { text: "Which is best?" }),
  spans("w", ["joke", "fact"], { text: "Where?" }),
];
const ANSWERED = { c: "yes", m: ["a"], r: ["y", "x"], w: [{ start: 0, end: 4, label: "joke" }] };

/** jsdom paints nothing, so that colours are for the browser's tests. */
const PAINTLESS = { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } };

test.each(["open", "folded"] as const)("every kind of question can be told by assistive technology: %s", async (layout) => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  const { root } = show(task(every, { layout, has_help: true }), { text: "Well, no.", answers: ANSWERED, onHelp: vi.fn() });
  const { violations } = await axe.run(root, PAINTLESS);

  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
});

test("nothing can be answered while it is disabled", () => {
  const { root, said } = show(task(every), { text: "Well, no.", answers: ANSWERED, isDisabled: true });
  for (const control of root.querySelectorAll<HTMLElement>(".answer :is(input, button), textarea")) control.click();
  fireEvent.keyDown(screen.getByRole("listbox"), { key: "1" });
  fireEvent.keyDown(radio("Is it so?", "no"), { key: "2" });

  expect(said).toEqual([]);
});

test("the speakers have names", () => {
  show(task([choice("q", ["SPEAKER_X"], { text: "SPEAKER_Y or SPEAKER_X?" })], { question: "Who is SPEAKER_Y?" }));

  expect(screen.getByText("Who is your partner?")).toBeTruthy();
  expect(radio("Your partner or you?", "You")).toBeTruthy();
});

test("groups of different turns do not share their radio buttons", () => {
  show(choice("q", ["yes"]), { scope: "p0-t1" });
  show(choice("q", ["yes"]), { scope: "p0-t3" });
  const [one, other] = screen.getAllByRole<HTMLInputElement>("radio");

  expect(one?.name).not.toBe(other?.name);
});

test("a question appears and goes as `when` says", () => {
  const when = { any_of: [{ question: "a", answers: ["yes"], turn: "same" as const }], or_on_turn: null };
  show(task([choice("a", ["yes", "no"], { text: "First?" }), scale("b", { text: "Second?", when })]));
  fireEvent.click(radio("First?", "yes"));
  expect(group("Second?")).toBeTruthy();
  fireEvent.click(radio("First?", "no"));

  expect(screen.queryByRole("group", { name: "Second?" })).toBeNull();
});

test("a question under an answer has a `when` of its own", () => {
  const when = { any_of: [{ question: "b", answers: ["yes"], turn: "same" as const }], or_on_turn: null };
  const nested = scale("n", { text: "How sure?", when });
  show(task([choice("a", [["yes", nested]], { text: "First?" }), choice("b", ["yes"], { text: "Second?" })]));
  fireEvent.click(radio("First?", "yes"));
  expect(screen.queryByRole("group", { name: "How sure?" })).toBeNull();
  fireEvent.click(radio("Second?", "yes"));

  expect(group("How sure?")).toBeTruthy();
});

describe("help", () => {
  const helped = choice("q", [{ id: "yes", help: "It is so.", examples: ["So it is.", "It is."] }, "no"], {
    text: "Is it so?",
    help: "Whether it is.",
  });

  test("says what the question and its answers mean, once it is wanted", async () => {
    show(helped);
    expect(screen.queryByText("Whether it is.")).toBeNull();
    fireEvent.click(screen.getByText("What does this mean?"));

    expect(await screen.findByText("Whether it is.")).toBeTruthy();
    expect(screen.getByText("It is so.")).toBeTruthy();
    expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["So it is.", "It is."]);
  });

  test("is not offered where there is none", () => {
    show(choice("q", ["yes"]));

    expect(screen.queryByText("What does this mean?")).toBeNull();
  });

  test("leads to the instructions where the task says so", () => {
    const onHelp = vi.fn();
    show(task([helped], { has_help: true }), { onHelp });
    fireEvent.click(screen.getByRole("button", { name: "Instructions" }));

    expect(onHelp.mock.calls).toEqual([["q"]]);
  });
});

describe("keys", () => {
  const keyed = task([
    choice("a", [{ id: "yes", shortcut: "y" }, { id: "no", shortcut: "n" }], { text: "First?" }),
    choice("b", ["one", "two"], { text: "Second?" }),
    freeText("t", { text: "Words?" }),
  ]);

  test("answer, and take the focus along", () => {
    const { said } = show(keyed);
    fireEvent.keyDown(radio("Second?", "one"), { key: "2" });
    fireEvent.keyDown(radio("Second?", "two"), { key: "n" });

    expect(said).toEqual([
      ["b", "two"],
      ["a", "no"],
    ]);
    expect(document.activeElement).toBe(radio("First?", "no"));
    expect(radio("First?", "no").getAttribute("aria-keyshortcuts")).toBe("n");
  });

  test("take the focus to their own question, whatever the one inside it has", () => {
    show(checks("q", [["a", choice("inner", ["b"], { text: "Inner?" })], "b"]), { answers: { q: ["a"] } });
    fireEvent.keyDown(screen.getByRole("checkbox", { name: "a" }), { key: "2" });

    expect(document.activeElement).toBe(screen.getByRole("checkbox", { name: "b" }));
  });

  test("are letters in a text, and other people's with Ctrl", () => {
    const { said } = show(keyed);
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "y" });
    fireEvent.keyDown(radio("First?", "yes"), { key: "y", ctrlKey: true });

    expect(said).toEqual([]);
  });
});

describe("folded questions", () => {
  const questions = ["First?", "Second?", "Third?"].map((text) => choice(text, ["yes", "no"], { text }));
  const folded = task(questions, { layout: "folded" });
  const open = (root: HTMLElement) => [...root.querySelectorAll("details")].map((fold) => fold.open);

  test("are open once answered, and the first that is not", () => {
    const { root } = show(folded, { answers: { "Second?": "yes" } });
    expect(open(root)).toEqual([true, true, false]);
    fireEvent.click(radio("First?", "no"));

    expect(open(root)).toEqual([true, true, true]);
  });

  test("say beside their name what was answered", () => {
    const { root } = show(folded, { answers: { "First?": "yes" } });

    expect([...root.querySelectorAll("summary")].map((summary) => summary.textContent)).toEqual([
      "First? yes",
      "Second?",
      "Third?",
    ]);
  });

  test("stay as somebody has put them", () => {
    const { root, change } = show(folded);
    const third = [...root.querySelectorAll("details")][2] as HTMLDetailsElement;
    third.open = true;
    fireEvent(third, new Event("toggle"));
    act(() => change({ "Third?": "yes" }));
    act(() => change({}));

    expect(open(root)).toEqual([true, false, true]);
  });

  test("do not close on somebody who takes an answer back", () => {
    const { root } = show({ ...folded, is_required: false }, { answers: { "Second?": "yes" } });
    fireEvent.click(screen.getByRole("button", { name: "Clear this answer" }));

    expect(open(root)).toEqual([true, true, false]);
  });

  test("open for who is led to them", () => {
    const { root } = show(folded);

    expect(focusQuestion(root, "Third?")).toBe(true);
    expect(open(root)).toEqual([true, false, true]);
    expect(document.activeElement).toBe(radio("Third?", "yes"));
  });
});

describe("being led to a question", () => {
  test("ends at what was chosen, or at the first thing to do", () => {
    const { root } = show(task(every), { text: "Well, no.", answers: { ...ANSWERED, s: 3 } });
    const led = (question: string) => focusQuestion(root, question) && document.activeElement;

    expect(led("s")).toBe(radio("How much?", "3"));
    expect(led("s2")).toBe(radio("How sure?", "1 – lowest"));
    expect(led("m")).toBe(screen.getByRole("button", { name: /^Which\?/ }));
    expect(led("w")).toBe(screen.getByRole("listbox"));
    expect(led("t")).toBe(screen.getByRole("textbox", { name: "In your words?" }));
  });

  test("ends nowhere for one that is not asked", () => {
    const { root } = show(task(every));

    expect(focusQuestion(root, "s2")).toBe(false);
  });
});
