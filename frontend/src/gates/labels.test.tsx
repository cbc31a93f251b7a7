import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";

import type { FakeSocket } from "../testing/FakeSocket";
import { ATTACHED, DETACHED, joined, opened, updates } from "../testing/examples";
import { labelled, labelsAsked, part, shown, turnTask } from "../testing/labels";
import { hear, visit, visitJoined } from "../testing/page";
import type { LabelPart, UpdateOf } from "../wire";
import { checks, choice, scale, task } from "../widgets/testing";

const button = (name: string) => screen.getByRole("button", { name });
const row = (name: string) => screen.getByRole("group", { name });
const radio = (turn: string, name: string) => within(row(turn)).getByRole<HTMLInputElement>("radio", { name });
const answer = (turn: string, name: string) => fireEvent.click(radio(turn, name));

const whole = task([choice("good", ["fine", "poor"], { text: "How good is it?" })], { id: "quality" });
const pair = { ...task([choice("preferred", ["left", "right"], { text: "Which is better?" })], { id: "better" }), kind: "pair" as const };
const TURNS = part(0, turnTask(), [1, 3, 5]);

const atLabels = (...parts: readonly LabelPart[]): FakeSocket =>
  visitJoined(updates(1, shown(0, 6, ["I am Robin."]), shown(1, 4), labelsAsked(parts)));

describe("labelling turns", () => {
  test("shows the whole dialogue, who spoke, and questions only where they are asked", () => {
    atLabels(TURNS);

    expect(screen.getByText("Words 0.1")).toBeTruthy();
    expect(within(row("Turn 1, Kim")).queryByRole("radio")).toBeNull();
    expect(within(row("Turn 2, Robin")).getAllByRole("radio")).toHaveLength(2);
    expect(screen.getByText("I am Robin.")).toBeTruthy();
  });

  test("sends each answer as it is given, shows it at once, and says when it is saved", () => {
    const socket = atLabels(TURNS);
    answer("Turn 4, Robin", "no");
    expect(socket.sentOf("label")).toMatchObject([{ part: 0, turn: 3, question: "kind", value: "no" }]);
    expect(radio("Turn 4, Robin", "no").checked).toBe(true);
    expect(screen.getByText("Saving…")).toBeTruthy();
    const id = socket.sentOf("label")[0]?.id ?? "";
    hear({ kind: "ack", id }, updates(4, labelled(0, 3, "kind", "no", id)));

    expect(screen.getByText("Saved")).toBeTruthy();
    expect(screen.getByText("2 of 3 turns to go")).toBeTruthy();
  });

  test("says not saved while the study is away, and keeps the answer", () => {
    const socket = atLabels(TURNS);
    hear(DETACHED);
    answer("Turn 2, Robin", "yes");
    expect(screen.getByText("Not saved yet")).toBeTruthy();
    hear(ATTACHED, joined());

    expect(socket.sentOf("label")).toHaveLength(1);
  });

  test("puts a rejected answer back, with the study's sentence", () => {
    const socket = atLabels(TURNS);
    answer("Turn 2, Robin", "yes");
    hear({ kind: "rejected", id: socket.sentOf("label")[0]?.id ?? "", text: "This turn is not to be labelled." });

    expect(radio("Turn 2, Robin", "yes").checked).toBe(false);
    expect(screen.getByText("This turn is not to be labelled.")).toBeTruthy();
  });

  test("leads to the next unanswered turn, after the last to the first", () => {
    atLabels(TURNS);
    answer("Turn 4, Robin", "no");
    act(() => radio("Turn 4, Robin", "no").focus());
    fireEvent.click(button("Next unanswered"));
    expect(row("Turn 6, Robin").contains(document.activeElement)).toBe(true);
    fireEvent.click(button("Next unanswered"));

    expect(row("Turn 2, Robin").contains(document.activeElement)).toBe(true);
  });

  test("says what is missing, leads there, and sends nothing", () => {
    const socket = atLabels(TURNS);
    answer("Turn 2, Robin", "yes");
    fireEvent.click(button("Submit answers"));

    expect(socket.sentOf("submit_labels")).toEqual([]);
    expect(screen.getByText("Still missing: turns 4 and 6.")).toBeTruthy();
    expect(row("Turn 4, Robin").contains(document.activeElement)).toBe(true);
  });

  test("submits once, when nothing is missing, and takes no answer after that", () => {
    const socket = atLabels(part(0, turnTask(), [1]));
    answer("Turn 2, Robin", "yes");
    fireEvent.click(button("Submit answers"));
    fireEvent.click(button("Submitting…"));

    expect(socket.sentOf("submit_labels")).toHaveLength(1);
    expect(radio("Turn 2, Robin", "no").disabled).toBe(true);
  });

  test("asks before it submits what may stay open, and is open", () => {
    const socket = atLabels(part(0, turnTask({ is_required: false }), [1]));
    fireEvent.click(button("Submit answers"));
    expect(socket.sentOf("submit_labels")).toEqual([]);
    fireEvent.click(button("Submit anyway"));

    expect(socket.sentOf("submit_labels")).toHaveLength(1);
  });

  test("has everything back after a reload", () => {
    visitJoined(updates(1, shown(0, 6), labelsAsked([TURNS]), labelled(0, 1, "kind", "no", "x1")));

    expect(radio("Turn 2, Robin", "no").checked).toBe(true);
    expect(screen.getByText("2 of 3 turns to go")).toBeTruthy();
  });
});

describe("undo", () => {
  test("puts back the answer before, one by one", () => {
    const socket = atLabels(TURNS);
    answer("Turn 2, Robin", "yes");
    answer("Turn 2, Robin", "no");
    fireEvent.click(button("Undo"));
    expect(radio("Turn 2, Robin", "yes").checked).toBe(true);
    fireEvent.click(button("Undo"));

    expect(socket.sentOf("label").map(({ value }) => value)).toEqual(["yes", "no", "yes", null]);
    expect(button("Undo").getAttribute("aria-disabled")).toBe("true");
  });

  test("works by Ctrl + Z, but not where text is written", () => {
    const socket = atLabels(TURNS);
    answer("Turn 2, Robin", "yes");
    const text = document.body.appendChild(document.createElement("textarea"));
    fireEvent.keyDown(text, { key: "z", ctrlKey: true });
    expect(socket.sentOf("label")).toHaveLength(1);
    fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    text.remove();

    expect(socket.sentOf("label").map(({ value }) => value)).toEqual(["yes", null]);
  });
});

describe("several parts", () => {
  const parts = [part(0, turnTask(), [1]), part(1, whole), part(2, pair, [], [0, 1])];

  test("are one at a time on the desk, and each can be gone back to", () => {
    atLabels(...parts);
    answer("Turn 2, Robin", "yes");
    fireEvent.click(screen.getByRole("button", { name: /^Quality/ }));
    expect(screen.queryByRole("group", { name: "Turn 2, Robin" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: /^Manners/ }));

    expect(radio("Turn 2, Robin", "yes").checked).toBe(true);
    expect(screen.getByText("Part 1 of 3: Everything is answered")).toBeTruthy();
  });

  test("are gone to by the next unanswered question, wherever it is", () => {
    atLabels(...parts);
    answer("Turn 2, Robin", "yes");
    fireEvent.click(button("Next unanswered"));

    expect(document.activeElement).toBe(screen.getByRole("radio", { name: "fine" }));
  });

  test("begin with the first, even if nothing in it has to be answered", () => {
    const boxes = part(0, task([checks("signs", ["sun", "rain"])], { id: "weather" }), [1]);
    atLabels(boxes, part(1, turnTask(), [1]));

    expect(screen.getByText("Part 1 of 2: Mark what applies")).toBeTruthy();
  });

  test("are all named where something is missing", () => {
    atLabels(...parts);
    fireEvent.click(button("Submit answers"));

    expect(
      screen.getByText("Still missing: turn 2 in “Manners”; “How good is it?” in “Quality”; “Which is better?” in “Better”."),
    ).toBeTruthy();
  });

  test("that nobody has looked at keep one from submitting, even if they may stay open", () => {
    const optional = part(1, { ...task([scale("fun")], { id: "fun", is_required: false }), kind: "dialogue" });
    const socket = atLabels(part(0, turnTask(), [1]), optional);
    answer("Turn 2, Robin", "yes");
    fireEvent.click(button("Submit answers"));

    expect(screen.getByText("You have not looked at “Fun” yet.")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Fun" })).toBe(document.activeElement);
    expect(socket.sentOf("submit_labels")).toEqual([]);
  });
});

test("a pair shows both dialogues under clear names, and its answer belongs to no turn", () => {
  const socket = atLabels(part(2, pair, [], [0, 1]));
  expect(within(screen.getByRole("region", { name: "Dialogue A (left)" })).getByText("Words 0.1")).toBeTruthy();
  expect(within(screen.getByRole("region", { name: "Dialogue B (right)" })).getByText("Words 1.1")).toBeTruthy();
  fireEvent.click(screen.getByRole("radio", { name: "left" }));

  expect(socket.sentOf("label")).toMatchObject([{ part: 2, turn: null, question: "preferred", value: "left" }]);
});

test("a chat of this session is labelled like any other dialogue", () => {
  visitJoined(
    updates(
      1,
      { ...opened, minimum_turns: 1 },
      { kind: "turn", dialogue: 0, speaker: "user", text: "Hi", id: "" },
      { kind: "turn", dialogue: 0, speaker: "system", text: "Hello", id: "" },
      labelsAsked([part(0, turnTask({ question: "Is SPEAKER_X kind to SPEAKER_Y?" }), [1])]),
    ),
  );

  expect(within(row("Turn 2, Partner")).getByText("Hello")).toBeTruthy();
  expect(screen.getAllByText("Is your partner kind to the user?")).not.toHaveLength(0);
});

describe("instructions", () => {
  const html = "<h2>Manners</h2><h3 id='help-kind'>Kind</h3><p>Kind words.</p>";

  test("open at a question's section, and lead back", () => {
    atLabels(part(0, turnTask({ instructions_html: html, has_help: true }), [1]));
    const opener = within(row("Turn 2, Robin")).getByRole("button", { name: "Instructions" });
    act(() => opener.focus());
    fireEvent.click(opener);
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Kind" }));
    fireEvent.click(button("Back to the question"));

    expect(document.activeElement).toBe(opener);
  });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  // Only the clock goes on: timers that went off would give the line up.
  const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

  test("goes with the next answer, by the turn where it was spent, idle time apart", () => {
    const socket = atLabels(TURNS);
    wait(5);
    act(() => radio("Turn 4, Robin", "no").focus());
    wait(40);
    answer("Turn 4, Robin", "no");

    expect(socket.sentOf("label")[0]?.spent).toEqual([
      { part: 0, turn: 1, active_seconds: 5, idle_seconds: 0 },
      { part: 0, turn: 3, active_seconds: 30, idle_seconds: 10 },
    ]);
  });

  test("since the last answer goes with the submission", () => {
    const socket = atLabels(part(0, turnTask(), [1]));
    answer("Turn 2, Robin", "yes");
    wait(3);
    fireEvent.click(button("Submit answers"));

    expect(socket.sentOf("submit_labels")[0]?.spent).toEqual([{ part: 0, turn: 1, active_seconds: 3, idle_seconds: 0 }]);
  });
});

describe("training", () => {
  const practised = part(0, turnTask(), [1, 3]);
  const feedback: Omit<UpdateOf<"feedback_given">, "seq"> = {
    kind: "feedback_given",
    mistakes: 1,
    items: [
      { part: 0, turn: 1, is_right: true, alternatives: [{ kind: "yes" }], explanation: "Warm words." },
      { part: 0, turn: 3, is_right: false, alternatives: [{ kind: "no" }], explanation: "Cold words." },
    ],
  };
  const answers = [labelled(0, 1, "kind", "yes"), labelled(0, 3, "kind", "yes")];
  const atCorrection = () =>
    visitJoined(updates(1, shown(0, 4), labelsAsked([practised], "practice"), ...answers, feedback, labelsAsked([practised], "correction")));

  test("tells turn by turn what was right, in words, and why", () => {
    atCorrection();

    expect(within(row("Turn 2, Robin")).getByText("✓ Right")).toBeTruthy();
    const wrong = within(row("Turn 4, Robin"));
    expect(wrong.getByText("✗ Not right. Please correct it.")).toBeTruthy();
    expect(wrong.getByText("Is it kind? no")).toBeTruthy();
    expect(wrong.getByText("Cold words.")).toBeTruthy();
  });

  test("goes on only once what was wrong is corrected", () => {
    const socket = atCorrection();
    fireEvent.click(button("Go on"));
    expect(screen.getByText("Still to correct: turn 4.")).toBeTruthy();
    answer("Turn 4, Robin", "no");
    expect(within(row("Turn 4, Robin")).getByText("✓ Corrected")).toBeTruthy();
    fireEvent.click(button("Go on"));

    expect(socket.sentOf("submit_labels")).toHaveLength(1);
  });

  test("that only tells the number of mistakes asks to try again", () => {
    const again = labelsAsked([part(1, turnTask(), [1])], "practice");
    visitJoined(updates(1, shown(0, 4), labelsAsked([practised], "practice"), { ...feedback, mistakes: 2, items: [] }, again));

    expect(screen.getByText(/Last time you made 2 mistakes/)).toBeTruthy();
  });
});

test("the preview shows the task with questions that work, and says nothing to the study", () => {
  const { turns, names } = shown(0, 4);
  const preview = { dialogues: [{ turns, names, bot_persona: [] }], parts: [part(0, turnTask(), [1])] };
  visit();
  hear(ATTACHED, joined("k3y", { work: "labels", preview }), updates(1, { kind: "consent_asked" }));
  const fold = screen.getByText("See an example of the task").closest("details");
  act(() => fold?.setAttribute("open", ""));
  fireEvent(fold ?? document, new Event("toggle"));
  answer("Turn 2, Robin", "yes");

  expect(radio("Turn 2, Robin", "yes").checked).toBe(true);
  expect(screen.queryByText("Saving…")).toBeNull();
});

test.each([
  ["labels", "Read dialogues and answer questions about them"],
  ["training", /A training/],
] as const)("the consent gate says what %s is", (work, words) => {
  visit();
  hear(ATTACHED, joined("k3y", { work, session_seconds: 1_800 }), updates(1, { kind: "consent_asked" }));

  expect(screen.getByText(words)).toBeTruthy();
  expect(screen.getByText("30 minutes")).toBeTruthy();
});
