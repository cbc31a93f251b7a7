import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";

import { FakeSocket } from "../testing/FakeSocket";
import { ATTACHED, DETACHED, asked, joined, opened, ratingsAsked, submissionAsked, turn, updates } from "../testing/examples";
import { hear, visit, visitJoined } from "../testing/page";
import type { UpdateOf } from "../wire";

const button = (name: string) => screen.getByRole("button", { name });
const heading = () => screen.getByRole("heading", { level: 1 });

describe("the link gate", () => {
  test("asks who is there, puts it into the URL, and goes on", () => {
    visit("?source=lab");
    expect(FakeSocket.all).toHaveLength(0);
    fireEvent.change(screen.getByLabelText("Participant ID"), { target: { value: " W7 " } });
    fireEvent.click(button("Continue"));
    hear(ATTACHED);

    expect(FakeSocket.last.sent).toMatchObject([{ kind: "join", worker_id: "W7" }]);
    expect(new URLSearchParams(location.search).get("worker_id")).toBe("W7");
    expect(location.search).toContain("source=lab");
  });

  test("does not go on without an ID", () => {
    visit("");
    fireEvent.click(button("Continue"));

    expect(screen.getByText("Please enter an ID.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("Participant ID"));
  });
});

test("the connecting gate says when it is the study that is missing", () => {
  visit();
  expect(screen.getByRole("status").textContent).toBe("Connecting…");
  hear(DETACHED);

  expect(heading().textContent).toBe("Waiting for the study");
  expect(screen.getByRole("status").textContent).toBe("Waiting for the study");
});

test("the refused gate gives the study's own sentence, and can try again", () => {
  visit();
  hear(ATTACHED, { kind: "refused", reason: "no_places", text: "All places are taken." });
  expect(screen.getByText("All places are taken.")).toBeTruthy();
  fireEvent.click(button("Try again"));
  expect(FakeSocket.last.sentOf("join")).toHaveLength(2);
  hear(joined(), updates(1, { kind: "consent_asked" }));

  expect(heading().textContent).toBe("Small talk");
});

test("a refusal that will not pass offers no second try", () => {
  visit();
  hear(ATTACHED, { kind: "refused", reason: "blocked", text: "This study is not open to you." });

  expect(heading().textContent).toBe("You cannot take part in this study");
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

describe("the consent gate", () => {
  const atConsent = () => visitJoined(updates(1, { kind: "consent_asked" }));

  test("says what the study is, asks and pays, and takes the focus", () => {
    atConsent();

    expect(screen.getByText("2 chats, at least 4 turns each")).toBeTruthy();
    expect(screen.getByText("3 minutes")).toBeTruthy();
    expect(screen.getByText("$1.50")).toBeTruthy();
    expect(screen.getByText("Be kind.")).toBeTruthy();
    expect(document.activeElement).toBe(heading());
  });

  test("agreeing is said once, however often one clicks", () => {
    const socket = atConsent();
    fireEvent.click(button("I agree, start"));
    fireEvent.click(button("Starting…"));

    expect(socket.sentOf("consent")).toHaveLength(1);
  });

  test("declining is confirmed before the place is given back", () => {
    const socket = atConsent();
    fireEvent.click(button("I do not want to take part"));
    expect(socket.sentOf("leave")).toEqual([]);
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Leave now" }));

    expect(socket.sentOf("leave")).toHaveLength(1);
  });
});

describe("the ratings gate", () => {
  const atRatings = () => visitJoined(updates(1, opened, turn("user", "Hi", "s1"), ratingsAsked));
  const choose = (question: string, answer: string) =>
    fireEvent.click(within(screen.getByRole("group", { name: question })).getByRole("radio", { name: answer }));

  test("sends one answer for every question", () => {
    const socket = atRatings();
    choose("Was it fun?", "1 – lowest");
    choose("Did it make sense?", "2");
    fireEvent.click(button("Send ratings"));

    expect(socket.sentOf("answer")).toMatchObject([{ dialogue: 0, answers: { fun: 1, sense: 2 } }]);
  });

  test("leads to the first question that is still open", () => {
    const socket = atRatings();
    choose("Was it fun?", "5 – highest");
    fireEvent.click(button("Send ratings"));

    expect(socket.sentOf("answer")).toEqual([]);
    expect(screen.getByText("Please choose an answer.")).toBeTruthy();
    expect(screen.getByRole("group", { name: "Did it make sense?" }).contains(document.activeElement)).toBe(true);
  });

  test("shows the chat that is rated", () => {
    atRatings();

    expect(screen.getByText("Hi")).toBeTruthy();
  });
});

describe("the submission gate", () => {
  const atSubmission = () => visitJoined(updates(1, submissionAsked));

  test("submits once, with the comment", () => {
    const socket = atSubmission();
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Nice chat." } });
    fireEvent.click(button("Submit"));
    fireEvent.click(button("Submitting…"));

    expect(socket.sentOf("submit")).toMatchObject([{ comment: "Nice chat." }]);
    expect(screen.queryByText(/saved/)).toBeNull();
  });

  test("says that nothing is submitted while the study is away, and submits when it is back", () => {
    atSubmission();
    hear(DETACHED);
    fireEvent.click(button("Submit"));
    expect(screen.getByText(/Not submitted yet/)).toBeTruthy();
    expect(FakeSocket.last.sentOf("submit")).toEqual([]);
    hear(ATTACHED, joined());

    expect(FakeSocket.last.sentOf("submit")).toHaveLength(1);
    expect(screen.queryByText(/Not submitted yet/)).toBeNull();
  });
});

describe("the last gate", () => {
  const endings: readonly [UpdateOf<"ended">["outcome"], RegExp][] = [
    ["completed", /Your work is saved/],
    ["left", /Your place was given back/],
    ["timed_out", /within the time limit/],
    ["bot_failed", /not your fault.*counts as completed.*will be paid/],
    ["qualified", /next link.*real work/],
    ["not_qualified", /do not take it as a judgement/],
  ];

  test.each(endings)("tells how it ended: %s", (outcome, words) => {
    visitJoined(updates(1, { kind: "ended", outcome }));

    expect(screen.getByText(words)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Leave study" })).toBeNull();
  });

  test("gives back the words that ran out of time", () => {
    const socket = visitJoined(updates(1, opened, asked("person")));
    fireEvent.change(screen.getByLabelText("Your message"), { target: { value: "I was about to say" } });
    act(() => void socket.say(updates(3, { kind: "ended", outcome: "timed_out" })));

    expect(screen.getByText("I was about to say")).toBeTruthy();
  });
});
