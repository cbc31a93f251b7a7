import { act, fireEvent, screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";

import { checks, choice, freeText, show } from "./testing";
import { PAUSE } from "./useTyped";

const field = (name = "In your words?") => screen.getByRole<HTMLTextAreaElement>("textbox", { name });
const write = (text: string, name?: string) => fireEvent.change(field(name), { target: { value: text } });
const plain = freeText("q", { text: "In your words?" });

describe("what is typed is sent", () => {
  test("when the field is left, once", () => {
    const { said } = show(plain);
    write("It");
    write("It was");
    expect(said).toEqual([]);
    fireEvent.blur(field());
    fireEvent.blur(field());

    expect(said).toEqual([["q", "It was"]]);
  });

  test("after a pause, counted from the last key", () => {
    vi.useFakeTimers();
    const { said } = show(plain);
    write("It");
    act(() => void vi.advanceTimersByTime(PAUSE - 1));
    write("It was");
    act(() => void vi.advanceTimersByTime(PAUSE - 1));
    expect(said).toEqual([]);
    act(() => void vi.advanceTimersByTime(1));

    expect(said).toEqual([["q", "It was"]]);
  });

  test("when the field goes away, or the page", () => {
    const { said, leave } = show(plain);
    write("It");
    fireEvent(window, new Event("pagehide"));
    write("It was");
    leave();

    expect(said.map(([, value]) => value)).toEqual(["It", "It was"]);
  });

  test("not while it is too long, which is said; the words stay", () => {
    const { said } = show(freeText("q", { text: "In your words?", maximum_characters: 3 }));
    write("🙂🙂🙂");
    fireEvent.blur(field());
    write("four");
    fireEvent.blur(field());

    expect(said).toEqual([["q", "🙂🙂🙂"]]);
    expect(field().value).toBe("four");
    expect(screen.getByText(/at most 3 fit/)).toBeTruthy();
  });
});

test("an emptied field takes the answer back", () => {
  const { said } = show(plain, { answers: { q: "It was" } });
  write("");
  fireEvent.blur(field());

  expect(said).toEqual([["q", null]]);
});

test("an undo shows what the record has now, not what was typed", () => {
  const { change } = show(plain, { answers: { q: "first" } });
  write("second");
  act(() => change({ q: "before" }));

  expect(field().value).toBe("before");
});

test("counts as long as too little is written", () => {
  show(freeText("q", { text: "In your words?", minimum_characters: 10 }));
  write(" It was ");
  expect(screen.getByText("6 of at least 10 characters")).toBeTruthy();
  write("It was kind");

  expect(screen.queryByText(/at least/)).toBeNull();
});

test("n/a empties the field, and writing takes its place", () => {
  const { said } = show(freeText("q", { text: "In your words?", allows_na: true }), { answers: { q: "Hm" } });
  fireEvent.click(screen.getByRole("checkbox", { name: "Not applicable" }));
  expect(field().value).toBe("");
  write("Well");
  fireEvent.blur(field());

  expect(said.map(([, value]) => value)).toEqual(["n/a", "Well"]);
});

describe("a reason", () => {
  test("is asked for once there is an answer, and kept beside it", () => {
    const { said } = show(choice("q", ["yes"], { asks_reason: true }));
    expect(screen.queryByRole("textbox")).toBeNull();
    fireEvent.click(screen.getByRole("radio"));
    write("It says so.", "Why? (optional)");
    fireEvent.blur(field("Why? (optional)"));

    expect(said).toEqual([
      ["q", "yes"],
      ["q.reason", "It says so."],
    ]);
  });

  test("comes back with its text", () => {
    show(checks("q", ["a"], { asks_reason: true }), { answers: { "q.reason": "It says so." } });

    expect(field("Why? (optional)").value).toBe("It says so.");
  });
});
