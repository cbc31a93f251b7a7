import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { FakeSocket } from "../testing/FakeSocket";
import { ATTACHED, asked, joined, opened, turn, updates } from "../testing/examples";
import { hear, visitJoined } from "../testing/page";
import type { PartnerState } from "../wire";

const partner = (change: Partial<PartnerState> = {}): PartnerState => ({
  kind: "partner",
  dialogue: 0,
  state: "typing",
  text: "",
  seconds: 0,
  ...change,
});

const atPartnersTurn = () => visitJoined(updates(1, opened, turn("user", "Hi!"), asked("bot")));
const text = (pattern: RegExp | string) => screen.queryByText(pattern);

describe("a partner who is yet to come", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  test("is said not to be there, with how long one has waited and the way out", () => {
    atPartnersTurn();
    hear(partner({ state: "waiting", seconds: 59 }));
    expect(text("Partner is writing…")).toBeNull();
    expect(text("Your partner is not here yet")).toBeTruthy();
    act(() => void vi.advanceTimersByTime(6_000));

    expect(text(/You have waited for 1:05\./)).toBeTruthy();
    expect(text(/you are paid/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Leave study" })).toBeTruthy();
    expect(screen.getAllByRole("status").map((each) => each.textContent)).toContain("Your partner is not here yet.");
  });

  test("does not keep one from writing ahead", () => {
    atPartnersTurn();
    hear(partner({ state: "waiting" }));
    fireEvent.change(screen.getByLabelText("Your message"), { target: { value: "How are you?" } });
    fireEvent.keyDown(screen.getByLabelText("Your message"), { key: "Enter" });

    expect(FakeSocket.last.sentOf("say")).toEqual([]);
    expect(text(/Your partner is not here yet. You can prepare your next message/)).toBeTruthy();
  });

  test("is typing once they are there, and their first turn ends the wait", () => {
    atPartnersTurn();
    hear(partner({ state: "waiting" }), partner());
    expect(text("Your partner is not here yet")).toBeNull();
    expect(text("Partner is writing…")).toBeTruthy();
    hear(partner({ state: "waiting" }), updates(4, turn("system", "Hello"), asked("person")));

    expect(text("Your partner is not here yet")).toBeNull();
    expect(text("Partner is writing…")).toBeNull();
  });

  test("is not remembered over a new line, where nothing is told of one who types", () => {
    atPartnersTurn();
    hear(partner({ state: "waiting" }));
    hear(ATTACHED, joined());

    expect(text("Partner is writing…")).toBeTruthy();
  });
});

describe("a reply that is streamed", () => {
  test("grows in one place, and begins anew where the partner does", () => {
    atPartnersTurn();
    hear(partner({ text: "I was" }));
    const words = screen.getByText("I was");
    hear(partner({ text: "I was just" }));
    expect(words.textContent).toBe("I was just");
    hear(partner({ text: "No" }));

    expect(words.textContent).toBe("No");
  });

  test("is told by a screen reader once, when it is whole", () => {
    atPartnersTurn();
    hear(partner({ text: "I was just" }));
    const unfinished = screen.getByText("I was just").closest("[aria-busy]");
    expect(unfinished?.getAttribute("aria-live")).toBe("off");
    expect(screen.getByRole("log").contains(unfinished)).toBe(false);
    hear(updates(4, turn("system", "I was just leaving."), asked("person")));

    expect(screen.getByRole("log").textContent).toContain("I was just leaving.");
    expect(document.querySelector("[aria-busy]")).toBeNull();
  });

  test("is text and nothing else", () => {
    atPartnersTurn();
    hear(partner({ text: "<b>bold</b>" }));

    expect(screen.getByText("<b>bold</b>").querySelector("b")).toBeNull();
  });

  test("follows a reader who is at the end, and leaves one alone who is not", () => {
    atPartnersTurn();
    const scroller = screen.getByRole("region", { name: "Chat" });
    Object.defineProperties(scroller, { scrollHeight: { value: 1_000 }, clientHeight: { value: 300 } });
    hear(partner({ text: "Once" }));
    expect(scroller.scrollTop).toBe(1_000);
    scroller.scrollTop = 100;
    fireEvent.scroll(scroller);
    hear(partner({ text: "Once upon a time" }));

    expect(scroller.scrollTop).toBe(100);
  });
});

test("a hint that comes after its turn changes nothing", () => {
  atPartnersTurn();
  hear(updates(4, turn("system", "Hello"), asked("person")), partner({ text: "Hel" }));

  expect(text("Hel")).toBeNull();
});

test("a chat that the partner has finished says so, and that it counts", () => {
  atPartnersTurn();
  hear(updates(4, { kind: "submission_asked", seconds_left: null }));

  expect(text(/Your partner has finished the chat/)).toBeTruthy();
});

test("a chat that one has finished oneself does not say otherwise", () => {
  atPartnersTurn();
  hear(updates(4, turn("system", "Hello"), asked("person"), { kind: "submission_asked", seconds_left: null }));

  expect(text(/Your partner has finished the chat/)).toBeNull();
});
